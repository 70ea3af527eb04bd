/**
 * A world of a few services, said in few words:
 *
 *   const small = smallWorld({
 *     services: { front: { calls: { '*': [call('db')] } }, db: { work: '5ms' } },
 *     load: { users: { to: 'front', rate: 100 } },
 *     patterns: { cache: { use: cache, where: ['front -> db'], ttl: '10s' } },
 *   })
 *   small.run('60s')
 *   expect(small.total('cache.hits')).toBeGreaterThan(0)
 */
import type { AnyComponent } from '../../engine/component.ts'
import type { Distribution } from '../../engine/core/distribution.ts'
import type { World } from '../../engine/model/world.ts'
import { defaultsOf } from '../../engine/params.ts'
import type { VariantResult } from '../../engine/results/result.ts'
import { summarise } from '../../engine/results/summary.ts'
import { build } from '../../engine/scenario/build.ts'
import type {
  CallStep,
  FaultSpec,
  LinkSpec,
  LoadSpec,
  Scenario,
  ServiceSpec,
} from '../../engine/scenario/scenario.ts'
import { parseDuration } from '../../engine/units.ts'
import { PLAIN_LOAD, PLAIN_SCENARIO, PLAIN_SERVICE } from './alone.ts'

type Few<T, Short> = Partial<Omit<T, keyof Short>> & Short

/** A service; `work` as a duration, or a distribution by operation. */
export type SmallService = Few<ServiceSpec, { work?: string | Record<string, Distribution> }>
/** A load: requests per second (Poisson), or times of arrival in seconds; none: nothing by itself. */
export type SmallLoad = Few<LoadSpec, { rate?: number; every?: number; times?: readonly number[] }>
/** An attachment: its component, its places, its values in engine units or as durations. */
export interface SmallPattern {
  readonly use: AnyComponent
  readonly where: readonly string[]
  readonly [param: string]: unknown
}

/** What a small world is made of. */
export interface Setting {
  readonly services: Readonly<Record<string, SmallService>>
  readonly load: Readonly<Record<string, SmallLoad>>
  readonly patterns?: Readonly<Record<string, SmallPattern>>
  readonly latency?: string
  readonly links?: Readonly<Record<string, Partial<LinkSpec>>>
  readonly faults?: readonly (Partial<FaultSpec> & Pick<FaultSpec, 'verb' | 'target'>)[]
  readonly duration?: string
  readonly seed?: string
}

/** A call of a service in a plan. */
export function call(to: string, op?: string): CallStep {
  return { kind: 'call', to, op, required: true, times: 1 }
}

/** Nanoseconds of a duration as text. */
export function ns(text: string): number {
  return parseDuration(text)!
}

/** A world of a few services. */
export class SmallWorld {
  readonly world: World
  readonly result: () => VariantResult

  constructor(setting: Setting) {
    const used = Object.values(setting.patterns ?? {}).map(({ use }) => [use.name, use] as const)
    const built = build(scenarioOf(setting), setting.seed ?? '1', false, new Map(used))
    this.world = built.world
    this.result = () => summarise(built, 'small', 'small')
  }

  /** Lets a span of time pass. */
  run(span: string): this {
    this.world.run(this.world.now + ns(span))
    return this
  }

  /** Sends requests of a load (the first) now. */
  send(count = 1, load = 0): this {
    for (let n = 0; n < count; n++) this.world.loads[load]!.sendNow()
    return this
  }

  /** A counter or gauge `id.signal`, summed over its places. */
  total(path: string): number {
    return this.values(path).reduce((sum, value) => sum + value, 0)
  }

  /** A counter or gauge `id.signal` at each of its places. */
  values(path: string): number[] {
    const [id, name] = path.split('.') as [string, string]
    const units = this.world.units.filter((unit) => unit.site.pattern === id)
    return units.map((unit) => unit.signals.summaries()[name]!.value as number)
  }
}

/** Makes a world of a few services. */
export function smallWorld(setting: Setting): SmallWorld {
  return new SmallWorld(setting)
}

/** The scenario of such a world. */
export function scenarioOf(setting: Setting): Scenario {
  const {
    services,
    load,
    patterns = {},
    faults = [],
    latency = '0s',
    duration = '1000000s',
  } = setting
  const all = {
    latency: constant(latency),
    loss: 0,
    duplicate: 0,
    bandwidth: Infinity,
    fifo: false,
  }
  const links = Object.entries({ default: {}, ...setting.links })
  return {
    ...PLAIN_SCENARIO,
    duration: ns(duration),
    services: mapOf(services, serviceOf),
    links: Object.fromEntries(links.map(([name, link]) => [name, { ...all, ...link }])),
    load: mapOf(load, loadOf),
    patterns: Object.entries(patterns).map(([id, { use, where, ...values }]) => ({
      id,
      use: use.name,
      where: where.map((selector) => ({ selector, values: {} })),
      values: { ...defaultsOf(use.params), ...mapOf(values, inUnits) },
    })),
    faults: faults.map((fault) => ({ ...NO_FAULT, ...fault })),
  }
}

const NO_FAULT = { at: 0, for: Infinity, mtbf: undefined, mttr: undefined, by: 1, options: {} }

function serviceOf({ work = '0s', ...rest }: SmallService): ServiceSpec {
  const own = typeof work === 'string' ? { '*': constant(work) } : work
  return { ...PLAIN_SERVICE, queue: Infinity, ...rest, work: own }
}

function loadOf({ rate, every, times, ...rest }: SmallLoad): LoadSpec {
  const arrivals =
    rate !== undefined
      ? ({ kind: 'poisson', rate } as const)
      : every !== undefined
        ? ({ kind: 'constant', rate: every } as const)
        : ({ kind: 'trace', times: (times ?? []).map((at) => Math.round(at * 1e9)) } as const)
  return { ...PLAIN_LOAD, arrivals, ...rest }
}

function constant(span: string): Distribution {
  return { kind: 'constant', value: ns(span) }
}

function inUnits(value: unknown): unknown {
  if (value === 'none') return value
  return typeof value === 'string' && /^\d/.test(value) ? ns(value) : value
}

function mapOf<T, R>(
  record: Readonly<Record<string, T>>,
  make: (value: T) => R,
): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, make(value)]))
}
