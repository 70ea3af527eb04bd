/** B minus A: counts of served requests by response time, and of all requests by how they ended. */
import { HEAT } from '../../engine/results/frame.ts'
import { sumsOver, type Binning } from '../draw/time-scale.ts'
import type { VariantRun } from '../runs.ts'

/** Differences of counts: columns of time, rows of latency. */
export interface HeatDifference {
  readonly bins: Binning
  /** The lowest and the highest row that hold a difference or a request. */
  readonly lowest: number
  readonly highest: number
  /** B - A of row r in bin c at r * bins.count + c, for all rows. */
  readonly deltas: Float64Array
  /** The size that is drawn in full colour: the 98.5th percentile of all sizes but 0; at least 1. */
  readonly strongest: number
}

/** Whether two runs have the same time axis, so that their buckets can be subtracted. */
export function isComparable(a: VariantRun, b: VariantRun): boolean {
  return a.layout.bucket === b.layout.bucket && a.layout.buckets === b.layout.buckets
}

/** Served requests by response time, B minus A, bin by bin. */
export function heatDifference(a: VariantRun, b: VariantRun, bins: Binning): HeatDifference {
  const deltas = new Float64Array(HEAT.rows * bins.count)
  let [lowest, highest]: [number, number] = [HEAT.rows, -1]
  const [inA, inB] = [a.heat('served'), b.heat('served')]
  for (let row = 0; row < HEAT.rows; row++) {
    const [one, other] = [sumsOver(inA[row]!, bins), sumsOver(inB[row]!, bins)]
    for (let bin = 0; bin < bins.count; bin++) {
      deltas[row * bins.count + bin] = other[bin]! - one[bin]!
      if (one[bin] === 0 && other[bin] === 0) continue
      lowest = Math.min(lowest, row)
      highest = Math.max(highest, row)
    }
  }
  return { bins, deltas, strongest: strongest(deltas), ...rowsOf(lowest, highest) }
}

/** At least a few rows, so that they are not stretched. */
function rowsOf(lowest: number, highest: number): { lowest: number; highest: number } {
  const low = Math.max(0, Math.min(lowest, HEAT.rows - 8) - 1)
  return { lowest: low, highest: Math.min(HEAT.rows - 1, Math.max(highest + 1, low + 6)) }
}

function strongest(deltas: Float64Array): number {
  const sizes = deltas.filter((delta) => delta !== 0).map(Math.abs)
  sizes.sort((a, b) => a - b)
  return Math.max(1, sizes[Math.ceil(0.985 * sizes.length) - 1] ?? 1)
}

/**
 * A difference as a place on the diverging scale, -1 to 1: 0 only for no difference, and as far from it for -d as for d.
 * The curve is that of the heat maps.
 */
export function diverging(delta: number, most: number): number {
  if (delta === 0) return 0
  const size = 0.14 + 0.86 * Math.pow(Math.min(1, Math.abs(delta) / most), 0.75)
  return delta > 0 ? size : -size
}

/** How requests ended, B minus A, bin by bin; counts. */
export interface OutcomeDifference {
  readonly bins: Binning
  readonly served: Float64Array
  readonly refused: Float64Array
  readonly failed: Float64Array
}

/** Differences of the outcomes, bin by bin. */
export function outcomeDifference(a: VariantRun, b: VariantRun, bins: Binning): OutcomeDifference {
  const delta = (...metrics: string[]): Float64Array => {
    const [one, other] = [summed(a, metrics, bins), summed(b, metrics, bins)]
    return other.map((sum, bin) => sum - one[bin]!)
  }
  return {
    bins,
    served: delta('ok', 'slow', 'degraded'),
    refused: delta('refused'),
    failed: delta('failed'),
  }
}

/** Served requests of a run, bin by bin: in full, slow or degraded. */
export function servedOf(run: VariantRun, bins: Binning): Float64Array {
  return summed(run, ['ok', 'slow', 'degraded'], bins)
}

function summed(run: VariantRun, metrics: readonly string[], bins: Binning): Float64Array {
  const sums = new Float64Array(bins.count)
  for (const metric of metrics) {
    const column = sumsOver(run.total(metric), bins)
    for (let bin = 0; bin < bins.count; bin++) sums[bin]! += column[bin]!
  }
  return sums
}
