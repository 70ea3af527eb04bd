/** Everything that is drawn of the runs: the views of the page and the rows of the stack, and what they look at. */
import { el, setAll } from './dom.ts'
import { isShown, ROWS, type RowKind } from './rows.ts'
import type { Runs } from './runs.ts'
import type { Selection, Span } from './selection.ts'
import type { State } from './state.ts'
import type { Drawing, View } from './view.ts'

/** Draws everything that is on the screen. */
export interface Stage {
  draw(state: State, runs: Runs, selection: Selection): void
  /** What is on the screen now, by the id of its host. */
  readonly drawings: ReadonlyMap<string, Drawing>
}

/** A row that has been on the screen. */
interface Standing {
  readonly kind: RowKind
  readonly host: HTMLElement
  drawing: Drawing | undefined
}

/** Puts views into their hosts, and rows before the axis that lies over them all. */
export function stage(views: Readonly<Record<string, View>>, rows: HTMLElement): Stage {
  const drawings = new Map<string, Drawing>()
  for (const [id, view] of Object.entries(views)) {
    drawings.set(id, view.create(document.getElementById(id)!))
  }
  const standing = ROWS.map((kind): Standing => {
    const host = el('div', { id: kind.id, 'data-of': kind.of, hidden: true })
    host.style.flexGrow = String(kind.height)
    return { kind, host, drawing: undefined }
  })
  rows.prepend(...standing.map(({ host }) => host))
  return {
    drawings,
    draw(state, runs, selection) {
      for (const row of standing) show(row, isShown(row.kind, state), drawings)
      for (const drawing of drawings.values()) drawing.update(runs, selection)
    },
  }
}

/** A row is made when it is first wanted, and taken away when it is not. */
function show(row: Standing, isWanted: boolean, drawings: Map<string, Drawing>): void {
  const { kind, host, drawing } = row
  if (isWanted === (drawing !== undefined)) return
  setAll(host, { hidden: !isWanted })
  if (isWanted) {
    row.drawing = kind.view.create(host)
    drawings.set(kind.id, row.drawing)
  } else {
    drawing?.destroy()
    row.drawing = undefined
    drawings.delete(kind.id)
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
