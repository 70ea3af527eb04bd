/** Nodes of the topology: a ring for the busy share, a glyph for the state, a tank for the queue, a badge for the order of trouble. */
import { arc } from 'd3'
import { setAll, setText, svg } from '../dom.ts'
import type { Health, ServiceNow } from '../facts/health.ts'
import { labelMark } from './node-label.ts'
import type { NodePlan } from './plan.ts'

/** What a node shows. */
export interface NodeNews {
  readonly now: ServiceNow
  /** Position in the order of first trouble, from 1; 0: was never in trouble until now. */
  readonly order: number
  /** Lines below the name, the first one bold. */
  readonly notes: readonly string[]
  readonly hasFault: boolean
  /** Chosen; part of the path that is lit up; not part of it. */
  readonly isChosen: boolean
  readonly isDim: boolean
  /** Whether its label is drawn even where it has no place of its own. */
  readonly isNamed: boolean
}

/** The marks of one service. */
export interface NodeMarks {
  readonly group: SVGGElement
  update(news: NodeNews): void
}

/** Class by state. */
export const HUE: Readonly<Record<Health, string>> = {
  ok: 'ok',
  slow: 'slow',
  refusing: 'fast',
  failing: 'fail',
}
const TANK = { width: 7, height: 22 }

/** Draws a service in its place. */
export function nodeMarks(plan: NodePlan, line: number): NodeMarks {
  const { spot } = plan
  const { radius } = spot
  const parts = {
    chosen: svg('circle', { class: 'chosen', r: radius + 4 }),
    halo: svg('circle', { class: 'halo', r: radius + 8 }),
    body: svg('circle', { class: 'body', r: radius }),
    ring: svg('path', { class: 'busy-ring' }),
    glyph: svg('path', { class: 'glyph' }),
    tank: tankMark(radius),
    bolt: svg('path', { class: 'bolt', d: 'M1 -7 L-4 1 L-1 1 L-2 7 L4 -2 L0.5 -2 Z' }),
    badge: badgeMark(radius),
    label: labelMark(plan, line),
  }
  setAll(parts.bolt, { transform: `translate(${-radius - 3},${-radius - 2})` })
  const { chosen, halo, body, ring, glyph, tank, badge, bolt, label } = parts
  const group = svg(
    'g',
    { class: 'node', transform: `translate(${spot.x.toFixed(1)},${spot.y.toFixed(1)})` },
    [halo, chosen, body, ring, glyph, tank.group, bolt, badge.group, label.group],
  )
  return { group, update: (news) => update(parts, group, radius, news) }
}

interface Parts {
  readonly ring: SVGPathElement
  readonly glyph: SVGPathElement
  readonly tank: ReturnType<typeof tankMark>
  readonly badge: ReturnType<typeof badgeMark>
  readonly bolt: SVGPathElement
  readonly label: ReturnType<typeof labelMark>
}

function update(
  { ring, glyph, tank, badge, bolt, label }: Parts,
  group: SVGGElement,
  radius: number,
  { now, order, notes, hasFault, isChosen, isDim, isNamed }: NodeNews,
): void {
  const isTroubled = now.health !== 'ok'
  const flags = [isTroubled && 'troubled', isChosen && 'is-chosen', isDim && 'dim']
  setAll(group, { class: ['node', HUE[now.health], ...flags].filter(Boolean).join(' ') })
  const share = now.slots > 0 ? Math.min(1, now.busy / now.slots) : 0
  setAll(ring, { d: ringPath(Math.round(share * 100) / 100, radius) })
  setAll(glyph, { d: glyphPath(now.health, radius) })
  tank.update(now.waiting >= 1 && isTroubled ? fullness(now) : undefined)
  badge.update(order, isTroubled)
  setAll(bolt, { display: hasFault ? 'inline' : 'none' })
  label.update(notes, isNamed)
}

/** The filled share of the queue; one without an end is measured by twenty times the slots. */
export function fullness({ waiting, places, slots }: ServiceNow): number {
  const room = Number.isFinite(places) ? places : Math.max(waiting, slots * 20)
  return room > 0 ? Math.min(1, waiting / room) : 0
}

function ringPath(share: number, radius: number): string {
  const shape = arc<null>()
    .innerRadius(radius - Math.max(2, radius / 4))
    .outerRadius(radius)
    .startAngle(0)
    .endAngle(2 * Math.PI * Math.max(0.015, share))
  return shape(null) ?? ''
}

/** ●, ▲, ╱ or ✕, drawn so that they look the same everywhere. */
export function glyphPath(health: Health, radius: number): string {
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
      const height = Math.round((share ?? 0) * (TANK.height - 3) * 2) / 2
      setAll(level, { y: y + TANK.height - 1.5 - height, height })
    },
  }
}

function badgeMark(radius: number) {
  const text = svg('text', { 'text-anchor': 'middle', y: 3.6 })
  const circle = svg('circle', { r: 7 })
  const group = svg('g', {}, circle, text)
  setAll(group, { transform: `translate(${radius - 1},${-radius + 1})` })
  return {
    group,
    update(order: number, isTroubled: boolean): void {
      setAll(group, {
        class: isTroubled ? 'badge' : 'badge past',
        display: order > 0 ? 'inline' : 'none',
      })
      setAll(circle, { r: order > 9 ? 8.5 : 7 })
      setText(text, order > 0 ? String(order) : '')
    },
  }
}

/** A load: somebody who sends requests. */
export function loadMarks(plan: NodePlan, line: number): SVGGElement {
  const { place, spot } = plan
  const { x, y, radius } = spot
  const head = svg('circle', { class: 'person', cy: -radius * 0.25, r: radius * 0.24 })
  const r = radius * 0.45
  const d = `M${-r} ${r} a${r} ${r * 0.9} 0 0 1 ${2 * r} 0 Z`
  const label = labelMark(plan, line)
  label.update([], false)
  return svg(
    'g',
    { class: 'node load', transform: `translate(${x.toFixed(1)},${y.toFixed(1)})` },
    svg('title', {}, place.name),
    svg('circle', { class: 'body', r: radius }),
    head,
    svg('path', { class: 'person', d }),
    label.group,
  )
}
