/** A row of the stack: label on the left, a plot over time, its scale on the right. All rows line up. */
import type { Time } from '../../engine/units.ts'
import { el, setAll, setText, sideTag, svg } from '../dom.ts'
import type { Selection } from '../selection.ts'
import type { Side } from '../state.ts'
import type { Size } from '../view.ts'
import { icon, type Sign } from './icons.ts'
import type { Option } from './option.ts'
import { timeScale } from './time-scale.ts'

/** The parts of a row. */
export interface Row {
  /** Holds the marks; as wide as the time axis. */
  readonly plot: HTMLElement
  readonly svg: SVGSVGElement
  /** Holds the numbers of the vertical scale. */
  readonly scale: HTMLElement
  readonly label: HTMLElement
  /** Below the title. */
  readonly unit: HTMLElement
  /** Says in one sentence what the row shows. */
  describe(sentence: string): void
  /** Says what is at the moment under the pointer, beside the line through it; nothing when there is none. */
  readout(size: Size, selection: Selection, words: (time: Time) => string): void
}

/** Builds a row in a host. */
export function timeRow(host: HTMLElement, title: string, unit: string, side?: Side): Row {
  const name = side ? `${title}, variant ${side}` : title
  const picture = svg('svg', { class: 'marks', role: 'img', 'aria-label': name })
  const said = el('div', { class: 'readout', 'aria-hidden': 'true', hidden: true })
  const plot = el('div', { class: 'plot' }, picture, said)
  const scale = el('div', { class: 'scale', 'aria-hidden': 'true' })
  const below = el('small', {}, unit)
  const label = el(
    'div',
    { class: 'row-label' },
    side && sideTag(side),
    el('span', {}, el('b', {}, title), below),
  )
  host.classList.add('row')
  // The host may have parts of its own, such as the handle for its height.
  host.prepend(label, plot, scale)
  return {
    plot,
    svg: picture,
    scale,
    label,
    unit: below,
    describe: (sentence) => setAll(picture, { 'aria-label': sentence }),
    readout: (size, selection, words) => readout(said, size, selection, words),
  }
}

/** Nothing moves for it: it lies over the plot, left of the line in the right half and right of it in the left. */
function readout(
  said: HTMLElement,
  size: Size,
  { hover, span }: Selection,
  words: (time: Time) => string,
): void {
  const isIn = hover !== undefined && hover >= span.from && hover <= span.until
  const text = isIn ? words(hover) : ''
  said.hidden = text === ''
  if (text === '') return
  setText(said, text)
  const x = timeScale(size, span)(hover!)
  const shift = x > size.width / 2 ? '-100% - 7px' : '7px'
  const most = `calc(${size.width.toFixed(1)}px - 100%)`
  said.style.transform = `translateX(clamp(0px, calc(${x.toFixed(1)}px + ${shift}), ${most}))`
}

/** A number of the vertical scale, at a height in pixels. */
export function scaleMark(y: number, text: string): HTMLElement {
  const mark = el('span', {}, text)
  mark.style.transform = `translateY(calc(${y.toFixed(1)}px - 50%))`
  return mark
}

/** A button of a row: a sign with a name that pointers are told as well. */
export function rowButton(sign: Sign, name: string, act: () => void): HTMLButtonElement {
  const attributes = { class: 'row-button', type: 'button', 'aria-label': name, title: name }
  return el('button', { ...attributes, onclick: act }, icon(sign))
}

/** A button of a row that switches an option of all rows of its kind; `stop` ends its watch. */
export function rowToggle(sign: Sign, name: string, option: Option<boolean>) {
  const button = rowButton(sign, name, () => option.set(!option.value))
  const stop = option.watch((isOn) => setAll(button, { 'aria-pressed': String(isOn) }))
  return { button, stop }
}
