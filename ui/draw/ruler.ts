/** The ruler: ticks with their numbers, and flags where a variant was first in trouble and where it was well again. */
import { svg, setAll } from '../dom.ts'
import type { Flag } from '../facts/flags.ts'
import type { AxisScene } from './axis-scene.ts'
import { RULER } from './gestures.ts'

/** Pixels that nothing else may be written in. */
export type Taken = readonly [from: number, to: number]

/** Draws the ruler; numbers that would lie under a chip are left out. */
export function drawRuler(
  ruler: SVGSVGElement,
  { x, size }: AxisScene,
  taken: readonly Taken[],
  flags: readonly Flag[],
): void {
  const seconds = x.copy().domain(x.domain().map((time) => time / 1e9))
  const amount = Math.max(2, Math.min(12, Math.round(size.width / 60)))
  const ticks = seconds.ticks(amount)
  const write = seconds.tickFormat(amount)
  const bottom = size.height - RULER
  const lines = ticks.map((tick) =>
    svg('line', { x1: seconds(tick), x2: seconds(tick), y2: bottom }),
  )
  const labels = ticks.flatMap((tick, at) => {
    const isLast = at === ticks.length - 1
    const place = seconds(tick)
    if (taken.some(([from, to]) => isUnder(place, isLast, from, to))) return []
    const anchor = isLast ? 'end' : place < 8 ? 'start' : 'middle'
    const text = svg('text', { x: Math.min(size.width, place + (isLast ? 8 : 0)), y: 18 })
    setAll(text, { 'text-anchor': anchor })
    text.append(isLast ? `${write(tick)} s` : write(tick))
    return [text]
  })
  const marks = flags.map((flag) => flagMark(flag, x(flag.time)))
  ruler.replaceChildren(svg('g', { class: 'grid' }, ...lines), ...labels, ...marks)
}

/** Whether the number of a tick would be covered by a chip, in part or in full. */
function isUnder(tick: number, isLast: boolean, from: number, to: number): boolean {
  const [left, right] = isLast ? [36, 0] : [12, 12]
  return tick + right > from && tick - left < Math.max(to, from + 4)
}

/** Top of the flags: below the chips, over the first row. */
const FLAGS = 24

/** A letter on a small flag, of A to the left of its pole, of B to the right: down in trouble, up when well again. */
function flagMark({ side, kind, words }: Flag, x: number): SVGElement {
  const isBad = kind === 'onset'
  const way = side === 'A' ? -1 : 1
  const d = isBad ? `M0 14V0H${10 * way}L${7 * way} 4L${10 * way} 8H0` : `M0 14V0L${11 * way} 4L0 8`
  const cloth = svg('path', { class: `flag-cloth ${isBad ? 'fail' : 'ok'} of-${side}`, d })
  const pole = svg('path', { class: `flag-pole ${isBad ? 'fail' : 'ok'}`, d: 'M0 0V14' })
  const letter = svg('text', { class: 'flag-letter', x: 3.6 * way, y: 6.8 }, side)
  const place = `translate(${x.toFixed(1)} ${FLAGS})`
  return svg('g', { class: 'flag', transform: place }, svg('title', {}, words), cloth, pole, letter)
}
