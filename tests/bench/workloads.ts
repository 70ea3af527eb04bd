/** The two reference workloads as ordinary scenarios: M/M/1 and the resilience chain. */
import type { AnyComponent } from '../../engine/component.ts'
import { component } from '../../engine/component.ts'
import { defaultsOf } from '../../engine/params.ts'
import circuitBreaker from '../../engine/patterns/resilience/circuit-breaker.ts'
import retry from '../../engine/patterns/resilience/retry.ts'
import timeout from '../../engine/patterns/resilience/timeout.ts'
import type { Attachment, Scenario, ServiceSpec } from '../../engine/scenario/scenario.ts'
import { MILLISECOND, SECOND } from '../../engine/units.ts'
import { PLAIN_LOAD, PLAIN_SCENARIO, PLAIN_SERVICE } from '../support/alone.ts'

/** A layer that does nothing, to see what layers cost. */
const passThrough = component({
  name: 'pass-through',
  family: 'style',
  at: ['client'],
  about: 'Passes everything on.',
  source: 'benchmark',
  tradeOff: 'nothing vs nothing',
  order: 1,
  params: {},
  signals: {},
  create: () => ({
    onCall: (call) => call.pass(),
    onReply: (call) => call.pass(),
  }),
})

export const catalogue = new Map<string, AnyComponent>(
  [circuitBreaker, retry, timeout, passThrough].map((each) => [each.name, each as AnyComponent]),
)

const exponential = (mean: number) => ({ kind: 'exponential', mean }) as const

/** Workload (a): Poisson arrivals every 1.25 s, exponential service of 1 s, one server, utilisation 0.8. */
export function mm1(requests: number): Scenario {
  return {
    ...PLAIN_SCENARIO,
    name: 'mm1',
    duration: requests * 1.3 * SECOND,
    services: {
      server: {
        ...PLAIN_SERVICE,
        concurrency: 1,
        queue: Infinity,
        work: { '*': exponential(SECOND) },
      },
    },
    load: {
      arrivals: { ...PLAIN_LOAD, to: 'server', arrivals: { kind: 'poisson', rate: 0.8 }, requests },
    },
  }
}

const HOPS = ['gateway', 's1', 's2', 's3', 'db']
const WORK = [2, 5, 5, 5, 6]
const TIMEOUT = [1000, 500, 300, 200, 100]

/** Workload (b): gateway -> s1 -> s2 -> s3 -> db, each hop behind retry(breaker(timeout)); the db is four times slower 10 s of every 100. */
export function chain(requests: number): Scenario {
  const services: Record<string, ServiceSpec> = {}
  HOPS.forEach((name, at) => {
    const next = HOPS[at + 1]
    const calls = next
      ? { '*': [{ kind: 'call', to: next, op: undefined, required: true, times: 1 } as const] }
      : {}
    const work = { '*': exponential(WORK[at]! * MILLISECOND) }
    services[name] = {
      ...PLAIN_SERVICE,
      concurrency: 8,
      queue: 200,
      slots: 'released',
      work,
      errors: 0.002,
      calls,
    }
  })
  const edges = HOPS.map((to, at) => `${HOPS[at - 1] ?? 'client'} -> ${to}`)
  const latency = {
    latency: exponential(0.5 * MILLISECOND),
    loss: 0,
    duplicate: 0,
    bandwidth: Infinity,
    fifo: false,
  }
  const slow = (at: number) =>
    ({
      verb: 'slow',
      target: 'db',
      at: (at * 100 + 50) * SECOND,
      for: 10 * SECOND,
      by: 4,
      mtbf: undefined,
      mttr: undefined,
      options: {},
    }) as const
  const rounds = Math.ceil(requests / 100_000)
  return {
    ...PLAIN_SCENARIO,
    name: 'chain',
    duration: (requests / 1000 + 60) * SECOND,
    services,
    links: Object.fromEntries(edges.map((edge) => [edge, latency])),
    load: {
      client: { ...PLAIN_LOAD, to: 'gateway', arrivals: { kind: 'poisson', rate: 1000 }, requests },
    },
    patterns: layers(edges),
    faults: Array.from({ length: rounds }, (_, at) => slow(at)),
  }
}

function layers(edges: readonly string[]): Attachment[] {
  const everywhere = edges.map((selector) => ({ selector, values: {} }))
  const backoff = {
    ...retry.params.backoff.initial,
    kind: 'exponential',
    base: 20 * MILLISECOND,
    multiplier: 2,
    jitter: 'proportional',
    jitterFactor: 0.5,
  }
  return [
    {
      id: 'retry',
      use: 'retry',
      values: { ...defaultsOf(retry.params), backoff },
      where: everywhere,
    },
    {
      id: 'breaker',
      use: 'circuit-breaker',
      values: { ...defaultsOf(circuitBreaker.params), waitDurationInOpenState: SECOND },
      where: everywhere,
    },
    {
      id: 'timeout',
      use: 'timeout',
      values: { ...defaultsOf(timeout.params) },
      where: edges.map((selector, at) => ({
        selector,
        values: { timeout: TIMEOUT[at]! * MILLISECOND },
      })),
    },
  ]
}

/** One fast server behind a number of layers that do nothing. */
export function layered(requests: number, layers: number): Scenario {
  const base = mm1(requests)
  const where = [{ selector: 'arrivals -> server', values: {} }]
  const patterns = Array.from({ length: layers }, (_, n) => ({
    id: `layer ${n}`,
    use: 'pass-through',
    values: {},
    where,
  }))
  return { ...base, patterns }
}

/** Users who think for a long time and are served at once: as many pending events as users. */
export function thinkers(users: number): Scenario {
  const think = exponential(100 * SECOND)
  return {
    ...PLAIN_SCENARIO,
    name: 'thinkers',
    duration: 1_000_000 * SECOND,
    services: {
      server: {
        ...PLAIN_SERVICE,
        concurrency: 1_000_000,
        queue: Infinity,
        work: { '*': exponential(MILLISECOND) },
      },
    },
    load: { users: { ...PLAIN_LOAD, to: 'server', arrivals: undefined, users, think } },
  }
}
