/**
 * A small world in a few lines, without a file:
 *
 *   const { result } = smallRun({
 *     services: { db: { instances: 10, concurrency: 1, work: exponential(10) } },
 *     load: { users: { to: 'db', arrivals: poisson(900) } },
 *     patterns: [[loadBalancer, 'users -> db', { policy: 'round-robin' }]],
 *     duration: 100,
 *   })
 */
import { expect } from 'vitest'
import type { AnyComponent } from '../../engine/component.ts'
import type { Distribution } from '../../engine/core/distribution.ts'
import type { World } from '../../engine/model/world.ts'
import { defaultsOf } from '../../engine/params.ts'
import type { VariantResult } from '../../engine/results/result.ts'
import { Run } from '../../engine/run.ts'
import type {
  Arrivals,
  FaultSpec,
  LoadSpec,
  Scenario,
  ServiceSpec,
} from '../../engine/scenario/scenario.ts'
import { MILLISECOND, SECOND } from '../../engine/units.ts'
import { PLAIN_LOAD, PLAIN_SCENARIO, PLAIN_SERVICE } from './alone.ts'

/** A component at a place (or places), with its values in engine units. */
export type Fitted = readonly [AnyComponent, string | readonly string[], Values?]
type Values = Readonly<Record<string, unknown>>

export interface SmallWorld {
  readonly services: Readonly<Record<string, Partial<ServiceSpec>>>
  readonly load: Readonly<Record<string, Partial<LoadSpec>>>
  readonly patterns?: readonly Fitted[]
  readonly faults?: readonly (Pick<FaultSpec, 'verb' | 'target'> & Partial<FaultSpec>)[]
  /** Seconds. */
  readonly duration: number
  readonly warmup?: number
  readonly seed?: string
  readonly order?: readonly string[]
  /** Keeps the series that windows and recovery are read from. */
  readonly recording?: boolean
  readonly scenario?: Partial<Scenario>
}

/** Runs a small world to its end. */
export function smallRun(world: SmallWorld): { result: VariantResult; world: World } {
  const run = prepare(world)
  return { result: run.finish(), world: run.built.world }
}

/** A small world before its first event. */
export function prepare(small: SmallWorld): Run {
  const catalogue = new Map((small.patterns ?? []).map(([one]) => [one.name, one]))
  const options = {
    variant: '',
    seed: small.seed ?? '1',
    recording: small.recording ?? false,
    catalogue,
  }
  return new Run(scenarioOf(small), options)
}

function scenarioOf(small: SmallWorld): Scenario {
  const { services, load, patterns = [], faults = [], duration, warmup = 0, order = [] } = small
  return {
    ...PLAIN_SCENARIO,
    services: mapOf(services, (each) => ({ ...PLAIN_SERVICE, ...each })),
    load: mapOf(load, (each) => ({ ...PLAIN_LOAD, ...each })),
    patterns: patterns.map(([one, where, values], at) => ({
      id: idOf(patterns, at),
      use: one.name,
      where: [where].flat().map((selector) => ({ selector, values: {} })),
      values: withDefaults(defaultsOf(one.params), values ?? {}),
    })),
    faults: faults.map((fault) => ({ ...PLAIN_FAULT, ...fault })),
    duration: duration * SECOND,
    warmup: warmup * SECOND,
    order,
    ...small.scenario,
  }
}

const PLAIN_FAULT: FaultSpec = {
  verb: 'slow',
  target: '',
  at: 0,
  for: Infinity,
  mtbf: undefined,
  mttr: undefined,
  by: 1,
  options: {},
}

/** `retry`, and `retry-2` for the second of its kind. */
function idOf(patterns: readonly Fitted[], at: number): string {
  const { name } = patterns[at]![0]
  const before = patterns.slice(0, at).filter(([one]) => one.name === name).length
  return before === 0 ? name : `${name}-${before + 1}`
}

/** Groups are filled knob by knob. */
function withDefaults(defaults: Values, values: Values): Values {
  const filled = Object.entries(values).map(([name, value]) => {
    const nested = isRecord(defaults[name]) && isRecord(value)
    return [name, nested ? withDefaults(defaults[name] as Values, value as Values) : value] as const
  })
  return { ...defaults, ...Object.fromEntries(filled) }
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mapOf<T, R>(
  record: Readonly<Record<string, T>>,
  make: (value: T) => R,
): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, make(value)]))
}

/** Exponential times of a mean in milliseconds. */
export function exponential(mean: number): Readonly<Record<string, Distribution>> {
  return { '*': { kind: 'exponential', mean: mean * MILLISECOND } }
}

/** Always the same time, in milliseconds. */
export function constant(time: number): Readonly<Record<string, Distribution>> {
  return { '*': { kind: 'constant', value: time * MILLISECOND } }
}

/** Independent arrivals, per second. */
export function poisson(rate: number): Arrivals {
  return { kind: 'poisson', rate }
}

/** Total of a counter, or value of a gauge, summed over its places. */
export function signalOf(result: VariantResult, pattern: string, name: string): number {
  const units = Object.entries(result.signals).filter(([path]) => path.startsWith(`${pattern}@`))
  return units.reduce((total, [, signals]) => total + (signals[name]!.value as number), 0)
}

/** Expects a measured number to be as theory has it, give or take a tolerance. */
export function expectNear(measured: number, theory: number, tolerance: number): void {
  expect(measured).toBeGreaterThan(theory - tolerance)
  expect(measured).toBeLessThan(theory + tolerance)
}
