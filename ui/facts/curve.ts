/** The distribution of latencies of a run, as percentiles. */
import { HEAT } from '../../engine/results/frame.ts'
import type { HeatOutcome, VariantRun } from '../runs.ts'
import { quantile } from './quantiles.ts'

/** A point of the curve: a share of the requests and the latency (ns) that bounds it. */
export interface Point {
  readonly share: number
  readonly latency: number
}

/** Percentiles are told only where so many requests lie beyond. */
const BEYOND = 10

/** Counts by row of what is computed of a run, of one outcome or of several. */
export function countsOf(run: VariantRun, kinds: readonly HeatOutcome[]): Float64Array {
  const sums = sumsOf(run)
  const counts = new Float64Array(HEAT.rows)
  for (const kind of kinds) for (const [row, sum] of sums[kind].entries()) counts[row]! += sum
  return counts
}

interface Sums extends Record<HeatOutcome, Float64Array> {
  filled: number
}

const known = new WeakMap<VariantRun, Sums>()

/** Counts by outcome and row; only new buckets are added. */
function sumsOf(run: VariantRun): Sums {
  const empty = (): Float64Array => new Float64Array(HEAT.rows)
  const sums = known.get(run) ?? { served: empty(), failed: empty(), refused: empty(), filled: 0 }
  known.set(run, sums)
  for (const kind of HEAT.outcomes) {
    for (const [row, column] of run.heat(kind).entries()) {
      for (let bucket = sums.filled; bucket < run.filled; bucket++)
        sums[kind][row]! += column[bucket]!
    }
  }
  sums.filled = run.filled
  return sums
}

/** Shares at even steps of "nines": 0 %, 50 % … 90 % … 99 % … as far as there are ten requests beyond. */
export function percentileCurve(counts: Float64Array): readonly Point[] {
  const total = counts.reduce((all, here) => all + here, 0)
  const points: Point[] = []
  for (let nines = 0.02; nines <= 5; nines += 0.04) {
    const share = shareAt(nines)
    if (total * (1 - share) < BEYOND) break
    points.push({ share, latency: quantile(counts, share)! })
  }
  return points
}

/** 90 % is one nine, 99 % two, 50 % about a third of one. */
export function ninesOf(share: number): number {
  return -Math.log10(1 - share)
}

function shareAt(nines: number): number {
  return 1 - Math.pow(10, -nines)
}
