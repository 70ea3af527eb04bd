/** Places of the percentile plot: shares on an axis of nines against latencies, or both on log scales (the tail). */
import { scaleLinear, scaleLog, type ScaleLinear, type ScaleLogarithmic } from 'd3'
import { svg } from '../dom.ts'
import { ninesOf, shareAt, type Point } from '../facts/curve.ts'
import { NBSP, span } from '../format.ts'
import type { Size } from '../view.ts'

/** Room around the plot, in pixels. */
export const MARGIN = { top: 14, right: 12, bottom: 18, left: 46 }
const SHARES = [0.5, 0.9, 0.99, 0.999, 0.9999]

/** `percentiles`: share to the right, latency upwards. `tail`: latency to the right, share beyond it upwards. */
export type Axes = 'percentiles' | 'tail'

/** Where things are. */
export interface Places {
  readonly axes: Axes
  readonly size: Size
  readonly nines: ScaleLinear<number, number>
  readonly latency: ScaleLogarithmic<number, number>
  /** The pixel of a share and a latency (ns). */
  at(share: number, latency: number): readonly [number, number]
  /** The share under a pixel, and the latency. */
  shareUnder(x: number, y: number): number
  latencyUnder(x: number, y: number): number
}

/** Places for points, and for a latency that must be in sight too. */
export function placesFor(points: readonly Point[], limit: number, axes: Axes, size: Size): Places {
  const { width, height } = size
  const latencies = points.map((one) => one.latency)
  const low = Math.min(...latencies, 1e9)
  const high = Math.max(...latencies, low * 4, limit)
  const most = Math.max(2.1, ...points.map(({ share }) => ninesOf(share)))
  const right = [MARGIN.left, width - MARGIN.right] as const
  const up = [height - MARGIN.bottom, MARGIN.top] as const
  const isTail = axes === 'tail'
  const nines = scaleLinear([0, most], isTail ? [up[1], up[0]] : right).clamp(true)
  const latency = scaleLog([low * 0.85, high * 1.6], isTail ? right : up).clamp(true)
  return {
    axes,
    size,
    nines,
    latency,
    at: (share, ns) => {
      const [a, b] = [nines(ninesOf(share)), latency(ns)]
      return isTail ? [b, a] : [a, b]
    },
    shareUnder: (x, y) => shareAt(nines.invert(isTail ? y : x)),
    latencyUnder: (x, y) => latency.invert(isTail ? x : y),
  }
}

/** Lines and numbers of both axes. */
export function axisMarks(places: Places): SVGGElement {
  const group = svg('g', { class: 'axes' })
  const { axes, nines, latency } = places
  for (const ns of decades(latency, axes === 'tail' ? 44 : 15)) {
    group.append(...tick(latency(ns), span(ns), axes === 'tail', places))
  }
  const most = nines.domain()[1]!
  const shares = SHARES.filter((share) => ninesOf(share) <= most)
  for (const share of shares) {
    const isLast = share === shares.at(-1)
    const number = axes === 'tail' ? percentOf(1 - share) : percentOf(share)
    const text = axes === 'tail' || isLast ? `${number}${NBSP}%` : number
    group.append(...tick(nines(ninesOf(share)), text, axes === 'percentiles', places))
  }
  return group
}

/** Powers of ten (ns) whose names are so many pixels apart at least. */
function decades(latency: Places['latency'], apart: number): number[] {
  const [low, high] = latency.domain() as [number, number]
  const [from, to] = latency.range() as [number, number]
  const pitch = Math.abs(to - from) / Math.log10(high / low)
  const step = Math.max(1, Math.ceil(apart / pitch))
  return Array.from({ length: 10 }, (_, at) => at + 3)
    .filter((power) => (power - 9) % step === 0)
    .map((power) => Math.pow(10, power))
    .filter((ns) => ns >= low && ns <= high)
}

function percentOf(share: number): string {
  return String(Number((share * 100).toPrecision(4)))
}

/** A line through the plot with its number below (upright) or to its left. */
function tick(at: number, text: string, isUpright: boolean, { size }: Places): SVGElement[] {
  const { width, height } = size
  if (isUpright) {
    return [
      svg('line', { x1: at, x2: at, y1: MARGIN.top, y2: height - MARGIN.bottom }),
      svg('text', { x: at, y: height - 4, 'text-anchor': 'middle' }, text),
    ]
  }
  return [
    svg('line', { x1: MARGIN.left, x2: width - MARGIN.right, y1: at, y2: at }),
    svg('text', { x: MARGIN.left - 6, y: at + 4, 'text-anchor': 'end' }, text),
  ]
}

/** A curve as a path: what many requests bear out, and the thin end of it. */
export function curvePaths(points: readonly Point[], name: string, places: Places): SVGElement[] {
  const solid = points.filter(({ isThin }) => !isThin)
  const thin = points.slice(Math.max(0, solid.length - 1))
  return [
    svg('path', { class: name, d: pathOf(solid, places) }),
    svg('path', { class: `${name} thin`, d: thin.length > 1 ? pathOf(thin, places) : '' }),
  ]
}

function pathOf(points: readonly Point[], { at }: Places): string {
  return lineThrough(points.map(({ share, latency }) => at(share, latency)))
}

function lineThrough(places: readonly (readonly [number, number])[]): string {
  return places
    .map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`)
    .join('')
}

/** What lies between two curves: in the hue of served where B is faster, of failed where it is slower. */
export function between(a: readonly Point[], b: readonly Point[], places: Places): SVGElement[] {
  const pairs = a.slice(0, b.length).map((one, at) => ({ ...one, other: b[at]! }))
  const both = pairs.filter(({ isThin, other }) => !isThin && !other.isThin)
  const fill = (hue: string, edge: (a: number, b: number) => number): SVGElement => {
    const there = both.map(({ share, latency }) => places.at(share, latency))
    const back = both.map(({ share, latency, other }) =>
      places.at(share, edge(latency, other.latency)),
    )
    const d = both.length > 1 ? `${lineThrough([...there, ...back.toReversed()])}Z` : ''
    return svg('path', { class: `between ${hue}`, d })
  }
  return [fill('ok', Math.min), fill('fail', Math.max)]
}

/** Requests that never ended, where their percentiles would be: nobody knows how long they would have taken. */
export function censored(
  side: 'A' | 'B',
  { unfinished, total }: { unfinished: number; total: number },
  places: Places,
): SVGElement[] {
  if (unfinished < 1 || places.axes === 'tail') return []
  const { nines, size } = places
  const from = nines(ninesOf(Math.min(0.99999, total / (total + unfinished))))
  const y = side === 'A' ? 1 : 7
  const width = Math.max(3, size.width - MARGIN.right - from)
  const x = size.width - MARGIN.right - width
  return [svg('rect', { class: `censored censored-${side}`, x, y, width, height: 5 })]
}
