/** What a view is: it makes its marks in a place, and brings them up to date. Nothing else is asked of it. */
import type { Table } from './facts/table.ts'
import type { Runs } from './runs.ts'
import type { Selection } from './selection.ts'

/** A view that is on the screen. */
export interface Drawing {
  update(runs: Runs, selection: Selection): void
  /** The numbers that are drawn, for whoever wants to read or save them; undefined: nothing to show yet. */
  table?(): Table | undefined
  destroy(): void
}

/** A kind of picture, table or text of a run. It may ask for things from its host (`selection.ts`). */
export interface View {
  create(host: HTMLElement): Drawing
}

/** Room for a picture, in CSS pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/**
 * The speeds of drawing: all of it when data, room or what is drawn change, what follows the cursor, and what is known
 * of other seeds, which comes little by little.
 */
export interface Picture {
  paint(size: Size, runs: Runs, selection: Selection): void
  /** Called after every `paint`, and when `runs.seeds` has changed. */
  seeds?(size: Size, runs: Runs, selection: Selection): void
  seek?(size: Size, runs: Runs, selection: Selection): void
  table?(runs: Runs, selection: Selection): Table | undefined
}

/** A drawing that its own controls can ask to be painted again. */
export interface Repaintable extends Drawing {
  repaint(): void
}

/** What a picture was painted of. */
interface Painted {
  readonly size: Size
  readonly revision: number
  readonly selection: Selection
}

/** A view out of a picture: it paints when there is something new, and only when it has room. */
export function drawing(host: HTMLElement, { paint, seeds, seek, table }: Picture): Repaintable {
  let size: Size = { width: 0, height: 0 }
  let latest: { runs: Runs; selection: Selection } | undefined
  let painted: Painted | undefined
  let sought: Selection | undefined
  let counted: Runs['seeds'] | null
  const draw = (): void => {
    if (!latest || size.width < 1) return
    const { runs, selection } = latest
    if (!isUpToDate(painted, { size, revision: runs.revision, selection })) {
      painted = { size, revision: runs.revision, selection }
      sought = undefined
      counted = null
      paint(size, runs, selection)
    }
    if (counted !== runs.seeds) {
      counted = runs.seeds
      seeds?.(size, runs, selection)
    }
    if (sought === selection) return
    sought = selection
    seek?.(size, runs, selection)
  }
  const watcher = new ResizeObserver(([entry]) => {
    const { width, height } = entry!.contentRect
    if (width === size.width && height === size.height) return
    size = { width, height }
    draw()
  })
  watcher.observe(host)
  return {
    update(runs, selection) {
      latest = { runs, selection }
      draw()
    },
    table: () => latest && table?.(latest.runs, latest.selection),
    repaint() {
      painted = undefined
      draw()
    },
    destroy() {
      watcher.disconnect()
      host.replaceChildren()
    },
  }
}

/** Time and hover move all the while; what is painted depends on the rest. */
function isUpToDate(before: Painted | undefined, { size, revision, selection }: Painted): boolean {
  if (before?.size !== size || before.revision !== revision) return false
  const { selection: last } = before
  return (
    last.span === selection.span &&
    last.range === selection.range &&
    last.service === selection.service &&
    last.edge === selection.edge &&
    last.request === selection.request &&
    last.isDifference === selection.isDifference
  )
}
