/**
 * Positions by the Eclipse Layout Kernel, for files that leave them open. It is large: it is fetched when it is first
 * needed, runs in a worker of its own, and is sent away afterwards. The same graph gets the same positions.
 */
import type { ElkNode } from 'elkjs/lib/elk-api.js'
import { scriptUrl } from '../trusted.ts'
import type { Position, Positions, Shape } from './graph.ts'

/** Where computed positions lie, in units of a file. */
const FRAME = { left: 30, top: 14, width: 850, height: 332 } as const

/** Room that a service takes with its label. */
const NODE = { width: 60, height: 44 }

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.randomSeed': '1',
  'elk.spacing.nodeNode': '24',
  'elk.layered.spacing.nodeNodeBetweenLayers': '90',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
} as const

/** What lays a graph out; undefined where it cannot be had. */
export type LayOut = (graph: ElkNode) => Promise<ElkNode>

/** The graph as ELK wants it. */
export function elkGraph({ services, loads, edges }: Shape): ElkNode {
  const names = [...loads, ...services].map(({ name }) => name)
  return {
    id: 'root',
    layoutOptions: OPTIONS,
    children: names.map((name) => ({ id: name, ...NODE })),
    edges: edges
      .filter(({ from, to }) => names.includes(from) && names.includes(to) && from !== to)
      .map(({ name, from, to }) => ({ id: name, sources: [from], targets: [to] })),
  }
}

/** Positions out of a graph that has been laid out, in units of a file. */
export function elkPositions({ children = [] }: ElkNode): Positions {
  const corners = children.map(({ id, x = 0, y = 0 }) => ({ id, x, y }))
  const [left, width] = extent(corners.map(({ x }) => x))
  const [top, height] = extent(corners.map(({ y }) => y))
  const place = (x: number, y: number): Position => [
    Math.round(FRAME.left + (width === 0 ? 0 : ((x - left) / width) * FRAME.width)),
    Math.round(FRAME.top + (height === 0 ? 0.5 : (y - top) / height) * FRAME.height),
  ]
  return new Map(corners.map(({ id, x, y }) => [id, place(x, y)]))
}

function extent(values: readonly number[]): [least: number, size: number] {
  const least = Math.min(...values)
  return [least, Math.max(...values) - least]
}

/** Fetches ELK, lays one graph out in a worker, and ends the worker. */
const inWorker: LayOut = async (graph) => {
  const [{ default: Elk }, { default: url }] = await Promise.all([
    import('elkjs/lib/elk-api.js'),
    import('elkjs/lib/elk-worker.min.js?url'),
  ])
  const elk = new Elk({ algorithms: ['layered'], workerFactory: () => new Worker(scriptUrl(url)) })
  try {
    return await elk.layout(graph)
  } finally {
    elk.terminateWorker()
  }
}

/** Keeps what has been laid out, by the names of services and calls. */
export class Layouts {
  private readonly known = new Map<string, Positions | undefined>()
  private readonly layOut: LayOut

  constructor(layOut: LayOut = inWorker) {
    this.layOut = layOut
  }

  /** The positions of a system, if they have been computed; else asks for them, and tells when they are there. */
  of(shape: Shape, tell: () => void): Positions | undefined {
    const key = JSON.stringify([
      shape.loads.map(({ name }) => name),
      shape.services.map(({ name }) => name),
      shape.edges.map(({ name }) => name),
    ])
    if (this.known.has(key)) return this.known.get(key)
    this.known.set(key, undefined)
    void this.ask(key, shape, tell)
    return undefined
  }

  /** Where it fails, the positions that were drawn meanwhile stay. */
  private async ask(key: string, shape: Shape, tell: () => void): Promise<void> {
    try {
      this.known.set(key, elkPositions(await this.layOut(elkGraph(shape))))
      tell()
    } catch {
      this.known.delete(key)
    }
  }
}
