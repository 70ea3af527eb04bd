/** Nodes of the topology: a ring for the busy share, a glyph for the state, a tank for the queue. */
import { arc } from 'd3'
import { setAll, setText, svg } from '../dom.ts'
import type { Health, ServiceNow } from '../facts/health.ts'
import { count } from '../format.ts'
import type { Place } from './graph.ts'
import type { Spot } from './topology-edges.ts'

/** Where a label stands: beside the node, beside it and above the way on, or below it. */
export type LabelPlace = 'right' | 'raised' | 'below'

/** What a node shows besides its service's numbers. */
export interface NodeNews {
  /** Position in the order of failure, from 1; 0: was never in trouble until now. */
  readonly order: number
  readonly hasFault: boolean
}

/** The marks of one service. */
export interface NodeMarks {
  readonly group: SVGGElement
  update(now: ServiceNow, news: NodeNews): void
}

const HUE: Readonly<Record<Health, string>> = {
  ok: 'ok',
  slow: 'slow',
  refusing: 'fast',
  failing: 'fail',
}
const TANK = { width: 7, height: 22 }

/** Draws a service at a spot. `room` says where its label goes. */
export function nodeMarks(place: Place, spot: Spot, room: LabelPlace): NodeMarks {
  const { radius } = spot
  const parts = {
    halo: svg('circle', { class: 'halo', r: radius + 8 }),
    body: svg('circle', { class: 'body', r: radius }),
    ring: svg('path', { class: 'ring' }),
    glyph: glyphMark(radius),
    tank: tankMark(radius),
    badge: badgeMark(radius),
    bolt: svg('path', { class: 'bolt', d: 'M1 -7 L-4 1 L-1 1 L-2 7 L4 -2 L0.5 -2 Z' }),
    ...labelMarks(place.name, radius, room),
  }
  setAll(parts.bolt, { transform: `translate(${radius + 7},${-radius + 2})` })
  const { halo, body, ring, glyph, tank, badge, bolt, label, note } = parts
  const group = svg(
    'g',
    { class: 'node', transform: `translate(${spot.x.toFixed(1)},${spot.y.toFixed(1)})` },
    halo,
    body,
    ring,
    glyph,
    tank.group,
    bolt,
    badge.group,
    label,
    note,
  )
  return { group, update: (now, news) => update(parts, group, radius, now, news) }
}

type Parts = {
  readonly halo: SVGCircleElement
  readonly ring: SVGPathElement
  readonly glyph: SVGPathElement
  readonly tank: ReturnType<typeof tankMark>
  readonly badge: ReturnType<typeof badgeMark>
  readonly bolt: SVGPathElement
  readonly note: SVGTextElement
}

function update(
  { ring, glyph, tank, badge, bolt, note }: Parts,
  group: SVGGElement,
  radius: number,
  now: ServiceNow,
  { order, hasFault }: NodeNews,
): void {
  const isTroubled = now.health !== 'ok'
  setAll(group, { class: `node ${HUE[now.health]}${isTroubled ? ' troubled' : ''}` })
  const share = now.slots > 0 ? Math.min(1, now.busy / now.slots) : 0
  setAll(ring, { d: ringPath(share, radius) })
  setAll(glyph, { d: glyphPath(now.health, radius) })
  const isWaiting = now.waiting >= 1 && isTroubled
  tank.update(isWaiting ? fullness(now) : undefined)
  setText(note, isWaiting ? `${count(now.waiting)} waiting` : '')
  badge.update(order, isTroubled)
  setAll(bolt, { display: hasFault ? 'inline' : 'none' })
}

function fullness({ waiting, places, slots }: ServiceNow): number {
  const room = Number.isFinite(places) ? places : Math.max(waiting, slots * 20)
  return room > 0 ? Math.min(1, waiting / room) : 0
}

function ringPath(share: number, radius: number): string {
  const shape = arc<null>()
    .innerRadius(radius - 3)
    .outerRadius(radius)
    .startAngle(0)
    .endAngle(2 * Math.PI * Math.max(0.015, share))
  return shape(null) ?? ''
}

function glyphMark(radius: number): SVGPathElement {
  return svg('path', { class: 'glyph', d: glyphPath('ok', radius) })
}

/** ●, ▲, ╱ or ✕, drawn so that they look the same everywhere. */
function glyphPath(health: Health, radius: number): string {
  const r = radius * 0.34
  switch (health) {
    case 'ok':
      return `M${-r * 0.7} 0 a${r * 0.7} ${r * 0.7} 0 1 0 ${r * 1.4} 0 a${r * 0.7} ${r * 0.7} 0 1 0 ${-r * 1.4} 0 Z`
    case 'slow':
      return `M0 ${-r} L${r} ${r * 0.8} L${-r} ${r * 0.8} Z`
    case 'refusing':
      return `M${-r} ${r} L${r} ${-r}`
    case 'failing':
      return `M${-r} ${-r} L${r} ${r} M${r} ${-r} L${-r} ${r}`
  }
}

function tankMark(radius: number) {
  const [x, y] = [-radius - 17, -TANK.height / 2]
  const outline = svg('rect', { class: 'tank', x, y, rx: 2, ...TANK })
  const level = svg('rect', { class: 'level', x: x + 1.5, width: TANK.width - 3, rx: 1 })
  const group = svg('g', {}, outline, level)
  return {
    group,
    update(share: number | undefined): void {
      setAll(group, { display: share === undefined ? 'none' : 'inline' })
      const height = (share ?? 0) * (TANK.height - 3)
      setAll(level, { y: y + TANK.height - 1.5 - height, height })
    },
  }
}

function badgeMark(radius: number) {
  const text = svg('text', { 'text-anchor': 'middle', y: 3.6 })
  const group = svg('g', {}, svg('circle', { r: 7 }), text)
  setAll(group, { transform: `translate(${radius - 1},${-radius + 1})` })
  return {
    group,
    update(order: number, isTroubled: boolean): void {
      setAll(group, {
        class: isTroubled ? 'badge' : 'badge past',
        display: order > 0 ? 'inline' : 'none',
      })
      setText(text, order > 0 ? String(order) : '')
    },
  }
}

function labelMarks(name: string, radius: number, room: LabelPlace) {
  const beside = room !== 'below'
  const x = room === 'right' ? radius + 8 : beside ? radius - 1 : 0
  const y = room === 'right' ? 4 : room === 'below' ? radius + 14 : -radius
  const anchor = beside ? 'start' : 'middle'
  const label = svg('text', { class: 'name', x, y, 'text-anchor': anchor }, name)
  const note = svg('text', { class: 'waiting', x, y: y + 13, 'text-anchor': anchor })
  return { label, note }
}

/** A load: somebody who sends requests. */
export function loadMarks({ name }: Place, { x, y, radius }: Spot, room: LabelPlace): SVGGElement {
  const head = svg('circle', { class: 'person', cy: -radius * 0.25, r: radius * 0.24 })
  const r = radius * 0.45
  const body = svg('path', {
    class: 'person',
    d: `M${-r} ${r} a${r} ${r * 0.9} 0 0 1 ${2 * r} 0 Z`,
  })
  const { label } = labelMarks(name, radius, room)
  return svg(
    'g',
    { class: 'node load', transform: `translate(${x.toFixed(1)},${y.toFixed(1)})` },
    svg('circle', { class: 'body', r: radius }),
    head,
    body,
    label,
  )
}
