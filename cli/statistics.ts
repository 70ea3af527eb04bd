/** Means and intervals of paired runs. */

/** A mean with its 95 % interval. */
export interface Interval {
  readonly mean: number
  readonly low: number
  readonly high: number
  /** Pairs it rests on. */
  readonly n: number
}

/** Of these, 95 % contain the truth. */
export const CONFIDENCE = 0.95

export function mean(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

/**
 * The paired-t interval: both worlds of a pair had the same seed, so each difference is one observation, and the
 * interval is mean ± t(n-1) · s / √n. Needs two pairs at least.
 */
export function pairedInterval(a: readonly number[], b: readonly number[]): Interval {
  const differences = b.map((value, at) => value - a[at]!)
  const n = differences.length
  const middle = mean(differences)
  const squares = differences.map((each) => (each - middle) * (each - middle))
  const spread = Math.sqrt((mean(squares) * n) / (n - 1))
  const half = (studentT(n - 1) * spread) / Math.sqrt(n)
  return { mean: middle, low: middle - half, high: middle + half, n }
}

/** The t for which a Student variable lies within ±t with the given probability. */
export function studentT(freedom: number, probability = CONFIDENCE): number {
  let low = 0
  let high = 1
  while (within(high, freedom) < probability) high *= 2
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (within(middle, freedom) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** P(|T| ≤ t) for whole degrees of freedom: the finite series of Abramowitz and Stegun 26.7.3 and 26.7.4. */
function within(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom))
  const cosine = Math.cos(angle)
  const isOdd = freedom % 2 === 1
  let term = isOdd ? cosine : 1
  let sum = freedom === 1 ? 0 : term
  for (let k = isOdd ? 3 : 2; k < freedom; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine
    sum += term
  }
  return isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum
}
