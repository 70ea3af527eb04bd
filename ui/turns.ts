/** Drawings take turns when there is new data: what does not fit into a frame waits for the next, and then comes first. */
import type { Runs } from './runs.ts'
import type { Selection } from './selection.ts'
import type { Drawing } from './view.ts'

/** Time for drawing new data in a frame, ms. With what the browser adds to it, a click never waits for long. */
const BUDGET = 20

/** When a drawing was last given new data. */
interface Turn {
  readonly revision: number
  readonly frame: number
}

const NEVER: Turn = { revision: -1, frame: 0 }

/** Draws what is on the screen. Whatever follows the cursor does so in one frame; only new data may take several. */
export class Turns {
  private readonly turns = new WeakMap<Drawing, Turn>()
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

  /** Brings drawings up to date; answers whether all of them are. */
  draw(drawings: Iterable<Drawing>, runs: Runs, selection: Selection): boolean {
    const begun = this.now()
    const isDrawn = this.within(begun + BUDGET, [...drawings], runs, selection)
    const isNew = runs.revision !== this.revision
    if (isNew || !this.isSettled) this.took = this.now() - begun + (isNew ? 0 : this.took)
    this.revision = runs.revision
    this.isSettled = isDrawn
    return isDrawn
  }

  private within(
    deadline: number,
    drawings: readonly Drawing[],
    runs: Runs,
    selection: Selection,
  ): boolean {
    this.frame++
    const turnOf = (one: Drawing): Turn => this.turns.get(one) ?? NEVER
    const isBehind = (one: Drawing): boolean => turnOf(one).revision !== runs.revision
    const behind = drawings.filter(isBehind).toSorted((a, b) => turnOf(a).frame - turnOf(b).frame)
    for (const one of drawings) if (!isBehind(one)) one.update(runs, selection)
    for (const [at, one] of behind.entries()) {
      if (at > 0 && this.now() > deadline) return false
      one.update(runs, selection)
      // Before there is anything to draw nobody has had a turn: the first picture comes in the order of the page.
      const hasData = (runs.A ?? runs.B) !== undefined
      this.turns.set(one, { revision: runs.revision, frame: hasData ? this.frame : 0 })
    }
    return true
  }
}
