/** Worlds that the laws are tried on, and ways of running them. */
import circuitBreaker from '../../../engine/patterns/resilience/circuit-breaker.ts'
import fallback from '../../../engine/patterns/resilience/fallback.ts'
import retry from '../../../engine/patterns/resilience/retry.ts'
import timeout from '../../../engine/patterns/resilience/timeout.ts'
import type { VariantResult } from '../../../engine/results/result.ts'
import { Run } from '../../../engine/run.ts'
import type { FaultSpec, Scenario } from '../../../engine/scenario/scenario.ts'
import { SECOND } from '../../../engine/units.ts'
import { mm1 } from '../../bench/workloads.ts'
import type { Setting } from '../../support/small-world.ts'
import { call, ns, scenarioOf } from '../../support/small-world.ts'

export const catalogue = new Map(
  [circuitBreaker, fallback, retry, timeout].map((each) => [each.name, each] as const),
)
const exponential = (span: string) => ({ '*': { kind: 'exponential', mean: ns(span) } }) as const
const backoff = {
  ...retry.params.backoff.initial,
  kind: 'exponential',
  base: ns('10ms'),
  jitter: 'full',
}

/** One of everything the engine does by itself: disciplines, plans, links, loads. It drains. */
export const shop: Setting = {
  services: {
    gate: {
      concurrency: 50,
      queue: 50,
      slots: 'released',
      work: exponential('2ms'),
      calls: {
        browse: [
          {
            kind: 'choose',
            branches: [
              { share: 0.6, steps: [call('search')] },
              { share: 0.4, steps: [call('cart'), call('search')] },
            ],
          },
        ],
        buy: [
          call('cart', 'add'),
          {
            kind: 'parallel',
            calls: [
              { ...call('bank'), times: 3 },
              { ...call('search'), required: false },
            ],
            need: 2,
          },
        ],
      },
    },
    search: {
      instances: 2,
      concurrency: 1,
      queue: 5,
      discipline: 'lifo',
      work: exponential('6ms'),
      errors: 0.02,
      zone: 'east',
    },
    cart: {
      instances: 2,
      concurrency: 4,
      queue: 10,
      discipline: 'priority',
      work: {
        add: { kind: 'lognormal', mean: ns('8ms'), sigma: 0.6 },
        '*': { kind: 'constant', value: ns('3ms') },
      },
      zone: 'west',
    },
    bank: {
      concurrency: 4,
      queue: 30,
      discipline: 'processor-sharing',
      work: exponential('5ms'),
      replyBytes: 2000,
      zone: 'west',
    },
  },
  load: {
    people: {
      to: 'gate',
      rate: 180,
      mix: { browse: 0.7, buy: 0.3 },
      timeout: ns('400ms'),
      until: ns('8s'),
      keys: { kind: 'zipf', items: 40, exponent: 1 },
      priorities: [0.3, 0.7],
      bytes: { kind: 'exponential', mean: 500 },
      tenants: [
        { name: 'small', share: 0.8, work: 1 },
        { name: 'big', share: 0.2, work: 1.7 },
      ],
    },
    staff: {
      to: 'gate',
      arrivals: undefined,
      users: 10,
      think: { kind: 'exponential', mean: ns('300ms') },
      mix: { browse: 1 },
      timeout: ns('1s'),
      until: ns('8s'),
    } as never,
    robots: { to: 'bank', every: 20, timeout: ns('200ms'), until: ns('8s') },
  },
  links: {
    default: { latency: { kind: 'exponential', mean: ns('0.5ms') } },
    'gate -> search': {
      latency: { kind: 'uniform', from: ns('0.1ms'), to: ns('3ms') },
      fifo: true,
      duplicate: 0.02,
    },
    'gate -> bank': { bandwidth: 1e6, loss: 0.01 },
  },
  duration: '12s',
}
export const layers: NonNullable<Setting['patterns']> = {
  less: { use: fallback, where: ['gate -> search'] },
  breaker: {
    use: circuitBreaker,
    where: ['gate -> bank', 'gate -> cart'],
    waitDurationInOpenState: '1s',
    minimumNumberOfCalls: 20,
  },
  again: { use: retry, where: ['* -> *'], backoff },
  limit: { use: timeout, where: ['* -> *'], timeout: '60ms', cancelWork: true },
}

type Fault = Partial<FaultSpec> & Pick<FaultSpec, 'verb' | 'target'>

/** A fault of every verb, from 3 s to 4 s. */
export const FAULTS: Readonly<Record<FaultSpec['verb'], Fault>> = {
  crash: { verb: 'crash', target: 'search#1', options: { how: 'silent' } },
  pause: { verb: 'pause', target: 'cart' },
  slow: { verb: 'slow', target: 'bank', by: 4 },
  errors: { verb: 'errors', target: 'cart', by: 0.4 },
  delay: {
    verb: 'delay',
    target: 'gate -> bank',
    options: { distribution: { kind: 'exponential', mean: ns('30ms') } },
  },
  abort: { verb: 'abort', target: '* -> cart', by: 0.3 },
  loss: { verb: 'loss', target: 'gate -> search', by: 0.3 },
  duplicate: { verb: 'duplicate', target: '* -> *', by: 0.3 },
  bandwidth: { verb: 'bandwidth', target: 'gate -> bank', by: 20_000 },
  partition: { verb: 'partition', target: 'gate -> west', options: { direction: 'one-way' } },
  skew: { verb: 'skew', target: 'gate', by: ns('3s'), options: { drift: -0.2 } },
  jump: { verb: 'jump', target: 'gate', by: -ns('1s') },
  'disk-full': { verb: 'disk-full', target: 'cart' },
  flush: { verb: 'flush', target: 'less' },
  deploy: { verb: 'deploy', target: 'search', options: { slow: 2, errors: 0.3 } },
  certificate: { verb: 'certificate', target: 'gate -> cart' },
  config: { verb: 'config', target: 'patterns.again.maxAttempts', options: { value: 7 } },
  'hot-key': { verb: 'hot-key', target: 'people', by: 0.7, options: { key: 1 } },
  spike: { verb: 'spike', target: 'people', by: 4 },
  region: { verb: 'region', target: 'west' },
}

/** The shop with its layers and some faults. */
export function shopWith(faults: readonly Fault[], more: Partial<Setting> = {}): Scenario {
  return scenarioOf({
    ...shop,
    patterns: layers,
    ...more,
    faults: faults.map((fault) => ({ at: ns('3s'), for: ns('1s'), ...fault })),
  })
}

/** A storm: stochastic crashes and pauses, a slow bank, a cut. */
export const storm = shopWith([
  { verb: 'crash', target: 'search#0', at: undefined, mtbf: ns('2s'), mttr: ns('300ms') },
  { verb: 'pause', target: 'gate', at: undefined, mtbf: ns('1s'), mttr: ns('20ms') },
  FAULTS.slow,
  { ...FAULTS.partition, at: ns('5s') },
])

/** The smallest worlds whose digests are kept. */
export const GOLDEN: Readonly<Record<string, Scenario>> = {
  mm1: mm1(2000),
  shop: scenarioOf(shop),
  storm,
}

interface Ways {
  readonly seed?: string | number
  readonly recording?: boolean
  /** Events per slice. */
  readonly slice?: number
}

/** Runs a scenario to its end. */
export function runOf(
  scenario: Scenario,
  { seed = '7', recording = false, slice = Infinity }: Ways = {},
): VariantResult {
  return whole(scenario, { seed, recording, slice }).result()
}

/** The same, for those who want to look inside. */
export function whole(
  scenario: Scenario,
  { seed = '7', recording = false, slice = Infinity }: Ways = {},
): Run {
  const run = new Run(scenario, { variant: 'x', seed: seed as string, recording, catalogue })
  while (!run.advance(slice));
  return run
}

/** What a result says of what happened, apart from how it was watched. */
export function happenings({
  series: _series,
  ...result
}: VariantResult): Omit<VariantResult, 'series'> {
  return result
}

/** A world's scenario cut short. */
export function cut(scenario: Scenario, seconds: number): Scenario {
  return { ...scenario, duration: seconds * SECOND }
}
