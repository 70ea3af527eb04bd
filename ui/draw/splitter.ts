/** A thin handle at the lower edge of a row: dragged, or moved by keys, it gives height to the row or takes it. */
import { el, setAll } from '../dom.ts'
import { draggable, onSteps, perFrame } from './drag.ts'

/** Heights that somebody has chosen for rows, by id, in the measure of the rows' own; undefined: its own again. */
export type RowHeights = Readonly<Record<string, number | undefined>>

/** Lowest and highest a row may be made, in the measure of the rows' own heights. */
const LOWEST = 20
const HIGHEST = 400
/** What one step of a key gives. */
const STEP = 4

/** A handle for a row; what the row gets, the next one gives. It asks with `row-heights`, which the page listens to. */
export function splitter(host: HTMLElement): HTMLElement {
  const bar = el('div', {
    class: 'splitter',
    role: 'separator',
    tabindex: 0,
    'aria-orientation': 'horizontal',
    'aria-valuemin': LOWEST,
    'aria-valuemax': HIGHEST,
    title: 'Drag to change the height of the row; double-click for its own height',
  })
  const ask = (heights: RowHeights): void => {
    host.dispatchEvent(
      new CustomEvent<RowHeights>('row-heights', { bubbles: true, detail: heights }),
    )
  }
  let begun: Pair | undefined
  draggable(bar, {
    begin: () => (begun = pairOf(host)),
    move: (_, dy) => begun && ask(shifted(begun, dy * begun.scale)),
    end: (isKept) => begun && !isKept && ask(shifted(begun, 0)),
  })
  const step = perFrame((steps) => ask(shifted(pairOf(host), steps * STEP)))
  onSteps(bar, 'vertical', step)
  bar.addEventListener('dblclick', (event) => {
    event.stopPropagation()
    const { next } = pairOf(host)
    ask({ [host.id]: undefined, ...(next && { [next.id]: undefined }) })
  })
  return bar
}

/** Says which row a handle is of, and how high that is. */
export function nameSplitter(host: HTMLElement, name: string): void {
  const bar = host.querySelector(':scope > .splitter')
  if (!bar) return
  const height = Math.round(measureOf(host))
  setAll(bar, { 'aria-label': `Height of the row ${name}`, 'aria-valuenow': height })
}

interface Part {
  readonly id: string
  readonly height: number
}

/** A row and the one below it. */
interface Pair {
  readonly own: Part
  readonly next: Part | undefined
  /** What a pixel is in the measure of the rows' own heights. */
  readonly scale: number
}

function pairOf(host: HTMLElement): Pair {
  const below = host.nextElementSibling
  const isRow = below instanceof HTMLElement && below.classList.contains('row')
  const height = measureOf(host)
  return {
    own: { id: host.id, height },
    next: isRow ? { id: below.id, height: measureOf(below) } : undefined,
    scale: height / Math.max(1, host.getBoundingClientRect().height),
  }
}

/** The height that a row was given, in the measure of the rows' own heights. */
function measureOf(host: HTMLElement): number {
  return Number(host.style.getPropertyValue('--row')) || LOWEST
}

/** Heights after the edge between two rows has moved. */
export function shifted({ own, next }: Omit<Pair, 'scale'>, by: number): RowHeights {
  const most = next ? Math.max(own.height, own.height + next.height - LOWEST) : HIGHEST
  const height = Math.round(Math.min(HIGHEST, most, Math.max(LOWEST, own.height + by)))
  if (!next) return { [own.id]: height }
  return { [own.id]: height, [next.id]: next.height - (height - own.height) }
}
