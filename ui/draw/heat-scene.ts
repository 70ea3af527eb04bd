/** What a row of the latency heat map is drawn of, and what lies at a place of it. */
import type { ScaleLinear } from 'd3'
import { HEAT } from '../../engine/results/frame.ts'
import type { Duration, Time } from '../../engine/units.ts'
import { binsOf, type Bins } from '../facts/bins.ts'
import { latenciesOf, rowAt, type Latencies } from '../facts/heat-words.ts'
import type { HeatOutcome, Runs, VariantRun } from '../runs.ts'
import type { Span } from '../selection.ts'
import { SIDES } from '../state.ts'
import type { Size } from '../view.ts'
import { roomsOf, type Rooms } from './count-lanes.ts'
import {
  commonRows,
  groupFor,
  heatMap,
  strongest,
  wholeCells,
  type HeatMap,
  type Rows,
} from './heat.ts'
import type { Point } from './point.ts'
import { rowBinning, timeScale, type Binning } from './time-scale.ts'

/** Everything a row is drawn of. */
export interface HeatScene {
  readonly run: VariantRun
  readonly kinds: readonly HeatOutcome[]
  readonly size: Size
  readonly x: ScaleLinear<number, number>
  readonly binning: Binning
  /** Columns [first, last) of the map, which are the bins of the row. */
  readonly first: number
  readonly last: number
  readonly map: HeatMap
  readonly rows: Rows
  readonly bins: Bins
  /** The bins of both variants, for common scales. */
  readonly all: readonly Bins[]
  readonly rooms: Rooms
  /** The count of the strongest colour. */
  readonly most: number
}

const SERVED: readonly HeatOutcome[] = ['served']

/** The scene of a variant; rows, colours and lanes are those of the whole of both runs. */
export function sceneOf(
  run: VariantRun,
  runs: Runs,
  { size, span, isOfAll }: { size: Size; span: Span; isOfAll: boolean },
): HeatScene {
  const kinds = isOfAll ? HEAT.outcomes : SERVED
  const binning = rowBinning(run, size, span)
  const { buckets } = binning
  const both = SIDES.flatMap((side) => runs[side] ?? [])
  const rooms = roomsOf(size.height)
  const mapsOf = (group: number): HeatMap[] => both.map((one) => heatMap(one, buckets, group))
  const common = commonRows(mapsOf(2), kinds)
  const group = groupFor(common, rooms.heat.height)
  const maps = mapsOf(group)
  const first = binning.first / buckets
  return {
    run,
    kinds,
    size,
    x: timeScale(size, span),
    binning,
    first,
    last: Math.min(Math.ceil(run.layout.buckets / buckets), first + binning.count),
    map: heatMap(run, buckets, group),
    rows: wholeCells(common, group),
    bins: binsOf(run, buckets),
    all: both.map((one) => binsOf(one, buckets)),
    rooms,
    most: strongest(maps, kinds),
  }
}

/** Height of a latency in the row, in pixels; latencies beyond the rows lie on their edge. */
export function heightOf({ rooms: { heat }, rows }: HeatScene, latency: Duration): number {
  const share = (rowAt(latency) - rows.lowest) / (rows.highest + 1 - rows.lowest)
  return heat.y + heat.height * (1 - Math.min(1, Math.max(0, share)))
}

/** Where in a row a place is. */
export type Zone = 'failures' | 'heat' | 'waiting'

/** The part of the row that is at a height. */
export function zoneAt({ rooms: { heat } }: HeatScene, y: number): Zone {
  if (y < heat.y) return 'failures'
  return y < heat.y + heat.height ? 'heat' : 'waiting'
}

/** A cell of the map. */
export interface HeatCell extends Latencies {
  readonly from: Time
  readonly until: Time
  /** How many requests it holds, and its column. */
  readonly count: number
  readonly column: number
  /** The outcome that most of them have. */
  readonly outcome: HeatOutcome
}

/** The cell at a place of the map. */
export function cellAt(scene: HeatScene, { time, y }: Point): HeatCell {
  const { map, rows, rooms, kinds, run } = scene
  const { group, columns, counts } = map
  const width = map.buckets * run.layout.bucket
  const column = Math.min(columns - 1, Math.max(0, Math.floor(time / width)))
  const cells = (rows.highest + 1 - rows.lowest) / group
  const fromBottom = Math.floor((1 - (y - rooms.heat.y) / rooms.heat.height) * cells)
  const row = rows.lowest / group + Math.min(cells - 1, Math.max(0, fromBottom))
  const of = (kind: HeatOutcome): number => counts[kind][row * columns + column]!
  const sum = (at: number): number =>
    kinds.reduce((all, kind) => all + counts[kind][at * columns + column]!, 0)
  let inColumn = 0
  for (let at = 0; at < HEAT.rows / group; at++) inColumn += sum(at)
  return {
    ...latenciesOf(row * group, group),
    from: column * width,
    until: Math.min(run.layout.duration, (column + 1) * width),
    count: sum(row),
    column: inColumn,
    outcome: kinds.toSorted((a, b) => of(b) - of(a))[0]!,
  }
}
