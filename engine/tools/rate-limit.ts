/** Rules that bound a rate, computed from virtual time: nothing has to happen for a limit to refill. */
import { SECOND } from '../units.ts'
import { FIRST_ROOM, roomier } from './roomier.ts'

/** How a limit counts. The names are the field's. */
export type LimitAlgorithm =
  'token-bucket' | 'gcra' | 'fixed-window' | 'sliding-log' | 'sliding-counter' | 'leaky-bucket'

/** What a limit is made of. Times in ns, `rate` per second. */
export interface LimitSettings {
  readonly algorithm: LimitAlgorithm
  readonly rate: number
  readonly burst: number
  readonly window: number
  readonly fillInterval: number
  readonly counts: 'admitted' | 'all'
}

/** A limit with a memory. Plain data, so that a checkpoint can copy it. */
export interface RateLimit {
  /** Takes the next place if it is no more than `most` ns away: answers how far, or -1. */
  take(now: number, most: number): number
  /** Calls that could go at this moment. */
  level(now: number): number
}

/** Rounding errors of a refill must not refuse a call that is exactly on time. */
const SLACK = 1e-9

/** Nothing has happened yet; not at zero, since the clock of a node may show less than that. */
const BEFORE_ALL = -Infinity

/** A limit with nothing used yet. */
export function rateLimit(settings: LimitSettings): RateLimit {
  switch (settings.algorithm) {
    case 'token-bucket':
      return new TokenBucket(settings)
    case 'gcra':
      return new VirtualSchedule(settings)
    case 'fixed-window':
      return new FixedWindow(settings)
    case 'sliding-log':
      return new SlidingLog(settings)
    case 'sliding-counter':
      return new SlidingCounter(settings)
    case 'leaky-bucket':
      return new LeakyBucket(settings)
  }
}

/** Calls per window of a limit that counts in windows. */
export function limitPerWindow({ rate, window }: LimitSettings): number {
  return Math.floor((rate * window) / SECOND + SLACK)
}

/** Starts full; fills all the time, or with Envoy's `fill_interval` a batch at a time. */
export class TokenBucket implements RateLimit {
  private readonly rate: number
  private readonly burst: number
  private readonly fillInterval: number
  private tokens: number
  private at = BEFORE_ALL

  constructor({ rate, burst, fillInterval }: LimitSettings) {
    this.rate = rate
    this.burst = burst
    this.fillInterval = fillInterval
    this.tokens = burst
  }

  take(now: number, most: number): number {
    const wait = this.level(now) + SLACK >= 1 ? 0 : this.untilOne(now)
    if (wait > most) return -1
    this.tokens--
    return wait
  }

  /** Tokens; below zero, places are taken in advance. */
  level(now: number): number {
    const filled =
      this.fillInterval > 0 ? Math.floor(now / this.fillInterval) * this.fillInterval : now
    if (filled > this.at) {
      this.tokens = Math.min(this.burst, this.tokens + ((filled - this.at) * this.rate) / SECOND)
      this.at = filled
    }
    return this.tokens
  }

  private untilOne(now: number): number {
    const span = ((1 - this.tokens) * SECOND) / this.rate
    const { fillInterval } = this
    if (fillInterval === 0) return Math.ceil(span - SLACK)
    return this.at + Math.ceil(span / fillInterval - SLACK) * fillInterval - now
  }
}

/** GCRA (ATM Forum): a token bucket kept as the time at which it would be full. */
export class VirtualSchedule implements RateLimit {
  private readonly gap: number
  private readonly tolerance: number
  /** When the next call is due if calls came evenly. */
  private due = BEFORE_ALL

  constructor({ rate, burst }: LimitSettings) {
    this.gap = SECOND / rate
    this.tolerance = (burst - 1) * this.gap
  }

  take(now: number, most: number): number {
    const due = Math.max(this.due, now)
    const wait = Math.max(0, Math.ceil(due - this.tolerance - now - SLACK))
    if (wait > most) return -1
    this.due = due + this.gap
    return wait
  }

  level(now: number): number {
    return (this.tolerance - Math.max(0, this.due - now)) / this.gap + 1
  }
}

/** So many calls from one full multiple of the window to the next; those that wait are counted in later windows. */
export class FixedWindow implements RateLimit {
  private readonly window: number
  private readonly limit: number
  private index = BEFORE_ALL
  private used = 0

  constructor(settings: LimitSettings) {
    this.window = settings.window
    this.limit = limitPerWindow(settings)
  }

  take(now: number, most: number): number {
    if (this.level(now) >= 1) {
      this.used++
      return 0
    }
    const ahead = Math.floor(this.used / this.limit)
    const wait = (this.index + ahead) * this.window - now
    if (wait > most) return -1
    this.used++
    return wait
  }

  level(now: number): number {
    const index = Math.floor(now / this.window)
    this.used = Math.max(0, this.used - (index - this.index) * this.limit)
    this.index = index
    return this.limit - this.used
  }
}

/** Exact: at most so many calls in any window. Remembers when each went (or was to go). */
export class SlidingLog implements RateLimit {
  private readonly window: number
  private readonly all: boolean
  private readonly limit: number
  private times: Float64Array
  private first = 0
  private length = 0

  constructor(settings: LimitSettings) {
    this.window = settings.window
    this.all = settings.counts === 'all'
    this.limit = limitPerWindow(settings)
    this.times = new Float64Array(Math.min(this.limit, FIRST_ROOM))
  }

  take(now: number, most: number): number {
    const isFull = this.level(now) === 0
    const wait = isFull ? this.times[this.first]! + this.window - now : 0
    if (wait > most) {
      if (this.all) this.log(now)
      return -1
    }
    this.log(now + wait)
    return wait
  }

  level(now: number): number {
    const { times, window } = this
    while (this.length > 0 && times[this.first]! + window <= now) this.drop()
    return this.limit - this.length
  }

  private log(time: number): void {
    if (this.length === this.limit) this.drop()
    else if (this.length === this.times.length) this.widen()
    this.times[(this.first + this.length++) % this.times.length] = time
  }

  private widen(): void {
    this.times = roomier(this.times, this.first, this.limit)
    this.first = 0
  }

  private drop(): void {
    this.first = (this.first + 1) % this.times.length
    this.length--
  }
}

/** Two counters: the last window counts by the share of it that the sliding one still covers (Cloudflare's rule: below the limit goes). */
export class SlidingCounter implements RateLimit {
  private readonly window: number
  private readonly all: boolean
  private readonly limit: number
  private index = BEFORE_ALL
  private before = 0
  private used = 0

  constructor(settings: LimitSettings) {
    this.window = settings.window
    this.all = settings.counts === 'all'
    this.limit = limitPerWindow(settings)
  }

  take(now: number, _most: number): number {
    const admitted = this.level(now) > SLACK
    if (admitted || this.all) this.used++
    return admitted ? 0 : -1
  }

  level(now: number): number {
    const index = Math.floor(now / this.window)
    if (index > this.index) {
      this.before = index === this.index + 1 ? this.used : 0
      this.used = 0
      this.index = index
    }
    const past = (now - index * this.window) / this.window
    return this.limit - this.used - this.before * (1 - past)
  }
}

/** A queue that lets one call out every 1/rate; `burst` calls may stand in it (nginx limit_req). */
export class LeakyBucket implements RateLimit {
  private readonly gap: number
  private readonly longest: number
  private next = BEFORE_ALL

  constructor({ rate, burst }: LimitSettings) {
    this.gap = Math.ceil(SECOND / rate)
    this.longest = burst * this.gap
  }

  take(now: number, most: number): number {
    const wait = Math.max(0, this.next - now)
    if (wait > most || wait > this.longest) return -1
    this.next = now + wait + this.gap
    return wait
  }

  level(now: number): number {
    return Math.floor((this.longest - Math.max(0, this.next - now)) / this.gap) + 1
  }
}
