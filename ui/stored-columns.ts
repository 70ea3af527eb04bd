/**
 * Columns of a run in few bytes: whole numbers over cells of several buckets. Counts stay exact within a cell;
 * levels are rounded to an eighth, which no picture shows.
 */
import type { ColumnInfo } from '../engine/results/frame.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import type { Edges } from './stored-grid.ts'

/** Parts of a whole that a level is rounded to. */
const LEVEL_PARTS = 8

/** A column as a whole number for each cell. */
export function cellsOf(column: Float32Array, info: ColumnInfo, edges: Edges): Float64Array {
  return Float64Array.from({ length: edges.length - 1 }, (_, cell) => {
    const part = column.subarray(edges[cell], edges[cell + 1])
    if (info.kind === 'count') return part.reduce((sum, value) => sum + value, 0)
    if (isPeak(info)) return part.reduce((top, value) => Math.max(top, value), 0)
    const mean = part.reduce((sum, value) => sum + value, 0) / part.length
    return Math.round(mean * LEVEL_PARTS)
  })
}

/** Spreads cells over the buckets of a column: a count evenly, a level as it is. */
export function spread(
  cells: Float64Array,
  info: ColumnInfo,
  edges: Edges,
  column: Float32Array,
): void {
  const isCount = info.kind === 'count'
  const parts = isCount || isPeak(info) ? 1 : LEVEL_PARTS
  for (let cell = 0; cell < cells.length; cell++) {
    const value = cells[cell]! / parts
    if (value === 0) continue
    const from = edges[cell]!
    const to = edges[cell + 1]!
    const share = isCount ? value / (to - from) : value
    for (let bucket = from; bucket < to; bucket++) column[bucket] = share
  }
}

/** The largest value within a bucket, where others are means. */
function isPeak({ metric }: ColumnInfo): boolean {
  return metric.endsWith('Max')
}

/** Columns that have been written or read before: of this run, and of the run before it under the same name. */
export interface Known {
  /** In the order of writing. */
  readonly earlier: readonly Float64Array[]
  /** The column of the same name of the run before. */
  readonly before: Float64Array | undefined
}

/** How the rest of a column is written: nothing follows, or differences from one cell to the next, or from a column. */
const ZEROS = 0
const STEPS = 1
const PLAIN = 2
const BEFORE = 3
const EARLIER = 4

/**
 * Writes the cells of a column: how long it is the same as in the run before, and then the differences
 * from whatever it is most like. Work that arrives is like work that ends.
 */
export function writeCells(out: ByteWriter, cells: Float64Array, { earlier, before }: Known): void {
  const same = before ? sharedStart(cells, before) : 0
  out.unsigned(same)
  const rest = cells.subarray(same)
  if (rest.every((value) => value === 0)) return out.unsigned(ZEROS)
  const ways: { code: number; differences: Float64Array }[] = [
    { code: STEPS, differences: rest.map((value, at) => value - (rest[at - 1] ?? 0)) },
    { code: PLAIN, differences: rest },
  ]
  const add = (code: number, other: Float64Array): void => {
    if (other.length !== cells.length) return
    ways.push({ code, differences: rest.map((value, at) => value - other[same + at]!) })
  }
  if (before) add(BEFORE, before)
  for (const [at, column] of earlier.entries()) add(EARLIER + at, column)
  const best = ways.reduce((a, b) => (weight(b.differences) < weight(a.differences) ? b : a))
  out.unsigned(best.code)
  for (const value of best.differences) out.signed(value)
}

/** Reads what `writeCells` wrote. */
export function readCells(
  from: ByteReader,
  count: number,
  { earlier, before }: Known,
): Float64Array {
  const cells = new Float64Array(count)
  const same = from.unsigned()
  if (before) cells.set(before.subarray(0, same))
  const code = from.unsigned()
  if (code === ZEROS) return cells
  const other = code === BEFORE ? before : earlier[code - EARLIER]
  for (let cell = same; cell < count; cell++) {
    const last = code === STEPS && cell > same ? cells[cell - 1]! : (other?.[cell] ?? 0)
    cells[cell] = from.signed() + last
  }
  return cells
}

function sharedStart(cells: Float64Array, before: Float64Array): number {
  const end = cells.findIndex((value, at) => value !== before[at])
  return end < 0 ? cells.length : end
}

/** About how many bits numbers take. */
function weight(values: Float64Array): number {
  let bits = 0
  for (const value of values) bits += Math.log2(1 + 2 * Math.abs(value))
  return bits
}
