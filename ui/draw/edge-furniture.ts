/** What stands on edges: the switch of a circuit breaker, and the pill with the attempts per call. */
import type { Size } from '../view.ts'
import type { Dot } from './bezier.ts'
import type { Spot } from './fit.ts'
import { overlap, type Box } from './labels.ts'
import { boxAround, type Route } from './routes.ts'

/** An edge with its switch: the share of the curve where it stands; undefined: it has none. */
export interface Gated extends Route {
  readonly gate: number | undefined
}

/** An edge with all that stands on it. */
export interface EdgePlan extends Gated {
  /** Where attempts per call are told; undefined: there is no room. */
  readonly pill: Dot | undefined
}

/** Pixels of the box of a pill and of a switch. */
export const PILL: Size = { width: 32, height: 16 }
export const SWITCH: Size = { width: 20, height: 14 }
/** Curves that are shorter have no room for them. */
const SHORT = 30

/** Places for switches: about the middle, and on no circle. */
const GATES = [0.48, 0.4, 0.56, 0.34, 0.62]

/** Puts switches on edges that have a circuit breaker. */
export function withGates(
  routes: readonly Route[],
  circuits: ReadonlySet<string>,
  spots: Iterable<Spot>,
): Gated[] {
  const taken: Box[] = [...spots].map((spot) => boxAround(spot))
  return routes.map((route) => {
    if (!circuits.has(route.name)) return { ...route, gate: undefined }
    const gate = least(GATES, (share) => covered(boxOn(route.curve.at(share), SWITCH), taken))
    taken.push(boxOn(route.curve.at(gate), SWITCH))
    return { ...route, gate }
  })
}

/** Places for pills: shares of the curve, and pixels above or below it. */
const PILLS = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74].flatMap((share) =>
  [0, -12, 12, -18, 18].map((lift) => ({ share, lift })),
)

/** Puts pills on edges; one that covers more than `most` pixels is left out. */
export function withPills(
  edges: readonly Gated[],
  taken: readonly Box[],
  most: number,
): EdgePlan[] {
  const all = [...taken, ...edges.flatMap(switchBox)]
  return edges.map((edge) => {
    const pill = pillOn(edge, all, most)
    if (pill) all.push(boxOn(pill, PILL))
    return { ...edge, pill }
  })
}

function pillOn({ curve, edges }: Route, taken: readonly Box[], most: number): Dot | undefined {
  if (curve.length < SHORT || edges.length > 1) return undefined
  const places = PILLS.map(({ share, lift }) => {
    const { x, y } = curve.at(share)
    const at = { x, y: y + lift }
    return { at, cost: covered(boxOn(at, PILL), taken) + Math.abs(lift) }
  })
  const { at, cost } = least(places, (place) => place.cost)
  return cost > most ? undefined : at
}

/** The box of the switch of an edge, if it has one. */
export function switchBox({ gate, curve }: Pick<Gated, 'gate' | 'curve'>): Box[] {
  return gate === undefined ? [] : [boxOn(curve.at(gate), SWITCH)]
}

/** The badge at the upper right of a circle in trouble, and the tank at its left. */
export function badgeBoxes({ x, y, radius }: Spot): Box[] {
  return [
    { x: x + radius - 8, y: y - radius - 6, width: 14, height: 14 },
    { x: x - radius - 18, y: y - 11, width: 10, height: 22 },
  ]
}

function boxOn({ x, y }: Dot, { width, height }: Size): Box {
  return { x: x - width / 2, y: y - height / 2, width, height }
}

function covered(box: Box, taken: readonly Box[]): number {
  return taken.reduce((sum, one) => sum + overlap(box, one), 0)
}

/** The first of the best. */
function least<T>(all: readonly T[], cost: (one: T) => number): T {
  const costs = all.map(cost)
  return all[costs.indexOf(Math.min(...costs))]!
}
