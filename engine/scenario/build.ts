/** Scenario to world: resolves names once, leaves out what is off, makes nodes, links and stacks of layers. */
import type { AnyComponent, Place } from '../component.ts'
import { EdgeColumns } from '../results/edge-columns.ts'
import { Occupancy } from '../results/occupancy.ts'
import type { ColumnInfo } from '../results/frame.ts'
import { EDGE_METRICS, HEAT, SERVICE_METRICS, TOTAL_METRICS } from '../results/frame.ts'
import { servicesNamed } from '../params.ts'
import { Edge } from '../model/edge.ts'
import { Faults } from '../model/faults.ts'
import { Instance } from '../model/instance.ts'
import { Link } from '../model/link.ts'
import { calleesOf, compilePlan } from '../model/plan.ts'
import { Service } from '../model/service.ts'
import { Stack } from '../model/stack.ts'
import { Unit } from '../model/unit.ts'
import type { UnitSite } from '../model/unit-site.ts'
import { Workload } from '../model/workload.ts'
import { World } from '../model/world.ts'
import { merged } from '../overlay.ts'
import { pushesOn } from './pushes.ts'
import type { Attachment, Scenario, Step } from './scenario.ts'

/** A component attached to one place, with the values that hold there. */
interface Fitting {
  readonly attachment: Attachment
  readonly component: AnyComponent
  readonly values: Record<string, unknown>
}

/** What a built world is made of, for whoever names its columns. */
export interface Built {
  readonly world: World
  readonly columns: readonly ColumnInfo[]
  /** Position in the recorder of each column of the layout. */
  readonly columnOrder: readonly number[]
  readonly edgeColumns: ReadonlyMap<string, EdgeColumns>
}

type Catalogue = ReadonlyMap<string, AnyComponent>

/** Makes the world of a scenario. The scenario must have been checked; a wrong name here is an error of the engine. */
export function build(
  scenario: Scenario,
  seed: string,
  recording: boolean,
  catalogue: Catalogue,
): Built {
  return new Builder(scenario, seed, recording, catalogue).build()
}

class Builder {
  private readonly world: World
  private readonly scenario: Scenario
  private readonly catalogue: Catalogue
  private readonly columns: ColumnInfo[] = []
  private readonly order: number[] = []
  private readonly edgeColumns = new Map<string, EdgeColumns>()

  constructor(scenario: Scenario, seed: string, recording: boolean, catalogue: Catalogue) {
    this.scenario = scenario
    this.catalogue = catalogue
    this.world = new World(scenario, seed, recording)
  }

  build(): Built {
    const { world } = this
    this.makeServices()
    this.makeLoads()
    this.makeLinks()
    for (const service of world.services.values())
      service.instances.forEach((instance) => this.furnish(instance))
    for (const load of world.loads) this.connectLoad(load)
    this.placeControllers()
    this.nameColumns()
    world.faults = new Faults(world)
    this.start()
    return { world, columns: this.columns, columnOrder: this.order, edgeColumns: this.edgeColumns }
  }

  private makeServices(): void {
    const { world, scenario } = this
    for (const [name, spec] of Object.entries(scenario.services)) {
      const service = new Service(world, name, spec)
      world.services.set(name, service)
      const most = Math.max(spec.instances, this.mostInstances(name))
      for (let index = 0; index < most; index++)
        service.instances.push(new Instance(service, index))
      if (most > 1) service.occupancy = new Occupancy(world)
      service.relist()
      this.compilePlans(service)
    }
  }

  /** Plan 0 is the plan of '*'; an operation without a plan of its own uses it. */
  private compilePlans(service: Service): void {
    const operation = (name: string): number => this.world.operation(name)
    const callees = this.calleesOf(service)
    const edge = (callee: string): number => callees.indexOf(callee)
    service.plans[0] = compilePlan(service.spec.calls['*'] ?? [], operation, edge)
    for (const [op, steps] of Object.entries(service.spec.calls)) {
      if (op !== '*') service.plans[operation(op)] = compilePlan(steps, operation, edge)
    }
  }

  private makeLoads(): void {
    const loads = Object.entries(this.scenario.load)
    loads.forEach(([name, spec], at) =>
      this.world.loads.push(new Workload(this.world, name, spec, at, loads.length)),
    )
  }

  /** Every pair that can talk gets a link: callers and callees, loads, peers, and services that patterns name. */
  private makeLinks(): void {
    const { world, scenario } = this
    for (const [name, spec] of Object.entries(scenario.services)) {
      const named = [...this.fittingsOf(name), ...this.edgeFittingsFrom(name)].flatMap((fitting) =>
        this.servicesOf(fitting),
      )
      const callees = new Set([
        ...Object.values(spec.calls).flatMap((steps) => calleesOf(steps as Step[])),
        ...named,
        name,
      ])
      for (const callee of callees) this.link(name, callee)
    }
    for (const load of world.loads) this.link(load.name, load.spec.to)
  }

  private link(from: string, to: string): void {
    const { world, scenario } = this
    const name = `${from} -> ${to}`
    const spec =
      scenario.links[name] ??
      (from in scenario.load ? undefined : scenario.links['default']) ??
      NO_LINK
    if (!world.links.has(name)) world.links.set(name, new Link(world, name, spec))
  }

  /** Layers, edges and components of one instance. */
  private furnish(instance: Instance): void {
    const { home } = instance
    // A lone instance keeps its names when an autoscaler may add others.
    const suffix = home.spec.instances > 1 || instance.index > 0 ? `#${instance.index}` : ''
    const fittings = this.fittingsOf(home.name, 'server')
    for (const callee of this.calleesOf(home))
      instance.edges.set(callee, this.edge(home.name, callee, instance, suffix))
    instance.edgeList = [...instance.edges.values()]
    const units = fittings.map((fitting) =>
      this.unit(fitting, {
        ...siteAt(home.name, suffix, fitting),
        service: home,
        instance,
        callee: null,
        edges: instance.edges,
      }),
    )
    instance.units.push(...units)
    instance.stack = new Stack(units)
  }

  /** Whom a service calls: by its plans, then by components that sit on it. */
  private calleesOf(service: Service): string[] {
    const planned = Object.values(service.spec.calls).flatMap((steps) => calleesOf(steps as Step[]))
    const named = this.fittingsOf(service.name, 'server').flatMap((fitting) =>
      this.servicesOf(fitting),
    )
    return [...new Set([...planned, ...named])]
  }

  /** The services that a component calls, now or after a push of its configuration. */
  private servicesOf(fitting: Fitting): string[] {
    const { params } = fitting.component
    return [...new Set(this.settingsOf(fitting).flatMap((each) => servicesNamed(params, each)))]
  }

  /** The values of a component: those of the file, and those after each push. */
  private settingsOf({ attachment, values }: Fitting): Record<string, unknown>[] {
    return [
      values,
      ...pushesOn(attachment.id, this.scenario.faults).map((push) => merged(values, push)),
    ]
  }

  private connectLoad(load: Workload): void {
    load.edge = this.edge(load.name, load.spec.to, null, '')
  }

  /** One caller instance's way to a callee, with its client layers; the balancer is innermost unless `order` says otherwise. */
  private edge(from: string, to: string, caller: Instance | null, suffix: string): Edge {
    const { world } = this
    const name = `${from} -> ${to}`
    const callee = world.service(to)
    const edge = new Edge(
      world,
      name,
      caller,
      callee,
      world.linkBetween(from, to),
      this.columnsOf(name),
    )
    const fittings = this.edgeFittings(from, to)
    const ways = new Map([[to, edge]])
    const units = fittings.map((fitting) => {
      for (const name of this.servicesOf(fitting))
        ways.set(name, this.plainEdge(from, name, caller))
      return this.unit(fitting, {
        ...siteAt(name, suffix, fitting),
        service: caller?.home ?? null,
        instance: caller,
        callee,
        edges: ways,
      })
    })
    edge.stack = new Stack(units)
    caller?.units.push(...units)
    return edge
  }

  /** A way that only a pattern uses (fallback to another service): no layers of its own. */
  private plainEdge(from: string, to: string, caller: Instance | null): Edge {
    const { world } = this
    const name = `${from} -> ${to}`
    this.link(from, to)
    const edge = new Edge(
      world,
      name,
      caller,
      world.service(to),
      world.linkBetween(from, to),
      this.columnsOf(name),
    )
    edge.stack = new Stack([])
    return edge
  }

  private columnsOf(edge: string): EdgeColumns {
    const known = this.edgeColumns.get(edge)
    if (known) return known
    const columns = new EdgeColumns(this.world)
    this.edgeColumns.set(edge, columns)
    this.world.edgeBooks.push(columns)
    return columns
  }

  private placeControllers(): void {
    for (const service of this.world.services.values()) {
      for (const fitting of this.fittingsOf(service.name, 'controller')) {
        this.unit(fitting, {
          ...siteAt(service.name, '', fitting),
          service,
          instance: null,
          callee: null,
          edges: new Map(),
        })
      }
    }
  }

  private unit(fitting: Fitting, site: UnitSite): Unit {
    const unit = new Unit(this.world, fitting.component, fitting.values, site)
    this.world.units.push(unit)
    return unit
  }

  /** Components at a service, outermost first. */
  private fittingsOf(service: string, place?: Place): Fitting[] {
    const places: Place[] = place ? [place] : ['server', 'controller']
    return this.fit((selector) => selector === service || selector === '*', places)
  }
  private edgeFittings(from: string, to: string): Fitting[] {
    return this.fit((selector) => this.fitsEdge(selector, from, to), ['client', 'router'])
  }
  private edgeFittingsFrom(from: string): Fitting[] {
    return this.fit(
      (selector) => selector.includes(' -> ') && this.fitsSide(selector.split(' -> ')[0]!, from),
      ['client', 'router'],
    )
  }

  private fitsEdge(selector: string, from: string, to: string): boolean {
    if (!selector.includes(' -> ')) return false
    const [a, b] = selector.split(' -> ') as [string, string]
    return this.fitsSide(a, from) && this.fitsSide(b, to)
  }
  /** `*` means any service; a load must be named. */
  private fitsSide(pattern: string, name: string): boolean {
    return pattern === name || (pattern === '*' && name in this.scenario.services)
  }

  private fit(fits: (selector: string) => boolean, places: readonly Place[]): Fitting[] {
    const found: Fitting[] = []
    for (const attachment of this.scenario.patterns) {
      const component = this.catalogue.get(attachment.use)!
      if (!component.at.some((at) => places.includes(at))) continue
      const lines = attachment.where.filter((line) => fits(line.selector))
      if (lines.length === 0) continue
      const values = lines.reduce<Record<string, unknown>>(
        (all, line) => merged(all, line.values),
        { ...attachment.values },
      )
      found.push({ attachment, component, values })
    }
    return found.toSorted((a, b) => this.rank(a) - this.rank(b))
  }

  /** Position in the scenario's `order`; those it does not name keep the component's own distance behind it. */
  private rank({ attachment, component }: Fitting): number {
    const at = this.scenario.order.indexOf(attachment.id)
    return at >= 0 ? at - 1_000_000 : component.order
  }

  private mostInstances(service: string): number {
    const controllers = this.fittingsOf(service, 'controller')
    return Math.max(
      0,
      ...controllers.flatMap((fitting) =>
        this.settingsOf(fitting).map((each) => fitting.component.instances?.(each as never) ?? 0),
      ),
    )
  }

  /** Which column of the recorder belongs to what. */
  private nameColumns(): void {
    const { world } = this
    const { recorder } = world
    const add = (
      block: readonly Float32Array[],
      metrics: readonly (readonly [string, 'count' | 'level'])[],
      scope: ColumnInfo['scope'],
      name: string,
    ): void =>
      metrics.forEach(([metric, kind], at) => {
        this.columns.push({ scope, name, metric, kind })
        this.order.push(recorder.columns.indexOf(block[at]!))
      })
    add(world.totals.columns, TOTAL_METRICS, 'total', '')
    for (const [name, service] of world.services)
      add(service.columns.columns, SERVICE_METRICS, 'service', name)
    for (const [name, edge] of this.edgeColumns) add(edge.columns, EDGE_METRICS, 'edge', name)
    for (const { path, name, signal, column } of recorder.serial) {
      if (column < 0) continue
      this.columns.push({
        scope: 'signal',
        name: path,
        metric: name,
        kind: signal.kind === 'counter' ? 'count' : 'level',
      })
      this.order.push(column)
    }
    recorder.heatColumns.forEach((column, at) => {
      const metric = String(at % HEAT.rows)
      this.columns.push({
        scope: 'heat',
        name: HEAT.outcomes[Math.floor(at / HEAT.rows)]!,
        metric,
        kind: 'count',
      })
      this.order.push(column)
    })
  }

  private start(): void {
    const { world } = this
    world.faults.start()
    for (const unit of world.units) if (unit.alive) unit.start()
    for (const load of world.loads) load.start()
  }
}

const NO_LINK = {
  latency: { kind: 'constant', value: 0 },
  loss: 0,
  duplicate: 0,
  bandwidth: Infinity,
  fifo: false,
} as const

function siteAt(
  place: string,
  suffix: string,
  { attachment }: Fitting,
): { path: string; place: string; pattern: string } {
  return { path: `${attachment.id}@${place}${suffix}`, place, pattern: attachment.id }
}
