/** What a view is: it makes its marks in a place, and brings them up to date. Nothing else is asked of it. */
import type { Runs, Selection } from './runs.ts'

/** A view that is on the screen. */
export interface Drawing {
  update(runs: Runs, selection: Selection): void
  destroy(): void
}

/** A kind of picture, table or text of a run. It may send `seek` from its host. */
export interface View {
  create(host: HTMLElement): Drawing
}

/** Room for a picture, in CSS pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** The two speeds of drawing: all of it when data or room change, and what follows the cursor. */
export interface Picture {
  paint(size: Size, runs: Runs): void
  seek?(size: Size, runs: Runs, selection: Selection): void
}

/** A drawing that its own controls can ask to be painted again. */
export interface Repaintable extends Drawing {
  repaint(): void
}

/** A view out of a picture: it paints when there is something new, and only when it has room. */
export function drawing(host: HTMLElement, { paint, seek }: Picture): Repaintable {
  let size: Size = { width: 0, height: 0 }
  let latest: { runs: Runs; selection: Selection } | undefined
  let painted: { size: Size; revision: number } | undefined
  let sought: number | undefined
  const draw = (): void => {
    if (!latest || size.width < 1) return
    const { runs, selection } = latest
    if (painted?.size !== size || painted.revision !== runs.revision) {
      painted = { size, revision: runs.revision }
      sought = undefined
      paint(size, runs)
    }
    if (sought === selection.time) return
    sought = selection.time
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

/** Asks for the cursor to go to a moment (ns); the page listens. */
export function askSeek(host: HTMLElement, time: number): void {
  host.dispatchEvent(new CustomEvent<number>('seek', { bubbles: true, detail: time }))
}
