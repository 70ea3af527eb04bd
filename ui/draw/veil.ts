/** Covers the part of a row that is not computed yet: what shows through is the result before. */
import { setAll, svg } from '../dom.ts'
import type { VariantRun } from '../runs.ts'
import type { Size } from '../view.ts'

/** The cover, to be put over the marks. */
export function veil(): SVGGElement {
  return svg('g', { class: 'veil' }, svg('rect', { y: 0 }), svg('line', { y1: 0 }))
}

/** Covers a row from the edge of what is computed. */
export function drawVeil(cover: SVGGElement, run: VariantRun, { width, height }: Size): void {
  const edge = (run.filled / run.layout.buckets) * width
  setAll(cover, { display: run.isDone ? 'none' : 'inline' })
  setAll(cover.firstElementChild!, { x: edge, width: Math.max(0, width - edge), height })
  setAll(cover.lastElementChild!, { x1: edge, x2: edge, y2: height })
}
