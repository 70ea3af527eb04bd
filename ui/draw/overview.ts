/** A slim bar with the whole run, shown only while a part of it is drawn: its window is dragged, or moved by keys. */
import { el, setAll } from '../dom.ts'
import { faultMarks } from '../facts/faults.ts'
import { fromTo } from '../facts/moment-words.ts'
import { isWhole, panned } from '../facts/zoom.ts'
import { choose, type Span } from '../selection.ts'
import type { AxisScene } from './axis-scene.ts'
import { draggable, onSteps, perFrame } from './drag.ts'

/** The bar. */
export interface Overview {
  readonly element: HTMLElement
  update(scene: AxisScene): void
  /** The cursor has moved. */
  seek(scene: AxisScene): void
}

/** Builds the bar; it asks for other parts from its own element. */
export function overview(): Overview {
  const faults = el('div', { class: 'overview-faults' })
  const range = el('i', { class: 'overview-range' })
  const cursor = el('i', { class: 'overview-cursor' })
  const view = el('div', {
    class: 'overview-window',
    role: 'slider',
    tabindex: 0,
    'aria-label': 'Part of the run that is drawn',
    'aria-valuemin': 0,
  })
  const element = el('div', { class: 'overview', hidden: true }, faults, range, view, cursor)
  let scene: AxisScene | undefined
  listen(element, view, () => scene)
  const lay = (bar: HTMLElement, { from, until }: Span, { run, size }: AxisScene): void => {
    const { duration } = run.layout
    bar.style.left = `${(from / duration) * size.width}px`
    bar.style.width = `${Math.max(2, ((until - from) / duration) * size.width)}px`
  }
  return {
    element,
    update(now) {
      scene = now
      const { run, runs, selection } = now
      element.hidden = isWhole(run.layout, selection.span)
      if (element.hidden) return
      const bars = faultMarks(runs).map((mark) => {
        const bar = el('i', {})
        lay(bar, mark, now)
        return bar
      })
      faults.replaceChildren(...bars)
      range.hidden = selection.range === undefined
      if (selection.range) lay(range, selection.range, now)
      lay(view, selection.span, now)
      setAll(view, {
        'aria-valuemax': run.layout.duration / 1e9,
        'aria-valuenow': selection.span.from / 1e9,
        'aria-valuetext': fromTo(run, selection.span),
      })
    },
    seek({ run, size, selection }) {
      if (element.hidden) return
      const at = (selection.time / run.layout.duration) * size.width
      cursor.style.transform = `translateX(${at.toFixed(1)}px)`
    },
  }
}

function listen(element: HTMLElement, view: HTMLElement, scene: () => AxisScene | undefined): void {
  let begun: Span | undefined
  const move = (by: number): void => {
    const now = scene()
    if (now && begun) choose(element, { span: panned(now.run.layout, begun, by) })
  }
  const perPixel = (): number => {
    const now = scene()
    return now ? now.run.layout.duration / now.size.width : 0
  }
  draggable(view, {
    begin: () => (begun = scene()?.selection.span),
    move: (dx) => move(dx * perPixel()),
    end: (isKept) => !isKept && move(0),
  })
  element.addEventListener('pointerdown', (event) => {
    if (event.target === view) return
    event.stopPropagation()
    begun = scene()?.selection.span
    if (!begun) return
    const at = (event.clientX - element.getBoundingClientRect().left) * perPixel()
    move(at - (begun.from + begun.until) / 2)
  })
  const step = perFrame((steps) => {
    begun = scene()?.selection.span
    if (begun) move((steps * (begun.until - begun.from)) / 20)
  })
  onSteps(view, 'horizontal', step)
}
