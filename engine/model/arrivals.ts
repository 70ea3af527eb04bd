/** When requests arrive: one keyed gap per ordinal, stretched over a rate that may change in time. */
import { sin } from '../core/math.ts'
import type { Key } from '../core/random.ts'
import { Sampler } from '../core/sampler.ts'
import type { Arrivals } from '../scenario/scenario.ts'
import { SECOND } from '../units.ts'

/** A stretch of time with a rate that goes straight from one value to another (per ns). */
interface Segment {
  from: number
  until: number
  start: number
  end: number
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
  private segment: Segment
  /** How far into the world the last arrival was, in exact ns before rounding. */
  private at = 0
  private stretch = 1
  private state = { index: 0 }

  constructor(spec: Arrivals, key: Key, stayKey: Key, start: number) {
    this.spec = spec
    this.unit = spec.kind !== 'renewal' && spec.kind !== 'trace'
    this.times = spec.kind === 'trace' ? spec.times.filter((time) => time >= start) : []
    const law = spec.kind === 'renewal' ? spec.gap : ({ kind: 'exponential', mean: 1 } as const)
    this.gaps = new Sampler(spec.kind === 'constant' ? { kind: 'constant', value: 1 } : law, key)
    this.stays = new Sampler({ kind: 'exponential', mean: 1 }, stayKey)
    this.segment = { from: start, until: start, start: 0, end: 0 }
    this.at = start
  }

  /** Time of arrival `ordinal` (0, 1, 2 … asked in order), Infinity when there is none. */
  next(ordinal: number): number {
    if (this.spec.kind === 'trace') return this.times[ordinal] ?? Infinity
    const gap = this.gaps.value(ordinal | 0, (ordinal / 4294967296) | 0)
    this.at = this.unit ? this.after(gap) : this.at + gap / this.stretch
    return Math.round(this.at)
  }

  /** Multiplies the rate from now on (a load spike); 1 is normal. */
  scale(factor: number): void {
    this.stretch = factor
  }

  save(): unknown {
    return {
      at: this.at,
      stretch: this.stretch,
      index: this.state.index,
      segment: { ...this.segment },
    }
  }
  load(saved: unknown): void {
    const from = saved as { at: number; stretch: number; index: number; segment: Segment }
    this.at = from.at
    this.stretch = from.stretch
    this.state.index = from.index
    this.segment = { ...from.segment }
  }

  /** The moment at which the rate, accumulated since the last arrival, reaches `amount`. */
  private after(amount: number): number {
    let left = amount / this.stretch
    let from = this.at
    for (let guard = 0; guard < 1_000_000; guard++) {
      const { segment } = this
      if (from < segment.until) {
        const reached = crossing(segment, from, left)
        if (reached <= segment.until) return reached
        left -= area(segment, from)
        from = segment.until
      }
      if (segment.until === Infinity) return Infinity
      this.segment = this.following(segment)
    }
    return Infinity
  }

  /** The stretch of rate after this one. */
  private following({ until }: Segment): Segment {
    const { spec } = this
    const flat = (rate: number, end: number): Segment => ({
      from: until,
      until: end,
      start: rate / SECOND,
      end: rate / SECOND,
    })
    const n = this.state.index++
    if (spec.kind === 'poisson' || spec.kind === 'constant') return flat(spec.rate, Infinity)
    if (spec.kind === 'ramp') {
      if (n > 0) return flat(spec.to, Infinity)
      return {
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
  return { from, until: from + spec.period / PIECES, start: rate(n), end: rate(n + 1) }
}

/** Rate accumulated from a moment to the end of a segment. */
function area(segment: Segment, from: number): number {
  return ((rateAt(segment, from) + segment.end) / 2) * (segment.until - from)
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
