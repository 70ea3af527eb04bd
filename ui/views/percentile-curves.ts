/** Response time by percentile, on an axis of nines: A dashed, B solid, and between them the difference. */
import { area, line, scaleLinear, scaleLog } from 'd3'
import { el, setAll, svg } from '../dom.ts'
import { countsOf, ninesOf, percentileCurve, type Point } from '../facts/curve.ts'
import { quantile } from '../facts/quantiles.ts'
import { digits, span } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import { SIDES } from '../state.ts'
import { drawing, type Size, type View } from '../view.ts'

const MARGIN = { top: 8, right: 12, bottom: 20, left: 48 }
const TICKS = [0.5, 0.9, 0.99, 0.999, 0.9999]

/** Both variants in one picture. */
export const percentileCurves: View = {
  create(host) {
    const box = el('input', { type: 'checkbox', id: 'with-failures' })
    const label = el('label', { class: 'check', for: 'with-failures' }, box, 'with failures')
    const head = el('header', {}, el('h2', {}, 'Response by percentile'), label)
    const picture = svg('svg', { class: 'marks', role: 'img' })
    const plot = el('div', { class: 'chart' }, picture)
    host.replaceChildren(head, plot)
    const made = drawing(plot, {
      paint: (size, runs) => draw(picture, size, runs, box.checked),
    })
    box.addEventListener('change', () => made.repaint())
    return made
  },
}

interface Curve {
  readonly run: VariantRun
  readonly points: readonly Point[]
  readonly p99: number | undefined
}

function curveOf(run: VariantRun | undefined, withFailures: boolean): Curve | undefined {
  if (!run) return undefined
  const counts = countsOf(run, withFailures ? ['served', 'failed', 'refused'] : ['served'])
  const points = percentileCurve(counts)
  if (points.length < 2) return undefined
  const exact = run.isDone && !withFailures ? run.result?.latencyMs.p99 : undefined
  return { run, points, p99: exact === undefined ? quantile(counts, 0.99) : exact * 1e6 }
}

function draw(picture: SVGSVGElement, size: Size, runs: Runs, withFailures: boolean): void {
  const curves = { A: curveOf(runs.A, withFailures), B: curveOf(runs.B, withFailures) }
  const all = SIDES.flatMap((side) => curves[side]?.points ?? [])
  if (all.length === 0) return picture.replaceChildren()
  const scales = scalesOf(all, size)
  picture.replaceChildren(
    axes(scales, size),
    ...between(curves, scales),
    ...SIDES.flatMap((side) => {
      const curve = curves[side]
      return curve ? [svg('path', { class: `line-${side}`, d: path(curve.points, scales) })] : []
    }),
    ...labels(curves, scales, size),
  )
  setAll(picture, { 'aria-label': sentence(curves, withFailures) })
}

type Scales = ReturnType<typeof scalesOf>

function scalesOf(points: readonly Point[], { width, height }: Size) {
  const latencies = points.map(({ latency }) => latency)
  const low = Math.min(...latencies, 1e9)
  const high = Math.max(...latencies, low * 4)
  const nines = Math.max(2.1, ...points.map(({ share }) => ninesOf(share)))
  return {
    x: scaleLinear([0, nines], [MARGIN.left, width - MARGIN.right]),
    y: scaleLog([low * 0.85, high * 2.2], [height - MARGIN.bottom, MARGIN.top]).clamp(true),
    nines,
  }
}

function path(points: readonly Point[], { x, y }: Scales): string {
  const shape = line<Point>(
    ({ share }) => x(ninesOf(share)),
    ({ latency }) => y(latency),
  )
  return shape([...points]) ?? ''
}

function axes({ x, y, nines }: Scales, { width, height }: Size): SVGGElement {
  const group = svg('g', { class: 'axes' })
  const [low, high] = y.domain() as [number, number]
  for (let power = 3; power <= 12; power++) {
    const latency = Math.pow(10, power)
    if (latency < low || latency > high) continue
    const at = y(latency)
    const text = svg('text', { x: MARGIN.left - 6, y: at + 4, 'text-anchor': 'end' }, span(latency))
    group.append(svg('line', { x1: MARGIN.left, x2: width - MARGIN.right, y1: at, y2: at }), text)
  }
  for (const share of TICKS.filter((share) => ninesOf(share) <= nines)) {
    const at = x(ninesOf(share))
    const percent = Number((share * 100).toFixed(2))
    const isLast = share === TICKS.findLast((one) => ninesOf(one) <= nines)
    const text = svg('text', { x: at, y: height - 5, 'text-anchor': 'middle' })
    text.append(isLast ? `${percent} %` : String(percent))
    group.append(svg('line', { x1: at, x2: at, y1: MARGIN.top, y2: height - MARGIN.bottom }), text)
  }
  return group
}

type Curves = Readonly<Record<'A' | 'B', Curve | undefined>>

/** Fills what lies between the curves: in the hue of served where B is faster, of failed where it is slower. */
function between({ A, B }: Curves, { x, y }: Scales): SVGElement[] {
  if (!A || !B) return []
  const pairs = A.points.slice(0, B.points.length).map(({ share, latency }, at) => {
    return { share, a: latency, b: B.points[at]!.latency }
  })
  const fill = (hue: string, other: (a: number, b: number) => number): SVGElement => {
    const shape = area<(typeof pairs)[number]>(
      ({ share }) => x(ninesOf(share)),
      ({ a }) => y(a),
      ({ a, b }) => y(other(a, b)),
    )
    return svg('path', { class: `between ${hue}`, d: shape(pairs) ?? '' })
  }
  return [fill('ok', Math.min), fill('fail', Math.max)]
}

function labels({ A, B }: Curves, { x, y }: Scales, { height }: Size): SVGElement[] {
  const at = x(ninesOf(0.99))
  const parts: SVGElement[] = []
  const ys: number[] = []
  for (const [side, curve] of [['A', A] as const, ['B', B] as const]) {
    if (curve?.p99 === undefined) continue
    const here = y(curve.p99)
    const other = side === 'A' ? B?.p99 : A?.p99
    const isAbove = other === undefined || (side === 'A' ? curve.p99 >= other : curve.p99 > other)
    const label = Math.min(height - MARGIN.bottom - 4, Math.max(16, here + (isAbove ? -9 : 18)))
    parts.push(svg('circle', { class: `dot-${side}`, cx: at, cy: here, r: 4 }))
    const text = svg('text', { class: `label-${side}`, x: at - 6, y: label, 'text-anchor': 'end' })
    text.append(`${side} ${span(curve.p99)}`)
    parts.push(text)
    ys.push(here)
  }
  if (A?.p99 && B?.p99 && Math.abs(ys[0]! - ys[1]!) > 46) {
    const hue = B.p99 < A.p99 ? 'good' : 'bad'
    const middle = (ys[0]! + ys[1]!) / 2 + 4
    const text = svg('text', { class: `label ${hue}`, x: at - 6, y: middle, 'text-anchor': 'end' })
    const factor = Math.max(A.p99 / B.p99, B.p99 / A.p99)
    text.append(`${hue === 'good' ? '÷' : '×'} ${digits(factor, 2)} at p99`)
    parts.push(text)
  }
  return parts
}

function sentence(curves: Curves, withFailures: boolean): string {
  const who = withFailures ? 'all requests that ended' : 'served requests'
  const told = SIDES.flatMap((side) => {
    const curve = curves[side]
    const median = curve?.points.find(({ share }) => share >= 0.5)?.latency
    if (!curve || median === undefined || curve.p99 === undefined) return []
    return `${side}: half within ${span(median)}, 99 percent within ${span(curve.p99)}.`
  })
  return `Response time of ${who} by percentile. ${told.join(' ')}`
}
