/** Columns in wider bins: what a row of the stack has room for. */
import { TOTAL_METRICS } from '../../engine/results/frame.ts'
import type { VariantRun } from '../runs.ts'

/** Most bins that a row is drawn with. */
const MOST_BINS = 150

/** The users' requests of a run, binned. */
export interface Bins {
  readonly count: number
  /** Buckets to a bin, and seconds. */
  readonly buckets: number
  readonly seconds: number
  /** By metric: the sum over each bin. */
  readonly sums: Readonly<Record<string, Float64Array>>
}

const known = new WeakMap<VariantRun, { filled: number; bins: Bins }>()

/** The totals of a run in at most 150 bins. */
export function binned(run: VariantRun): Bins {
  const found = known.get(run)
  if (found?.filled === run.filled) return found.bins
  const buckets = Math.ceil(run.layout.buckets / MOST_BINS)
  const count = Math.ceil(run.layout.buckets / buckets)
  const sums = Object.fromEntries(
    TOTAL_METRICS.map(([name]) => [name, binsOf(run.total(name), buckets, count)]),
  )
  const bins = { count, buckets, seconds: (buckets * run.layout.bucket) / 1e9, sums }
  known.set(run, { filled: run.filled, bins })
  return bins
}

/** A column as sums over bins. */
export function binsOf(column: Float32Array, buckets: number, count: number): Float64Array {
  const sums = new Float64Array(count)
  for (let bin = 0; bin < count; bin++) {
    const end = Math.min(column.length, (bin + 1) * buckets)
    let sum = 0
    for (let at = bin * buckets; at < end; at++) sum += column[at]!
    sums[bin] = sum
  }
  return sums
}
