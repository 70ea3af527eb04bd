/** What stands in the percentile plot in words: both 99th percentiles, their ratio, and what is read off. */
import { svg } from '../dom.ts'
import { quantile } from '../facts/quantiles.ts'
import type { Both, Look } from '../facts/percentiles.ts'
import { ratioAtP99 } from '../facts/percentile-words.ts'
import { span } from '../format.ts'
import type { Runs } from '../runs.ts'
import { SIDES } from '../state.ts'
import { MARGIN, type Places } from './percentile-plot.ts'

/** Pixels between two labels that do not touch, and what two lines of words need. */
const APART = 13
const ROOM = 34
/** Pixels that the name and the latency of a curve take at most. */
const NAME = 66

/** The 99th percentiles with their names, and how they compare. */
export function labels(both: Both, places: Places, runs: Runs, look: Look): SVGElement[] {
  const known = SIDES.flatMap((side) => {
    const p99 = both[side]?.p99
    return p99 === undefined ? [] : [{ side, p99, at: places.at(0.99, p99) }]
  })
  const [first, second] = known.toSorted((a, b) => a.at[1] - b.at[1])
  if (!first) return []
  const marks = known.flatMap(({ side, p99, at: [x, y] }) => {
    const isUpper = side === first.side
    const words = `${side} ${span(p99)}`
    const text = svg(
      'text',
      { class: `label-${side}`, ...labelPlace(x, y, isUpper, places) },
      words,
    )
    return [svg('circle', { class: `dot-${side}`, cx: x, cy: y, r: 4 }), text]
  })
  return second ? [...marks, ...ratioLabel(first.at, second.at, runs, look, both)] : marks
}

/** The upper curve is named above it, to the left; the lower one below it, to the right, where it does not go. */
function labelPlace(x: number, y: number, isUpper: boolean, { size, axes }: Places) {
  if (isUpper) return { x: x - 6, y: Math.max(MARGIN.top + 9, y - 7), 'text-anchor': 'end' }
  const below = Math.min(size.height - MARGIN.bottom - 4, y + APART + 4)
  const isRoom = axes === 'percentiles' && x + NAME < size.width - MARGIN.right
  return isRoom
    ? { x: x + 5, y: below, 'text-anchor': 'start' }
    : { x: x - 6, y: below, 'text-anchor': 'end' }
}

function ratioLabel(
  [x, top]: readonly [number, number],
  [, bottom]: readonly [number, number],
  runs: Runs,
  look: Look,
  both: Both,
): SVGElement[] {
  const ratio = ratioAtP99(both, runs, look)
  if (!ratio || bottom - top < ROOM) return []
  const y = (top + bottom) / 2
  const place = { x: x - 6, 'text-anchor': 'end' }
  return [
    svg('text', { class: `label ${ratio.tone ?? ''}`, y: y - 1, ...place }, ratio.text),
    svg('text', { class: 'small-label', y: y + 11, ...place }, ratio.short),
  ]
}

/** Where the percentile that is read off lies on both curves. */
export function hoverMarks(both: Both, share: number | undefined, places: Places): SVGElement[] {
  if (share === undefined) return []
  const { size, axes, nines } = places
  const at = nines(-Math.log10(1 - share))
  const line =
    axes === 'tail'
      ? { x1: MARGIN.left, x2: size.width - MARGIN.right, y1: at, y2: at }
      : { x1: at, x2: at, y1: MARGIN.top, y2: size.height - MARGIN.bottom }
  const dots = SIDES.flatMap((side) => {
    const latency = both[side] && quantile(both[side].counts, share)
    if (latency === undefined) return []
    const [cx, cy] = places.at(share, latency)
    return [svg('circle', { class: `dot-${side}`, cx, cy, r: 3 })]
  })
  return [svg('line', { class: 'reading', ...line }), ...dots]
}
