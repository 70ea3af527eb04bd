/** The distribution of latencies of a run, as percentiles. */
import { HEAT } from '../../engine/results/frame.ts'
import type { VariantRun } from '../runs.ts'
import { quantile } from './quantiles.ts'

/** A point of the curve: a share of the requests and the latency (ns) that bounds it. */
export interface Point {
  readonly share: number
  readonly latency: number
}

/** Percentiles are told only where so many requests lie beyond. */
const BEYOND = 10

/** Counts by row over the whole run, of one outcome or of several. */
export function countsOf(run: VariantRun, kinds: readonly (typeof HEAT.outcomes)[number][]) {
  const counts = new Float64Array(HEAT.rows)
  for (const kind of kinds) {
    for (const [row, column] of run.heat(kind).entries()) {
      for (const value of column) counts[row] = counts[row]! + value
    }
  }
  return counts
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
