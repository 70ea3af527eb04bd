/** Time to pixels: every row of the stack has the same scale, and the same bins. */
import { scaleLinear, type ScaleLinear } from 'd3'
import type { VariantRun } from '../runs.ts'
import type { Span } from '../selection.ts'
import type { Size } from '../view.ts'

/** Nanoseconds to pixels within the part that is drawn. */
export function timeScale({ width }: Size, { from, until }: Span): ScaleLinear<number, number> {
  return scaleLinear([from, Math.max(from + 1, until)], [0, width])
}

/** Columns of a row, each of as many whole buckets; bin b is the buckets [first + b * buckets, first + (b + 1) * buckets). */
export interface Binning {
  readonly first: number
  readonly buckets: number
  readonly count: number
  /** Seconds of a bin. */
  readonly seconds: number
}

/** Pixels of a bin at least: finer ones are not told apart. */
const BIN_PIXELS = 2.5

/** The bins that every row of the stack is drawn with: they line up, and get finer with the zoom. */
export function rowBinning(run: VariantRun, { width }: Size, span: Span): Binning {
  return binning(run, span, Math.max(20, Math.floor(width / BIN_PIXELS)))
}

/** At most so many bins over the part of a run that is drawn. Bins keep their places when the part moves. */
export function binning({ layout }: VariantRun, { from, until }: Span, most: number): Binning {
  const start = Math.max(0, Math.floor(from / layout.bucket))
  const end = Math.min(layout.buckets, Math.ceil(until / layout.bucket))
  const buckets = roundUp((end - start) / most)
  const first = Math.floor(start / buckets) * buckets
  const count = Math.max(1, Math.ceil((end - first) / buckets))
  return { first, buckets, count, seconds: (buckets * layout.bucket) / 1e9 }
}

/** The next of 1, 2, 5, 10, 20 …: bins begin and end at moments that people can read. */
function roundUp(buckets: number): number {
  for (let unit = 1; ; unit *= 10) {
    for (const step of [1, 2, 5]) if (step * unit >= buckets) return step * unit
  }
}

/** Sums of a column over bins. */
export function sumsOver(column: Float32Array, { first, buckets, count }: Binning): Float64Array {
  const sums = new Float64Array(count)
  for (let bin = 0; bin < count; bin++) {
    const start = first + bin * buckets
    const end = Math.min(column.length, start + buckets)
    for (let at = start; at < end; at++) sums[bin] = sums[bin]! + column[at]!
  }
  return sums
}

/** Largest values of a column over bins. */
export function peaksOver(column: Float32Array, { first, buckets, count }: Binning): Float64Array {
  const peaks = new Float64Array(count)
  for (let bin = 0; bin < count; bin++) {
    const start = first + bin * buckets
    const end = Math.min(column.length, start + buckets)
    for (let at = start; at < end; at++) peaks[bin] = Math.max(peaks[bin]!, column[at]!)
  }
  return peaks
}

/** Where a bin begins, ns. */
export function binStart(run: VariantRun, { first, buckets }: Binning, bin: number): number {
  return (first + bin * buckets) * run.layout.bucket
}
