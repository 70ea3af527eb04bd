/** What holds for every resilience and traffic pattern: inert is absent, and a checkpoint forgets nothing. */
import { describe, expect, it } from 'vitest'
import type { AnyComponent } from '../../../engine/component.ts'
import bulkhead from '../../../engine/patterns/resilience/bulkhead.ts'
import circuitBreaker from '../../../engine/patterns/resilience/circuit-breaker.ts'
import fallback from '../../../engine/patterns/resilience/fallback.ts'
import hedgedRequest from '../../../engine/patterns/resilience/hedged-request.ts'
import retry from '../../../engine/patterns/resilience/retry.ts'
import timeout from '../../../engine/patterns/resilience/timeout.ts'
import adaptiveThrottle from '../../../engine/patterns/traffic/adaptive-throttle.ts'
import loadBalancer from '../../../engine/patterns/traffic/load-balancer.ts'
import loadShedder from '../../../engine/patterns/traffic/load-shedder.ts'
import rateLimiter from '../../../engine/patterns/traffic/rate-limiter.ts'
import { parseDuration, parseRate, SECOND } from '../../../engine/units.ts'
import type { Fitted, SmallWorld } from '../../support/small-run.ts'
import { exponential, poisson, prepare, smallRun } from '../../support/small-run.ts'

const call = (to: string) =>
  ({ kind: 'call', to, op: undefined, required: true, times: 1 }) as const

/** A shop in trouble: slow, erring, crashing, pausing, with impatient users. */
const troubled: SmallWorld = {
  services: {
    web: { concurrency: 60, queue: 50, work: exponential(2), calls: { '*': [call('db')] } },
    db: { instances: 4, concurrency: 4, queue: 30, work: exponential(20), errors: 0.02 },
    spare: { concurrency: 5, queue: 5, work: exponential(5) },
  },
  load: {
    users: {
      to: 'web',
      arrivals: poisson(300),
      timeout: 2 * SECOND,
      keys: { kind: 'uniform', items: 20 },
      until: 20 * SECOND,
    },
  },
  faults: [
    { verb: 'slow', target: 'db#1', at: 3 * SECOND, for: 5 * SECOND, by: 20 },
    { verb: 'crash', target: 'db#2', at: 6 * SECOND, for: 3 * SECOND },
    { verb: 'pause', target: 'db#3', at: 10 * SECOND, for: 2 * SECOND },
    { verb: 'crash', target: 'web', at: 14 * SECOND, for: SECOND },
    { verb: 'errors', target: 'db#0', at: 16 * SECOND, for: 2 * SECOND, by: 0.8 },
  ],
  duration: 30,
}
const edge = 'web -> db'
const ms = (time: number): number => parseDuration(`${time}ms`)!

/** Everything at once, each with values that make it work hard. */
const fittings: readonly Fitted[] = [
  [adaptiveThrottle, edge, { window: 2 * SECOND }],
  [loadShedder, 'db', { algorithm: 'aimd', minLimit: 1, initialLimit: 2, timeout: ms(40) }],
  [fallback, edge, { source: 'service', service: 'spare', fallbackOn: ['error', 'refused'] }],
  [retry, edge, { backoff: { base: ms(5), jitter: 'full' }, budget: { kind: 'grpc', ratio: 0.1 } }],
  [
    circuitBreaker,
    edge,
    {
      slidingWindow: { type: 'time', size: SECOND },
      minimumNumberOfCalls: 10,
      failureRateThreshold: 0.1,
      waitDurationInOpenState: SECOND,
    },
  ],
  [rateLimiter, edge, { rate: 280, burst: 5, onLimit: 'wait', maxWait: ms(200) }],
  [hedgedRequest, edge, { maxExtraLoad: 0.1, delay: { kind: 'percentile', window: SECOND } }],
  [timeout, edge, { timeout: ms(300) }],
  [bulkhead, edge, { maxConcurrentCalls: 6, maxWaitDuration: ms(100) }],
  [
    loadBalancer,
    edge,
    {
      policy: 'peak-ewma',
      outlierEjection: { enabled: true, interval: SECOND, baseEjectionTime: SECOND },
    },
  ],
]

function inertValues(subject: AnyComponent): Record<string, unknown> {
  const read = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return value === 'none' ? Infinity : (parseDuration(value) ?? parseRate(value) ?? value)
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, read(each)]))
  }
  return read(subject.inert) as Record<string, unknown>
}

describe('resilience and traffic patterns', () => {
  const all = smallRun({ ...troubled, patterns: fittings }).result

  it('work together without losing, doubling or leaving behind a call', () => {
    expect(all.violations).toEqual([])
    expect(all.requests.unfinished).toBe(0)
    expect(all.pending.other).toBe(0)
    expect(all.requests.offered).toBeGreaterThan(5000)
  })

  it.each(fittings.map(([one], at) => [one.name, at] as const))(
    '%s with inert values changes no outcome',
    (_, at) => {
      const others = fittings.filter((_each, n) => n !== at)
      const [subject, where] = fittings[at]!
      const inert = fittings.toSpliced(at, 1, [subject, where, inertValues(subject)])
      const without = smallRun({ ...troubled, patterns: others }).result
      const with_ = smallRun({ ...troubled, patterns: inert }).result
      expect(with_.outcomeDigest).toBe(without.outcomeDigest)
      // The comparison means something: as it is written, the pattern does change what happens.
      expect(all.outcomeDigest).not.toBe(without.outcomeDigest)
    },
  )

  it('go on from any checkpoint as if nothing had been', () => {
    const run = prepare({ ...troubled, patterns: fittings })
    const { world } = run.built
    for (const time of [2.9, 4.5, 7.2, 11.1, 14.5, 17]) {
      world.run(time * SECOND)
      const checkpoint = world.save()
      const later = (time + 2) * SECOND
      world.run(later)
      const digest = world.digest.hex
      world.load(checkpoint)
      world.run(later)
      expect(world.digest.hex).toBe(digest)
      world.load(checkpoint)
    }
    world.run(30 * SECOND)
    expect(world.digest.hex).toBe(all.digest)
  })
})
