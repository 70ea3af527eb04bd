/** The latency heat map as numbers: columns of time, rows of latency, one map for each way to end. */
import { HEAT } from '../../engine/results/frame.ts'
import type { HeatOutcome, VariantRun } from '../runs.ts'
import type { Ramps } from './colours.ts'

/** Columns of a map that nobody has said the width of. */
const COLUMNS = 600
/** Counts from here on are one and the same strong colour. */
const MOST_COUNT = 4096

/** Rows of `HEAT` that hold anything; none while `lowest` is above `highest`. */
export interface Rows {
  readonly lowest: number
  readonly highest: number
}

/** Counts of one run, brought up to date as it goes on. */
export class HeatMap {
  readonly columns: number
  /** Buckets of a column. */
  readonly buckets: number
  /** Rows of `HEAT` to a row of cells: 1, 2 or 4. */
  readonly group: number
  /** By outcome: count of column c in cell row r at r * columns + c. */
  readonly counts: Readonly<Record<HeatOutcome, Float64Array>>
  /** By outcome: how many cells hold each count. */
  private readonly tally: Readonly<Record<HeatOutcome, Uint32Array>>
  private readonly reach: Record<HeatOutcome, { lowest: number; highest: number }>
  private readonly run: VariantRun
  private readonly rows: Readonly<Record<HeatOutcome, readonly Float32Array[]>>
  private filled = 0

  constructor(run: VariantRun, buckets: number, group: number) {
    this.run = run
    this.buckets = buckets
    this.group = group
    this.columns = Math.ceil(run.layout.buckets / buckets)
    const cells = (HEAT.rows / group) * this.columns
    this.counts = byOutcome(() => new Float64Array(cells))
    this.tally = byOutcome(() => new Uint32Array(MOST_COUNT))
    this.reach = byOutcome(() => ({ lowest: HEAT.rows, highest: -1 }))
    this.rows = byOutcome((outcome) => run.heat(outcome))
    this.sum(0, run.layout.buckets)
    this.filled = run.filled
  }

  /** Takes in what the run has come to since. */
  update(): void {
    const { filled } = this.run
    if (filled > this.filled) this.sum(this.filled, filled)
    this.filled = filled
  }

  /** The rows of `HEAT` that hold requests of some outcomes. */
  rowsOf(kinds: readonly HeatOutcome[]): Rows {
    return {
      lowest: Math.min(...kinds.map((kind) => this.reach[kind].lowest)),
      highest: Math.max(...kinds.map((kind) => this.reach[kind].highest)),
    }
  }

  /** How many cells of some outcomes hold a count; counts beyond the last are told as the last. */
  cellsWith(count: number, kinds: readonly HeatOutcome[]): number {
    return kinds.reduce((all, kind) => all + this.tally[kind][count]!, 0)
  }

  /** Sums the buckets of [from, to) into the cells that they belong to. */
  private sum(from: number, to: number): void {
    const { buckets, group } = this
    const [first, last] = [Math.floor(from / buckets), Math.ceil(to / buckets)]
    for (const outcome of HEAT.outcomes) {
      for (let row = 0; row < HEAT.rows; row += group) {
        for (let column = first; column < last; column++) {
          this.put(outcome, row, column, this.cell(outcome, row, column))
        }
      }
    }
  }

  private cell(outcome: HeatOutcome, first: number, column: number): number {
    const { buckets, group } = this
    let sum = 0
    for (let row = first; row < first + group; row++) {
      const series = this.rows[outcome][row]!
      const end = Math.min(series.length, (column + 1) * buckets)
      let here = 0
      for (let bucket = column * buckets; bucket < end; bucket++) here += series[bucket]!
      if (here > 0) this.reached(outcome, row)
      sum += here
    }
    return sum
  }

  private reached(outcome: HeatOutcome, row: number): void {
    const reach = this.reach[outcome]
    if (row < reach.lowest) reach.lowest = row
    if (row > reach.highest) reach.highest = row
  }

  private put(outcome: HeatOutcome, row: number, column: number, sum: number): void {
    const counts = this.counts[outcome]
    const at = (row / this.group) * this.columns + column
    const before = counts[at]!
    if (before === sum) return
    const tally = this.tally[outcome]
    if (before > 0) tally[strength(before)] = tally[strength(before)]! - 1
    if (sum > 0) tally[strength(sum)] = tally[strength(sum)]! + 1
    counts[at] = sum
  }
}

function byOutcome<T>(make: (outcome: HeatOutcome) => T): Record<HeatOutcome, T> {
  return { served: make('served'), failed: make('failed'), refused: make('refused') }
}

function strength(count: number): number {
  return Math.min(MOST_COUNT - 1, Math.round(count))
}

const known = new WeakMap<VariantRun, Map<string, HeatMap>>()
/** Most maps of a run that are kept: one for each zoom that is gone back and forth between. */
const MOST_MAPS = 4

/** The heat map of a run with columns of so many buckets and cells of so many rows, up to date. */
export function heatMap(
  run: VariantRun,
  buckets = Math.ceil(run.layout.buckets / COLUMNS),
  group = 1,
): HeatMap {
  const maps = known.get(run) ?? new Map<string, HeatMap>()
  known.set(run, maps)
  const key = `${buckets} ${group}`
  const map = maps.get(key) ?? new HeatMap(run, buckets, group)
  map.update()
  maps.delete(key)
  maps.set(key, map)
  if (maps.size > MOST_MAPS) maps.delete(maps.keys().next().value!)
  return map
}

/** The count that is drawn in the strongest colour: the 98.5th percentile of the cells that hold anything. */
export function strongest(
  maps: readonly HeatMap[],
  kinds: readonly HeatOutcome[] = HEAT.outcomes,
): number {
  const cellsWith = (count: number): number =>
    maps.reduce((all, map) => all + map.cellsWith(count, kinds), 0)
  let cells = 0
  for (let count = 1; count < MOST_COUNT; count++) cells += cellsWith(count)
  let seen = 0
  for (let count = 1; count < MOST_COUNT; count++) {
    seen += cellsWith(count)
    if (cells > 0 && seen >= 0.985 * cells) return count
  }
  return 1
}

/** Rows that all maps show, with a little room: what some outcomes reach in any of them. */
export function commonRows(
  maps: readonly HeatMap[],
  kinds: readonly HeatOutcome[] = HEAT.outcomes,
): Rows {
  const reached = maps.map((map) => map.rowsOf(kinds))
  const lowest = Math.min(...reached.map((rows) => rows.lowest), HEAT.rows - 5)
  const highest = Math.max(...reached.map((rows) => rows.highest), lowest + 4)
  return { lowest: Math.max(0, lowest - 1), highest: Math.min(HEAT.rows - 1, highest + 1) }
}

/** Least height of a cell: one request is to be seen. */
const CELL_PIXELS = 1.5

/** How many rows of `HEAT` share a cell, so that cells are high enough to be seen: 1, 2 or 4, an octave at most. */
export function groupFor({ lowest, highest }: Rows, height: number): number {
  const rows = highest - lowest + 1
  return [1, 2].find((group) => (height * group) / rows >= CELL_PIXELS) ?? 4
}

/** Rows that begin and end with a cell. */
export function wholeCells({ lowest, highest }: Rows, group: number): Rows {
  return {
    lowest: Math.floor(lowest / group) * group,
    highest: Math.ceil((highest + 1) / group) * group - 1,
  }
}

/** How far along a ramp each count is. */
function depthsUpTo(most: number): Uint8Array {
  return Uint8Array.from({ length: most + 1 }, (_, count) => {
    return Math.round((0.14 + 0.86 * Math.pow(count / most, 0.75)) * 255)
  })
}

/** What of a map is painted, and how. */
export interface Painting {
  /** Rows of `HEAT`, whole cells. */
  readonly rows: Rows
  /** Columns [first, last). */
  readonly first: number
  readonly last: number
  /** The count of the strongest colour. */
  readonly most: number
  readonly kinds: readonly HeatOutcome[]
  readonly ramps: Ramps
}

/** Paints a map into pixels, highest latency on top. One request is always to be seen. */
export function paintHeat(map: HeatMap, painting: Painting): ImageData {
  const { rows, first, last, most, kinds, ramps } = painting
  const { columns, counts, group } = map
  const [lowest, highest] = [rows.lowest / group, Math.floor(rows.highest / group)]
  const width = Math.max(1, last - first)
  const image = new ImageData(width, highest - lowest + 1)
  const depths = depthsUpTo(most)
  const pixels = new Uint32Array(image.data.buffer)
  for (const kind of HEAT.outcomes.filter((one) => kinds.includes(one))) {
    const [cells, ramp] = [counts[kind], ramps[kind]]
    for (let row = lowest; row <= highest; row++) {
      const target = (highest - row) * width
      for (let column = first; column < last; column++) {
        const count = cells[row * columns + column]!
        if (count === 0 || count < strongestIn(map, row, column, kinds)) continue
        pixels[target + column - first] = ramp[depths[Math.min(most, Math.round(count))]!]!
      }
    }
  }
  return image
}

/** The largest count of any outcome in a cell: that outcome gives the cell its hue. */
function strongestIn(
  { counts, columns }: HeatMap,
  row: number,
  column: number,
  kinds: readonly HeatOutcome[],
): number {
  if (kinds.length === 1) return 0
  let top = 0
  for (const kind of kinds) top = Math.max(top, counts[kind][row * columns + column]!)
  return top
}
