/** The retry storm of one server against theory: C = 1000/s, λ = 700/s, T = 1 s, three attempts, ten frozen seconds. */
import { describe, expect, it } from 'vitest'
import circuitBreaker from '../../../engine/patterns/resilience/circuit-breaker.ts'
import retry from '../../../engine/patterns/resilience/retry.ts'
import timeout from '../../../engine/patterns/resilience/timeout.ts'
import { recoveryTime } from '../../../engine/results/recovery.ts'
import type { ServiceSpec } from '../../../engine/scenario/scenario.ts'
import { SECOND } from '../../../engine/units.ts'
import type { Fitted } from '../../support/small-run.ts'
import { expectNear, exponential, poisson, smallRun } from '../../support/small-run.ts'

const FROZEN_UNTIL = 12
const edge = 'users -> server'

interface Storm {
  readonly rate?: number
  readonly attempts?: number
  readonly budget?: object
  readonly breaker?: object
  readonly service?: Partial<ServiceSpec>
  readonly duration?: number
}

/** Seconds from the end of the freeze until the served share is back for good. */
function recovery({ rate = 700, attempts = 3, budget, breaker, service, duration = 45 }: Storm) {
  const patterns: Fitted[] = [
    [timeout, edge, { timeout: SECOND }],
    [retry, edge, { maxAttempts: attempts, backoff: { kind: 'none' }, budget: budget ?? {} }],
  ]
  if (breaker) patterns.push([circuitBreaker, edge, { ...BREAKER, ...breaker }])
  const work = exponential(1)
  const { result } = smallRun({
    services: { server: { concurrency: 1, queue: Infinity, work, ...service } },
    load: { users: { to: 'server', arrivals: poisson(rate) } },
    patterns,
    faults: [{ verb: 'pause', target: 'server', at: 2 * SECOND, for: 10 * SECOND }],
    duration,
    recording: true,
  })
  expect(result.violations).toEqual([])
  return recoveryTime(result, FROZEN_UNTIL * 1000) / 1000
}

const BREAKER = {
  slidingWindow: { type: 'time', size: SECOND },
  minimumNumberOfCalls: 100,
  waitDurationInOpenState: 5 * SECOND,
}

describe('retry storm', () => {
  it('never ends: 2100 attempts a second meet 1000', () => {
    expect(recovery({})).toBe(Infinity)
  })

  it('is over after λD/(C-λ) = 23.3 s without retries (22 s to 95 %)', () => {
    expectNear(recovery({ attempts: 1 }), 22, 1.5)
  })

  it('is over as soon with a retry budget (21 s)', () => {
    expectNear(recovery({ budget: { kind: 'grpc', ratio: 0.1 } }), 21.5, 1.5)
  })

  it('is over at once when the queue is bounded, or serves the last first: what is left are the tries begun before', () => {
    expect(recovery({ service: { queue: 200 } })).toBeLessThan(1.5)
    expect(recovery({ service: { discipline: 'lifo' } })).toBeLessThan(3.2)
  })

  it('is over soon with a breaker that waits 5 s (3 s), late with one that waits 30 s (22 s)', () => {
    expect(recovery({ breaker: {} })).toBeLessThan(5.5)
    expectNear(recovery({ breaker: { waitDurationInOpenState: 30 * SECOND } }), 22, 2)
  })

  it('ends by itself below C/A = 333 requests a second: 300 do, 380 do not', () => {
    expectNear(recovery({ rate: 300, duration: 120 }), 68, 25)
    expect(recovery({ rate: 380, duration: 120 })).toBe(Infinity)
  })
})
