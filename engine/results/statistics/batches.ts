/** Batch means: an interval from one single long run, where the run is long enough for it. */
import { normalQuantile } from '../../core/math.ts'
import { CONFIDENCE, type Interval, mean, meanInterval } from './interval.ts'

const BATCHES = 20
/** A chance of 5 % to send somebody off for a longer run whose batches do not depend on each other. */
const CRITICAL = normalQuantile(0.95)

/** What a single run says of its mean. */
export interface BatchMeans {
  /** Undefined: run longer. Batches depend on each other, so the interval would be too narrow. */
  readonly interval: Interval | undefined
  readonly batches: number
  /** Values per batch. */
  readonly size: number
  /** Von Neumann's statistic of the batch means: about standard normal where they are independent. */
  readonly correlation: number
}

/**
 * Non-overlapping batch means with 20 batches (Schmeiser 1982); the values that do not fill a batch are left out at the
 * start, where a transient would be. The von Neumann test decides whether the batches are long enough.
 */
export function batchMeans(
  values: readonly number[],
  batches = BATCHES,
  confidence = CONFIDENCE,
): BatchMeans {
  const size = Math.floor(values.length / batches)
  const start = values.length - size * batches
  const means = Array.from({ length: size > 0 ? batches : 0 }, (_, at) =>
    mean(values.slice(start + at * size, start + (at + 1) * size)),
  )
  const correlation = vonNeumann(means)
  const isIndependent = means.length >= 8 && !(correlation > CRITICAL)
  const interval = isIndependent ? meanInterval(means, confidence) : undefined
  return { interval, batches: means.length, size, correlation }
}

/**
 * Von Neumann's test (1941; Fishman 1978 for batch means): one minus half the ratio of the mean squared successive
 * difference to the variance, by its standard deviation √((n−2)/(n²−1)). Far above zero: neighbours are alike.
 */
export function vonNeumann(values: readonly number[]): number {
  const n = values.length
  const middle = mean(values)
  let [steps, squares] = [0, 0]
  values.forEach((value, at) => {
    const apart = value - middle
    const step = at > 0 ? value - values[at - 1]! : 0
    squares += apart * apart
    steps += step * step
  })
  if (squares === 0) return 0
  return (1 - steps / (2 * squares)) / Math.sqrt((n - 2) / (n * n - 1))
}
