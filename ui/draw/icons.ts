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
  list: 'M6 4 H13.5 M6 8 H13.5 M6 12 H13.5 M2.5 4 H3.5 M2.5 8 H3.5 M2.5 12 H3.5',
  failed: 'M4 4 L12 12 M12 4 L4 12',
  phase: 'M2 5 H14 M2 8 H14 M2 11 H14 M5 2.5 V13.5',
  percent:
    'M12.5 3.5 L3.5 12.5 M3.5 4.5 A1 1 0 1 0 5.5 4.5 A1 1 0 1 0 3.5 4.5 M10.5 11.5 A1 1 0 1 0 12.5 11.5 A1 1 0 1 0 10.5 11.5',
  sort: 'M5 3 V13 M2.5 5.5 L5 3 L7.5 5.5 M11 13 V3 M8.5 10.5 L11 13 L13.5 10.5',
  rows: 'M2.5 3.5 H13.5 M2.5 8 H13.5 M2.5 12.5 H13.5',
  pin: 'M5 2.5 H11 M6.2 2.5 V7 L4 9.5 H12 L9.8 7 V2.5 M8 9.5 V14',
  switches:
    'M5 3.5 H11 A2 2 0 0 1 11 7.5 H5 A2 2 0 0 1 5 3.5 M5 9.5 H11 A2 2 0 0 1 11 13.5 H5 A2 2 0 0 1 5 9.5',
  bolt: 'M9 1.5 L3.5 9 H7.5 L7 14.5 L12.5 6.5 H8.5 Z',
  load: 'M1.5 8 H9 M6 5 L9 8 L6 11 M11 3.5 V12.5 M13.5 3.5 V12.5',
  find: 'M10.4 10.4 L13.6 13.6 M11.4 7 A4.4 4.4 0 1 1 2.6 7 A4.4 4.4 0 1 1 11.4 7',
  focus:
    'M2.5 5.5 V2.5 H5.5 M10.5 2.5 H13.5 V5.5 M13.5 10.5 V13.5 H10.5 M5.5 13.5 H2.5 V10.5 M8 6.4 A1.6 1.6 0 1 1 8 9.6 A1.6 1.6 0 1 1 8 6.4',
  next: 'M12.5 8 A4.5 4.5 0 1 1 8 3.5 H11 M9 1 L11.5 3.5 L9 6',
  share: 'M8 10 V2.5 M5 5 L8 2 L11 5 M4.5 8 H3 V13.5 H13 V8 H11.5',
  down: 'M4 6.5 L8 10.5 L12 6.5',
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
