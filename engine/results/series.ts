/** Sums over the time buckets of a run. Requests are counted in the bucket in which they ended. */
import type { VariantResult } from './result.ts'

/** A stretch of time in milliseconds, `until` not included. */
export interface Window {
  readonly from: number
  readonly until: number
}

const SERVED = ['ok', 'slow', 'degraded']
const ENDED = [...SERVED, 'refused', 'failed']

/** Whether the run kept its time buckets; without them nothing can be said about windows. */
export function hasSeries({ series, requests }: VariantResult): boolean {
  return requests.offered === 0 || (series['offered'] ?? []).some((count) => count > 0)
}

/** Sum of some series over the buckets that start within a window; NaN without buckets. */
export function sumIn(
  result: VariantResult,
  names: readonly string[],
  { from, until }: Window,
): number {
  if (!hasSeries(result)) return Number.NaN
  const { bucketMs } = result
  return sumOver(result, names, Math.ceil(from / bucketMs), Math.ceil(until / bucketMs))
}

/** Sum of some series over the buckets from one up to another, which is left out. */
function sumOver(
  { series }: VariantResult,
  names: readonly string[],
  from: number,
  until: number,
): number {
  let sum = 0
  for (const name of names) {
    const column = series[name] ?? []
    const end = Math.min(column.length, until)
    for (let bucket = from; bucket < end; bucket++) sum += column[bucket]!
  }
  return sum
}

/** Requests that ended within a window. */
export function endedIn(result: VariantResult, window: Window): number {
  return sumIn(result, ENDED, window)
}

/** Requests served per second, over the whole run or within a window. */
export function servedIn(result: VariantResult, window: Window | undefined): number {
  const within = window ?? { from: 0, until: result.virtualMs }
  const span = Math.min(within.until, result.virtualMs) - within.from
  return span > 0 ? (sumIn(result, SERVED, within) * 1000) / span : 0
}

/** The served share of the requests that ended in `width` buckets from one on; undefined when none ended. */
export function shareFrom(
  result: VariantResult,
  bucket: number,
  width: number,
): number | undefined {
  const ended = sumOver(result, ENDED, bucket, bucket + width)
  return ended === 0 ? undefined : sumOver(result, SERVED, bucket, bucket + width) / ended
}
