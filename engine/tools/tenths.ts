/** A while that is forgotten a tenth at a time, in a ring of ten places. Plain data, so a checkpoint can copy it. */
import type { Duration, Time } from '../units.ts'

/** Places of the ring. */
export const TENTHS = 10

/** Which place of the ring belongs to a moment, and which places begin anew as time passes. */
export class Tenths {
  private readonly width: number
  /** Tenths since zero; the clock of a node may show less than that. */
  private at = -Infinity
  /** The place of now. */
  place = 0

  /** @param span how long something is remembered, ns */
  constructor(span: Duration) {
    this.width = Math.max(1, Math.ceil(span / TENTHS))
  }

  /** Goes on to `now`; answers how many places, that of now the last, begin anew. A clock that is put back waits. */
  advance(now: Time): number {
    const part = Math.floor(now / this.width)
    if (part <= this.at) return 0
    const anew = Math.min(TENTHS, part - this.at)
    this.at = part
    this.place = ((part % TENTHS) + TENTHS) % TENTHS
    return anew
  }

  /** The place so many before that of now. */
  before(places: number): number {
    return (this.place - places + TENTHS) % TENTHS
  }
}
