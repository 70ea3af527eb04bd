/** What a caller knows of the load of one instance: its own calls under way, and how slow it has been. */
import { exp } from '../core/math.ts'
import type { Duration, Time } from '../units.ts'

/** Load of an instance with calls under way and no answer yet: worse than any known one (Finagle's penalty). */
const PENALTY = 140_737_488_355_327

/** One instance, as one caller sees it. Plain data. */
export class HostLoad {
  outstanding = 0
  /** When it was first seen to take calls; NaN while it takes none. */
  since: Time = -Infinity
  /** Moving average of its latency that jumps to every peak, and when it was last brought up to date. */
  private cost = 0
  private stamp: Time = 0

  /** Takes a latency in (Finagle's PeakEwma). */
  observe(latency: Duration, now: Time, decayTime: Duration): void {
    const weight = exp((this.stamp - now) / decayTime)
    if (latency > this.cost) this.cost = latency
    else this.cost = this.cost * weight + latency * (1 - weight)
    this.stamp = now
  }

  /** Latency to expect, times the calls there would be. */
  peakEwma(now: Time, decayTime: Duration): number {
    this.observe(0, now, decayTime)
    if (this.cost === 0 && this.outstanding > 0) return PENALTY + this.outstanding
    return this.cost * (this.outstanding + 1)
  }
}
