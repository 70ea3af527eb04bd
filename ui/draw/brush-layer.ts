/** The picked stretch: a tint over all rows, a handle at either end, and a chip that says where it is and lets it go. */
import { el, setAll, setText } from '../dom.ts'
import { at, fromTo } from '../facts/moment-words.ts'
import { stretched, stretchOf } from '../facts/zoom.ts'
import { choose, type Span } from '../selection.ts'
import type { AxisScene } from './axis-scene.ts'
import { draggable, onSteps, perFrame } from './drag.ts'

/** The tint, its handles and its chip. */
export interface BrushLayer {
  readonly element: HTMLElement
  update(scene: AxisScene): void
}

type End = keyof Span

/** Builds the layer; it asks for other stretches from its own element. */
export function brushLayer(): BrushLayer {
  const tint = el('div', { class: 'brush-tint' })
  const words = el('span', {})
  const close = el('button', { type: 'button', 'aria-label': 'Clear the picked stretch' }, '✕')
  const chip = el('div', { class: 'brush-chip' }, words, close)
  const ends = { from: handle('from'), until: handle('until') }
  const element = el('div', { class: 'brush', hidden: true }, tint, ends.from, ends.until, chip)
  let scene: AxisScene | undefined
  close.addEventListener('click', () => choose(element, { range: undefined }))
  for (const end of ['from', 'until'] as const) listen(element, ends[end], end, () => scene)
  return {
    element,
    update(now) {
      scene = now
      const { run, selection, x, size } = now
      const { range } = selection
      element.hidden = range === undefined
      if (!range) return
      const [left, right] = [x(range.from), x(range.until)]
      tint.style.left = `${left}px`
      tint.style.width = `${right - left}px`
      for (const [end, place] of [['from', left] as const, ['until', right] as const]) {
        ends[end].style.transform = `translateX(${place.toFixed(1)}px)`
        ends[end].hidden = place < -1 || place > size.width + 1
        name(ends[end], run.layout.duration, range[end], at(run, range[end]))
      }
      setText(words, fromTo(run, range))
      placeChip(chip, size.width, (left + right) / 2)
    },
  }
}

function handle(end: End): HTMLElement {
  const label = end === 'from' ? 'Start of the picked stretch' : 'End of the picked stretch'
  return el('div', {
    class: `brush-end ${end}`,
    role: 'slider',
    tabindex: 0,
    'aria-label': label,
    'aria-orientation': 'horizontal',
    'aria-valuemin': 0,
  })
}

function name(end: HTMLElement, duration: number, time: number, text: string): void {
  const value = { 'aria-valuemax': duration / 1e9, 'aria-valuenow': time / 1e9 }
  setAll(end, { ...value, 'aria-valuetext': text })
}

/** Half of the width that the chip may have, in pixels. */
const HALF = 80

function placeChip(chip: HTMLElement, width: number, middle: number): void {
  const place = Math.max(Math.min(HALF, width / 2), Math.min(width - HALF, middle))
  chip.style.transform = `translateX(calc(${place.toFixed(1)}px - 50%))`
}

function listen(
  host: HTMLElement,
  element: HTMLElement,
  end: End,
  scene: () => AxisScene | undefined,
): void {
  let begun: Span | undefined
  draggable(element, {
    begin: () => (begun = scene()?.selection.range),
    move(dx) {
      const now = scene()
      if (!begun || !now) return
      const time = now.x.invert(now.x(begun[end]) + dx)
      const other = end === 'from' ? begun.until : begun.from
      choose(host, { range: stretchOf(now.run.layout, time, other) })
    },
    end: (isKept) => !isKept && choose(host, { range: begun }),
  })
  const step = perFrame((steps) => {
    const now = scene()
    const range = now?.selection.range
    if (now && range) choose(host, { range: stretched(now.run.layout, range, end, steps) })
  })
  onSteps(element, 'horizontal', step)
}
