/** The marks of a planned topology: made once for a plan, then only brought up to date. */
import type { Layout } from '../../engine/results/frame.ts'
import { svg } from '../dom.ts'
import { together, type EdgeNow } from '../facts/edges.ts'
import type { TopologyNow } from '../facts/topology-now.ts'
import type { Size } from '../view.ts'
import { capsuleMarks, type CapsuleMarks } from './capsule-marks.ts'
import { dotLayer, type Dots } from './dot-layer.ts'
import { edgeLayer, ribbonOf, type Ribbon } from './edge-layer.ts'
import type { FlowColours } from './flow-colours.ts'
import type { EdgePlan } from './edge-furniture.ts'
import type { Plan } from './plan.ts'
import { edgeMarks, type EdgeMarks } from './topology-edges.ts'
import { loadMarks, nodeMarks, type NodeMarks, type NodeNews } from './topology-nodes.ts'

/** What is lit up; undefined: nothing in particular, so everything is. */
export interface Light {
  readonly services: ReadonlySet<string>
  readonly edges: ReadonlySet<string>
}

/** What a picture shows of a run. */
export interface Showing {
  readonly now: TopologyNow
  readonly light: Light | undefined
  /** Name of an edge that is chosen or pointed at. */
  readonly marked: string | undefined
  newsOf(name: string): NodeNews
  circuitAt(edge: string): string | undefined
  /** Undefined: as its load and failures have it. */
  ribbon?(edge: EdgeNow): Pick<Ribbon, 'hue' | 'width'>
}

/** Paper for a picture: canvases for what moves, vectors for what stands. */
export interface Paper {
  readonly elements: readonly Element[]
  readonly picture: SVGSVGElement
  readonly edges: ReturnType<typeof edgeLayer>
  readonly dots: ReturnType<typeof dotLayer>
}

/** Makes the layers, from the lowest to the highest. */
export function paper(): Paper {
  const [edges, dots] = [edgeLayer(), dotLayer()]
  const picture = svg('svg', { class: 'graph', role: 'img' })
  return { elements: [edges.canvas, dots.canvas, picture], picture, edges, dots }
}

/** The marks of a plan. */
export class Scene {
  readonly plan: Plan
  private readonly size: Size
  private readonly id: number
  private readonly nodes: ReadonlyMap<string, NodeMarks>
  private readonly capsules: readonly CapsuleMarks[]
  private readonly marks: readonly EdgeMarks[]
  private dims: readonly boolean[] = []

  /** @param id tells this scene from those before it; @param line is the height of a line of text, in pixels */
  constructor(plan: Plan, size: Size, line: number, id: number) {
    this.plan = plan
    this.size = size
    this.id = id
    const services = [...plan.nodes].filter(([, { place }]) => !place.isLoad)
    this.nodes = new Map(services.map(([name, node]) => [name, nodeMarks(node, line)]))
    this.capsules = plan.capsules.map(capsuleMarks)
    this.marks = plan.edges.map(edgeMarks)
  }

  /** Puts the marks on the paper. */
  lay({ picture }: Paper, line: number): void {
    const loads = [...this.plan.nodes.values()].filter(({ place }) => place.isLoad)
    picture.replaceChildren(
      svg(
        'g',
        {},
        this.capsules.map(({ group }) => group),
      ),
      svg(
        'g',
        {},
        this.marks.map(({ group }) => group),
      ),
      svg(
        'g',
        {},
        loads.map((load) => loadMarks(load, line)),
      ),
      svg(
        'g',
        {},
        [...this.nodes.values()].map(({ group }) => group),
      ),
    )
  }

  /** Brings nodes, ribbons and what stands on edges up to date. */
  show(on: Paper, showing: Showing, colours: FlowColours): void {
    const { now, light, newsOf } = showing
    for (const [name, node] of this.nodes) node.update(newsOf(name))
    for (const [at, { members }] of this.plan.capsules.entries()) {
      const states = members.map((name) => now.services.get(name)?.health ?? 'ok')
      const isDim = light !== undefined && !members.some((name) => light.services.has(name))
      this.capsules[at]!.update(states, isDim)
    }
    const flows = this.plan.edges.map((edge) => flowOf(edge, now))
    this.dims = this.plan.edges.map(
      ({ edges }) => light !== undefined && !edges.some((name) => light.edges.has(name)),
    )
    for (const [at, flow] of flows.entries()) {
      const told = showing.ribbon ? { ...flow, tries: 1 } : flow
      this.marks[at]!.update(told, showing.circuitAt(flow.name), this.dims[at]!)
    }
    const ribbons = flows.map((flow, at) => this.ribbon(flow, at, showing))
    const scene = `${this.id} ${colours.ok}`
    on.edges.draw(scene, this.plan.edges, ribbons, { size: this.size, colours })
  }

  private ribbon(flow: EdgeNow, at: number, { ribbon = ribbonOf, marked }: Showing): Ribbon {
    return { ...ribbon(flow), isDim: this.dims[at]!, isMarked: flow.name === marked }
  }

  /** Draws the dots; `dotsOf` answers undefined for edges without any. */
  flow(
    on: Paper,
    dotsOf: (edge: EdgePlan) => Dots | undefined,
    calls: number,
    colours: FlowColours,
  ): void {
    const { dims, size } = this
    const lit = (edge: EdgePlan, at: number): { dots: Dots; isDim: boolean } | undefined => {
      const dots = edge.edges.length === 1 && edge.name === edge.edges[0] ? dotsOf(edge) : undefined
      return dots && { dots, isDim: dims[at] ?? false }
    }
    on.dots.draw(this.plan.edges, lit, calls, { size, colours })
  }
}

/** The flow of an edge of the picture: of one edge of the system, or of all that it stands for. */
function flowOf({ name, edges }: EdgePlan, now: TopologyNow): EdgeNow {
  const all = edges.flatMap((edge) => now.edges.get(edge) ?? [])
  return all.length === 1 && edges[0] === name ? all[0]! : together(name, all)
}

/** The services next to one: those it calls, and those that call it. */
export function neighbours(edges: Layout['edges'], name: string): string[] {
  return edges.flatMap(({ from, to }) => (from === name ? [to] : to === name ? [from] : []))
}
