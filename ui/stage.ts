/** Everything that is drawn of the runs: the views of the page and the rows of the stack, and what they look at. */
import type { Runs } from './runs.ts'
import type { Selection, Span } from './selection.ts'
import type { State } from './state.ts'
import { Stack } from './stack.ts'
import { Turns } from './turns.ts'
import type { Drawing, View } from './view.ts'

/** Draws everything that is on the screen. */
export interface Stage {
  /** Answers whether everything is up to date; if not, the next frame goes on. */
  draw(state: State, runs: Runs, selection: Selection): boolean
  /** Time that the latest data took to be drawn, ms. */
  took(): number
  /** What is on the screen now, by the id of its host. */
  readonly drawings: ReadonlyMap<string, Drawing>
}

/** Puts views into their hosts, and rows into the stack. */
export function stage(views: Readonly<Record<string, View>>, rows: HTMLElement): Stage {
  const drawings = new Map<string, Drawing>()
  for (const [id, view] of Object.entries(views)) {
    drawings.set(id, view.create(document.getElementById(id)!))
  }
  const stack = new Stack(rows, drawings)
  const turns = new Turns()
  return {
    drawings,
    draw(state, runs, selection) {
      stack.show(state, runs)
      return turns.draw(drawings.values(), runs, selection)
    },
    took: () => turns.took,
  }
}

/** What is looked at; the same object for as long as nothing of it changes. */
export class Looking {
  private last: Selection | undefined
  private whole: Span = { from: 0, until: 1 }

  /** @param time where the cursor is; @param runs give the length of the time axis */
  at({ view }: State, runs: Runs, time: number): Selection {
    const until = (runs.A ?? runs.B)?.layout.duration ?? 1
    if (this.whole.until !== until) this.whole = { from: 0, until }
    const { hover, range, service, edge, request, isDifference } = view
    const span = view.span ?? this.whole
    const now = { time, hover, span, range, service, edge, request, isDifference }
    const { last } = this
    const keys = Object.keys(now) as (keyof Selection)[]
    if (last && keys.every((key) => last[key] === now[key])) return last
    this.last = now
    return now
  }
}
