/** What each fault verb does to its target. Its end needs no words of its own: a thing is made anew from what is still at work. */
import type { Distribution } from '../core/distribution.ts'
import { Sampler } from '../core/sampler.ts'
import { atPath, merged } from '../overlay.ts'
import type { FaultSpec } from '../scenario/scenario.ts'
import type { Effect, FaultSpan } from './faults.ts'
import type { Instance } from './instance.ts'
import type { Link, LinkTrouble } from './link.ts'
import type { Skew } from './node-clock.ts'
import type { Unit } from './unit.ts'
import type { Workload } from './workload.ts'
import type { World } from './world.ts'

type Maker = (world: World, spec: FaultSpec, span: FaultSpan) => Effect[]

const MAKERS: Readonly<Record<FaultSpec['verb'], Maker>> = {
  crash: (world, spec) => [crash(instancesOf(world, spec.target), spec)],
  region: (world, spec) => [crash(inArea(world, spec.target), spec)],
  pause: (world, spec) => [
    effect('pause', instancesOf(world, spec.target), 1, (it, _values, begins) =>
      begins ? it.pause() : it.resume(),
    ),
  ],
  slow: (world, spec) => [slower(world, spec.target, spec.by)],
  errors: (world, spec) => [failing(world, spec.target, spec.by)],
  deploy: (world, spec) => [
    slower(world, spec.target, (spec.options['slow'] as number | undefined) ?? 1),
    failing(world, spec.target, (spec.options['errors'] as number | undefined) ?? 0),
  ],
  delay: (world, spec, { path }) => {
    const law = (spec.options['distribution'] as Distribution | undefined) ?? {
      kind: 'constant',
      value: spec.by,
    }
    const sampler = new Sampler(law, world.keyFor(path, 'delay'))
    return [onLinks('delay', world, spec, sampler, (_link, delays) => ({ delays }))]
  },
  abort: (world, spec) => [
    onLinks('abort', world, spec, spec.by, (_link, shares) => ({ abort: sum(0, shares) })),
  ],
  loss: (world, spec) => [
    onLinks('loss', world, spec, spec.by, (link, shares) => ({
      loss: sum(link.spec.loss, shares),
    })),
  ],
  duplicate: (world, spec) => [
    onLinks('duplicate', world, spec, spec.by, (link, shares) => ({
      duplicate: sum(link.spec.duplicate, shares),
    })),
  ],
  bandwidth: (world, spec) => [
    onLinks('bandwidth', world, spec, spec.by, (link, rates) => ({
      bandwidth: Math.min(link.spec.bandwidth, ...rates),
    })),
  ],
  certificate: (world, spec) => [
    onLinks('certificate', world, spec, 1, (_link, { length }) => ({ badCertificate: length })),
  ],
  partition: (world, spec) => [partition(world, spec)],
  skew: (world, spec, { from }) => {
    const drift = (spec.options['drift'] as number | undefined) ?? 0
    return [clocks(world, spec.target, { by: spec.by, drift, from })]
  },
  jump: (world, spec, { from }) => [clocks(world, spec.target, { by: spec.by, drift: 0, from })],
  'disk-full': (world, spec) => [
    effect(
      'disk-full',
      instancesOf(world, spec.target),
      1,
      (it, { length }) => (it.store.full = length),
    ),
  ],
  flush: (world, spec) => [
    effect('flush', unitsOf(world, spec.target), 1, (unit, _values, begins) => {
      if (begins) unit.suffer({ name: 'flush', value: undefined })
    }),
  ],
  config: (world, spec) => [configPush(world, spec)],
  'hot-key': (world, spec) => {
    const key = (spec.options['key'] as number | undefined) ?? 0
    return [
      effect('hot-key', loadsOf(world, spec.target), { key, share: spec.by }, (load, values) => {
        const last = values.at(-1)
        load.hotKey = last?.key ?? -1
        load.hotShare = last?.share ?? 0
      }),
    ]
  },
  spike: (world, spec) => [
    effect('spike', loadsOf(world, spec.target), spec.by, (load, factors) =>
      load.scale(product(factors)),
    ),
  ],
}

/** What a stretch of trouble does. */
export function effectsOf(world: World, span: FaultSpan): Effect[] {
  return MAKERS[span.spec.verb](world, span.spec, span)
}

function effect<T, V>(
  kind: string,
  things: readonly T[],
  value: V,
  remake: (thing: T, values: readonly V[], begins: boolean) => unknown,
): Effect {
  return { kind, things, value, remake } as Effect<T, V> as Effect
}

function sum(base: number, values: readonly number[]): number {
  return values.reduce((total, value) => total + value, base)
}
function product(values: readonly number[]): number {
  return values.reduce((total, value) => total * value, 1)
}

function crash(instances: readonly Instance[], spec: FaultSpec): Effect {
  const isSilent = spec.options['how'] === 'silent'
  return effect('crash', instances, isSilent, (it, silent) =>
    silent.length > 0 ? it.crash(silent[0]!) : it.restart(),
  )
}

function slower(world: World, target: string, by: number): Effect {
  return effect(
    'slow',
    instancesOf(world, target),
    by,
    (it, factors) => (it.slow = product(factors)),
  )
}

function failing(world: World, target: string, by: number): Effect {
  return effect(
    'errors',
    instancesOf(world, target),
    by,
    (it, shares) => (it.extraErrors = sum(0, shares)),
  )
}

function clocks(world: World, target: string, skew: Skew): Effect {
  return effect('clock', instancesOf(world, target), skew, (it, skews) => it.clock.set(skews))
}

function onLinks<V>(
  kind: string,
  world: World,
  spec: FaultSpec,
  value: V,
  come: (link: Link, values: readonly V[]) => Partial<LinkTrouble>,
): Effect {
  return effect(kind, linksOf(world, spec.target), value, (link, values) =>
    link.change(come(link, values)),
  )
}

interface Cut {
  readonly requests: ReadonlySet<Link>
  readonly replies: ReadonlySet<Link>
}

/** Cuts every message from one side to the other: requests of calls one way, replies of calls the other way. */
function partition(world: World, spec: FaultSpec): Effect {
  const [from, to] = sides(world, spec.target)
  const oneWay = spec.options['direction'] === 'one-way'
  const blocked = (a: string, b: string): boolean =>
    (from.has(a) && to.has(b)) || (!oneWay && from.has(b) && to.has(a))
  const requests = linksThat(world, (a, b) => blocked(a, b))
  const replies = linksThat(world, (a, b) => blocked(b, a))
  const cut: Cut = { requests: new Set(requests), replies: new Set(replies) }
  return effect('partition', [...new Set([...requests, ...replies])], cut, (link, cuts) => {
    const requestBlocked = cuts.filter((each) => each.requests.has(link)).length
    const replyBlocked = cuts.filter((each) => each.replies.has(link)).length
    link.change({ requestBlocked, replyBlocked })
  })
}

/** The two sides of `a -> b`, where each is a service, a load, a zone or a region. */
function sides(world: World, target: string): [Set<string>, Set<string>] {
  const [from = '', to = ''] = target.split(' -> ')
  return [members(world, from), members(world, to)]
}

function members(world: World, name: string): Set<string> {
  if (world.services.has(name) || world.loads.some((load) => load.name === name))
    return new Set([name])
  const services = Object.entries(world.scenario.services)
  const loads = Object.entries(world.scenario.load)
  const inside = services
    .filter(([, spec]) => spec.zone === name || spec.region === name)
    .map(([each]) => each)
  return new Set([
    ...inside,
    ...loads.filter(([, spec]) => spec.zone === name).map(([each]) => each),
  ])
}

/** `db` means every instance, `db#2` one. */
function instancesOf(world: World, target: string): Instance[] {
  const [name = '', index] = target.split('#')
  const { instances } = world.service(name)
  return index === undefined ? [...instances] : [instances[Number(index)]!]
}

/** By name, so that the order in the file is of no consequence. */
function inArea(world: World, area: string): Instance[] {
  const inside = [...world.services.values()].filter(
    ({ spec }) => spec.zone === area || spec.region === area,
  )
  return inside
    .toSorted((a, b) => Number(a.name > b.name) - Number(a.name < b.name))
    .flatMap((service) => service.instances)
}

function linksOf(world: World, target: string): Link[] {
  const [from = '*', to = '*'] = target.split(' -> ')
  const fits = (pattern: string, name: string): boolean => pattern === '*' || pattern === name
  return linksThat(world, (a, b) => fits(from, a) && fits(to, b))
}

function linksThat(world: World, fits: (from: string, to: string) => boolean): Link[] {
  const named = [...world.links].map(
    ([name, link]) => [name.split(' -> ') as [string, string], link] as const,
  )
  return named.filter(([[from, to]]) => fits(from, to)).map(([, link]) => link)
}

function unitsOf(world: World, pattern: string): Unit[] {
  return world.units.filter((unit) => unit.site.pattern === pattern)
}

function loadsOf(world: World, name: string): Workload[] {
  return world.loads.filter((load) => load.name === name)
}

/**
 * Sets a knob of a pattern on every place at once: `patterns.retries.maxAttempts`. Of a group of knobs those that
 * are not in the push stay, and of several pushes on one pattern the last to come wins, knob by knob.
 */
function configPush(world: World, spec: FaultSpec): Effect {
  const [, pattern = '', ...path] = spec.target.split('.')
  const knob = path.join('.')
  const units = unitsOf(world, pattern)
  const before = new Map(units.map((unit) => [unit, { ...unit.params }]))
  const push = atPath(knob, spec.options['value'])
  return effect('config', units, push, (unit, pushes) => {
    Object.assign(unit.params, pushes.reduce(merged, before.get(unit)!))
    unit.suffer({ name: 'config', value: knob })
  })
}
