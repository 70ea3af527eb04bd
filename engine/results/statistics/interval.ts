/** A mean with the interval that contains the truth, and the interval of Student's t. */
import { variance } from './moments.ts'
import { studentT } from './student.ts'

/** An estimate with its interval. */
export interface Interval {
  readonly mean: number
  readonly low: number
  readonly high: number
  /** Observations it rests on: pairs, where it is a difference of pairs. */
  readonly n: number
}

/** The same estimate at any confidence from 0 to 1; a higher one never gives a narrower interval. */
export type Intervals = (confidence: number) => Interval

/** Of such intervals, 95 % contain the truth. */
export const CONFIDENCE = 0.95

/** The mean of some values; NaN without any. */
export function mean(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

/** The t interval of a mean: mean ± t(n-1) · s / √n. Needs two values at least. */
export function meanInterval(values: readonly number[], confidence = CONFIDENCE): Interval {
  const n = values.length
  const middle = mean(values)
  const half = (studentT(n - 1, confidence) * Math.sqrt(variance(values))) / Math.sqrt(n)
  return { mean: middle, low: middle - half, high: middle + half, n }
}

/**
 * The paired-t interval: both worlds of a pair had the same seed, so each difference is one observation.
 * Needs two pairs at least.
 */
export function pairedInterval(
  a: readonly number[],
  b: readonly number[],
  confidence = CONFIDENCE,
): Interval {
  return meanInterval(differences(a, b), confidence)
}

/** B − A, pair by pair. */
export function differences(a: readonly number[], b: readonly number[]): number[] {
  return b.map((value, at) => value - a[at]!)
}

/** The farther end of an interval from its mean: what stands behind ±. */
export function halfWidth({ mean: middle, low, high }: Interval): number {
  return Math.max(high - middle, middle - low)
}

/** Whether an interval leaves out zero. */
export function excludesZero({ low, high }: Interval): boolean {
  return low > 0 || high < 0
}

/** One minus the highest confidence at which the interval still leaves out zero: the two-sided p-value. */
export function pValue(intervals: Intervals): number {
  if (!excludesZero(intervals(0))) return 1
  let [excluded, included] = [0, 1]
  for (let step = 0; step < 40; step++) {
    const middle = (excluded + included) / 2
    if (excludesZero(intervals(middle))) excluded = middle
    else included = middle
  }
  return 1 - included
}
