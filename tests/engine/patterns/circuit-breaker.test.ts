import { describe, expect, it } from 'vitest'
import circuitBreaker from '../../../engine/patterns/resilience/circuit-breaker.ts'
import loadBalancer from '../../../engine/patterns/traffic/load-balancer.ts'
import { MILLISECOND, SECOND } from '../../../engine/units.ts'
import type { Alone, Reply } from '../../support/alone.ts'
import { alone } from '../../support/alone.ts'
import { constant, expectNear, poisson, signalOf, smallRun } from '../../support/small-run.ts'

const ms = (time: number): number => time * MILLISECOND
const times = (count: number, reply: Reply): Reply[] => Array.from({ length: count }, () => reply)
const window = (size: number, type = 'count') => ({ slidingWindow: { type, size } })
const small = {
  ...window(4),
  minimumNumberOfCalls: 4,
  waitDurationInOpenState: 5 * SECOND,
  permittedNumberOfCallsInHalfOpenState: 2,
}

/** A breaker that has just opened, at 1 s. */
function opened(params: object = {}): Alone {
  const world = alone(circuitBreaker, { ...small, ...params })
  world.neighbour(...times(4, { outcome: 'error', after: '1s' }))
  world.call(4)
  world.run('1s')
  expect(world.signal('circuit')).toBe('open')
  return world
}

describe('circuit breaker', () => {
  it('opens when the share of failures reaches the threshold, comparing with >=', () => {
    const world = alone(circuitBreaker, small)
    world.neighbour('ok', 'error', 'ok', 'error')
    world.call(4)
    world.run('1s')
    expect(world.signal('circuit')).toBe('open')
  })

  it('compares shares without a rounding error: 11 of 20 are 55 %', () => {
    const params = { ...window(20), minimumNumberOfCalls: 20, failureRateThreshold: 0.55 }
    const world = alone(circuitBreaker, params)
    world.neighbour(...times(9, 'ok'), ...times(11, 'error'))
    world.call(20)
    world.run('1s')
    expect(world.signal('circuit')).toBe('open')
  })

  it('refuses at once while open, until the wait is over and not a nanosecond less', () => {
    const world = opened()
    world.call()
    expect(world.ended.at(-1)).toMatchObject({ ok: false, failure: 'refused', took: 0 })
    world.run('4999999999ns')
    world.call()
    expect(world.reached).toHaveLength(4)
    world.run('1ns')
    world.call()
    expect(world.reached).toHaveLength(5)
    expect(world.signal('refused')).toBe(2)
  })

  it('does not go half-open before a call asks, unless told so', () => {
    const lazy = opened()
    lazy.run('20s')
    expect(lazy.signal('circuit')).toBe('open')
    const eager = opened({ automaticTransitionFromOpenToHalfOpen: true, waitMultiplier: 2 })
    eager.run('5s')
    expect(eager.signal('circuit')).toBe('half-open')
    eager.neighbour('error', 'error')
    eager.call(2)
    eager.run('9s')
    expect(eager.signal('circuit')).toBe('open')
    eager.run('2s')
    expect(eager.signal('circuit')).toBe('half-open')
  })

  it('lets exactly the permitted probes through when the wait is over', () => {
    const world = opened()
    world.run('5s')
    world.call(5)
    expect(world.reached).toHaveLength(6)
    expect(world.signal('circuit')).toBe('half-open')
    world.run('1s')
    expect(world.signal('circuit')).toBe('closed')
  })

  it('gives probes out in total, not at once: an answered probe frees no permit', () => {
    const world = opened({ permittedNumberOfCallsInHalfOpenState: 3 })
    world.run('5s')
    world.call()
    world.run('10ms')
    world.call()
    world.run('10ms')
    world.neighbour('silent')
    world.call(4)
    expect(world.reached).toHaveLength(4 + 3)
    expect(world.signal('circuit')).toBe('half-open')
  })

  it('waits for ever for a probe that never answers, unless told for how long', () => {
    const stuck = opened()
    stuck.run('5s')
    stuck.neighbour('silent', 'silent')
    stuck.call(2)
    stuck.run('1h')
    stuck.call()
    expect(stuck.ended.at(-1)!.failure).toBe('refused')
    expect(stuck.signal('circuit')).toBe('half-open')

    const patient = opened({ maxWaitDurationInHalfOpenState: 2 * SECOND })
    patient.run('5s')
    patient.neighbour('silent', 'silent')
    patient.call(2)
    patient.run('3s')
    patient.call()
    expect(patient.signal('circuit')).toBe('open')
    // The wait counts from the moment it gave up on the probes: 8 s + 5 s.
    patient.run('3999ms')
    patient.call()
    expect(patient.reached).toHaveLength(6)
    patient.run('1ms')
    patient.call()
    expect(patient.reached).toHaveLength(7)
  })

  it('decides at min(minimumNumberOfCalls, permitted) probes, by the same threshold', () => {
    const early = opened({ minimumNumberOfCalls: 1, permittedNumberOfCallsInHalfOpenState: 10 })
    early.run('5s')
    early.call(3)
    early.run('1ms')
    expect(early.signal('circuit')).toBe('closed')

    const half = opened()
    half.run('5s')
    half.neighbour('ok', 'error')
    half.call(2)
    half.run('1s')
    expect(half.signal('circuit')).toBe('open')
  })

  it('takes outcomes that come late, while open, into the old window: they open nothing again', () => {
    const world = alone(circuitBreaker, small)
    world.neighbour(...times(4, 'error'), ...times(20, { outcome: 'error', after: '6s' }))
    world.call(24)
    world.run('1s')
    world.run('5s')
    expect(world.signal('opened')).toBe(1)
    world.neighbour('ok', 'ok')
    world.call(2)
    world.run('1s')
    expect(world.signal('circuit')).toBe('closed')
  })

  it('forgets the window when it closes', () => {
    const world = opened()
    world.run('5s')
    world.call(2)
    world.run('1s')
    world.neighbour('error', 'error', 'error')
    world.call(3)
    world.run('1s')
    expect(world.signal('circuit')).toBe('closed')
  })

  it('gives the permit of a probe back that was given up or whose failure does not count', () => {
    const load = { timeout: ms(100) }
    const world = alone(circuitBreaker, { ...small, waitDurationInOpenState: SECOND }, { load })
    world.neighbour(...times(4, 'error'), 'silent', 'invalid')
    world.call(4)
    world.run('2s')
    world.call(2)
    world.run('1s')
    expect(world.signal('circuit')).toBe('half-open')
    world.call(2)
    world.run('1s')
    expect(world.signal('circuit')).toBe('closed')
  })

  it('does not let refused calls pay for more probes', () => {
    const load = { timeout: ms(100) }
    const world = alone(circuitBreaker, { ...small, waitDurationInOpenState: SECOND }, { load })
    world.neighbour(...times(4, 'error'), 'silent', 'silent', ...times(10, 'silent'))
    world.call(4)
    world.run('2s')
    // Two probes, three refusals; when the probes are given up there are two permits again.
    world.call(5)
    expect(world.reached).toHaveLength(6)
    world.run('200ms')
    world.call(5)
    expect(world.reached).toHaveLength(8)
  })

  it('counts slow calls, slower meaning longer than the threshold', () => {
    const params = { ...small, slowCallRateThreshold: 0.5, slowCallDurationThreshold: ms(100) }
    const [exact, over] = ['100ms', '101ms'].map((after) => {
      const world = alone(circuitBreaker, params)
      world.neighbour(...times(4, { outcome: 'ok', after }))
      world.call(4)
      world.run('1s')
      return world.signal('circuit')
    })
    expect([exact, over]).toEqual(['closed', 'open'])
  })

  it('forgets what is older than a time window, and needs the minimum within it', () => {
    const world = alone(circuitBreaker, { ...small, ...window(SECOND, 'time') })
    for (let n = 0; n < 10; n++) {
      world.neighbour('error')
      world.call()
      world.run('400ms')
    }
    expect(world.signal('circuit')).toBe('closed')
    world.neighbour('error', 'error')
    world.call(2)
    world.run('10ms')
    expect(world.signal('circuit')).toBe('open')
  })

  it('waits longer after every opening in a row, up to the most', () => {
    const params = { waitMultiplier: 2, maxWaitDurationInOpenState: 15 * SECOND }
    const world = opened({ ...params, minimumNumberOfCalls: 1 })
    const openTimes: number[] = []
    for (let n = 0; n < 4; n++) {
      const from = world.world.now
      const before = world.reached.length
      world.neighbour('error')
      while (world.reached.length === before) {
        world.run('1s')
        world.call()
      }
      openTimes.push((world.world.now - from) / SECOND)
      world.run('1ms')
    }
    expect(openTimes.map(Math.round)).toEqual([5, 10, 15, 15])
  })

  it('can first open on the hundredth recorded call with the defaults', () => {
    const world = alone(circuitBreaker)
    world.neighbour(
      ...Array.from({ length: 100 }, (_, n) => (n % 2 ? ('error' as const) : ('ok' as const))),
    )
    world.call(99)
    world.run('1s')
    expect(world.signal('circuit')).toBe('closed')
    world.call()
    world.run('1s')
    expect(world.signal('circuit')).toBe('open')
  })

  it('decides the reference trace: opens at 3 s, refuses nine, probes at 13 s, closes at 14 s', () => {
    const values = { ...small, waitDurationInOpenState: 10 * SECOND }
    const world = alone(circuitBreaker, values)
    const outcomes = [
      'error',
      'ok',
      'error',
      'ok',
      ...Array.from({ length: 17 }, () => 'ok' as const),
    ]
    world.neighbour(...outcomes.map((outcome) => ({ outcome, after: '0s' }) as Reply))
    const words: (string | number)[] = []
    for (let second = 0; second < 30; second++) {
      world.call()
      world.run('1s')
      words.push(world.signal('circuit'))
    }
    expect(words.indexOf('open')).toBe(3)
    expect(words.indexOf('half-open')).toBe(13)
    expect(words.lastIndexOf('half-open')).toBe(13)
    expect(world.signal('refused')).toBe(9)
  })

  // Renewal theory of the window chain: expected calls while closed 12.66, 34.80 (window of 10 calls, 5 probes, 30 s).
  it.each([
    [0.5, 0.963607, 0.003],
    [0.3, 0.897864, 0.012],
    [0.1, 0.15268, 0.06],
  ])('is open as long as theory says at %f errors', (errors, refused, tolerance) => {
    const { result } = smallRun({
      services: { db: { errors } },
      load: { users: { to: 'db', arrivals: poisson(10) } },
      patterns: [
        [
          circuitBreaker,
          'users -> db',
          {
            ...window(10),
            minimumNumberOfCalls: 10,
            permittedNumberOfCallsInHalfOpenState: 5,
            waitDurationInOpenState: 30 * SECOND,
          },
        ],
      ],
      duration: 10_000,
    })
    expectNear(result.requests.failedFast / result.requests.offered, refused, tolerance)
  })
})

describe('circuit breaker before shards of which one is dead', () => {
  const keys = { kind: 'uniform' as const, items: 4 }
  const shards = { policy: 'key-partitioner', partitioner: 'mod' }
  const availability = (values: object, order: readonly string[] = [], seed = '1'): number => {
    const { result } = smallRun({
      services: { db: { instances: 4, work: constant(1) } },
      load: { users: { to: 'db', arrivals: poisson(200), keys } },
      patterns: [
        [circuitBreaker, 'users -> db', { waitDurationInOpenState: 5 * SECOND, ...values }],
        [loadBalancer, 'users -> db', shards],
      ],
      faults: [{ verb: 'crash', target: 'db#0' }],
      order,
      duration: 220,
      warmup: 20,
      seed,
    })
    return result.requests.ok / result.requests.offered
  }

  it.each([
    [0.1, 0.011, 0.006],
    [0.2, 0.028, 0.01],
    [0.3, 0.093, 0.03],
    [0.5, 0.75, 0.01],
  ])('over all, a threshold of %f leaves %f of the calls', (threshold, left, tolerance) => {
    expectNear(availability({ failureRateThreshold: threshold }), left, tolerance)
  })

  it('for each key it loses only the calls to the dead shard', () => {
    expectNear(availability({ failureRateThreshold: 0.1, scope: 'key' }), 0.75, 0.01)
  })

  it('inside the balancer it can tell hosts apart; outside it cannot', () => {
    const values = { failureRateThreshold: 0.1, scope: 'host' }
    expectNear(availability(values, ['load-balancer', 'circuit-breaker']), 0.75, 0.01)
    expect(availability(values)).toBeLessThan(0.05)
  })

  it('spares the dead shard: probes only', () => {
    const { result } = smallRun({
      services: { db: { errors: 1 } },
      load: { users: { to: 'db', arrivals: poisson(100) } },
      patterns: [[circuitBreaker, 'users -> db', small]],
      duration: 100,
    })
    expect(result.services['db']!.arrivals).toBeLessThan(4 + 2 * 21)
    expect(signalOf(result, 'circuit-breaker', 'opened')).toBeGreaterThan(15)
  })
})
