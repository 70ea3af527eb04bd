/** Drawings take turns: what does not fit into a frame waits for the next, and then comes first. */
import type { Runs } from './runs.ts'
import type { Selection } from './selection.ts'
import type { Drawing } from './view.ts'

/** Time for drawings in a frame, ms. With what the browser adds to it, a click never waits for long. */
const BUDGET = 20

/** Draws what is on the screen within a time. */
export class Turns {
  private readonly drawnAt = new WeakMap<Drawing, number>()
  private readonly now: () => number
  private frame = 0
  private revision = -1
  private isSettled = false
  /** Time that the latest data took to be drawn, over all frames that it needed, ms. */
  took = 0

  /** @param now time in ms */
  constructor(now: () => number = () => performance.now()) {
    this.now = now
  }

  /** Brings drawings up to date, the longest waiting first; answers whether all of them are. */
  draw(drawings: Iterable<Drawing>, runs: Runs, selection: Selection): boolean {
    const begun = this.now()
    const isDrawn = this.within(begun + BUDGET, drawings, runs, selection)
    const isNew = runs.revision !== this.revision
    if (isNew || !this.isSettled) this.took = this.now() - begun + (isNew ? 0 : this.took)
    this.revision = runs.revision
    this.isSettled = isDrawn
    return isDrawn
  }

  private within(
    deadline: number,
    drawings: Iterable<Drawing>,
    runs: Runs,
    selection: Selection,
  ): boolean {
    this.frame++
    const since = (one: Drawing): number => this.drawnAt.get(one) ?? 0
    const queue = [...drawings].toSorted((a, b) => since(a) - since(b))
    for (const [at, one] of queue.entries()) {
      if (at > 0 && this.now() > deadline) return false
      one.update(runs, selection)
      // Before there is anything to draw nobody has had a turn: the first picture comes in the order of the page.
      if (runs.A ?? runs.B) this.drawnAt.set(one, this.frame)
    }
    return true
  }
}
