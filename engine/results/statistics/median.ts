/** The median of runs, for values that may be infinite: a recovery that never comes still counts as the slowest. */
import { CONFIDENCE, type Interval } from './interval.ts'

/**
 * The median with its interval of order statistics (sign test; no assumption on the distribution). Undefined for fewer
 * than six values, of which no two enclose the median with 95 %. `mean` holds the median.
 */
export function medianInterval(
  values: readonly number[],
  confidence = CONFIDENCE,
): Interval | undefined {
  const n = values.length
  const sorted = values.toSorted((a, b) => a - b)
  const rank = rankOf(n, (1 - confidence) / 2)
  if (rank < 1) return undefined
  const [below, above] = [sorted[Math.ceil(n / 2) - 1]!, sorted[Math.floor(n / 2)]!]
  const middle = below === above ? below : (below + above) / 2
  return { mean: middle, low: sorted[rank - 1]!, high: sorted[n - rank]!, n }
}

/** The highest rank that the median undercuts with at most the given chance: ranks are binomial with one half. */
function rankOf(n: number, chance: number): number {
  let term = 1
  for (let half = 0; half < n; half++) term /= 2
  let [sum, rank] = [0, 0]
  while (sum + term <= chance) {
    sum += term
    term *= (n - rank) / (rank + 1)
    rank++
  }
  return rank
}
