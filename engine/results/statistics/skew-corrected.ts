/** The interval of a mean whose values are skewed, without resampling. */
import { exp, ln } from '../../core/math.ts'
import { mean, type Intervals } from './interval.ts'
import { skewness, variance } from './moments.ts'
import { studentT } from './student.ts'

/**
 * Student's t after Hall's transformation (Hall 1992, "On the removal of skewness by transformation", JRSS B 54): t is
 * bent by a cubic that takes the skewness of the mean away and never turns back, so a higher confidence never gives a
 * narrower interval. Longer on the side of the long tail. Needs three values at least that are not all the same.
 */
export function skewCorrected(values: readonly number[]): Intervals {
  const n = values.length
  const middle = mean(values)
  const error = Math.sqrt(variance(values) / n)
  const bent = unbend(plainSkewness(values) / Math.sqrt(n))
  return (confidence) => {
    const t = studentT(n - 1, confidence)
    return { mean: middle, low: middle - bent(t) * error, high: middle - bent(-t) * error, n }
  }
}

/** The t that is bent to x, for means of a skewness. */
function unbend(skew: number): (x: number) => number {
  if (Math.abs(skew) < 1e-9) return (x) => x
  return (x) => (3 / skew) * (cubeRoot(1 + skew * (x - skew / 6)) - 1)
}

/** The third moment by the power 3/2 of the second, as Hall has it: without the adjustment for small samples. */
function plainSkewness(values: readonly number[]): number {
  const n = values.length
  return (skewness(values) * (n - 2)) / Math.sqrt(n * (n - 1))
}

function cubeRoot(x: number): number {
  return x === 0 ? 0 : Math.sign(x) * exp(ln(Math.abs(x)) / 3)
}
