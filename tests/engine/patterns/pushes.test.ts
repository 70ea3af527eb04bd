/** What a push of configuration does while calls are under way. */
import { describe, expect, it } from 'vitest'
import autoscaler from '../../../engine/patterns/scaling/autoscaler.ts'
import bulkhead from '../../../engine/patterns/resilience/bulkhead.ts'
import circuitBreaker from '../../../engine/patterns/resilience/circuit-breaker.ts'
import hedgedRequest from '../../../engine/patterns/resilience/hedged-request.ts'
import loadBalancer from '../../../engine/patterns/traffic/load-balancer.ts'
import loadShedder from '../../../engine/patterns/traffic/load-shedder.ts'
import messageQueue from '../../../engine/patterns/messaging/message-queue.ts'
import rateLimiter from '../../../engine/patterns/traffic/rate-limiter.ts'
import retry from '../../../engine/patterns/resilience/retry.ts'
import { call, ns, smallWorld } from '../../support/small-world.ts'

type Setting = Parameters<typeof smallWorld>[0]

/** A push on the pattern called `it`. */
function push(knob: string, value: unknown, at: string, span?: string) {
  const length = span === undefined ? {} : { for: ns(span) }
  return {
    verb: 'config' as const,
    target: `patterns.it.${knob}`,
    at: ns(at),
    ...length,
    options: { value },
  }
}

/** Users call `front`, which calls `db`; the pattern sits between the two. */
function worldOf(it: NonNullable<Setting['patterns']>[string], more: Partial<Setting> = {}) {
  return smallWorld({
    services: { front: { calls: { '*': [call('db')] }, concurrency: 1000 }, db: {} },
    load: { users: { to: 'front' } },
    patterns: { it },
    ...more,
  })
}
const BETWEEN = ['front -> db']
const front = { calls: { '*': [call('db')] }, concurrency: 1000 }

describe('a push of configuration', () => {
  it('of a balancer that leaves calls alone from now on leaves its books as they are', () => {
    const again = { use: retry, where: BETWEEN, maxAttempts: 2, backoff: { kind: 'none' } }
    const it = { use: loadBalancer, where: BETWEEN, policy: 'least-request' }
    const small = smallWorld({
      services: { front, db: { instances: 3, work: '40ms', errors: 1 } },
      load: { users: { to: 'front', rate: 100, until: ns('4s') } },
      patterns: { again, it },
      faults: [push('policy', 'random', '1s', '1s')],
    })
    small.run('10s')
    const balancer = small.world.units.find((unit) => unit.site.pattern === 'it')!
    const { memory } = balancer.save() as {
      memory: { state: { hosts: { outstanding: number }[] } }
    }
    expect(small.result().edges['front -> db']!.retries).toBeGreaterThan(300)
    // Tries that it had sent came back while it left all others alone: each is settled once.
    expect(memory.state.hosts.map(({ outstanding }) => outstanding)).toEqual([0, 0, 0])
  })

  it('gives a rate limit another rate, and its end gives the old one back', () => {
    const limit = { use: rateLimiter, where: BETWEEN, rate: 10, burst: 1 }
    const load = { users: { to: 'front', every: 100 } }
    const world = worldOf(limit, { load, faults: [push('rate', 50, '10s', '10s')] })
    const admitted = (): number => world.total('it.admitted')
    const before = (world.run('9.995s'), admitted())
    const during = (world.run('10s'), admitted() - before)
    const after = (world.run('10s'), admitted() - during - before)
    expect(Math.abs(before - 100)).toBeLessThanOrEqual(1)
    expect(Math.abs(during - 500)).toBeLessThanOrEqual(2)
    expect(Math.abs(after - 100)).toBeLessThanOrEqual(2)
  })

  it('moves the limit of a load shedder', () => {
    const limit = { use: loadShedder, where: BETWEEN, algorithm: 'fixed', initialLimit: 1 }
    const services = { front, db: { work: '10s', concurrency: 100 } }
    const faults = [push('initialLimit', 3, '1s')]
    const world = worldOf(limit, { services, faults }).send(5).run('0.5s')
    expect([world.total('it.inflight'), world.total('it.refused')]).toEqual([1, 4])
    world.run('1s').send(5).run('0.5s')
    expect([world.total('it.inflight'), world.total('it.refused')]).toEqual([3, 7])
  })

  it('lets those go on who wait at a bulkhead, and counts none of them as borrowed when it is over', () => {
    const walls = {
      use: bulkhead,
      where: BETWEEN,
      maxConcurrentCalls: 1,
      maxWaitDuration: Infinity,
    }
    const services = { front, db: { work: '10s', concurrency: 100 } }
    const faults = [push('maxConcurrentCalls', 3, '1s', '1s')]
    const world = worldOf(walls, { services, faults }).send(3).run('0.5s')
    expect([world.total('it.inUse'), world.total('it.waiting')]).toEqual([1, 2])
    world.run('1s')
    expect([world.total('it.inUse'), world.total('it.waiting')]).toEqual([3, 0])
    world.run('20s').send(3).run('1s')
    expect([world.total('it.inUse'), world.total('it.waiting')]).toEqual([1, 2])
  })

  it.each([
    ['shorter', '60s', '1s', '5s', ['4.9s', '5.1s']],
    ['longer', '2s', '10s', '1s', ['9.9s', '10.2s']],
  ])('makes an open circuit probe by a %s wait', (_, wait, value, at, [open, probing]) => {
    const breaker = {
      use: circuitBreaker,
      where: BETWEEN,
      minimumNumberOfCalls: 1,
      waitDurationInOpenState: ns(wait),
      automaticTransitionFromOpenToHalfOpen: true,
    }
    const services = { front, db: { errors: 1 } }
    const faults = [push('waitDurationInOpenState', ns(value), at)]
    const circuitAt = (time: string): string => {
      const world = worldOf(breaker, { services, faults }).send(1).run(time)
      return String(world.result().signals['it@front -> db']!['circuit']!.value)
    }
    expect([circuitAt(open!), circuitAt(probing!)]).toEqual(['open', 'half-open'])
  })

  it('wakes further consumers of a queue', () => {
    const queue = { use: messageQueue, where: ['front'], consumer: 'db', consumers: 1 }
    const services = { front: {}, db: { work: '10s', concurrency: 100 } }
    const world = worldOf(queue, { services, faults: [push('consumers', 3, '1s')] }).send(5)
    expect(world.run('0.5s').total('it.inFlight')).toBe(1)
    expect(world.run('1s').total('it.inFlight')).toBe(3)
  })

  it('lets a message come back before one that was taken earlier, for longer', () => {
    const queue = { use: messageQueue, where: ['front'], consumer: 'db', consumers: 10 }
    const services = { front: {}, db: { work: '1000s', concurrency: 100 } }
    const load = { users: { to: 'front', times: [0, 6] } }
    const faults = [push('visibilityTimeout', ns('1s'), '5s', '5s')]
    const world = worldOf(queue, { services, load, faults })
    expect(world.run('6.9s').total('it.redelivered')).toBe(0)
    expect(world.run('0.2s').total('it.redelivered')).toBe(1)
    // 7, 8, 9 and 10 s; from then on for 30 s, as the first.
    expect(world.run('22.8s').total('it.redelivered')).toBe(4)
    expect(world.run('0.2s').total('it.redelivered')).toBe(5)
  })

  it('keeps messages in the order in which they come back, however often the timeout changes', () => {
    const queue = { use: messageQueue, where: ['front'], consumer: 'db', consumers: 10 }
    const services = { front: {}, db: { work: '1000s', concurrency: 100 } }
    // Back at 30 and 40 s; then, with 1 s, at 13 s; with 27 s at 39.5 s, which is before the second of them.
    const load = { users: { to: 'front', times: [0, 10, 12, 12.5] } }
    const faults = [
      push('visibilityTimeout', ns('1s'), '11s', '1.2s'),
      push('visibilityTimeout', ns('27s'), '12.3s', '0.4s'),
    ]
    const world = worldOf(queue, { services, load, faults })
    const redeliveries = ['12.9s', '0.2s', '16.8s', '0.2s', '9.3s', '0.2s']
    const counts = redeliveries.map((span) => world.run(span).total('it.redelivered'))
    expect(counts).toEqual([0, 1, 1, 2, 2, 3])
  })

  it('gives retries a budget in the middle of a storm', () => {
    const retries = {
      use: retry,
      where: BETWEEN,
      maxAttempts: 3,
      backoff: { ...(retry.params.backoff.initial as object), kind: 'none' },
    }
    const services = { front, db: { errors: 1 } }
    const load = { users: { to: 'front', every: 10 } }
    const budget = { kind: 'bucket', maxTokens: 10, cost: 1, ratio: 0 }
    const faults = [push('budget', budget, '10s')]
    const world = worldOf(retries, { services, load, faults }).run('9.95s')
    const before = world.total('it.retries')
    expect(before).toBe(2 * 99)
    // Ten tokens, of which the last is never given.
    expect(world.run('10s').total('it.retries') - before).toBe(9)
    expect(world.total('it.denied')).toBeGreaterThan(80)
  })

  it('allows more hedges, or none beyond a bound', () => {
    const hedges = {
      use: hedgedRequest,
      where: BETWEEN,
      maxExtraLoad: 1,
      delay: { ...(hedgedRequest.params.delay.initial as object), kind: 'fixed', after: ns('1ms') },
    }
    const services = { front, db: { work: '50ms', concurrency: 1000 } }
    const load = { users: { to: 'front', every: 100 } }
    const faults = [push('maxExtraLoad', 0.1, '100s')]
    const world = worldOf(hedges, { services, load, faults }).run('99.995s')
    const before = world.total('it.hedges')
    expect(before).toBeGreaterThan(9990)
    const during = world.run('100s').total('it.hedges') - before
    expect(Math.abs(during / 10_000 - 0.1)).toBeLessThan(0.01)
  })

  it('that brings hedging says nothing of how long calls take that began without', () => {
    const delay = { ...(hedgedRequest.params.delay.initial as object), percentile: 0.99 }
    const hedges = { use: hedgedRequest, where: BETWEEN, maxAttempts: 1, delay }
    const services = { front, db: { work: '50ms', concurrency: 1000 } }
    const load = { users: { to: 'front', every: 100 } }
    const faults = [push('maxAttempts', 2, '10s')]
    const world = worldOf(hedges, { services, load, faults }).run('12s')
    expect(Math.abs(world.total('it.wait') / ns('50ms') - 1)).toBeLessThan(0.05)
  })

  it('switches the ejection of outliers on, which lets them back in time', () => {
    const balancer = { use: loadBalancer, where: BETWEEN }
    const services = { front, db: { instances: 10 } }
    const load = { users: { to: 'front', every: 100 } }
    const crash = { verb: 'errors' as const, target: 'db#3', at: 0, for: ns('5s'), by: 1 }
    const faults = [crash, push('outlierEjection.enabled', true, '2s')]
    const world = worldOf(balancer, { services, load, faults }).run('1.9s')
    expect(world.total('it.ejected')).toBe(0)
    expect(world.run('2s').total('it.ejected')).toBe(1)
    expect(world.run('60s').total('it.ejected')).toBe(0)
  })

  it('lets a service grow beyond what the file allowed', () => {
    const scaler = { use: autoscaler, where: ['db'], max: 2 }
    const services = { front, db: { work: '1s', concurrency: 1 } }
    const load = { users: { to: 'front', every: 10 } }
    const faults = [push('max', 5, '300s')]
    const world = worldOf(scaler, { services, load, faults }).run('299s')
    expect(world.total('it.ready')).toBe(2)
    expect(world.run('300s').total('it.ready')).toBe(5)
  })

  it('is known to an instance that starts later, and plans nothing for one that is down', () => {
    const balancer = { use: loadBalancer, where: BETWEEN }
    const services = { front, db: { instances: 10 } }
    const load = { users: { to: 'front', every: 100 } }
    const down = { verb: 'crash' as const, target: 'front', at: 0, for: ns('20s') }
    const failing = { verb: 'errors' as const, target: 'db#3', at: 0, by: 1 }
    const faults = [down, failing, push('outlierEjection.enabled', true, '2s')]
    const world = worldOf(balancer, { services, load, faults }).run('19s')
    expect(world.result().pending.periodic).toEqual([])
    expect(world.run('3s').total('it.ejected')).toBe(1)
  })
})
