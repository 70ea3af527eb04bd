/** Edges of the topology: a ribbon as wide as the load, dots in the hues of the outcomes, retries and circuits on top. */
import { linkHorizontal, scaleSqrt } from 'd3'
import { setAll, setText, svg } from '../dom.ts'
import type { UnitInfo } from '../../engine/results/frame.ts'
import { edgeAt, type EdgeNow } from '../facts/health.ts'
import type { VariantRun } from '../runs.ts'
import { horizontalLink, type Dot } from './bezier.ts'
import { dashesOf, DOT_HUES, periodOf, spacing } from './dots.ts'

/** A point of the panel, and how big what sits there is. */
export interface Spot {
  readonly x: number
  readonly y: number
  readonly radius: number
}

/** The marks of one edge. */
export interface EdgeMarks {
  readonly group: SVGGElement
  update(run: VariantRun, time: number, phase: number): void
}

/** Attempts per call from which they are told. */
const TRIES = 1.25
/** An edge that is not this wide, in pixels, has no room for them. */
const NARROW = 38
/** One that goes down passes the label of its caller. */
const NARROW_DOWN = 44
const width = scaleSqrt([0, 1000], [1, 9]).clamp(true)
const link = linkHorizontal<
  { source: [number, number]; target: [number, number] },
  [number, number]
>()

/** Draws an edge between two spots. */
export function edgeMarks(
  name: string,
  from: Spot,
  to: Spot,
  units: readonly UnitInfo[],
): EdgeMarks {
  const start = { x: from.x + from.radius + 1, y: from.y }
  const end = { x: to.x - to.radius - 1, y: to.y }
  const d = link({ source: [start.x, start.y], target: [end.x, end.y] }) ?? ''
  const ribbon = svg('path', { class: 'ribbon', d })
  const dots = DOT_HUES.map((hue) => svg('path', { class: `dots ${hue}`, d }))
  const tries = pill()
  const circuit = units.length > 0 ? circuitMark() : undefined
  const group = svg('g', { class: 'edge' }, ribbon, ...dots, tries.group, circuit?.group)
  const { length, at } = horizontalLink(start, end)
  const isDown = to.y - from.y > 20
  const { x, y } = at(isDown ? 0.64 : 0.36)
  place(tries.group, { x: isDown ? x + 8 : x, y }, circuit ? -15 : 0)
  if (circuit) place(circuit.group, at(0.48))
  return {
    group,
    update(run, time, phase) {
      const now = edgeAt(run, name, time)
      drawFlow(ribbon, dots, now, length, phase)
      drawTries(tries, now, end.x - start.x > (isDown ? NARROW_DOWN : NARROW))
      circuit?.update(worstState(run, units, time))
    },
  }
}

function place(group: SVGGElement, { x, y }: Dot, lift = 0): void {
  setAll(group, { transform: `translate(${x.toFixed(1)},${(y + lift).toFixed(1)})` })
}

function drawFlow(
  ribbon: SVGPathElement,
  dots: readonly SVGPathElement[],
  now: EdgeNow,
  length: number,
  phase: number,
): void {
  const mood = now.failed > 0.1 ? 'fail' : now.refused > 0.1 ? 'fast' : 'calm'
  setAll(ribbon, { class: `ribbon ${mood}`, 'stroke-width': width(now.rate).toFixed(1) })
  const gap = spacing(now.rate, length)
  const period = periodOf({ ok: now.ok, fast: now.refused, fail: now.failed })
  for (const [at, hue] of DOT_HUES.entries()) {
    const dashes = dashesOf(period, hue, gap, Number.isFinite(gap) ? phase : 0)
    setAll(dots[at]!, {
      display: dashes ? 'inline' : 'none',
      'stroke-dasharray': dashes?.array,
      'stroke-dashoffset': dashes?.offset.toFixed(1),
    })
  }
}

function pill() {
  const text = svg('text', { 'text-anchor': 'middle', y: 3.8 })
  const box = svg('rect', { x: -15, y: -8, width: 30, height: 16, rx: 8 })
  const title = svg('title', {}, 'Attempts per call')
  return { text, group: svg('g', { class: 'tries' }, title, box, text) }
}

function drawTries({ group, text }: ReturnType<typeof pill>, now: EdgeNow, hasRoom: boolean): void {
  const isShown = now.tries >= TRIES && now.rate > 1 && hasRoom
  setAll(group, { display: isShown ? 'inline' : 'none' })
  if (isShown) setText(text, `×${now.tries.toFixed(1)}`)
}

/** A switch: closed, half open or open. */
function circuitMark() {
  const lever = svg('line', { x1: -5, x2: 5 })
  const title = svg('title')
  const box = svg('rect', { x: -9, y: -6.5, width: 18, height: 13, rx: 3 })
  const ends = [svg('circle', { cx: -5, r: 1.5 }), svg('circle', { cx: 5, r: 1.5 })]
  const group = svg('g', { class: 'circuit' }, title, box, lever, ...ends)
  return {
    group,
    update(state: string): void {
      const lift = state === 'open' ? -5 : state === 'half-open' ? -2.5 : 0
      setAll(group, { class: `circuit ${state}` })
      setAll(lever, { y1: 0, y2: lift, x2: state === 'open' ? 3.5 : 5 })
      setText(title, `circuit ${state}`)
    },
  }
}

/** Of all circuits at an edge, the one that lets the least through. */
function worstState(run: VariantRun, units: readonly UnitInfo[], time: number): string {
  const states = units.flatMap(({ path, states: signals }) =>
    signals.map(({ signal }) => run.stateAt(path, signal, time)),
  )
  return ['open', 'half-open', 'closed'].find((state) => states.includes(state)) ?? 'closed'
}
