/** The users' requests of a run in bins of so many buckets: what the rows of the stack are drawn from. */
import { TOTAL_METRICS } from '../../engine/results/frame.ts'
import type { Time } from '../../engine/units.ts'
import type { VariantRun } from '../runs.ts'

/** Name of a whole-world metric. */
export type TotalMetric = (typeof TOTAL_METRICS)[number][0]

/** Ways in which a request ends. */
export const ENDS = ['ok', 'slow', 'degraded', 'refused', 'failed'] as const

/** A run in bins, from its start to its end. */
export interface Bins {
  readonly count: number
  /** Buckets to a bin. */
  readonly buckets: number
  /** Length of a bin, ns; the last one may be shorter. */
  readonly width: number
  /** By metric, for each bin: sums of counts; for levels the last value within the bin. */
  readonly sums: Readonly<Record<TotalMetric, Float64Array>>
  /** Requests that ended, by any outcome. */
  readonly ended: Float64Array
}

const known = new WeakMap<VariantRun, { filled: number; byWidth: Map<number, Bins> }>()

/** The totals of a run in bins of so many buckets. */
export function binsOf(run: VariantRun, buckets: number): Bins {
  let found = known.get(run)
  if (found?.filled !== run.filled)
    known.set(run, (found = { filled: run.filled, byWidth: new Map() }))
  const before = found.byWidth.get(buckets)
  if (before) return before
  const made = counted(run, buckets)
  found.byWidth.set(buckets, made)
  return made
}

function counted(run: VariantRun, buckets: number): Bins {
  const count = Math.max(1, Math.ceil(run.layout.buckets / buckets))
  const entries = TOTAL_METRICS.map(([name, kind]) => {
    const fold = kind === 'count' ? sumsOf : lastsOf
    return [name, fold(run.total(name), buckets, count)] as const
  })
  const sums = Object.fromEntries(entries) as Bins['sums']
  const ended = Float64Array.from({ length: count }, (_, bin) =>
    ENDS.reduce((all, end) => all + sums[end][bin]!, 0),
  )
  return { count, buckets, width: buckets * run.layout.bucket, sums, ended }
}

function sumsOf(column: Float32Array, buckets: number, count: number): Float64Array {
  const sums = new Float64Array(count)
  for (let bin = 0; bin < count; bin++) {
    const end = Math.min(column.length, (bin + 1) * buckets)
    for (let at = bin * buckets; at < end; at++) sums[bin] = sums[bin]! + column[at]!
  }
  return sums
}

function lastsOf(column: Float32Array, buckets: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, bin) => {
    return column[Math.min(column.length, (bin + 1) * buckets) - 1]!
  })
}

/** The bin that holds a moment. */
export function binAt({ width, count }: Bins, time: Time): number {
  return Math.min(count - 1, Math.max(0, Math.floor(time / width)))
}

/** When a bin begins and ends, ns. */
export function binSpan(run: VariantRun, { width }: Bins, bin: number) {
  return { from: bin * width, until: Math.min(run.layout.duration, (bin + 1) * width) }
}

/** Seconds of a bin. */
export function binSeconds(run: VariantRun, bins: Bins, bin: number): number {
  const { from, until } = binSpan(run, bins, bin)
  return Math.max(1e-9, (until - from) / 1e9)
}

/** The highest rate per second of anything that is drawn of a run, offered or ended, over all of it. */
export function topRate(run: VariantRun, bins: Bins): number {
  let top = 0
  for (let bin = 0; bin < bins.count; bin++) {
    const most = Math.max(bins.sums.offered[bin]!, bins.ended[bin]!)
    top = Math.max(top, most / binSeconds(run, bins, bin))
  }
  return top
}
