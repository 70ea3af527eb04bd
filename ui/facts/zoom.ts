/** Zoom, pan and stretches of the time axis, as arithmetic. All times in nanoseconds. */
import type { Duration, Time } from '../../engine/units.ts'
import type { Span } from '../selection.ts'

/** What a time axis runs over. */
export interface Extent {
  readonly duration: Duration
  /** Width of a bucket: nothing is known that is finer. */
  readonly bucket: Duration
}

/** The closest look: so many buckets over the whole width. */
const FEWEST_BUCKETS = 20
/** Room beside a stretch that has been fitted, as a share of it. */
const MARGIN = 0.05

/** The whole run. */
export function wholeOf({ duration }: Extent): Span {
  return { from: 0, until: duration }
}

/** Whether all of the run is drawn. */
export function isWhole({ duration }: Extent, { from, until }: Span): boolean {
  return from <= 0 && until >= duration
}

/** A part of a run as the page keeps it: undefined stands for the whole. */
function kept(extent: Extent, part: Span): Span | undefined {
  return isWhole(extent, part) ? undefined : part
}

/** A part of a given length as near to `from` as the run allows. */
function placed({ duration }: Extent, from: Time, length: Duration): Span {
  const start = Math.min(Math.max(0, from), Math.max(0, duration - length))
  return { from: start, until: Math.min(duration, start + length) }
}

/** Zooms about a moment, which stays where it is on the screen; a factor above 1 comes nearer. */
export function zoomed(extent: Extent, part: Span, factor: number, at: Time): Span | undefined {
  const { duration, bucket } = extent
  const before = part.until - part.from
  const least = Math.min(duration, FEWEST_BUCKETS * bucket)
  const length = Math.min(duration, Math.max(least, before / factor))
  const share = (Math.min(part.until, Math.max(part.from, at)) - part.from) / before
  return kept(extent, placed(extent, part.from + share * (before - length), length))
}

/** Moves the drawn part by so much; it stays within the run. */
export function panned(extent: Extent, { from, until }: Span, by: Duration): Span | undefined {
  return kept(extent, placed(extent, from + by, until - from))
}

/** The part that shows a stretch, with a little room beside it. */
export function around(extent: Extent, { from, until }: Span): Span | undefined {
  const length = Math.max(until - from, FEWEST_BUCKETS * extent.bucket)
  const middle = (from + until) / 2
  const wide = length * (1 + 2 * MARGIN)
  return kept(extent, placed(extent, middle - wide / 2, Math.min(extent.duration, wide)))
}

/** What `F` shows: the picked stretch; all, when there is none or it fills the screen already. */
export function fitted(extent: Extent, part: Span, range: Span | undefined): Span | undefined {
  if (!range) return undefined
  const wanted = around(extent, range)
  const isThere = wanted?.from === part.from && wanted.until === part.until
  return isThere ? undefined : wanted
}

/** The part moved so that a moment can be seen, a tenth of its width from the edge; the same part when it can. */
export function revealing(extent: Extent, part: Span, time: Time): Span | undefined {
  const length = part.until - part.from
  if (time >= part.from && time <= part.until) return kept(extent, part)
  const from = time < part.from ? time - length / 10 : time - (length * 9) / 10
  return kept(extent, placed(extent, from, length))
}

/** The buckets between two moments, in either order: at least one. */
export function stretchOf({ duration, bucket }: Extent, one: Time, other: Time): Span {
  const [low, high] = one < other ? [one, other] : [other, one]
  const last = Math.max(0, duration - bucket)
  const from = Math.min(last, Math.max(0, Math.floor(low / bucket) * bucket))
  const until = Math.min(duration, Math.ceil(high / bucket) * bucket)
  return { from, until: Math.max(from + bucket, until) }
}

/** A stretch with one of its ends moved by so many buckets; it keeps at least one bucket. */
export function stretched(
  extent: Extent,
  { from, until }: Span,
  end: keyof Span,
  buckets: number,
): Span {
  const { bucket, duration } = extent
  const by = buckets * bucket
  if (end === 'from') {
    return { from: Math.min(until - bucket, Math.max(0, from + by)), until }
  }
  return { from, until: Math.max(from + bucket, Math.min(duration, until + by)) }
}

/** A stretch that has been moved as a whole or at one end, on buckets, within the run, at least one bucket long. */
export function movedFault(
  { duration, bucket }: Extent,
  { from, until }: Span,
  grip: 'all' | 'from' | 'until',
  by: Duration,
): Span {
  const onBucket = (time: Time): Time => Math.round(time / bucket) * bucket
  const within = (time: Time, low: Time, high: Time): Time => Math.max(low, Math.min(high, time))
  if (grip === 'from') return { from: within(onBucket(from + by), 0, until - bucket), until }
  if (grip === 'until')
    return { from, until: within(onBucket(until + by), from + bucket, duration) }
  const start = within(
    onBucket(from + by),
    0,
    Math.max(0, duration - Math.max(bucket, until - from)),
  )
  return { from: start, until: start + until - from }
}
