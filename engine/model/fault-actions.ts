/** What each fault verb does, and how it is undone. */
import type { Distribution } from '../core/distribution.ts'
import { Sampler } from '../core/distribution.ts'
import type { FaultSpec } from '../scenario/scenario.ts'
import type { FaultAction } from './faults.ts'
import type { Instance } from './instance.ts'
import type { Link, LinkTrouble } from './link.ts'
import type { Unit } from './unit.ts'
import type { Workload } from './workload.ts'
import type { World } from './world.ts'

type Maker = (world: World, spec: FaultSpec, index: number) => FaultAction

const MAKERS: Readonly<Record<FaultSpec['verb'], Maker>> = {
  crash: (world, spec) => {
    const silent = spec.options['how'] === 'silent'
    return each(instancesOf(world, spec.target), (it) => it.crash(silent), (it) => it.restart())
  },
  pause: (world, spec) => each(instancesOf(world, spec.target), (it) => it.pause(), (it) => it.resume()),
  slow: (world, spec) => slower(world, spec.target, spec.by),
  errors: (world, spec) => failing(world, spec.target, spec.by),
  deploy: (world, spec) => {
    const slow = (spec.options['slow'] as number | undefined) ?? 1
    const errors = (spec.options['errors'] as number | undefined) ?? 0
    return both(slower(world, spec.target, slow), failing(world, spec.target, errors))
  },
  delay: (world, spec, index) => {
    const law = (spec.options['distribution'] as Distribution | undefined) ?? { kind: 'constant', value: spec.by }
    const sampler = new Sampler(law, world.keyFor(`fault delay ${spec.target} ${index}`, 'delay'))
    return trouble(world, spec.target, (t) => (t.delay = sampler), (t) => (t.delay = null))
  },
  abort: (world, spec) => trouble(world, spec.target, (t) => (t.abort += spec.by), (t) => (t.abort = less(t.abort, spec.by))),
  loss: (world, spec) => trouble(world, spec.target, (t) => (t.loss += spec.by), (t) => (t.loss = less(t.loss, spec.by))),
  duplicate: (world, spec) =>
    trouble(world, spec.target, (t) => (t.duplicate += spec.by), (t) => (t.duplicate = less(t.duplicate, spec.by))),
  bandwidth: (world, spec) => {
    const links = linksOf(world, spec.target)
    return each(
      links,
      (link) => change(link, (t) => (t.bandwidth = spec.by)),
      (link) => change(link, (t) => (t.bandwidth = link.spec.bandwidth)),
    )
  },
  certificate: (world, spec) => trouble(world, spec.target, (t) => t.badCertificate++, (t) => t.badCertificate--),
  partition: (world, spec) => partition(world, spec),
  skew: (world, spec) => {
    const drift = (spec.options['drift'] as number | undefined) ?? 0
    return each(
      instancesOf(world, spec.target),
      (it) => (it.clock.jump(spec.by), it.clock.run(drift)),
      (it) => (it.clock.jump(-spec.by), it.clock.run(0)),
    )
  },
  jump: (world, spec) => each(instancesOf(world, spec.target), (it) => it.clock.jump(spec.by), (it) => it.clock.jump(-spec.by)),
  'disk-full': (world, spec) => each(instancesOf(world, spec.target), (it) => it.store.full++, (it) => it.store.full--),
  flush: (world, spec) => each(unitsOf(world, spec.target), (unit) => unit.handlers.onFault?.({ name: 'flush', value: undefined }), nothing),
  config: (world, spec) => configPush(world, spec),
  'hot-key': (world, spec) => {
    const key = (spec.options['key'] as number | undefined) ?? 0
    return each(
      loadsOf(world, spec.target),
      (load) => ((load.hotKey = key), (load.hotShare = spec.by)),
      (load) => (load.hotShare = 0),
    )
  },
  spike: (world, spec) => each(loadsOf(world, spec.target), (load) => load.scale(spec.by), (load) => load.scale(1)),
  region: (world, spec) => {
    const silent = spec.options['how'] === 'silent'
    return each(inArea(world, spec.target), (it) => it.crash(silent), (it) => it.restart())
  },
}

/** The beginning and the end of a fault. */
export function faultActions(world: World, spec: FaultSpec, index: number): FaultAction {
  return MAKERS[spec.verb](world, spec, index)
}

function nothing(): void {}

function each<T>(things: readonly T[], begin: (thing: T) => unknown, end: (thing: T) => unknown): FaultAction {
  return { begin: () => things.forEach(begin), end: () => things.forEach(end) }
}

function both(first: FaultAction, second: FaultAction): FaultAction {
  return {
    begin: () => (first.begin(), second.begin()),
    end: () => (first.end(), second.end()),
  }
}

/** Slowdowns multiply; dividing again would leave rounding behind, so the product of what is at work is rebuilt. */
function slower(world: World, target: string, by: number): FaultAction {
  return each(
    instancesOf(world, target),
    (it) => (it.slow *= by),
    (it) => (it.slow = nearOne(it.slow / by)),
  )
}

function failing(world: World, target: string, by: number): FaultAction {
  return each(
    instancesOf(world, target),
    (it) => (it.extraErrors += by),
    (it) => (it.extraErrors = less(it.extraErrors, by)),
  )
}

function nearOne(value: number): number {
  return Math.abs(value - 1) < 1e-9 ? 1 : value
}
function less(value: number, by: number): number {
  return Math.abs(value - by) < 1e-12 ? 0 : value - by
}

function trouble(world: World, target: string, begin: (t: LinkTrouble) => unknown, end: (t: LinkTrouble) => unknown): FaultAction {
  return each(
    linksOf(world, target),
    (link) => change(link, begin),
    (link) => change(link, end),
  )
}

function change(link: Link, how: (t: LinkTrouble) => unknown): void {
  how(link.trouble)
  link.changed()
}

/** Cuts every message from one side to the other: requests of calls one way, replies of calls the other way. */
function partition(world: World, spec: FaultSpec): FaultAction {
  const [from, to] = sides(world, spec.target)
  const oneWay = spec.options['direction'] === 'one-way'
  const blocked = (a: string, b: string): boolean => (from.has(a) && to.has(b)) || (!oneWay && from.has(b) && to.has(a))
  const cut = (by: number) => (): void => {
    for (const [name, link] of world.links) {
      const [a, b] = name.split(' -> ') as [string, string]
      if (blocked(a, b)) link.trouble.requestBlocked += by
      if (blocked(b, a)) link.trouble.replyBlocked += by
      link.changed()
    }
  }
  return { begin: cut(1), end: cut(-1) }
}

/** The two sides of `a -> b`, where each is a service, a load, a zone or a region. */
function sides(world: World, target: string): [Set<string>, Set<string>] {
  const [from = '', to = ''] = target.split(' -> ')
  return [members(world, from), members(world, to)]
}

function members(world: World, name: string): Set<string> {
  if (world.services.has(name) || world.loads.some((load) => load.name === name)) return new Set([name])
  const services = Object.entries(world.scenario.services)
  const loads = Object.entries(world.scenario.load)
  const inside = services.filter(([, spec]) => spec.zone === name || spec.region === name).map(([each]) => each)
  return new Set([...inside, ...loads.filter(([, spec]) => spec.zone === name).map(([each]) => each)])
}

/** `db` means every instance, `db#2` one. */
function instancesOf(world: World, target: string): Instance[] {
  const [name = '', index] = target.split('#')
  const { instances } = world.service(name)
  return index === undefined ? [...instances] : [instances[Number(index)]!]
}

function inArea(world: World, area: string): Instance[] {
  const inside = [...world.services.values()].filter(({ spec }) => spec.zone === area || spec.region === area)
  return inside.flatMap((service) => service.instances)
}

function linksOf(world: World, target: string): Link[] {
  const [from = '*', to = '*'] = target.split(' -> ')
  const fits = (pattern: string, name: string): boolean => pattern === '*' || pattern === name
  return [...world.links].filter(([name]) => {
    const [a, b] = name.split(' -> ') as [string, string]
    return fits(from, a) && fits(to, b)
  }).map(([, link]) => link)
}

function unitsOf(world: World, pattern: string): Unit[] {
  return world.units.filter((unit) => unit.site.pattern === pattern)
}

function loadsOf(world: World, name: string): Workload[] {
  return world.loads.filter((load) => load.name === name)
}

/** Sets a knob of a pattern on every place at once: `patterns.retries.maxAttempts`. */
function configPush(world: World, spec: FaultSpec): FaultAction {
  const [, pattern = '', ...path] = spec.target.split('.')
  const units = unitsOf(world, pattern)
  const before = units.map((unit) => read(unit.params, path))
  const set = (unit: Unit, value: unknown): void => {
    write(unit.params, path, value)
    unit.handlers.onFault?.({ name: 'config', value: path.join('.') })
  }
  return {
    begin: () => units.forEach((unit) => set(unit, spec.options['value'])),
    end: () => units.forEach((unit, at) => set(unit, before[at])),
  }
}

function read(params: Record<string, unknown>, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], params)
}
function write(params: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const inner = read(params, path.slice(0, -1)) as Record<string, unknown>
  inner[path[path.length - 1]!] = value
}
