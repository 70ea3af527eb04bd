/** The strip of paired differences: a dot for every seed, and the mean with its 95 % interval. */
import { scaleLinear, type ScaleLinear } from 'd3'
import { setAll, svg } from '../dom.ts'
import type { Measure } from '../facts/measures.ts'
import type { Summary } from '../facts/seed-summary.ts'
import { comparable, difference, differenceAxis, unitOf } from '../facts/seed-words.ts'
import { digits } from '../format.ts'

const MARGIN = { left: 12, right: 12, top: 14, bottom: 16 }
const HEIGHT = 58
/** Golden ratio: neighbours among the seeds come to lie apart. */
const SPREAD = 0.618033988749895
/** A strip shows a stretch of so many points at least: small noise must not look large. */
const NARROWEST = 2

/** Draws the strip, or nothing without a pair. */
export function drawStrip(
  picture: SVGSVGElement,
  { differences, interval, n }: Summary,
  { measure, current, width }: { measure: Measure; current: string; width: number },
): void {
  setAll(picture, { width, height: HEIGHT, hidden: n === 0 })
  const values = differences.map(({ value }) => comparable(value, measure.unit))
  const ends = interval
    ? [interval.low, interval.high].map((end) => comparable(end, measure.unit))
    : []
  const x = scaleFor([...values, ...ends], width)
  const dots = differences.map(({ seed }, at) => {
    const y = MARGIN.top + 2 + ((at * SPREAD) % 1) * 16
    return svg('circle', {
      class: seed === current ? 'dot now' : 'dot',
      cx: x(values[at]!),
      cy: y,
      r: 2.2,
    })
  })
  const name = differenceAxis(measure)
  const title = svg('text', { class: 'small-label', x: MARGIN.left, y: 9 }, name)
  picture.replaceChildren(
    axis(x),
    title,
    ...dots,
    ...(interval ? bar(ends, interval.mean, measure, x) : []),
  )
  const said = interval ? difference(interval, measure.unit) : 'no interval yet'
  const label = `B − A in ${n} pairs of runs: ${said}, N = ${n}.`
  setAll(picture, { 'aria-label': label })
}

type Scale = ScaleLinear<number, number>

function scaleFor(values: readonly number[], width: number): Scale {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)]
  const size = Math.max(NARROWEST, high - low)
  const ends =
    high > -low ? [low - size * 0.03, low + size * 1.06] : [high - size * 1.06, high + size * 0.03]
  return scaleLinear(ends, [MARGIN.left, width - MARGIN.right])
}

function axis(x: Scale): SVGGElement {
  const bottom = HEIGHT - MARGIN.bottom
  const group = svg('g', { class: 'axes' })
  for (const tick of x.ticks(5)) {
    const at = x(tick)
    const sign = tick > 0 ? '+' : tick < 0 ? '−' : ''
    const name = tick === 0 ? 'zero' : ''
    group.append(
      svg('line', { class: name, x1: at, x2: at, y1: MARGIN.top, y2: bottom }),
      svg(
        'text',
        { x: at, y: HEIGHT - 4, 'text-anchor': 'middle' },
        `${sign}${digits(Math.abs(tick), 3)}`,
      ),
    )
  }
  return group
}

function bar(
  [low, high]: readonly number[],
  mean: number,
  { unit }: Measure,
  x: Scale,
): SVGElement[] {
  const y = HEIGHT - MARGIN.bottom - 5
  const [from, to, middle] = [x(low!), x(high!), x(comparable(mean, unit))]
  const title = svg('title', {}, `Mean and its 95 % interval${unitOf(unit)}`)
  return [
    svg('path', {
      class: 'interval',
      d: `M${from} ${y - 3}V${y + 3}M${from} ${y}H${to}M${to} ${y - 3}V${y + 3}`,
    }),
    svg('circle', { class: 'mean', cx: middle, cy: y, r: 3.6 }, title),
  ]
}
