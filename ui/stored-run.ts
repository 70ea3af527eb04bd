/**
 * The result that the page brings along, so that its first picture is a finished one: both runs of a file,
 * reduced to what pictures show. How requests ended and transitions are whole; response times are counted by
 * pairs of buckets, as the heat map draws them; the rest by half or whole seconds, but bucket by bucket around
 * the moment that the page opens at, and where the runs part.
 */
import type { Layout } from '../engine/results/frame.ts'
import type { VariantResult } from '../engine/results/result.ts'
import type { Time } from '../engine/units.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { parting } from './facts/divergence.ts'
import { VariantRun } from './runs.ts'
import { SIDES, type Side, type Opened } from './state.ts'
import { cellsOf, readCells, spread, writeCells } from './stored-columns.ts'
import { around, cutting, type Fine } from './stored-grid.ts'
import { packColumns, unpackColumns, type PackedColumns } from './stored-names.ts'

/** What is stored of a file: how it was read, and how its variants went. */
export interface Stored {
  /** Name of the file without its ending. */
  readonly name: string
  readonly opened: Opened
  readonly runs: Readonly<Record<Side, VariantRun>>
}

/** What stands before the columns, as JSON. */
interface Head {
  readonly name: string
  readonly opened: Opened
  readonly fine: readonly Fine[]
  readonly sides: Readonly<Record<Side, SideHead>>
}

interface SideHead {
  readonly layout: Omit<Layout, 'columns'>
  readonly columns: PackedColumns
  /** Series are the columns of the totals. */
  readonly result: Omit<VariantResult, 'series'>
  /** Triples: time, lane, code of the state entered. */
  readonly transitions: readonly number[]
}

/** The columns of a run that have been written or read, for the next one to be compared with. */
class Shelf {
  readonly byName = new Map<string, Float64Array>()
  private readonly byLength = new Map<number, Float64Array[]>()

  /** Those with numbers in them, and as many. */
  ofLength(cells: number): readonly Float64Array[] {
    return this.byLength.get(cells) ?? []
  }

  /** Answers whether there is anything in it. */
  add(name: string, cells: Float64Array): boolean {
    this.byName.set(name, cells)
    if (!cells.some((value) => value !== 0)) return false
    const alike = this.byLength.get(cells.length) ?? []
    if (alike.push(cells) === 1) this.byLength.set(cells.length, alike)
    return true
  }
}

/** The bytes of two finished runs. @param moment where the page opens, ns */
export function writeStored({ name, opened, runs }: Stored, moment: Time): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter()
  const { A, B } = runs
  const fine = [moment, parting(A, B).at ?? moment].map((each) => around(A.layout, each))
  const sides = { A: headOf(A), B: headOf(B) }
  out.text(JSON.stringify({ name, opened, fine, sides } satisfies Head, writeValue))
  let before: Shelf | undefined
  for (const side of SIDES) before = writeColumns(out, runs[side], fine, before)
  return out.done()
}

/** The runs of what `writeStored` has written. */
export function readStored(bytes: Uint8Array): Stored {
  const from = new ByteReader(bytes)
  const { name, opened, fine, sides } = JSON.parse(from.text(), readValue) as Head
  const A = readRun(from, sides.A, fine)
  const B = readRun(from, sides.B, fine, A.shelf)
  return { name, opened, runs: { A: A.run, B: B.run } }
}

function writeColumns(
  out: ByteWriter,
  run: VariantRun,
  fine: readonly Fine[],
  before?: Shelf,
): Shelf {
  const shelf = new Shelf()
  const edgesOf = cutting(run.layout, fine)
  for (const info of run.layout.columns) {
    const key = keyOf(info)
    const column = run.column(info.scope, info.name, info.metric)
    const cells = cellsOf(column, info, edgesOf(info))
    const earlier = shelf.ofLength(cells.length)
    writeCells(out, cells, { earlier, before: before?.byName.get(key) })
    shelf.add(key, cells)
  }
  return shelf
}

function readRun(
  from: ByteReader,
  { layout: rest, columns, result, transitions }: SideHead,
  fine: readonly Fine[],
  before?: Shelf,
): { run: VariantRun; shelf: Shelf } {
  const layout = { ...rest, columns: unpackColumns(columns) }
  const { buckets, duration } = layout
  const shelf = new Shelf()
  const edgesOf = cutting(layout, fine)
  const values = new Float32Array(layout.columns.length * buckets)
  for (const [at, info] of layout.columns.entries()) {
    const key = keyOf(info)
    const edges = edgesOf(info)
    const earlier = shelf.ofLength(edges.length - 1)
    const known = { earlier, before: before?.byName.get(key) }
    const cells = readCells(from, edges.length - 1, known)
    if (shelf.add(key, cells))
      spread(cells, info, edges, values.subarray(at * buckets, (at + 1) * buckets))
  }
  const run = new VariantRun(layout)
  run.isReduced = true
  const end = { from: 0, to: buckets, now: duration, events: result.events }
  run.take({ ...end, values, transitions: Float64Array.from(transitions) })
  run.result = { ...result, series: seriesOf(run) }
  return { run, shelf }
}

function seriesOf(run: VariantRun): Record<string, number[]> {
  const totals = run.layout.columns.filter(({ scope }) => scope === 'total')
  return Object.fromEntries(totals.map(({ metric }) => [metric, [...run.total(metric)]]))
}

function headOf({ layout, result, lanes, transitions }: VariantRun): SideHead {
  const { series: _series, ...summary } = result!
  const { columns, ...rest } = layout
  const names = lanes.map(({ unit, signal }) => `${unit.path} ${signal}`)
  const triples = transitions.flatMap(({ time, unit, signal, word }) => {
    const lane = names.indexOf(`${unit.path} ${signal}`)
    return [time, lane, lanes[lane]!.words.indexOf(word)]
  })
  return { layout: rest, columns: packColumns(columns), result: summary, transitions: triples }
}

function keyOf({ scope, name, metric }: { scope: string; name: string; metric: string }): string {
  return `${scope} ${metric} ${name}`
}

/** JSON knows no Infinity and no NaN. */
function writeValue(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? { $: String(value) } : value
}

function readValue(_key: string, value: unknown): unknown {
  const isNumber = typeof value === 'object' && value !== null && '$' in value
  return isNumber ? Number(value.$) : value
}
