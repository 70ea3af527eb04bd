/** Means, proportions and their 95 % intervals: what a set of seeds says, and how surely. */

/** A mean with its interval. */
export interface Interval {
  readonly mean: number
  readonly low: number
  readonly high: number
  /** Observations it rests on: pairs, where it is a difference of pairs. */
  readonly n: number
}

/** Of such intervals, 95 % contain the truth. */
export const CONFIDENCE = 0.95
/** The 97.5 % quantile of the normal distribution. */
const NORMAL = 1.959963984540054

/** The mean of some values; NaN without any. */
export function mean(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

/** The t interval of a mean: mean ± t(n-1) · s / √n. Needs two values at least. */
export function meanInterval(values: readonly number[]): Interval {
  const n = values.length
  const middle = mean(values)
  const squares = values.map((each) => (each - middle) * (each - middle))
  const spread = Math.sqrt((mean(squares) * n) / (n - 1))
  const half = (studentT(n - 1) * spread) / Math.sqrt(n)
  return { mean: middle, low: middle - half, high: middle + half, n }
}

/**
 * The paired-t interval: both worlds of a pair had the same seed, so each difference is one observation.
 * Needs two pairs at least.
 */
export function pairedInterval(a: readonly number[], b: readonly number[]): Interval {
  return meanInterval(b.map((value, at) => value - a[at]!))
}

/**
 * A proportion with its Wilson score interval (Wilson 1927, as Brown, Cai and DasGupta 2001 recommend it): within
 * 0..1, and not without width when all or none of the observations are hits.
 */
export function wilsonInterval(hits: number, n: number): Interval {
  if (n === 0) return { mean: Number.NaN, low: 0, high: 1, n }
  const share = hits / n
  const square = NORMAL * NORMAL
  const scale = 1 + square / n
  const middle = (share + square / (2 * n)) / scale
  const half = (NORMAL / scale) * Math.sqrt((share * (1 - share)) / n + square / (4 * n * n))
  const low = hits === 0 ? 0 : Math.max(0, middle - half)
  const high = hits === n ? 1 : Math.min(1, middle + half)
  return { mean: share, low, high, n }
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
  const tangent = t / Math.sqrt(freedom)
  const cosine = 1 / Math.sqrt(1 + tangent * tangent)
  const sine = tangent * cosine
  const isOdd = freedom % 2 === 1
  let term = isOdd ? cosine : 1
  let sum = freedom === 1 ? 0 : term
  for (let k = isOdd ? 3 : 2; k < freedom; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine
    sum += term
  }
  return isOdd ? (2 / Math.PI) * (arctangent(tangent) + sine * sum) : sine * sum
}

/** The arctangent of a number of at least 0: halved four times, then its series. */
function arctangent(x: number): number {
  let small = x
  for (let halving = 0; halving < 4; halving++) small /= 1 + Math.sqrt(1 + small * small)
  let sum = 0
  let power = small
  for (let k = 1; k < 30; k += 2) {
    sum += k % 4 === 1 ? power / k : -power / k
    power *= small * small
  }
  return 16 * sum
}
