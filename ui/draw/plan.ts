/** Where everything of a topology is drawn, in pixels: circles, curves, labels, capsules, switches and pills. No marks yet. */
import type { Layout } from '../../engine/results/frame.ts'
import { CROWD, type Folding } from '../facts/folding.ts'
import type { Size } from '../view.ts'
import { capsulesOf, type Capsule } from './capsule-plan.ts'
import { badgeBoxes, switchBox, withGates, withPills } from './edge-furniture.ts'
import type { EdgePlan, Gated } from './edge-furniture.ts'
import { fitOf, type Extent, type Fit, type FitOptions, type Measure } from './fit.ts'
import type { Spot, Zoom } from './fit.ts'
import type { Place } from './graph.ts'
import { placeLabels, type Box, type Label, type Wish } from './labels.ts'
import { boxAround, bundlesOf, pointsAlong, routesOf } from './routes.ts'

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
/** Pixels of a pill that may be covered where there is little room. */
const CROWDED = 60

/** Plans a picture. */
export function planOf(brief: Brief): Plan {
  const { places, edges, circuits } = brief
  const fit = fitOf([...places.values()], brief.room, fitting(brief))
  const shown = shownOf(brief)
  const spots = new Map(shown.map((place) => [place.name, fit.spotOf(place)]))
  const routes = routesOf(edges, spots)
  const capsules = capsulesIn(brief, fit, {
    spots: [...spots.values()],
    points: routes.flatMap(({ curve }) => curve.points),
  })
  const all = [...routes, ...bundlesOf(edges, spots, capsules)]
  const gated = withGates(all, circuits, spots.values())
  const labels = labelsOf(brief, shown, spots, capsules, gated)
  const nodes = shown.map((place): [string, NodePlan] => {
    const { name } = place
    return [name, { place, spot: spots.get(name)!, label: labels.get(name) }]
  })
  const taken = takenBy(brief, spots, [...labels.values(), ...capsules])
  const most = isSmall(brief) ? Infinity : CROWDED
  return { fit, nodes: new Map(nodes), capsules, edges: withPills(gated, taken, most) }
}

function isSmall({ places }: Brief): boolean {
  return places.size <= CROWD
}

/** Services that are not folded, and the loads that call them. */
function shownOf({ places, edges, folding }: Brief): Place[] {
  const isShown = (name: string): boolean => folding.shown.has(name)
  const called = new Set(edges.filter(({ to }) => isShown(to)).map(({ from }) => from))
  return [...places.values()].filter(({ name, isLoad }) =>
    isLoad ? called.has(name) : isShown(name),
  )
}

function capsulesIn(
  { folding, places, measure, room }: Brief,
  fit: Fit,
  taken: Pick<Parameters<typeof capsulesOf>[4], 'spots' | 'points'>,
): Capsule[] {
  return capsulesOf(folding.folds, places, fit, measure, { ...taken, room })
}

/** A second line of a label as long as most are. */
const NOTE = '900 waiting'
/** Lines that a label can have, about: room is kept for them, so that no circle moves when they are needed. */
const LINES = { small: 2.5, crowd: 1.5 } as const
/** Circles of a picture that folds services, about. */
const UNFOLDED = 24

/** The fit depends on what there is, never on how it fares. */
function fitting(brief: Brief): FitOptions {
  const { folding, measure, line, extent, zoom } = brief
  const lines = isSmall(brief) ? LINES.small : LINES.crowd
  const labelOf = ({ name, isLoad }: Place): Size => {
    const width = Math.max(measure(name), isLoad ? 0 : measure(NOTE))
    return { width, height: line * (isLoad ? 1 : lines) }
  }
  return { extent, zoom, count: folding.folds.length > 0 ? UNFOLDED : undefined, labelOf }
}

function labelsOf(
  brief: Brief,
  shown: readonly Place[],
  spots: ReadonlyMap<string, Spot>,
  capsules: readonly Capsule[],
  edges: readonly Gated[],
): ReadonlyMap<string, Label> {
  const { room } = brief
  const discs = shown.map(({ name }) => ({ name, ...spots.get(name)! }))
  const troubled = discs.filter(({ name }) => brief.troubled.has(name))
  const foot = { x: 0, y: room.height - FOOT.height, ...FOOT }
  const boxes = [
    foot,
    ...capsules.map(({ box }) => box),
    ...edges.flatMap(switchBox),
    ...troubled.flatMap(badgeBoxes),
  ]
  const wishes = shown.map((place) => wishOf(place, spots.get(place.name)!, brief))
  return placeLabels(wishes, { discs, boxes, points: edges.flatMap(pointsAlong), room })
}

function wishOf(place: Place, spot: Spot, brief: Brief): Wish {
  const { name, isLeaf, isLoad } = place
  const { troubled, labelled } = brief
  const ranks = [labelled.has(name) && 4, troubled.has(name) && 2, isSmall(brief) && 1]
  return {
    name,
    spot,
    ...sizeOf(place, brief),
    rank: ranks.reduce<number>((sum, rank) => sum + (rank || 0), 0),
    likes: isLeaf && !isLoad ? 'right' : 'below',
  }
}

/** Room that a label takes when its service is in trouble. */
function sizeOf({ name }: Place, { measure, line, troubled }: Brief): Size {
  const notes = troubled.get(name) ?? []
  const width = Math.max(...[name, ...notes].map(measure))
  return { width, height: line * (1 + notes.length) }
}

/** What pills should not cover. */
function takenBy(
  { troubled }: Brief,
  spots: ReadonlyMap<string, Spot>,
  words: readonly { readonly box: Box }[],
): Box[] {
  const circles = [...spots].map(([name, spot]) => boxAround(spot, troubled.has(name) ? HALO : 0))
  const badges = [...spots].flatMap(([name, spot]) => (troubled.has(name) ? badgeBoxes(spot) : []))
  return [...circles, ...badges, ...words.map(({ box }) => box)]
}
