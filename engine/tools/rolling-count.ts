/** How much happened within the last while, forgotten a tenth at a time. Plain data. */
import type { Duration, Time } from '../units.ts'

const PARTS = 10

/** A count over the last `span` ns. */
export class RollingCount {
  private readonly span: Duration
  private readonly parts = new Float64Array(PARTS)
  private part = 0
  private sum = 0

  constructor(span: Duration) {
    this.span = span
  }

  add(now: Time): void {
    this.total(now)
    this.parts[this.part % PARTS]!++
    this.sum++
  }

  total(now: Time): number {
    const part = Math.floor((now * PARTS) / this.span)
    for (let old = Math.max(this.part + 1, part - PARTS + 1); old <= part; old++) {
      this.sum -= this.parts[old % PARTS]!
      this.parts[old % PARTS] = 0
    }
    if (part > this.part) this.part = part
    return this.sum
  }
}
