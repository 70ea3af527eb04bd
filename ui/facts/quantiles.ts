/** Percentiles out of log-spaced counts: within a row, values are taken to lie evenly. */
import { HEAT, heatEdge } from '../../engine/results/frame.ts'

const EDGES = Array.from({ length: HEAT.rows + 1 }, (_, row) => heatEdge(row))

/** The latency (ns) below which a share of the counted requests lies; undefined without any. */
export function quantile(counts: ArrayLike<number>, share: number): number | undefined {
  let total = 0
  for (let row = 0; row < HEAT.rows; row++) total += counts[row]!
  if (total === 0) return undefined
  const rank = share * total
  let seen = 0
  for (let row = 0; row < HEAT.rows; row++) {
    const here = counts[row]!
    if (here > 0 && seen + here >= rank) {
      const [low, high] = [EDGES[row]!, EDGES[row + 1]!]
      return low + (high - low) * Math.max(0, (rank - seen) / here)
    }
    seen += here
  }
  return EDGES[HEAT.rows]!
}

/** Counts by row, summed over a stretch of columns of a map. */
export function rowSums(
  counts: Float64Array,
  columns: number,
  from: number,
  to: number,
): Float64Array {
  const sums = new Float64Array(HEAT.rows)
  for (let row = 0; row < HEAT.rows; row++) {
    let sum = 0
    for (let column = from; column < to; column++) sum += counts[row * columns + column]!
    sums[row] = sum
  }
  return sums
}
