/** Covers the part of a row that is not computed yet: what shows through is the result before. */
import { setAll, svg } from '../dom.ts'
import type { VariantRun } from '../runs.ts'
import type { Span } from '../selection.ts'
import type { Size } from '../view.ts'
import { timeScale } from './time-scale.ts'

/** The cover, to be put over the marks. */
export function veil(): SVGGElement {
  return svg('g', { class: 'veil' }, svg('rect', { y: 0 }), svg('line', { y1: 0 }))
}

/** Covers a row from the edge of what is computed; `span` is what is drawn of the time axis, by default all. */
export function drawVeil(
  cover: SVGGElement,
  run: VariantRun,
  size: Size,
  span: Span = { from: 0, until: run.layout.duration },
): void {
  const { width, height } = size
  const at = timeScale(size, span)(run.filled * run.layout.bucket)
  const edge = Math.min(width, Math.max(-2, at))
  setAll(cover, { display: run.isDone ? 'none' : 'inline' })
  setAll(cover.firstElementChild!, { x: edge, width: Math.max(0, width - edge), height })
  setAll(cover.lastElementChild!, { x1: edge, x2: edge, y2: height })
}
