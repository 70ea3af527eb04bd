import { describe, expect, it } from 'vitest'
import hedgedRequest from '../../../engine/patterns/resilience/hedged-request.ts'
import retry from '../../../engine/patterns/resilience/retry.ts'
import timeout from '../../../engine/patterns/resilience/timeout.ts'
import loadBalancer from '../../../engine/patterns/traffic/load-balancer.ts'
import { MILLISECOND, SECOND } from '../../../engine/units.ts'
import { alone } from '../../support/alone.ts'
import {
  constant,
  expectNear,
  exponential,
  poisson,
  signalOf,
  smallRun,
} from '../../support/small-run.ts'

const ms = (time: number): number => time * MILLISECOND
const slow = (after: string, outcome: 'ok' | 'error' = 'ok') => ({ outcome, after })
const fixed = (after: number) => ({
  kind: 'fixed',
  after: ms(after),
  percentile: 0.95,
  window: 30 * SECOND,
  least: ms(1),
})
const free = { delay: fixed(10), maxExtraLoad: 1 }

describe('hedged request', () => {
  it('sends a second copy elsewhere when the first is slow, and takes what comes first', () => {
    const world = alone(hedgedRequest, free, { instances: 5 })
    world.neighbour(slow('100ms'), slow('5ms'))
    world.call()
    world.run('1s')
    expect(world.reached.map(({ at, attempt }) => [at, attempt])).toEqual([
      [0, 1],
      [ms(10), 2],
    ])
    expect(world.reached[0]!.instance).not.toBe(world.reached[1]!.instance)
    expect(world.ended).toMatchObject([{ ok: true, took: ms(15) }])
    expect(world.signal('won')).toBe(1)
    expect(world.result().requests.ok).toBe(1)
  })

  it('sends nothing twice when the first answers in time, and leaves no timer behind', () => {
    const world = alone(hedgedRequest, free)
    world.neighbour(slow('9ms'))
    world.call()
    world.run('9ms')
    expect(world.ended).toMatchObject([{ ok: true, took: ms(9) }])
    expect(world.result().pending.other).toBe(0)
    world.run('1s')
    expect(world.reached).toHaveLength(1)
    expect(world.signal('hedges')).toBe(0)
  })

  it('lets the first win too', () => {
    const world = alone(hedgedRequest, free)
    world.neighbour(slow('12ms'), slow('100ms'))
    world.call()
    world.run('1s')
    expect(world.ended).toMatchObject([{ ok: true, took: ms(12) }])
    expect(world.signal('won')).toBe(0)
  })

  it('goes to another instance every time there is one, and stays when there is none', () => {
    const world = alone(hedgedRequest, free, { instances: 2 })
    for (let n = 0; n < 40; n++) {
      world.neighbour(slow('30ms'), slow('30ms'))
      world.call()
      world.run('50ms')
    }
    const pairs = Array.from({ length: 40 }, (_, n) => world.reached.slice(2 * n, 2 * n + 2))
    expect(pairs.every(([first, second]) => first!.instance !== second!.instance)).toBe(true)
    const alike = alone(hedgedRequest, { ...free, differentHost: false }, { instances: 2 })
    for (let n = 0; n < 40; n++) {
      alike.neighbour(slow('30ms'), slow('30ms'))
      alike.call()
      alike.run('50ms')
    }
    expect(new Set(alike.reached.slice(0, 80).map(({ instance }) => instance)).size).toBe(2)
    const same = Array.from({ length: 40 }, (_, n) => alike.reached.slice(2 * n, 2 * n + 2))
    expect(same.some(([first, second]) => first!.instance === second!.instance)).toBe(true)
  })

  it('sends the next copy at once when one fails so that trying again can help', () => {
    const world = alone(hedgedRequest, { ...free, maxAttempts: 3 })
    world.neighbour(slow('2ms', 'error'), slow('2ms', 'error'), slow('2ms'))
    world.call()
    world.run('1s')
    expect(world.reached.map(({ at }) => at)).toEqual([0, ms(2), ms(4)])
    expect(world.ended).toMatchObject([{ ok: true, took: ms(6) }])
  })

  it('sends the next at once although another copy is still under way', () => {
    const world = alone(hedgedRequest, { ...free, maxAttempts: 3 })
    world.neighbour(slow('100ms'), slow('2ms', 'error'), slow('2ms'))
    world.call()
    world.run('1s')
    expect(world.reached.map(({ at }) => at)).toEqual([0, ms(10), ms(12)])
    expect(world.ended).toMatchObject([{ ok: true, took: ms(14) }])
  })

  it('waits for the rest when there are no copies left, and fails when the last one does', () => {
    const world = alone(hedgedRequest, free)
    world.neighbour(slow('50ms'), slow('2ms', 'error'), slow('20ms', 'error'), slow('2ms', 'error'))
    world.call()
    world.run('100ms')
    world.call()
    world.run('1s')
    expect(world.ended).toMatchObject([
      { ok: true, took: ms(50) },
      { failure: 'error', took: ms(20) },
    ])
    expect(world.reached).toHaveLength(4)
  })

  it('ends at once with a failure that another copy cannot mend', () => {
    const world = alone(hedgedRequest, free)
    world.neighbour(slow('100ms'), { outcome: 'invalid', after: '2ms' })
    world.call()
    world.run('1s')
    expect(world.ended).toMatchObject([{ failure: 'invalid', took: ms(12) }])
    const early = alone(hedgedRequest, free)
    early.neighbour({ outcome: 'invalid', after: '2ms' })
    early.call()
    early.run('3ms')
    expect(early.ended).toMatchObject([{ failure: 'invalid', took: ms(2) }])
    expect(early.result().pending.other).toBe(0)
  })

  it('tells the loser to stop, or lets it work for nobody', () => {
    const run = (cancelLoser: boolean) =>
      smallRun({
        services: { db: { instances: 2, concurrency: 1, work: constant(50) } },
        load: { users: { to: 'db', arrivals: { kind: 'trace', times: [0] } } },
        patterns: [[hedgedRequest, 'users -> db', { ...free, cancelLoser }]],
        duration: 1,
      }).result.services['db']!
    expect(run(false)).toMatchObject({ completed: 2, wasted: 1 })
    expect(run(true)).toMatchObject({ completed: 1, wasted: 0 })
  })

  it('adds no more load than it may, whatever goes on', () => {
    const { result } = smallRun({
      services: { db: { instances: 4, concurrency: 100, work: constant(50) } },
      load: { users: { to: 'db', arrivals: poisson(100) } },
      patterns: [[hedgedRequest, 'users -> db', { delay: fixed(10), maxExtraLoad: 0.03 }]],
      duration: 100,
    })
    const hedges = signalOf(result, 'hedged-request', 'hedges')
    expectNear(hedges / result.requests.offered, 0.03, 0.002)
    expect(signalOf(result, 'hedged-request', 'denied')).toBeGreaterThan(9000)
  })

  it('learns the wait from recent latencies: at the 95th percentile about one call in twenty is hedged', () => {
    const { result } = smallRun({
      services: { db: { instances: 2, concurrency: 1e6, work: exponential(100) } },
      load: { users: { to: 'db', arrivals: poisson(100) } },
      patterns: [
        [hedgedRequest, 'users -> db', { delay: { kind: 'percentile' }, maxExtraLoad: 0.05 }],
      ],
      duration: 300,
    })
    const hedges = signalOf(result, 'hedged-request', 'hedges')
    expectNear(hedges / result.requests.offered, 0.05, 0.012)
    expectNear(signalOf(result, 'hedged-request', 'wait'), ms(300), ms(45))
  })

  it('does not hedge before it has seen a latency', () => {
    const world = alone(hedgedRequest, { maxExtraLoad: 1 })
    world.neighbour('silent')
    world.call()
    world.run('1h')
    expect(world.reached).toHaveLength(1)
  })

  it('begins anew for every try of a retry outside it', () => {
    const world = alone(hedgedRequest, free)
    expect(world.reached).toHaveLength(0)
    const { result } = smallRun({
      services: { db: { instances: 3, concurrency: 9, errors: 1, work: constant(1) } },
      load: { users: { to: 'db', arrivals: { kind: 'trace', times: [0] } } },
      patterns: [
        [retry, 'users -> db', { maxAttempts: 3, backoff: { kind: 'none' } }],
        [hedgedRequest, 'users -> db', free],
      ],
      duration: 1,
    })
    expect(result.services['db']!.arrivals).toBe(6)
    expect(result.violations).toEqual([])
  })

  it('has a timeout of its own for every copy, when that lies inside', () => {
    const { result } = smallRun({
      services: { db: { instances: 3, concurrency: 9, work: constant(1000) } },
      load: { users: { to: 'db', arrivals: { kind: 'trace', times: [0] } } },
      patterns: [
        [hedgedRequest, 'users -> db', { ...free, delay: fixed(60) }],
        [timeout, 'users -> db', { timeout: ms(100) }],
      ],
      duration: 2,
    })
    expect(result.failedLatencyMs.max).toBeCloseTo(160, 0)
    expect(result.violations).toEqual([])
  })

  it('lets a balancer choose where the other copy goes', () => {
    const { result } = smallRun({
      services: { db: { instances: 3, concurrency: 1, queue: 1000, work: exponential(10) } },
      load: { users: { to: 'db', arrivals: poisson(150) } },
      patterns: [
        [hedgedRequest, 'users -> db', { ...free, delay: fixed(20) }],
        [loadBalancer, 'users -> db', { policy: 'power-of-two' }],
      ],
      duration: 60,
    })
    expect(result.violations).toEqual([])
    expect(result.requests.ok + result.requests.unfinished).toBe(result.requests.offered)
    expect(signalOf(result, 'hedged-request', 'won')).toBeGreaterThan(50)
  })

  it('brings a mean of 1 to 0.816 for 0.368 more load with Exp(1) and a wait of 1', () => {
    const { result } = smallRun({
      services: { db: { instances: 2, concurrency: 1e6, work: exponential(100) } },
      load: { users: { to: 'db', arrivals: poisson(200) } },
      patterns: [[hedgedRequest, 'users -> db', { ...free, delay: fixed(100) }]],
      duration: 300,
    })
    const { offered } = result.requests
    expectNear(result.latencyMs.mean, 81.606, 1.2)
    expectNear(result.latencyMs.p99, 280.26, 10)
    expectNear(signalOf(result, 'hedged-request', 'hedges') / offered, 0.36788, 0.008)
  })

  it('takes a slow share of 1 % to 0.01 % of the calls', () => {
    const work = {
      '*': {
        kind: 'mixture' as const,
        weights: [0.99, 0.01],
        parts: [
          { kind: 'constant' as const, value: ms(5) },
          { kind: 'constant' as const, value: ms(1000) },
        ],
      },
    }
    const run = (maxAttempts: number) =>
      smallRun({
        services: { leaf: { instances: 10, concurrency: 1e6, work } },
        load: { users: { to: 'leaf', arrivals: poisson(500) } },
        patterns: [[hedgedRequest, 'users -> leaf', { ...free, maxAttempts }]],
        duration: 100,
      }).result.latencyMs
    expect(run(1).p999).toBeGreaterThan(990)
    expect(run(2).p999).toBeLessThan(20)
  })

  it('says which values cannot work together', () => {
    const says = hedgedRequest.check!({ maxAttempts: 2, maxExtraLoad: 0 } as never)
    expect(says).toHaveLength(1)
  })
})
