/** When requests arrive: one keyed gap per ordinal, stretched over a rate that may change in time. */
import { sin } from '../core/math.ts'
import type { Key } from '../core/random.ts'
import { Sampler } from '../core/sampler.ts'
import type { Arrivals } from '../scenario/scenario.ts'
import { SECOND } from '../units.ts'

/** A stretch of time with a rate that goes straight from one value to another (per ns). */
interface Segment {
  /** How many came before it. */
  readonly index: number
  readonly from: number
  readonly until: number
  readonly start: number
  readonly end: number
}

const TWO_PI = 6.283185307179586
/** Straight pieces that stand for one period of a sine: the rate is off by at most 0.01 % of the amplitude. */
const PIECES = 256

/**
 * Arrival times of an open load. Poisson and constant loads with a changing rate use time rescaling: gap n is
 * drawn with mean 1 (keyed by n) and passed through the inverse of the accumulated rate, so that changing the
 * rate moves arrivals but never their dice.
 */
export class ArrivalClock {
  private readonly spec: Arrivals
  private readonly gaps: Sampler
  private readonly stays: Sampler
  private readonly unit: boolean
  private readonly times: readonly number[]
  /** Since when the next arrival is waited for, in exact ns before rounding, and the stretch of rate then. */
  private since: number
  private segment: Segment
  /** What is still to go of the gap before it: a sum of rate, or ns. */
  private left = 0
  /** When it comes, exact, and the stretch of rate then. */
  private due: number
  private segmentThen: Segment
  private stretch = 1

  constructor(spec: Arrivals, key: Key, stayKey: Key, start: number) {
    this.spec = spec
    this.unit = spec.kind !== 'renewal' && spec.kind !== 'trace'
    this.times = spec.kind === 'trace' ? spec.times.filter((time) => time >= start) : []
    const law = spec.kind === 'renewal' ? spec.gap : ({ kind: 'exponential', mean: 1 } as const)
    this.gaps = new Sampler(spec.kind === 'constant' ? { kind: 'constant', value: 1 } : law, key)
    this.stays = new Sampler({ kind: 'exponential', mean: 1 }, stayKey)
    this.segment = this.segmentThen = { index: 0, from: start, until: start, start: 0, end: 0 }
    this.since = this.due = start
  }

  /** Time of arrival `ordinal` (0, 1, 2 … asked in order), Infinity when there is none. */
  next(ordinal: number): number {
    if (this.spec.kind === 'trace') return this.times[ordinal] ?? Infinity
    this.left = this.gaps.value(ordinal | 0, (ordinal / 4294967296) | 0)
    this.since = this.due
    this.segment = this.segmentThen
    return this.plan()
  }

  /**
   * Multiplies the rate from now on (a load spike); 1 is normal. Answers when the next arrival comes: what is left of
   * its gap passes at the new pace, as a Poisson process whose rate changes would have it.
   */
  scale(factor: number, now: number): number {
    if (factor !== this.stretch && this.since < now) this.passUntil(now)
    this.stretch = factor
    return this.plan()
  }

  save(): unknown {
    const { since, left, due, stretch, segment, segmentThen } = this
    return { since, left, due, stretch, segment, segmentThen }
  }
  load(saved: unknown): void {
    Object.assign(this, saved)
  }

  private plan(): number {
    this.segmentThen = this.segment
    this.due = this.unit ? this.after(this.left) : this.since + this.left / this.stretch
    return Math.round(this.due)
  }

  /** Takes what has passed of the gap off it. */
  private passUntil(now: number): void {
    let passed = 0
    if (!this.unit) passed = now - this.since
    for (let from = this.since; this.unit && from < now;) {
      const end = Math.min(now, this.segment.until)
      if (from < end) passed += area(this.segment, from, end)
      from = Math.max(from, end)
      if (from < now) this.segment = this.following(this.segment)
    }
    this.left = Math.max(0, this.left - passed * this.stretch)
    this.since = now
  }

  /** The moment at which the rate, accumulated since then, reaches `amount`. */
  private after(amount: number): number {
    let left = amount / this.stretch
    let from = this.since
    for (let guard = 0; guard < 1_000_000; guard++) {
      const segment = this.segmentThen
      if (from < segment.until) {
        const reached = crossing(segment, from, left)
        if (reached <= segment.until) return reached
        left -= area(segment, from, segment.until)
        from = segment.until
      }
      if (segment.until === Infinity) return Infinity
      this.segmentThen = this.following(segment)
    }
    return Infinity
  }

  /** The stretch of rate after this one; never changed, so that many may hold it. */
  private following({ until, index: n }: Segment): Segment {
    const { spec } = this
    const flat = (rate: number, end: number): Segment => ({
      index: n + 1,
      from: until,
      until: end,
      start: rate / SECOND,
      end: rate / SECOND,
    })
    if (spec.kind === 'poisson' || spec.kind === 'constant') return flat(spec.rate, Infinity)
    if (spec.kind === 'ramp') {
      if (n > 0) return flat(spec.to, Infinity)
      return {
        index: n + 1,
        from: until,
        until: until + spec.over,
        start: spec.from / SECOND,
        end: spec.to / SECOND,
      }
    }
    if (spec.kind === 'spike') {
      if (n === 0 && spec.at > until) return flat(spec.rate, spec.at)
      return n <= 1 && until < spec.at + spec.for
        ? flat(spec.peak, spec.at + spec.for)
        : flat(spec.rate, Infinity)
    }
    if (spec.kind === 'bursty') return this.burst(n, flat, until)
    if (spec.kind === 'diurnal') return wave(spec, n, until)
    return flat(0, Infinity)
  }

  private burst(n: number, flat: (rate: number, end: number) => Segment, until: number): Segment {
    if (this.spec.kind !== 'bursty') return flat(0, Infinity)
    const quiet = n % 2 === 0
    const mean = quiet ? this.spec.quietFor : this.spec.busyFor
    return flat(quiet ? this.spec.quiet : this.spec.busy, until + this.stays.value(n, 0) * mean)
  }
}

function wave(spec: Arrivals & { kind: 'diurnal' }, n: number, from: number): Segment {
  const rate = (k: number): number =>
    Math.max(0, spec.mean + spec.amplitude * sin((TWO_PI * (k % PIECES)) / PIECES)) / SECOND
  const until = from + spec.period / PIECES
  return { index: n + 1, from, until, start: rate(n), end: rate(n + 1) }
}

/** Rate accumulated from one moment of a segment to another. */
function area(segment: Segment, from: number, until: number): number {
  const end = until === segment.until ? segment.end : rateAt(segment, until)
  return ((rateAt(segment, from) + end) / 2) * (until - from)
}

function rateAt(segment: Segment, time: number): number {
  if (segment.start === segment.end) return segment.start
  return (
    segment.start +
    ((segment.end - segment.start) * (time - segment.from)) / (segment.until - segment.from)
  )
}

/** When the rate accumulated from a moment reaches an amount within a segment; Infinity when it does not. */
function crossing(segment: Segment, from: number, amount: number): number {
  const rate = rateAt(segment, from)
  if (segment.start === segment.end) return rate > 0 ? from + amount / rate : Infinity
  const slope = (segment.end - segment.start) / (segment.until - segment.from)
  const root = rate * rate + 2 * slope * amount
  if (root < 0) return Infinity
  // The form that does not cancel digits when the slope is small.
  return from + (2 * amount) / (rate + Math.sqrt(root))
}
