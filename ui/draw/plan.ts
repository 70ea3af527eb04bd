/** Where everything of a topology is drawn, in pixels: circles, curves, labels, capsules, switches and pills. No marks yet. */
import { CROWD, type Folding } from '../facts/folding.ts'
import type { Layout } from '../../engine/results/frame.ts'
import type { Size } from '../view.ts'
import { horizontalLink, verticalLink, type Curve, type Dot } from './bezier.ts'
import { capsulesOf, type Capsule } from './capsule-plan.ts'
import {
  fitOf,
  type Extent,
  type Fit,
  type FitOptions,
  type Measure,
  type Spot,
  type Zoom,
} from './fit.ts'
import type { Place } from './graph.ts'
import { overlap, placeLabels, type Box, type Label, type Wish } from './labels.ts'

/** What a picture is planned from. */
export interface Brief {
  readonly places: ReadonlyMap<string, Place>
  readonly edges: Layout['edges']
  readonly folding: Folding
  /** Services that are in trouble at some time, with the longest lines that they need below their names. */
  readonly troubled: ReadonlyMap<string, readonly string[]>
  /** Services whose labels are drawn whatever they cover. */
  readonly labelled: ReadonlySet<string>
  /** Edges with a circuit breaker. */
  readonly circuits: ReadonlySet<string>
  readonly room: Size
  readonly measure: Measure
  /** Pixels of a line of text. */
  readonly line: number
  readonly extent: Extent | undefined
  readonly zoom: Zoom | undefined
}

/** A service or a load in its place. */
export interface NodePlan {
  readonly place: Place
  readonly spot: Spot
  /** Undefined: there is no room for one, unless somebody points at it. */
  readonly label: Label | undefined
}

/** An edge, or several that lead to or from a capsule. */
export interface EdgePlan {
  readonly name: string
  /** Names of the edges of the system that it stands for. */
  readonly edges: readonly string[]
  readonly curve: Curve
  /** Share of the curve at which its circuit breaker stands. */
  readonly gate: number | undefined
  /** Where attempts per call are told. */
  readonly pill: Dot | undefined
}

/** A picture. */
export interface Plan {
  readonly fit: Fit
  readonly nodes: ReadonlyMap<string, NodePlan>
  readonly capsules: readonly Capsule[]
  readonly edges: readonly EdgePlan[]
}

/** Pixels of the words in the lower left corner. */
const FOOT: Size = { width: 92, height: 12 }
/** Pixels of the ring around a circle in trouble. */
const HALO = 8
/** Pixels of the box of a pill and of a switch. */
export const PILL: Size = { width: 32, height: 16 }
export const SWITCH: Size = { width: 20, height: 14 }
/** Curves that are shorter have no room for them. */
const SHORT = 30

/** Plans a picture. */
export function planOf(brief: Brief): Plan {
  const { places, folding, room, measure } = brief
  const isShown = (name: string): boolean => folding.shown.has(name)
  const called = new Set(brief.edges.filter(({ to }) => isShown(to)).map(({ from }) => from))
  const shown = [...places.values()].filter(({ name, isLoad }) =>
    isLoad ? called.has(name) : isShown(name),
  )
  const fit = fitOf([...places.values()], room, fitting(brief))
  const spots = new Map(shown.map((place) => [place.name, fit.spotOf(place)]))
  const between = linesOf(brief, (name) => spots.get(name))
  const capsules = capsulesOf(folding.folds, places, fit, measure, {
    spots: [...spots.values()],
    points: between.flatMap(({ curve }) => curve.points),
    room,
  })
  const lines = [...between, ...bundlesOf(brief, spots, capsules)]
  const gated = withGates(lines, brief, spots)
  const labels = labelsOf(brief, shown, spots, capsules, gated)
  const nodes = shown.map((place): [string, NodePlan] => {
    const { name } = place
    return [name, { place, spot: spots.get(name)!, label: labels.get(name) }]
  })
  return {
    fit,
    nodes: new Map(nodes),
    capsules,
    edges: withPills(gated, brief, spots, labels, capsules),
  }
}

/** A second line of a label as long as most are. */
const NOTE = '900 waiting'
/** Lines that a label can have, about: room is kept for them, so that no circle moves when they are needed. */
const LINES = { small: 2.5, crowd: 1.5 } as const
/** Circles of a picture that folds services, about. */
const UNFOLDED = 24

/** The fit depends on what there is, never on how it fares. */
function fitting({ places, folding, measure, line, extent, zoom }: Brief): FitOptions {
  const isFolded = folding.folds.length > 0
  const lines = places.size <= CROWD ? LINES.small : LINES.crowd
  const labelOf = ({ name, isLoad }: Place): Size => {
    const width = Math.max(measure(name), isLoad ? 0 : measure(NOTE))
    return { width, height: line * (isLoad ? 1 : lines) }
  }
  return { extent, zoom, count: isFolded ? UNFOLDED : undefined, labelOf }
}

type Line = Pick<EdgePlan, 'name' | 'edges' | 'curve'>

/** Edges between services that are drawn one by one. */
function linesOf({ edges }: Brief, spotOf: (name: string) => Spot | undefined): Line[] {
  return edges.flatMap(({ name, from, to }) => {
    const [start, end] = [spotOf(from), spotOf(to)]
    return start && end && from !== to ? [{ name, edges: [name], curve: linkOf(start, end) }] : []
  })
}

function linkOf(start: Spot, end: Spot): Curve {
  return horizontalLink(
    { x: start.x + start.radius + 1, y: start.y },
    { x: end.x - end.radius - 1, y: end.y },
  )
}

/** All calls between a capsule and a service, or between two capsules, as one edge each. */
function bundlesOf(
  { edges }: Brief,
  spots: ReadonlyMap<string, Spot>,
  capsules: readonly Capsule[],
): Line[] {
  const bundles = new Map<string, { from: Box; to: Box; edges: string[] }>()
  const holder = (name: string): { id: string; box: Box } | undefined => {
    const spot = spots.get(name)
    if (spot) return { id: name, box: boxAround(spot) }
    const capsule = capsules.find(({ members }) => members.includes(name))
    return capsule && { id: `capsule ${capsule.domain}`, box: capsule.box }
  }
  for (const { name, from, to } of edges) {
    const [start, end] = [holder(from), holder(to)]
    if (!start || !end || start.id === end.id || (spots.has(from) && spots.has(to))) continue
    const id = `${start.id} -> ${end.id}`
    const bundle = bundles.get(id) ?? { from: start.box, to: end.box, edges: [] }
    bundle.edges.push(name)
    bundles.set(id, bundle)
  }
  return [...bundles].map(([name, { from, to, edges: all }]) => ({
    name,
    edges: all,
    curve: linkBoxes(from, to),
  }))
}

function boxAround({ x, y, radius }: Spot, more = 1): Box {
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

type Gated = Omit<EdgePlan, 'pill'>

/** Places for switches: about the middle, and on no circle. */
const GATES = [0.48, 0.4, 0.56, 0.34, 0.62]

function withGates(
  lines: readonly Line[],
  { circuits }: Brief,
  spots: ReadonlyMap<string, Spot>,
): Gated[] {
  const taken: Box[] = [...spots.values()].map((spot) => boxAround(spot))
  return lines.map((line) => {
    if (!circuits.has(line.name)) return { ...line, gate: undefined }
    const gate = least(GATES, (share) => covered(boxOn(line.curve.at(share), SWITCH), taken))
    taken.push(boxOn(line.curve.at(gate), SWITCH))
    return { ...line, gate }
  })
}

/** Places for pills: shares of the curve, and pixels above or below it. */
const PILLS = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74].flatMap((share) =>
  [0, -12, 12, -18, 18].map((lift) => ({ share, lift })),
)

/** Pixels of a pill that may be covered where there is little room. */
const CROWDED = 60

function withPills(
  lines: readonly Gated[],
  { troubled, places }: Brief,
  spots: ReadonlyMap<string, Spot>,
  labels: ReadonlyMap<string, Label>,
  capsules: readonly Capsule[],
): EdgePlan[] {
  const taken = [
    ...[...spots].map(([name, spot]) => boxAround(spot, troubled.has(name) ? HALO : 0)),
    ...[...spots].flatMap(([name, spot]) => (troubled.has(name) ? badgeBoxes(spot) : [])),
    ...[...labels.values()].map(({ box }) => box),
    ...capsules.map(({ box }) => box),
    ...lines.flatMap(switchBox),
  ]
  const isCrowd = places.size > CROWD
  return lines.map((line) => {
    if (line.curve.length < SHORT || line.edges.length > 1) return { ...line, pill: undefined }
    const at = ({ share, lift }: (typeof PILLS)[number]): Dot => {
      const { x, y } = line.curve.at(share)
      return { x, y: y + lift }
    }
    const costOf = (one: (typeof PILLS)[number]): number =>
      covered(boxOn(at(one), PILL), taken) + Math.abs(one.lift)
    const best = least(PILLS, costOf)
    if (isCrowd && costOf(best) > CROWDED) return { ...line, pill: undefined }
    const pill = at(best)
    taken.push(boxOn(pill, PILL))
    return { ...line, pill }
  })
}

/** The box of the switch of an edge, if it has one. */
export function switchBox({ gate, curve }: Pick<EdgePlan, 'gate' | 'curve'>): Box[] {
  return gate === undefined ? [] : [boxOn(curve.at(gate), SWITCH)]
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

function labelsOf(
  brief: Brief,
  shown: readonly Place[],
  spots: ReadonlyMap<string, Spot>,
  capsules: readonly Capsule[],
  lines: readonly Gated[],
): ReadonlyMap<string, Label> {
  const discs = shown.map(({ name }) => ({ name, ...spots.get(name)! }))
  const troubled = discs.filter(({ name }) => brief.troubled.has(name))
  return placeLabels(
    shown.map((place) => wishOf(place, spots.get(place.name)!, brief)),
    {
      discs,
      boxes: [
        { x: 0, y: brief.room.height - FOOT.height, ...FOOT },
        ...capsules.map(({ box }) => box),
        ...lines.flatMap(switchBox),
        ...troubled.flatMap(badgeBoxes),
      ],
      points: lines.flatMap(pointsAlong),
      room: brief.room,
    },
  )
}

/** Pixels between points of an edge that labels keep clear of. */
const DENSE = 4

function pointsAlong({ curve }: Line): Dot[] {
  const count = Math.max(2, Math.ceil(curve.length / DENSE))
  return Array.from({ length: count }, (_, at) => curve.at((at + 0.5) / count))
}

/** The badge at the upper right of a circle, and the tank at its left. */
function badgeBoxes({ x, y, radius }: Spot): Box[] {
  return [
    { x: x + radius - 8, y: y - radius - 6, width: 14, height: 14 },
    { x: x - radius - 18, y: y - 11, width: 10, height: 22 },
  ]
}

function wishOf(place: Place, spot: Spot, brief: Brief): Wish {
  const { name, isLeaf, isLoad } = place
  const { troubled, labelled } = brief
  const isSmall = brief.places.size <= CROWD
  return {
    name,
    spot,
    ...sizeOf(place, brief),
    rank: (labelled.has(name) ? 4 : 0) + (troubled.has(name) ? 2 : 0) + (isSmall ? 1 : 0),
    likes: isLeaf && !isLoad ? 'right' : 'below',
  }
}

/** Room that a label takes when its service is in trouble. */
function sizeOf({ name }: Place, { measure, line, troubled }: Brief): Size {
  const notes = troubled.get(name) ?? []
  const width = Math.max(...[name, ...notes].map(measure))
  return { width, height: line * (1 + notes.length) }
}
