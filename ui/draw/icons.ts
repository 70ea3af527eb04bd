/** Signs for buttons, drawn so that they look the same with every font. */
import { svg } from '../dom.ts'

const PATHS = {
  start: 'M4 3 V13 M13 3 L6 8 L13 13 Z',
  back: 'M11 3 L5 8 L11 13 Z M13 3 V13',
  play: 'M4 2.5 L13 8 L4 13.5 Z',
  pause: 'M5 3 V13 M11 3 V13',
  forward: 'M5 3 L11 8 L5 13 Z M3 3 V13',
  undo: 'M6 3 L2.5 6.5 L6 10 M3 6.5 H10 A3.5 3.5 0 0 1 10 13.5 H7',
  redo: 'M10 3 L13.5 6.5 L10 10 M13 6.5 H6 A3.5 3.5 0 0 0 6 13.5 H9',
  theme: 'M8 2 A6 6 0 0 0 8 14 Z M8 2 A6 6 0 0 1 8 14',
  help: 'M5.2 5.6 A2.9 2.9 0 1 1 8 8.6 V10 M8 12.6 V13',
  next: 'M12.5 8 A4.5 4.5 0 1 1 8 3.5 H11 M9 1 L11.5 3.5 L9 6',
} as const

/** Name of a sign. */
export type Sign = keyof typeof PATHS

const FILLED: readonly Sign[] = ['start', 'back', 'play', 'forward']

/** A sign, 16 pixels wide. */
export function icon(sign: Sign): SVGSVGElement {
  const isFilled = FILLED.includes(sign)
  const path = svg('path', { d: PATHS[sign], class: isFilled ? 'filled' : '' })
  return svg('svg', { class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': 'true' }, path)
}

/** Changes the sign of a button. */
export function setIcon(button: HTMLElement, sign: Sign): void {
  if (button.dataset['sign'] === sign) return
  button.dataset['sign'] = sign
  button.replaceChildren(icon(sign))
}
