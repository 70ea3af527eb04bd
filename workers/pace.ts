/** How many events make a slice. */

/** Milliseconds after which messages are let in: soon enough to hear a command at once, rarely enough to cost nothing. */
export const TURN_MS = 3
/** Milliseconds that a slice should last: short, so that one that takes four times as long does no harm. */
const SLICE_MS = 1

const FIRST = 256
const MOST = 1_000_000

/** Finds the number of events that take about a millisecond here and now; or keeps to a number that was asked for. */
export class Pace {
  /** Events of the next slice. */
  size: number
  private readonly fixed: boolean

  constructor(slice: number | undefined) {
    this.fixed = slice !== undefined
    this.size = slice ?? FIRST
  }

  /** Learns from a slice of `size` events. It grows and shrinks by at most four, since one slice may mislead. */
  learn(took: number): void {
    if (this.fixed) return
    const factor = Math.min(4, Math.max(0.25, SLICE_MS / Math.max(took, 0.001)))
    this.size = Math.min(MOST, Math.max(1, Math.round(this.size * factor)))
  }
}
