/** The median and the 99th percentile of served requests along a run. */
import { quantile, rowSums } from '../facts/quantiles.ts'
import type { VariantRun } from '../runs.ts'
import { heatMap, type HeatMap } from './heat.ts'

/** Bins of the lines, and the fewest requests that have a 99th percentile worth a mark. */
const BINS = 120
const FEWEST = 20

/** Percentiles of a bin, ns; undefined when it holds too few requests. */
export type Band = { readonly p50: number; readonly p99: number } | undefined

const known = new WeakMap<VariantRun, { filled: number; readonly bands: Band[] }>()

/** The bins of a run; those that were complete before are not counted again. */
export function bandsOf(run: VariantRun): Band[] {
  const map = heatMap(run)
  const step = Math.max(1, Math.round(map.columns / BINS))
  const state = known.get(run) ?? { filled: 0, bands: [] }
  const bins = Math.ceil(map.columns / step)
  const done = Math.floor((state.filled / run.layout.buckets) * bins)
  for (let bin = state.bands.length < bins ? 0 : done; bin < bins; bin++) {
    state.bands[bin] = bandOf(map, bin * step, Math.min(map.columns, (bin + 1) * step))
  }
  known.set(run, { filled: run.filled, bands: state.bands })
  return state.bands
}

function bandOf({ counts, columns }: HeatMap, from: number, to: number): Band {
  const sums = rowSums(counts.served, columns, from, to)
  const total = sums.reduce((all, here) => all + here, 0)
  if (total < FEWEST) return undefined
  return { p50: quantile(sums, 0.5)!, p99: quantile(sums, 0.99)! }
}
