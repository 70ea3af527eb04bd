/** The median and the 99th percentile along a run. */
import { HEAT } from '../../engine/results/frame.ts'
import type { Time } from '../../engine/units.ts'
import { quantile } from '../facts/quantiles.ts'
import type { HeatOutcome, VariantRun } from '../runs.ts'
import type { Binning } from './time-scale.ts'

/** The fewest requests that have a 99th percentile worth a mark. */
const FEWEST = 20

/** Percentiles of a stretch of time, ns; undefined when it holds too few requests. */
export interface Band {
  readonly from: Time
  readonly percentiles: { readonly p50: number; readonly p99: number } | undefined
}

/** The percentiles of the requests of some outcomes, bin by bin. */
export function bandsOf(
  run: VariantRun,
  { first, buckets, count }: Binning,
  kinds: readonly HeatOutcome[],
): Band[] {
  const rows = kinds.map((kind) => run.heat(kind))
  return Array.from({ length: count }, (_, bin) => {
    const start = first + bin * buckets
    const end = Math.min(run.layout.buckets, start + buckets)
    const sums = new Float64Array(HEAT.rows)
    for (const series of rows) addTo(sums, series, start, end)
    return { from: start * run.layout.bucket, percentiles: percentilesOf(sums) }
  })
}

function addTo(sums: Float64Array, rows: readonly Float32Array[], from: number, to: number): void {
  for (let row = 0; row < HEAT.rows; row++) {
    const series = rows[row]!
    for (let bucket = from; bucket < to; bucket++) sums[row] = sums[row]! + series[bucket]!
  }
}

function percentilesOf(sums: Float64Array): Band['percentiles'] {
  const total = sums.reduce((all, here) => all + here, 0)
  if (total < FEWEST) return undefined
  return { p50: quantile(sums, 0.5)!, p99: quantile(sums, 0.99)! }
}
