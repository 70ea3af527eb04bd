/**
 * At which place within a period things happen, over time: what happens in step shows as a row. Buckets are the
 * finest that is known, so a period has as many rows as it has buckets.
 */
import type { Duration } from '../../engine/units.ts'
import { SECOND } from '../../engine/units.ts'
import type { Runs, VariantRun } from '../runs.ts'
import { SIDES } from '../state.ts'

/** Fewest and most rows of a period, and how many it gets when a second would have fewer or more. */
const FEWEST = 10
const MOST = 100
const USUAL = 20

/** The period: a second, where the buckets allow. */
export function periodOf({ layout: { bucket } }: VariantRun): Duration {
  const rows = SECOND / bucket
  return rows >= FEWEST && rows <= MOST ? SECOND : USUAL * bucket
}

/** What is told apart by its place: tries after the first where there are any, else requests that ended. */
export type Subject = 'retries' | 'requests'

/** What both variants show: retries, when either has any. */
export function subjectOf(runs: Runs): Subject {
  const hasRetries = SIDES.some((side) => {
    const run = runs[side]
    return run?.layout.edges.some(({ name }) =>
      run.column('edge', name, 'retries').some((count) => count > 0),
    )
  })
  return hasRetries ? 'retries' : 'requests'
}

/** The subject of a run, bucket by bucket. */
export function seriesOf(run: VariantRun, subject: Subject): Float64Array {
  const { buckets, edges } = run.layout
  const columns =
    subject === 'retries'
      ? edges.map(({ name }) => run.column('edge', name, 'retries'))
      : ['ok', 'slow', 'degraded', 'refused', 'failed'].map((metric) => run.total(metric))
  const series = new Float64Array(buckets)
  for (const column of columns) {
    for (let bucket = 0; bucket < buckets; bucket++)
      series[bucket] = series[bucket]! + column[bucket]!
  }
  return series
}

/** The count that is drawn in the strongest colour: the 98.5th percentile of those that are not zero. */
export function strongestOf(all: readonly Float64Array[]): number {
  const counts = all.flatMap((series) => Array.from(series).filter((count) => count > 0))
  const sorted = Float64Array.from(counts).sort()
  return Math.max(1, sorted[Math.floor(0.985 * (sorted.length - 1))] ?? 1)
}

/** `12 retries between 200 and 300 ms into the second`. */
export function offsetWords(
  subject: Subject,
  { count, from, until }: { count: number; from: Duration; until: Duration },
): string {
  const noun = count === 1 ? { retries: 'retry', requests: 'request' }[subject] : subject
  const ms = (time: Duration): string => String(Number((time / 1e6).toPrecision(3)))
  return `${count} ${noun} ${ms(from)}–${ms(until)} ms into the period`
}
