/** The recent outcomes a rule is taken over: the last N, or the last T in ten buckets. Plain data, so a checkpoint can copy it. */
import { FIRST_ROOM, roomier } from './roomier.ts'
import { Tenths, TENTHS } from './tenths.ts'

/** Counts of calls, failures and slow calls over the last `size` outcomes. O(1) an outcome. */
export class CountWindow {
  private readonly size: number
  private outcomes: Uint8Array
  private at = 0
  calls = 0
  failed = 0
  slow = 0

  constructor(size: number) {
    this.size = size
    this.outcomes = new Uint8Array(Math.min(size, FIRST_ROOM))
  }

  add(failed: boolean, slow: boolean): void {
    if (this.calls === this.size) this.forget(this.outcomes[this.at]!)
    else if (++this.calls > this.outcomes.length)
      this.outcomes = roomier(this.outcomes, 0, this.size)
    this.outcomes[this.at] = (failed ? 1 : 0) | (slow ? 2 : 0)
    if (failed) this.failed++
    if (slow) this.slow++
    if (++this.at === this.size) this.at = 0
  }

  clear(): void {
    this.at = this.calls = this.failed = this.slow = 0
  }

  /** A count window does not age. */
  expire(_now: number): void {}

  private forget(outcome: number): void {
    if (outcome & 1) this.failed--
    if (outcome & 2) this.slow--
  }
}

/** Counts over the last `span` ns, forgotten a tenth at a time (Resilience4j forgets second by second). */
export class TimeWindow {
  private readonly tenths: Tenths
  private readonly counts = new Int32Array(TENTHS * 3)
  calls = 0
  failed = 0
  slow = 0

  constructor(span: number) {
    this.tenths = new Tenths(span)
  }

  /** Forgets what is older than the span. */
  expire(now: number): void {
    for (let anew = this.tenths.advance(now); anew > 0; anew--)
      this.drop(this.tenths.before(anew - 1))
  }

  add(failed: boolean, slow: boolean): void {
    const at = this.tenths.place * 3
    this.counts[at]!++
    this.calls++
    if (failed) {
      this.counts[at + 1]!++
      this.failed++
    }
    if (slow) {
      this.counts[at + 2]!++
      this.slow++
    }
  }

  clear(): void {
    this.counts.fill(0)
    this.calls = this.failed = this.slow = 0
  }

  private drop(part: number): void {
    const at = part * 3
    this.calls -= this.counts[at]!
    this.failed -= this.counts[at + 1]!
    this.slow -= this.counts[at + 2]!
    this.counts.fill(0, at, at + 3)
  }
}

/** A window of either kind: `count` outcomes, or `time` ns. */
export function slidingWindow(type: 'count' | 'time', size: number): CountWindow | TimeWindow {
  return type === 'count' ? new CountWindow(size) : new TimeWindow(size)
}
