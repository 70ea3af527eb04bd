/** What happened within a stretch of time, read off the columns. */
import { SECOND, type Time } from '../../engine/units.ts'
import type { VariantRun } from '../runs.ts'
import type { Selection, Span } from '../selection.ts'

/** Buckets [from, to). */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** How users' requests ended in a stretch. */
export interface Outcomes {
  readonly offered: number
  readonly ok: number
  readonly slow: number
  readonly degraded: number
  readonly refused: number
  readonly failed: number
  readonly ended: number
  /** Share of those that ended which were served; NaN when none ended. */
  readonly served: number
  /** Share that a pattern turned away on purpose. */
  readonly fast: number
}

/** The second before a moment (a hundredth of a short or a long run), as buckets. */
export function justBefore(run: VariantRun, time: Time): Stretch {
  const { bucket, duration } = run.layout
  const width = Math.max(1, Math.round(Math.max(SECOND, duration / 200) / bucket))
  const shorter = Math.max(1, Math.min(width, Math.round(duration / 20 / bucket)))
  const to = run.bucketAt(time) + 1
  return { from: Math.max(0, to - shorter), to }
}

/** The buckets of a part of the run. */
export function bucketsOf(run: VariantRun, { from, until }: Span): Stretch {
  const { bucket, buckets } = run.layout
  const first = Math.max(0, Math.min(buckets - 1, Math.floor(from / bucket)))
  return { from: first, to: Math.max(first + 1, Math.min(buckets, Math.ceil(until / bucket))) }
}

/** What is looked at: the brushed part of the run, else the second before the cursor. */
export function lookedAt(run: VariantRun, look: Pick<Selection, 'time' | 'range'>): Stretch {
  return look.range ? bucketsOf(run, look.range) : justBefore(run, look.time)
}

/** The sum of a column over a stretch. */
export function sum(column: Float32Array, { from, to }: Stretch): number {
  let total = 0
  for (let bucket = from; bucket < to; bucket++) total += column[bucket]!
  return total
}

/** The mean of a column over a stretch. */
export function mean(column: Float32Array, stretch: Stretch): number {
  return sum(column, stretch) / Math.max(1, stretch.to - stretch.from)
}

/** The largest value of a column in a stretch. */
export function most(column: Float32Array, { from, to }: Stretch): number {
  let top = 0
  for (let bucket = from; bucket < to; bucket++) top = Math.max(top, column[bucket]!)
  return top
}

/** How users' requests ended in a stretch. */
export function outcomes(run: VariantRun, stretch: Stretch): Outcomes {
  const of = (metric: string): number => sum(run.total(metric), stretch)
  const [offered, ok, slow, degraded] = [of('offered'), of('ok'), of('slow'), of('degraded')]
  const [refused, failed] = [of('refused'), of('failed')]
  const served = ok + slow + degraded
  const ended = served + refused + failed
  const share = (part: number): number => (ended === 0 ? Number.NaN : part / ended)
  return {
    offered,
    ok,
    slow,
    degraded,
    refused,
    failed,
    ended,
    served: share(served),
    fast: share(refused),
  }
}

/** The share served just before a moment: 0 when requests wait and none end, 1 when there is nothing to do. */
export function servedAt(run: VariantRun, time: Time): number {
  const stretch = justBefore(run, time)
  const { served } = outcomes(run, stretch)
  if (!Number.isNaN(served)) return served
  return run.total('waiting')[run.bucketAt(time)]! > 0 ? 0 : 1
}
