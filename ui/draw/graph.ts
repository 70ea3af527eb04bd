/**
 * Where services are drawn. Positions come from the file (`at`, in a picture 1000 wide and 360 high) or,
 * once and for all, from the graph of calls: never from how the run goes, so that nothing ever moves.
 */
import { stratify, tree } from 'd3'
import type { Layout } from '../../engine/results/frame.ts'

/** The picture that positions are told in. */
export const PICTURE = { width: 1000, height: 360 } as const

/** A service or a load in the picture. */
export interface Place {
  readonly name: string
  readonly isLoad: boolean
  readonly x: number
  readonly y: number
  /** Nothing is called from here: the label goes to the right. */
  readonly isLeaf: boolean
}

const LEFT = 30
const RIGHT = 880
const TOP = 14
const BOTTOM = 346
const ROOT = '\u0000'

type Shape = Pick<Layout, 'services' | 'loads' | 'edges'>

/** Places of all services and loads by name. */
export function placesOf(shape: Shape): ReadonlyMap<string, Place> {
  const computed = layered(shape)
  const callers = new Set(shape.edges.filter(({ from, to }) => from !== to).map(({ from }) => from))
  const places = [
    ...shape.loads.map(({ name }) => ({ name, at: undefined, isLoad: true })),
    ...shape.services.map(({ name, at }) => ({ name, at, isLoad: false })),
  ].map(({ name, at, isLoad }): [string, Place] => {
    const [x, y] = at ?? computed.get(name) ?? [LEFT, TOP]
    return [name, { name, isLoad, x, y, isLeaf: !callers.has(name) }]
  })
  return new Map(places)
}

/** Layers by the longest way from a load; in a layer, callees beside their caller. */
function layered({
  services,
  loads,
  edges,
}: Shape): ReadonlyMap<string, readonly [number, number]> {
  const names = [...loads, ...services].map(({ name }) => name)
  const parents = parentsOf(names, edges, new Set(loads.map(({ name }) => name)))
  const root = stratify<string>()
    .id((name) => name)
    .parentId((name) => (name === ROOT ? null : (parents.get(name) ?? ROOT)))([ROOT, ...names])
  const placed = tree<string>()
    .separation(() => 1)
    .size([BOTTOM - TOP, 1])(root)
  const deepest = Math.max(1, placed.height - 1)
  const rows = new Map(placed.descendants().map((node) => [node.data, node.x]))
  const [low, high] = [Math.min(...rows.values()), Math.max(...rows.values())]
  const y = (at: number): number =>
    high > low ? TOP + ((at - low) / (high - low)) * (BOTTOM - TOP) : (TOP + BOTTOM) / 2
  return new Map(
    placed.descendants().map((node) => {
      const x = LEFT + ((node.depth - 1) / deepest) * (RIGHT - LEFT)
      return [node.data, [x, y(node.x)] as const]
    }),
  )
}

type Edges = Layout['edges']

/** The caller beside which each service is drawn: the one farthest from the loads, the first of equals. */
function parentsOf(
  names: readonly string[],
  edges: Edges,
  loads: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const depth = depthsOf(names, edges, loads)
  const parents = new Map<string, string>()
  for (const { from, to } of edges) {
    if (depth.get(from)! >= depth.get(to)!) continue
    const best = parents.get(to)
    if (best === undefined || depth.get(from)! > depth.get(best)!) parents.set(to, from)
  }
  return parents
}

/** Longest ways from the loads; a call that closes a circle does not count. */
function depthsOf(
  names: readonly string[],
  edges: Edges,
  loads: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const depth = new Map(names.map((name) => [name, loads.has(name) ? 0 : 1]))
  const onward = withoutCircles(names, edges)
  for (let round = 0; round < names.length; round++) {
    let isSettled = true
    for (const { from, to } of onward) {
      const here = depth.get(from)! + 1
      if (here <= depth.get(to)!) continue
      depth.set(to, here)
      isSettled = false
    }
    if (isSettled) break
  }
  return depth
}

/** The calls that do not lead back to a service on the way to them. */
function withoutCircles(names: readonly string[], edges: Edges): Edges[number][] {
  const callees = new Map<string, Edges[number][]>()
  for (const edge of edges) callees.set(edge.from, [...(callees.get(edge.from) ?? []), edge])
  const state = new Map<string, 'open' | 'done'>()
  const onward: Edges[number][] = []
  const visit = (name: string): void => {
    state.set(name, 'open')
    for (const edge of callees.get(name) ?? []) {
      if (state.get(edge.to) === 'open') continue
      onward.push(edge)
      if (!state.has(edge.to)) visit(edge.to)
    }
    state.set(name, 'done')
  }
  for (const name of names) if (!state.has(name)) visit(name)
  return onward
}
