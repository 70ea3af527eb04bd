/** The difference between two variants over pairs of runs: the interval that suits its values, and what pairing saved. */
import { exp, ln } from '../../core/math.ts'
import { bootstrapT } from './bootstrap.ts'
import { holm } from './holm.ts'
import {
  CONFIDENCE,
  differences,
  type Interval,
  type Intervals,
  meanInterval,
  pairedInterval,
} from './interval.ts'
import { savedBy, skewness } from './moments.ts'
import { pairedShares } from './proportion.ts'
import { skewCorrected } from './skew-corrected.ts'

/** How an interval was made. */
export type Method = 'paired t' | 'bootstrap t' | 'skew-corrected t' | 'Newcombe'

/** B − A over pairs of runs. */
export interface Difference extends Interval {
  readonly method: Method
  /** Of this interval; above 0.95 where several variants are compared with one (Holm). */
  readonly confidence: number
  /** Of the differences; NaN for fewer than three pairs. */
  readonly skewness: number
  /** Variance of the difference of independent runs by that of the pairs. */
  readonly saved: number
}

/** Skewness above which Student's t is not trusted. */
const SKEWED = 1

/**
 * B − A over pairs: paired t; bootstrap-t where the differences are skewed, or Hall's t where they are too few or in too
 * few places to be resampled; Newcombe's interval where both are yes or no (0 or 1). Needs two pairs at least.
 */
export function differenceOf(
  a: readonly number[],
  b: readonly number[],
  isYesNo = false,
  confidence = CONFIDENCE,
): Difference {
  return told(a, b, chosen(a, b, isYesNo), confidence)
}

/** Several variants compared with the first: their intervals hold jointly against calling chance a difference. */
export function differencesOf(
  first: readonly number[],
  others: readonly (readonly number[])[],
  isYesNo = false,
): Difference[] {
  const all = others.map((other) => chosen(first, other, isYesNo))
  const levels = holm(all.map(({ intervals }) => intervals))
  return all.map((one, at) => told(first, others[at]!, one, levels[at]!))
}

/** The interval that suits some values. */
interface Chosen {
  readonly method: Method
  readonly intervals: Intervals
}

function chosen(a: readonly number[], b: readonly number[], isYesNo: boolean): Chosen {
  if (isYesNo) return { method: 'Newcombe', intervals: (level) => pairedShares(a, b, level) }
  const values = differences(a, b)
  if (!(Math.abs(skewness(values)) > SKEWED))
    return { method: 'paired t', intervals: (level) => meanInterval(values, level) }
  const bootstrap = bootstrapT(values)
  if (bootstrap) return { method: 'bootstrap t', intervals: bootstrap }
  return { method: 'skew-corrected t', intervals: skewCorrected(values) }
}

function told(
  a: readonly number[],
  b: readonly number[],
  { method, intervals }: Chosen,
  confidence: number,
): Difference {
  const skew = skewness(differences(a, b))
  return { ...intervals(confidence), method, confidence, skewness: skew, saved: savedBy(a, b) }
}

/**
 * The factor B / A over pairs of positive values, with its interval: paired t of the logarithms, where dividing by two is
 * as much as multiplying by two. Undefined where a value is not above 0.
 */
export function factorInterval(a: readonly number[], b: readonly number[]): Interval | undefined {
  const isPositive = (value: number): boolean => value > 0 && value < Infinity
  if (![...a, ...b].every(isPositive)) return undefined
  const { mean, low, high, n } = pairedInterval(a.map(ln), b.map(ln))
  return { mean: exp(mean), low: exp(low), high: exp(high), n }
}
