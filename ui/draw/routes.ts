/** The way of every edge of a picture: from circle to circle, or, for folded services, from and to their capsules. */
import type { Layout } from '../../engine/results/frame.ts'
import { horizontalLink, verticalLink, type Curve, type Dot } from './bezier.ts'
import type { Capsule } from './capsule-plan.ts'
import type { Spot } from './fit.ts'
import type { Box } from './labels.ts'

/** An edge, or several that lead to or from a capsule. */
export interface Route {
  readonly name: string
  /** Names of the edges of the system that it stands for. */
  readonly edges: readonly string[]
  readonly curve: Curve
}

type Edges = Layout['edges']
type Spots = ReadonlyMap<string, Spot>

/** Edges between services that are drawn one by one. */
export function routesOf(edges: Edges, spots: Spots): Route[] {
  return edges.flatMap(({ name, from, to }) => {
    const [start, end] = [spots.get(from), spots.get(to)]
    return start && end && from !== to ? [{ name, edges: [name], curve: linkOf(start, end) }] : []
  })
}

function linkOf(start: Spot, end: Spot): Curve {
  return horizontalLink(
    { x: start.x + start.radius + 1, y: start.y },
    { x: end.x - end.radius - 1, y: end.y },
  )
}

interface Bundle {
  readonly from: Box
  readonly to: Box
  readonly edges: string[]
}

/** All calls between a capsule and a service, or between two capsules, as one edge each. */
export function bundlesOf(edges: Edges, spots: Spots, capsules: readonly Capsule[]): Route[] {
  const bundles = new Map<string, Bundle>()
  const holder = holderIn(spots, capsules)
  for (const { name, from, to } of edges) {
    const [start, end] = [holder(from), holder(to)]
    if (!start || !end || start.id === end.id || (spots.has(from) && spots.has(to))) continue
    const id = `${start.id} -> ${end.id}`
    const bundle = bundles.get(id) ?? { from: start.box, to: end.box, edges: [] }
    bundle.edges.push(name)
    bundles.set(id, bundle)
  }
  return [...bundles].map(([name, bundle]) => ({
    name,
    edges: bundle.edges,
    curve: linkBoxes(bundle.from, bundle.to),
  }))
}

/** Where a service is drawn: in a place of its own, or in a capsule. */
function holderIn(spots: Spots, capsules: readonly Capsule[]) {
  return (name: string): { id: string; box: Box } | undefined => {
    const spot = spots.get(name)
    if (spot) return { id: name, box: boxAround(spot) }
    const capsule = capsules.find(({ members }) => members.includes(name))
    return capsule && { id: `capsule ${capsule.domain}`, box: capsule.box }
  }
}

/** The square around a circle, with so many pixels more on every side. */
export function boxAround({ x, y, radius }: Spot, more = 1): Box {
  const half = radius + more
  return { x: x - half, y: y - half, width: 2 * half, height: 2 * half }
}

/** From side to side where the boxes stand beside each other, else from edge to edge. */
function linkBoxes(from: Box, to: Box): Curve {
  const [a, b] = [middle(from), middle(to)]
  if (from.x + from.width <= to.x) {
    return horizontalLink({ x: from.x + from.width, y: a.y }, { x: to.x, y: b.y })
  }
  const isDown = b.y > a.y
  const start = { x: a.x, y: isDown ? from.y + from.height : from.y }
  return verticalLink(start, { x: b.x, y: isDown ? to.y : to.y + to.height })
}

function middle({ x, y, width, height }: Box): Dot {
  return { x: x + width / 2, y: y + height / 2 }
}

/** Pixels between points of an edge that labels keep clear of. */
const DENSE = 4

/** Points of an edge, so close that nothing fits between them. */
export function pointsAlong({ curve }: Pick<Route, 'curve'>): Dot[] {
  const count = Math.max(2, Math.ceil(curve.length / DENSE))
  return Array.from({ length: count }, (_, at) => curve.at((at + 0.5) / count))
}
