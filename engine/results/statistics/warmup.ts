/** Where the warm-up of a run seems to end. */

import { mean } from './interval.ts'

/** Values to a batch of MSER-5. */
const BATCH = 5

/** A suggestion, not an automatic cut: it errs on short runs, and then says so. */
export interface Warmup {
  /** Values to leave out at the start. */
  readonly cut: number
  /** Share of the run that it would cost. */
  readonly share: number
  /** More than half of the run would go: the minimum found is one of noise, and only a longer run tells. */
  readonly isTooShort: boolean
}

/**
 * MSER-5 (White 1997): of all places to cut, after 5, 10, 15 … values, the one at which the standard error of the mean of
 * the rest is smallest. The last five batches are not considered: their spread is chance. A cut of more than half of the
 * run is not believed (White, Cobb and Spratt 2000): run longer.
 */
export function suggestWarmup(values: readonly number[]): Warmup {
  const batches = Math.floor(values.length / BATCH)
  // Sums of squares of what is far from zero would lose their digits.
  const level = mean(values)
  let best = { cut: 0, error: Infinity }
  let [sum, squares] = [0, 0]
  for (let first = batches - 1; first >= 0; first--) {
    const value = batchAt(values, first) - level
    sum += value
    squares += value * value
    const left = batches - first
    const error = Math.max(0, squares - (sum * sum) / left) / (left * left)
    // Of equal places the earliest: it costs least.
    if (left > BATCH && error <= best.error) best = { cut: first * BATCH, error }
  }
  const share = values.length === 0 ? 0 : best.cut / values.length
  return { cut: best.cut, share, isTooShort: batches <= 2 * BATCH || share > 0.5 }
}

function batchAt(values: readonly number[], batch: number): number {
  let sum = 0
  for (let at = batch * BATCH; at < (batch + 1) * BATCH; at++) sum += values[at]!
  return sum / BATCH
}
