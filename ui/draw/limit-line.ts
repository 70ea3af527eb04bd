/** A line that can be dragged to another latency, with the share of requests that is faster. */
import { el, setAll, setText } from '../dom.ts'
import { span, wholePercent } from '../format.ts'
import { MARGIN, type Places } from './percentile-plot.ts'

/** What an arrow key multiplies the limit by. */
const STEP = 1.1
/** Names closer than this, in pixels, lie on each other. */
const CROWDED = 26

/** Asked for by key: how to get from the limit to the next one. By pointer: where it is. */
export type Move = ((limit: number) => number) | PointerEvent

/** The line; it lies over the plot. */
export interface LimitLine extends HTMLElement {
  /** `marks`: latencies whose names stand on the left of the plot too. */
  show(
    limit: number,
    places: Places,
    shares: readonly (number | undefined)[],
    marks: readonly number[],
  ): void
  onMove(move: (next: Move) => void): void
}

/** Builds the line. */
export function limitLine(): LimitLine {
  const label = el('span', {})
  const line = el(
    'div',
    { class: 'limit', role: 'slider', tabindex: 0, 'aria-label': 'Objective' },
    label,
  )
  return Object.assign(line, {
    show: (
      limit: number,
      places: Places,
      shares: readonly (number | undefined)[],
      marks: readonly number[],
    ) => {
      const isCrowded = marks.some(
        (one) => Math.abs(places.latency(one) - places.latency(limit)) < CROWDED,
      )
      line.classList.toggle('crowded', isCrowded)
      show(line, label, limit, places, shares)
    },
    onMove: (move: (next: Move) => void) => listen(line, move),
  })
}

function show(
  line: HTMLElement,
  label: HTMLElement,
  limit: number,
  { axes, latency, size }: Places,
  [a, b]: readonly (number | undefined)[],
): void {
  const isTail = axes === 'tail'
  const at = latency(limit)
  line.classList.toggle('upright', isTail)
  line.classList.toggle('leftward', isTail && at > size.width / 2)
  const x = isTail ? at : MARGIN.left
  const y = isTail ? MARGIN.top : at
  line.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`
  line.style.width = isTail ? '' : `${size.width - MARGIN.left - MARGIN.right}px`
  line.style.height = isTail ? `${size.height - MARGIN.top - MARGIN.bottom}px` : ''
  const said = [a, b].map((share) => (share === undefined ? '–' : wholePercent(share)))
  setText(label, `${span(limit)}: A ${said[0]!.replace(/\s%/, '')}, B ${said[1]!}`)
  const words = `${span(limit)}. Served within it: A ${said[0]!} of all requests, B ${said[1]!}.`
  setAll(line, {
    'aria-valuenow': Math.round(limit / 1e6),
    'aria-valuemin': 0,
    'aria-valuemax': Math.round(latency.domain()[1]! / 1e6),
    'aria-valuetext': words,
    'aria-orientation': isTail ? 'horizontal' : 'vertical',
    title: `Objective: drag it, or use the arrow keys. ${words}`,
  })
}

function listen(line: HTMLElement, move: (next: Move) => void): void {
  line.addEventListener('pointerdown', (event) => {
    line.setPointerCapture(event.pointerId)
    event.preventDefault()
    line.focus()
  })
  line.addEventListener('pointermove', (event) => {
    if (line.hasPointerCapture(event.pointerId)) move(event)
  })
  line.addEventListener('keydown', (event) => {
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key]
    if (way === undefined) return
    event.preventDefault()
    const factor = Math.pow(STEP, way * (event.shiftKey ? 5 : 1))
    move((limit) => Number((limit * factor).toPrecision(3)))
  })
}
