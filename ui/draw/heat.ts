/** The latency heat map as numbers: columns of time, rows of latency, one map for each way to end. */
import { HEAT } from '../../engine/results/frame.ts'
import type { HeatOutcome, VariantRun } from '../runs.ts'
import type { Ramps } from './colours.ts'

/** Most columns that are drawn. */
const MOST_COLUMNS = 600
/** Counts from here on are one and the same strong colour. */
const MOST_COUNT = 4096

/** Counts of one run, brought up to date as it goes on. */
export class HeatMap {
  readonly columns: number
  /** By outcome: count of column c in row r at r * columns + c. */
  readonly counts: Readonly<Record<HeatOutcome, Float64Array>>
  /** The lowest row that holds a served request, and the highest that holds any. */
  lowest: number = HEAT.rows
  highest = -1
  /** How many cells hold each count. */
  readonly tally = new Uint32Array(MOST_COUNT)
  private readonly run: VariantRun
  private readonly rows: Readonly<Record<HeatOutcome, readonly Float32Array[]>>
  private readonly buckets: number
  private filled = 0

  constructor(run: VariantRun) {
    this.run = run
    const { buckets } = run.layout
    this.buckets = Math.ceil(buckets / MOST_COLUMNS)
    this.columns = Math.ceil(buckets / this.buckets)
    const cells = HEAT.rows * this.columns
    const empty = (): Float64Array => new Float64Array(cells)
    this.counts = { served: empty(), failed: empty(), refused: empty() }
    const rows = (outcome: HeatOutcome) => run.heat(outcome)
    this.rows = { served: rows('served'), failed: rows('failed'), refused: rows('refused') }
    this.sum(0, buckets)
    this.filled = run.filled
  }

  /** Takes in what the run has come to since. */
  update(): void {
    const { filled } = this.run
    if (filled > this.filled) this.sum(this.filled, filled)
    this.filled = filled
  }

  /** Sums the buckets of [from, to) into the columns that they belong to. */
  private sum(from: number, to: number): void {
    const { buckets, columns } = this
    const [first, last] = [Math.floor(from / buckets), Math.ceil(to / buckets)]
    for (const outcome of HEAT.outcomes) {
      const counts = this.counts[outcome]
      for (const [row, series] of this.rows[outcome].entries()) {
        for (let column = first; column < last; column++) {
          const end = Math.min(series.length, (column + 1) * buckets)
          let sum = 0
          for (let bucket = column * buckets; bucket < end; bucket++) sum += series[bucket]!
          this.put(outcome, counts, row, row * columns + column, sum)
        }
      }
    }
  }

  private put(
    outcome: HeatOutcome,
    counts: Float64Array,
    row: number,
    at: number,
    sum: number,
  ): void {
    const before = counts[at]!
    if (before === sum) return
    const { tally } = this
    if (before > 0) tally[strength(before)] = tally[strength(before)]! - 1
    if (sum > 0) tally[strength(sum)] = tally[strength(sum)]! + 1
    counts[at] = sum
    if (sum === 0) return
    if (outcome === 'served' && row < this.lowest) this.lowest = row
    if (row > this.highest) this.highest = row
  }
}

function strength(count: number): number {
  return Math.min(MOST_COUNT - 1, Math.round(count))
}

const known = new WeakMap<VariantRun, HeatMap>()

/** The heat map of a run, up to date. */
export function heatMap(run: VariantRun): HeatMap {
  const found = known.get(run)
  if (found) {
    found.update()
    return found
  }
  const made = new HeatMap(run)
  known.set(run, made)
  return made
}

/** The count that is drawn in the strongest colour: the 98.5th percentile of the cells that hold anything. */
export function strongest(maps: readonly HeatMap[]): number {
  const cellsWith = (count: number): number =>
    maps.reduce((all, { tally }) => all + tally[count]!, 0)
  let cells = 0
  for (let count = 1; count < MOST_COUNT; count++) cells += cellsWith(count)
  let seen = 0
  for (let count = 1; count < MOST_COUNT; count++) {
    seen += cellsWith(count)
    if (cells > 0 && seen >= 0.985 * cells) return count
  }
  return 1
}

/** Rows of a picture. */
export interface Rows {
  readonly lowest: number
  readonly highest: number
}

/** Rows that all maps show: from the shortest served request to the longest of all; what is below is in the lowest. */
export function commonRows(maps: readonly HeatMap[]): Rows {
  const lowest = Math.min(...maps.map((map) => map.lowest), HEAT.rows - 1)
  const highest = Math.max(...maps.map((map) => map.highest), lowest + 4)
  return { lowest: Math.max(0, lowest - 3), highest: Math.min(HEAT.rows - 1, highest + 1) }
}

/** How far along a ramp each count is. */
function depthsUpTo(most: number): Uint8Array {
  return Uint8Array.from({ length: most + 1 }, (_, count) => {
    return Math.round((0.14 + 0.86 * Math.pow(count / most, 0.75)) * 255)
  })
}

/** Paints a map into pixels, highest latency on top. One request is always to be seen. */
export function paintHeat(
  map: HeatMap,
  { lowest, highest }: Rows,
  most: number,
  ramps: Ramps,
): ImageData {
  const { columns, counts } = map
  const image = new ImageData(columns, highest - lowest + 1)
  const depths = depthsUpTo(most)
  const pixels = new Uint32Array(image.data.buffer)
  for (let row = 0; row <= highest; row++) {
    const target = (highest - Math.max(row, lowest)) * columns
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column
      const served = counts.served[at]!
      const failed = counts.failed[at]!
      const refused = counts.refused[at]!
      const top = Math.max(served, failed, refused)
      if (top === 0) continue
      const ramp = top === failed ? ramps.failed : top === refused ? ramps.refused : ramps.served
      pixels[target + column] = ramp[depths[Math.min(most, top)]!]!
    }
  }
  return image
}
