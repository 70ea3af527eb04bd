/** Quantiles: one number per run, never the requests of one run, which depend on each other. */
import { CONFIDENCE, type Interval, meanInterval } from './interval.ts'

/** Fewest requests of a run beyond a percentile for it to say anything. */
export const FEWEST_BEYOND = 20

/** How many of some requests lie beyond a quantile: 4 of 4,000 beyond the 99.9th percentile. */
export function samplesBeyond(count: number, quantile: number): number {
  return Math.floor(count * (1 - quantile) + 1e-9)
}

/** Whether the tail of a run is too thin for a quantile. */
export function isThin(count: number, quantile: number): boolean {
  return samplesBeyond(count, quantile) < FEWEST_BEYOND
}

/**
 * The interval of a quantile from the quantiles of replications: each is one observation of Student's t. Undefined (not
 * enough data) for fewer than two, and where fewer than 20 requests of any of them lie beyond it.
 */
export function quantileInterval(
  perRun: readonly number[],
  counts: readonly number[],
  quantile: number,
  confidence = CONFIDENCE,
): Interval | undefined {
  if (perRun.length < 2 || counts.some((count) => isThin(count, quantile))) return undefined
  return perRun.every(Number.isFinite) ? meanInterval(perRun, confidence) : undefined
}
