/**
 * Where services are drawn. Positions come from the file (`at`, in units of its own, to the right and down) or,
 * once and for all, from the graph of calls: never from how the run goes, so that nothing ever moves.
 */
import { stratify, tree } from 'd3'
import type { Layout } from '../../engine/results/frame.ts'

/** A service or a load in the picture. */
export interface Place {
  readonly name: string
  readonly isLoad: boolean
  readonly x: number
  readonly y: number
  /** Nothing is called from here: the label goes to the right. */
  readonly isLeaf: boolean
}

/** A position in the units of the file. */
export type Position = readonly [x: number, y: number]
/** Positions by name of service or load. */
export type Positions = ReadonlyMap<string, Position>

const LEFT = 30
const RIGHT = 880
const TOP = 14
const BOTTOM = 346
const ROOT = '\u0000'
/** Places that are nearer than this to one that the file gives make room for it. */
const NEAREST = 24
const STEP = 34

/** What is known of a system before it runs. */
export interface Shape {
  readonly services: readonly { readonly name: string; readonly at: Position | undefined }[]
  readonly loads: Layout['loads']
  readonly edges: Layout['edges']
}

/** Whether the file says of every service where it stands. */
export function isPlaced({ services }: Pick<Shape, 'services'>): boolean {
  return services.every(({ at }) => at !== undefined)
}

/** Places of all services and loads by name; `computed` stands for what the file leaves open. */
export function placesOf(shape: Shape, computed?: Positions): ReadonlyMap<string, Place> {
  const given = new Map(shape.services.flatMap(({ name, at }) => (at ? [[name, at] as const] : [])))
  const found = isPlaced(shape)
    ? withLoads(shape, given)
    : merged(given, computed ?? layered(shape))
  const callers = new Set(shape.edges.filter(({ from, to }) => from !== to).map(({ from }) => from))
  const loads = new Set(shape.loads.map(({ name }) => name))
  const names = [...loads, ...shape.services.map(({ name }) => name)]
  return new Map(
    names.map((name) => {
      const [x, y] = found.get(name) ?? [LEFT, TOP]
      return [name, { name, isLoad: loads.has(name), x, y, isLeaf: !callers.has(name) }]
    }),
  )
}

/** Given positions stay; computed ones that come too near to them go down. */
function merged(given: Positions, computed: Positions): Positions {
  const all = new Map(given)
  for (const [name, [x, y]] of computed) {
    if (!given.has(name)) all.set(name, [x, freeBelow(x, y, given)])
  }
  return all
}

function freeBelow(x: number, y: number, taken: Positions): number {
  const near = [...taken.values()].filter(([left]) => Math.abs(left - x) < NEAREST)
  let free = y
  while (near.some(([, top]) => Math.abs(top - free) < NEAREST)) free += STEP
  return free
}

/** Loads stand to the left of whom they call, as far as callers stand from callees; those of one service one below the other. */
function withLoads({ loads, edges }: Shape, given: Positions): Positions {
  const ways = edges.flatMap(({ from, to }) => {
    const way = (given.get(to)?.[0] ?? 0) - (given.get(from)?.[0] ?? Infinity)
    return way > 0 && Number.isFinite(way) ? [way] : []
  })
  const way = ways.length === 0 ? 200 : 0.8 * (ways.reduce((a, b) => a + b, 0) / ways.length)
  const all = new Map(given)
  for (const { name, to } of loads) {
    const [x, y] = given.get(to) ?? [LEFT, TOP]
    all.set(name, [x - way, freeBelow(x - way, y, all)])
  }
  return all
}

/** Layers by the longest way from a load; in a layer, callees beside their caller. */
function layered({ services, loads, edges }: Shape): Positions {
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
