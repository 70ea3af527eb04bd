import { MILLISECOND } from '../units.ts'
import type { Histogram } from './histogram.ts'
import type { LatencySummary } from './result.ts'

/** A histogram of ns in milliseconds. */
export function latencyOf(histogram: Histogram): LatencySummary {
  const at = (p: number): number => histogram.quantile(p) / MILLISECOND
  const { count } = histogram
  return {
    count,
    mean: histogram.mean / MILLISECOND,
    variance: histogram.variance / (MILLISECOND * MILLISECOND),
    zeros: histogram.zeros,
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
    max: histogram.max / MILLISECOND,
  }
}
