/** The distribution of latencies of a run, as percentiles. */
import { HEAT, heatEdge } from '../../engine/results/frame.ts'
import type { HeatOutcome, VariantRun } from '../runs.ts'
import { quantile } from './quantiles.ts'
import type { Stretch } from './window.ts'

/** A point of the curve: a share of the requests and the latency (ns) that bounds it. */
export interface Point {
  readonly share: number
  readonly latency: number
  /** Fewer than ten requests lie beyond: the point says little. */
  readonly isThin: boolean
}

/** Percentiles are told only where so many requests lie beyond. */
const BEYOND = 10
/** Beyond so many nines nothing is drawn. */
const MOST_NINES = 5

/** Counts by row of what is computed of a run, of one outcome or of several. */
export function countsOf(run: VariantRun, kinds: readonly HeatOutcome[]): Float64Array {
  const sums = sumsOf(run)
  const counts = new Float64Array(HEAT.rows)
  for (const kind of kinds) for (const [row, sum] of sums[kind].entries()) counts[row]! += sum
  return counts
}

/** The same within a part of the run. */
export function countsIn(
  run: VariantRun,
  kinds: readonly HeatOutcome[],
  { from, to }: Stretch,
): Float64Array {
  const counts = new Float64Array(HEAT.rows)
  for (const kind of kinds) {
    for (const [row, column] of run.heat(kind).entries()) {
      for (let bucket = from; bucket < to; bucket++) counts[row]! += column[bucket]!
    }
  }
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
    const counts = countsIn(run, [kind], { from: sums.filled, to: run.filled })
    for (const [row, count] of counts.entries()) sums[kind][row]! += count
  }
  sums.filled = run.filled
  return sums
}

/** Shares at even steps of "nines": 0 %, 50 % … 90 % … 99 % … as far as there is a request beyond. */
export function percentileCurve(counts: ArrayLike<number>): readonly Point[] {
  const total = sumOf(counts)
  const points: Point[] = []
  for (let nines = 0.02; nines <= MOST_NINES; nines += 0.04) {
    const share = shareAt(nines)
    const beyond = total * (1 - share)
    if (beyond < 1) break
    points.push({ share, latency: quantile(counts, share)!, isThin: beyond < BEYOND })
  }
  return points
}

/** Share of the counted requests that took longer than a latency (ns). */
export function shareBeyond(counts: ArrayLike<number>, latency: number): number {
  const total = sumOf(counts)
  return total === 0 ? Number.NaN : 1 - countWithin(counts, latency) / total
}

/** How many of the counted requests took no longer than a latency (ns); within a row, values are taken to lie evenly. */
export function countWithin(counts: ArrayLike<number>, latency: number): number {
  let within = 0
  for (let row = 0; row < HEAT.rows; row++) {
    const [low, high] = [heatEdge(row), heatEdge(row + 1)]
    if (high <= latency) within += counts[row]!
    else if (low < latency) within += (counts[row]! * (latency - low)) / (high - low)
  }
  return within
}

/** How many requests are counted. */
export function sumOf(counts: ArrayLike<number>): number {
  let total = 0
  for (let row = 0; row < counts.length; row++) total += counts[row]!
  return total
}

/** 90 % is one nine, 99 % two, 50 % about a third of one. */
export function ninesOf(share: number): number {
  return -Math.log10(1 - share)
}

/** The share of so many nines. */
export function shareAt(nines: number): number {
  return 1 - Math.pow(10, -nines)
}
