/** How much happened within the last while, forgotten a tenth at a time. Plain data. */
import type { Duration, Time } from '../units.ts'
import { Tenths, TENTHS } from './tenths.ts'

/** A count over the last `span` ns. */
export class RollingCount {
  private readonly tenths: Tenths
  private readonly parts = new Float64Array(TENTHS)
  private sum = 0

  constructor(span: Duration) {
    this.tenths = new Tenths(span)
  }

  add(now: Time): void {
    this.total(now)
    this.parts[this.tenths.place]!++
    this.sum++
  }

  total(now: Time): number {
    for (let anew = this.tenths.advance(now); anew > 0; anew--) {
      const place = this.tenths.before(anew - 1)
      this.sum -= this.parts[place]!
      this.parts[place] = 0
    }
    return this.sum
  }
}
