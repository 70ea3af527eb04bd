/** Two thin lanes beside the heat map: what failed, as bars, and what had no answer yet, as a hatched level. */
import type { ScaleLinear } from 'd3'
import { setAll, svg } from '../dom.ts'
import { binSpan, type Bins } from '../facts/bins.ts'
import type { VariantRun } from '../runs.ts'

/** Where a lane lies, in pixels. */
export interface Lane {
  readonly y: number
  readonly height: number
}

/** The three parts of a row, from the top down. */
export interface Rooms {
  readonly failures: Lane
  readonly heat: Lane
  readonly waiting: Lane
}

const GAP = 2

/** Shares the height of a row out. */
export function roomsOf(height: number): Rooms {
  const above = Math.round(Math.min(16, Math.max(5, height * 0.17)))
  const below = Math.round(Math.min(14, Math.max(4, height * 0.14)))
  const heat = Math.max(1, height - above - below - 2 * GAP)
  return {
    failures: { y: 0, height: above },
    heat: { y: above + GAP, height: heat },
    waiting: { y: above + heat + 2 * GAP, height: below },
  }
}

/** The marks of both lanes. */
export function countLanes() {
  const failed = svg('path', { class: 'area fail' })
  const refused = svg('path', { class: 'area fast' })
  const hatches = [
    svg('path', { fill: 'url(#hatch-fail)' }),
    svg('path', { fill: 'url(#hatch-fast)' }),
  ] as const
  const waiting = svg('path', { class: 'waiting' })
  const hatch = svg('path', { fill: 'url(#hatch-wait)' })
  const edges = svg('path', { class: 'lane-edges' })
  const group = svg('g', {}, edges, failed, refused, ...hatches, waiting, hatch)
  return { group, failed, refused, hatches, waiting, hatch, edges }
}

/** The largest values of both variants over the whole run: the lanes of A and B have one scale. */
export interface Tops {
  readonly ended: number
  readonly waiting: number
}

/** What the lanes of some bins need at most. */
export function topsOf(all: readonly Bins[]): Tops {
  let [ended, waiting] = [1, 1]
  for (const { count, sums } of all) {
    for (let bin = 0; bin < count; bin++) {
      ended = Math.max(ended, sums.failed[bin]! + sums.refused[bin]!)
      waiting = Math.max(waiting, sums.waiting[bin]!)
    }
  }
  return { ended, waiting }
}

/** Least height of a bar that stands for anything at all. */
const LEAST = 1.5

/** What is drawn where. */
export interface LaneDrawing {
  readonly run: VariantRun
  readonly bins: Bins
  /** Bins [first, last). */
  readonly first: number
  readonly last: number
  readonly x: ScaleLinear<number, number>
  readonly rooms: Rooms
  readonly tops: Tops
}

/** Draws both lanes. */
export function drawCountLanes(marks: ReturnType<typeof countLanes>, drawing: LaneDrawing): void {
  const { bins, rooms, tops, x } = drawing
  const { failures, waiting } = rooms
  const { failed, refused } = bins.sums
  const scale = (value: number): number =>
    value === 0 ? 0 : Math.max(LEAST, (value / tops.ended) * failures.height)
  const floor = failures.y + failures.height
  const red = bars(drawing, (bin) => [floor, floor - scale(failed[bin]!)])
  const purple = bars(drawing, (bin) => {
    const base = floor - scale(failed[bin]!)
    return [base, Math.max(failures.y, base - scale(refused[bin]!))]
  })
  setAll(marks.failed, { d: red })
  setAll(marks.hatches[0], { d: red })
  setAll(marks.refused, { d: purple })
  setAll(marks.hatches[1], { d: purple })
  const level = levels(drawing, waiting)
  setAll(marks.waiting, { d: level })
  setAll(marks.hatch, { d: level })
  const [left, right] = [x(0), x(drawing.run.layout.duration)]
  const bottom = waiting.y + waiting.height
  setAll(marks.edges, { d: `M${left} ${floor}H${right}M${left} ${bottom}H${right}` })
}

function bars(
  { run, bins, first, last, x }: LaneDrawing,
  reach: (bin: number) => readonly [from: number, to: number],
): string {
  let path = ''
  for (let bin = first; bin < last; bin++) {
    const [from, to] = reach(bin)
    if (from === to) continue
    const { from: start, until } = binSpan(run, bins, bin)
    const [left, right] = [x(start).toFixed(1), x(until).toFixed(1)]
    path += `M${left} ${from.toFixed(1)}V${to.toFixed(1)}H${right}V${from.toFixed(1)}Z`
  }
  return path
}

function levels(drawing: LaneDrawing, { y, height }: Lane): string {
  const { waiting } = drawing.bins.sums
  const floor = y + height
  return bars(drawing, (bin) => {
    const value = waiting[bin]!
    const depth = value === 0 ? 0 : Math.max(LEAST, (value / drawing.tops.waiting) * height)
    return [floor, floor - depth]
  })
}
