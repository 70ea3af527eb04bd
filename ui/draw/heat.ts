/** The latency heat map as numbers: columns of time, rows of latency, one map for each way to end. */
import { HEAT } from '../../engine/results/frame.ts'
import { binsOf } from '../facts/bins.ts'
import type { HeatOutcome, VariantRun } from '../runs.ts'

/** Most columns that are drawn. */
const MOST_COLUMNS = 600

/** Counts of one run. */
export interface HeatMap {
  readonly columns: number
  readonly buckets: number
  /** By outcome: count of column c in row r at r * columns + c. */
  readonly counts: Readonly<Record<HeatOutcome, Float64Array>>
  /** The lowest row that holds a served request, and the highest that holds any. */
  readonly lowest: number
  readonly highest: number
}

const known = new WeakMap<VariantRun, { filled: number; map: HeatMap }>()

/** The heat map of a run. */
export function heatMap(run: VariantRun): HeatMap {
  const found = known.get(run)
  if (found?.filled === run.filled) return found.map
  const buckets = Math.ceil(run.layout.buckets / MOST_COLUMNS)
  const columns = Math.ceil(run.layout.buckets / buckets)
  let lowest: number = HEAT.rows
  let highest = -1
  const countsOf = (outcome: HeatOutcome): Float64Array => {
    const counts = new Float64Array(HEAT.rows * columns)
    for (const [row, column] of run.heat(outcome).entries()) {
      const sums = binsOf(column, buckets, columns)
      counts.set(sums, row * columns)
      if (!sums.some((sum) => sum > 0)) continue
      if (outcome === 'served') lowest = Math.min(lowest, row)
      highest = Math.max(highest, row)
    }
    return counts
  }
  const [served, failed, refused] = HEAT.outcomes.map(countsOf)
  const counts = { served: served!, failed: failed!, refused: refused! }
  const map = { columns, buckets, counts, lowest, highest }
  known.set(run, { filled: run.filled, map })
  return map
}

/** The count that is drawn in the strongest colour: the 98.5th percentile of the cells that hold anything. */
export function strongest(maps: readonly HeatMap[]): number {
  const tally = new Map<number, number>()
  let cells = 0
  for (const { counts } of maps) {
    for (const outcome of HEAT.outcomes) {
      for (const value of counts[outcome]) {
        if (value === 0) continue
        tally.set(value, (tally.get(value) ?? 0) + 1)
        cells++
      }
    }
  }
  let seen = 0
  for (const [value, times] of [...tally].toSorted(([a], [b]) => a - b)) {
    seen += times
    if (seen >= 0.985 * cells) return value
  }
  return 1
}

/** Rows that all maps show: from the shortest served request to the longest of all; what is below is in the lowest. */
export function commonRows(maps: readonly HeatMap[]): { lowest: number; highest: number } {
  const lowest = Math.min(...maps.map((map) => map.lowest), HEAT.rows - 1)
  const highest = Math.max(...maps.map((map) => map.highest), lowest + 4)
  return { lowest: Math.max(0, lowest - 3), highest: Math.min(HEAT.rows - 1, highest + 1) }
}

/** Ramps of packed pixels by outcome. */
export type Ramps = Readonly<Record<HeatOutcome, Uint32Array>>

/** Paints a map into pixels, highest latency on top. One request is always to be seen. */
export function paintHeat(
  { columns, counts }: HeatMap,
  { lowest, highest }: { lowest: number; highest: number },
  most: number,
  ramps: Ramps,
): ImageData {
  const rows = highest - lowest + 1
  const image = new ImageData(columns, rows)
  const pixels = new Uint32Array(image.data.buffer)
  for (let row = 0; row <= highest; row++) {
    const target = (highest - Math.max(row, lowest)) * columns
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column
      const [served, failed, refused] = [
        counts.served[at]!,
        counts.failed[at]!,
        counts.refused[at]!,
      ]
      const top = Math.max(served, failed, refused)
      if (top === 0) continue
      const outcome = top === failed ? 'failed' : top === refused ? 'refused' : 'served'
      const strength = 0.14 + 0.86 * Math.pow(Math.min(1, top / most), 0.75)
      pixels[target + column] = ramps[outcome][Math.round(strength * 255)]!
    }
  }
  return image
}
