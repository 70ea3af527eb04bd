/** A row of the stack: label on the left, a plot over time, its scale on the right. All rows line up. */
import { el, setAll, sideTag, svg } from '../dom.ts'
import type { Side } from '../state.ts'

/** The parts of a row. */
export interface Row {
  /** Holds the marks; as wide as the time axis. */
  readonly plot: HTMLElement
  readonly svg: SVGSVGElement
  /** Holds the numbers of the vertical scale. */
  readonly scale: HTMLElement
  /** Says in one sentence what the row shows. */
  describe(sentence: string): void
}

/** Builds a row in a host. */
export function timeRow(host: HTMLElement, title: string, unit: string, side?: Side): Row {
  const name = side ? `${title}, variant ${side}` : title
  const picture = svg('svg', { class: 'marks', role: 'img', 'aria-label': name })
  const plot = el('div', { class: 'plot' }, picture)
  const scale = el('div', { class: 'scale', 'aria-hidden': 'true' })
  const label = el(
    'div',
    { class: 'row-label' },
    side && sideTag(side),
    el('span', {}, el('b', {}, title), el('small', {}, unit)),
  )
  host.classList.add('row')
  host.replaceChildren(label, plot, scale)
  return {
    plot,
    svg: picture,
    scale,
    describe: (sentence) => setAll(picture, { 'aria-label': sentence }),
  }
}

/** A number of the vertical scale, at a height in pixels. */
export function scaleMark(y: number, text: string): HTMLElement {
  const mark = el('span', {}, text)
  mark.style.transform = `translateY(calc(${y.toFixed(1)}px - 50%))`
  return mark
}
