/**
 * When a system is back. Judged by the served share: of the requests that ended within five neighbouring
 * buckets, those that were served. A window in which nothing ended counts as not served when requests were
 * waiting for an answer, and is left out otherwise.
 *
 * The level before a moment is the 90th percentile of that share over the windows that ended before it, so that
 * a fault which lasted up to nine tenths of that time does not lower the bar. Back means: at least 95 % of it.
 */
import type { VariantResult } from './result.ts'
import { hasSeries, shareFrom } from './series.ts'

const WIDTH = 5
const BACK = 0.95
const LEVEL = 0.9

/** 1 when the system is back within a time after a moment (both in ms) and stays so to the end, else 0. */
export function recovered(result: VariantResult, after: number, within: number): number {
  const time = recoveryTime(result, after)
  return Number.isNaN(time) ? Number.NaN : time <= within ? 1 : 0
}

/** Milliseconds from a moment to the start of the first window from which on the system is back for good. */
export function recoveryTime(result: VariantResult, after: number): number {
  if (!hasSeries(result)) return Number.NaN
  const shares = sharesOf(result)
  const first = Math.ceil(after / result.bucketMs)
  const bar = BACK * levelOf(shares.slice(0, Math.max(1, first - WIDTH + 1)))
  let back = Infinity
  for (let bucket = shares.length - 1; bucket >= first; bucket--) {
    const share = shares[bucket]
    if (share !== undefined && share < bar) break
    back = bucket
  }
  return back === Infinity ? Infinity : Math.max(0, back * result.bucketMs - after)
}

/** 1 when the served share of the last tenth of the run is below half of its level over the whole run, else 0. */
export function collapsed(result: VariantResult): number {
  if (!hasSeries(result)) return Number.NaN
  const buckets = bucketsOf(result)
  const tail = Math.max(1, Math.floor(buckets / 10))
  const last = shareFrom(result, buckets - tail, tail) ?? (isWaiting(result, buckets - 1) ? 0 : 1)
  return last < levelOf(sharesOf(result)) / 2 ? 1 : 0
}

function bucketsOf(result: VariantResult): number {
  const columns = result.series['offered']?.length ?? 0
  return Math.min(columns, Math.floor(result.virtualMs / result.bucketMs))
}

/** The served share of the window that starts at each bucket; undefined where there was nothing to serve. */
function sharesOf(result: VariantResult): (number | undefined)[] {
  const windows = Math.max(0, bucketsOf(result) - WIDTH + 1)
  return Array.from({ length: windows }, (_, bucket) => {
    const share = shareFrom(result, bucket, WIDTH)
    return share ?? (isWaiting(result, bucket + WIDTH - 1) ? 0 : undefined)
  })
}

function isWaiting(result: VariantResult, bucket: number): boolean {
  return (result.series['waiting']?.[bucket] ?? 0) > 0
}

function levelOf(shares: readonly (number | undefined)[]): number {
  const known = shares.filter((share) => share !== undefined).toSorted((a, b) => a - b)
  return known[Math.max(1, Math.ceil(LEVEL * known.length)) - 1] ?? 1
}
