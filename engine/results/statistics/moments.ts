/** Variance, skewness, and what pairing has saved. */

/** The variance of a sample (divided by n − 1); NaN for fewer than two values. */
export function variance(values: readonly number[]): number {
  const n = values.length
  if (n < 2) return Number.NaN
  const middle = sum(values) / n
  return sum(values.map((value) => (value - middle) * (value - middle))) / (n - 1)
}

/**
 * The skewness of a sample, adjusted for its size (Joanes and Gill 1998, G1); 0 where all values are the same, NaN for
 * fewer than three.
 */
export function skewness(values: readonly number[]): number {
  const n = values.length
  if (n < 3) return Number.NaN
  const middle = sum(values) / n
  const second = sum(values.map((value) => (value - middle) * (value - middle))) / n
  if (second === 0) return 0
  const third =
    sum(values.map((value) => (value - middle) * (value - middle) * (value - middle))) / n
  const plain = third / (second * Math.sqrt(second))
  return (plain * Math.sqrt(n * (n - 1))) / (n - 2)
}

/**
 * How many times more runs two independent sets of seeds would need for the same interval of the difference: the
 * variance of the difference of independent runs, by that of the pairs. Above 1: pairing has helped. Infinite where all
 * differences are the same, NaN where nothing varies at all.
 */
export function savedBy(a: readonly number[], b: readonly number[]): number {
  return (variance(a) + variance(b)) / variance(b.map((value, at) => value - a[at]!))
}

function sum(values: readonly number[]): number {
  let total = 0
  for (const value of values) total += value
  return total
}
