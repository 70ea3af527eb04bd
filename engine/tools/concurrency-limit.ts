/** How many calls may be in work at once, learnt from how long they take (Netflix concurrency-limits). */
import type { Duration } from '../units.ts'

/** Settings as the load shedder has them. Durations in ns. */
export interface ConcurrencySettings {
  readonly algorithm: 'fixed' | 'aimd' | 'gradient2'
  readonly initialLimit: number
  readonly minLimit: number
  readonly maxLimit: number
  readonly backoffRatio: number
  readonly timeout: Duration
  readonly smoothing: number
  readonly queueSize: number
  readonly rttTolerance: number
  readonly longWindow: number
}

/** Calls after which the long average stops being a plain mean. */
const WARMUP = 10

/** A limit that moves with every call that ends. Plain data. */
export class ConcurrencyLimit {
  private estimate: number
  private longRtt = 0
  private samples = 0

  constructor({ initialLimit }: ConcurrencySettings) {
    this.estimate = initialLimit
  }

  get limit(): number {
    return Math.floor(this.estimate)
  }

  /** Takes a call in: how long it took, how many were in work when it began, whether it was dropped for overload. */
  sample(rtt: Duration, inflight: number, dropped: boolean, settings: ConcurrencySettings): void {
    const { algorithm, minLimit, maxLimit } = settings
    if (algorithm === 'fixed') return
    const next =
      algorithm === 'aimd'
        ? this.aimd(rtt, inflight, dropped, settings)
        : this.gradient(rtt, inflight, settings)
    this.estimate = Math.min(maxLimit, Math.max(minLimit, next))
  }

  /** One more while at least half is used; a tenth less after a drop. */
  private aimd(rtt: Duration, inflight: number, dropped: boolean, settings: ConcurrencySettings) {
    if (dropped || rtt > settings.timeout) return Math.floor(this.estimate * settings.backoffRatio)
    return inflight * 2 >= this.estimate ? this.estimate + 1 : this.estimate
  }

  /** Shrinks as calls take longer than they did in the long run; grows by a queue's worth otherwise. */
  private gradient(took: Duration, inflight: number, settings: ConcurrencySettings): number {
    const { smoothing, queueSize, rttTolerance, longWindow } = settings
    const before = this.estimate
    // Answers may take no time, and less by a clock that jumps: shares of nothing are no numbers.
    const rtt = Math.max(1, took)
    const long = this.average(rtt, longWindow)
    if (long / rtt > 2) this.longRtt *= 0.95
    if (inflight < before / 2) return before
    const gradient = Math.max(0.5, Math.min(1, (rttTolerance * long) / rtt))
    return before * (1 - smoothing) + (before * gradient + queueSize) * smoothing
  }

  private average(rtt: Duration, window: number): number {
    const share = this.samples < WARMUP ? 1 / ++this.samples : 2 / (window + 1)
    this.longRtt = this.longRtt * (1 - share) + rtt * share
    return this.longRtt
  }
}
