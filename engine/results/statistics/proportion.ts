/** Shares of runs in which something happened, and differences of such shares. */
import { normalQuantile } from '../../core/math.ts'
import { CONFIDENCE, type Interval } from './interval.ts'

/**
 * A proportion with its Wilson score interval (Wilson 1927, as Brown, Cai and DasGupta 2001 recommend it): within
 * 0..1, and not without width when all or none of the observations are hits.
 */
export function wilsonInterval(hits: number, n: number, confidence = CONFIDENCE): Interval {
  if (n === 0) return { mean: Number.NaN, low: 0, high: 1, n }
  const normal = normalQuantile((1 + confidence) / 2)
  const share = hits / n
  const square = normal * normal
  const scale = 1 + square / n
  const middle = (share + square / (2 * n)) / scale
  const half = (normal / scale) * Math.sqrt((share * (1 - share)) / n + square / (4 * n * n))
  const low = hits === 0 ? 0 : Math.max(0, middle - half)
  const high = hits === n ? 1 : Math.min(1, middle + half)
  return { mean: share, low, high, n }
}

/** Hits among observations. */
export interface Hits {
  readonly hits: number
  readonly n: number
}

/**
 * The difference B − A of the shares of independent sets of runs: hybrid score interval (Newcombe 1998a, method 10),
 * made of both Wilson intervals.
 */
export function shareDifference(a: Hits, b: Hits, confidence = CONFIDENCE): Interval {
  return hybrid(a, b, 0, confidence)
}

/**
 * The difference B − A of the shares of pairs of runs (0 or 1 each): hybrid score interval with the correlation of the
 * pairs (Newcombe 1998b, Statistics in Medicine 17:2635, method 10).
 */
export function pairedShares(
  a: readonly number[],
  b: readonly number[],
  confidence = CONFIDENCE,
): Interval {
  const n = a.length
  const hitsOf = (values: readonly number[]): Hits => ({ hits: values.filter(isHit).length, n })
  const both = a.filter((value, at) => isHit(value) && isHit(b[at]!)).length
  return hybrid(
    hitsOf(a),
    hitsOf(b),
    correlation(hitsOf(a).hits, hitsOf(b).hits, both, n),
    confidence,
  )
}

function isHit(value: number): boolean {
  return value !== 0
}

/** The phi coefficient of two rows of hits; a positive one is corrected for continuity, as Newcombe does. */
function correlation(a: number, b: number, both: number, n: number): number {
  const product = a * (n - a) * b * (n - b)
  if (product === 0) return 0
  const excess = both * (n - a - b + both) - (a - both) * (b - both)
  const corrected = excess > n / 2 ? excess - n / 2 : excess < 0 ? excess : 0
  return corrected / Math.sqrt(product)
}

function hybrid(a: Hits, b: Hits, phi: number, confidence: number): Interval {
  const [left, right] = [a, b].map(({ hits, n }) => wilsonInterval(hits, n, confidence))
  const difference = right!.mean - left!.mean
  const apart = (own: number, other: number): number =>
    Math.sqrt(Math.max(0, own * own - 2 * phi * own * other + other * other))
  const down = apart(right!.mean - right!.low, left!.high - left!.mean)
  const up = apart(right!.high - right!.mean, left!.mean - left!.low)
  return {
    mean: difference,
    low: Math.max(-1, difference - down),
    high: Math.min(1, difference + up),
    n: Math.min(a.n, b.n),
  }
}
