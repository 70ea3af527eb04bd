import { describe, expect, it } from 'vitest'
import type { AnyComponent, Call } from '../../../engine/component.ts'
import { component } from '../../../engine/component.ts'
import bulkhead from '../../../engine/patterns/resilience/bulkhead.ts'
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
const slow = (time: string) => ({ outcome: 'ok' as const, after: time })

describe('bulkhead', () => {
  it('lets so many calls through at once and refuses the next without waiting', () => {
    const world = alone(bulkhead, { maxConcurrentCalls: 2 })
    world.call(3)
    expect(world.reached).toHaveLength(2)
    expect(world.ended).toMatchObject([{ failure: 'refused', took: 0 }])
    expect(world.signal('refused')).toBe(1)
    expect(world.signal('inUse')).toBe(2)
  })

  it('gives the permit of a call that ended to a later one, whatever its end', () => {
    const world = alone(bulkhead, { maxConcurrentCalls: 1 })
    world.neighbour('error')
    world.call()
    world.run('2ms')
    world.call()
    world.run('2ms')
    expect(world.ended.map(({ failure }) => failure)).toEqual(['error', undefined])
    expect(world.signal('inUse')).toBe(0)
  })

  it('lets calls wait in order, so many and so long as it was told', () => {
    const world = alone(bulkhead, {
      maxConcurrentCalls: 1,
      maxWaitDuration: ms(15),
      queueCapacity: 2,
    })
    world.neighbour(slow('10ms'), slow('10ms'))
    world.call(4)
    expect(world.ended).toMatchObject([{ failure: 'refused', took: 0 }])
    world.run('1s')
    expect(world.ended.slice(1)).toMatchObject([
      { ok: true, took: ms(10) },
      { failure: 'refused', took: ms(15) },
      { ok: true, took: ms(20) },
    ])
    expect(world.signal('waiting')).toBe(0)
    expect(world.result().pending.other).toBe(0)
  })

  it('lets nobody overtake those who wait', () => {
    const world = alone(bulkhead, { maxConcurrentCalls: 1, maxWaitDuration: ms(100) })
    world.neighbour(slow('10ms'), slow('10ms'), slow('10ms'))
    world.call(2)
    world.run('5ms')
    world.call()
    world.run('1s')
    expect(world.reached.map(({ at }) => at)).toEqual([0, ms(10), ms(20)])
    expect(world.ended.map(({ took }) => took)).toEqual([ms(10), ms(20), ms(25)])
  })

  it('takes the permit, or the place in the line, of a call whose caller gave up', () => {
    const load = { timeout: ms(30) }
    const world = alone(bulkhead, { maxConcurrentCalls: 1, maxWaitDuration: ms(1000) }, { load })
    world.neighbour('silent', 'silent')
    world.call(2)
    world.run('10ms')
    world.call()
    world.run('20ms')
    // The first two were given up at 30 ms; the third got the permit then, and its own answer.
    world.run('1s')
    expect(world.reached.map(({ at }) => at)).toEqual([0, ms(30), ms(30)])
    expect(world.ended).toMatchObject([{ ok: true, took: ms(21) }])
    expect(world.signal('inUse')).toBe(0)
    expect(world.signal('waiting')).toBe(0)
  })

  it('keeps a kind that has used up its permits from taking those of another', () => {
    const load = { keys: { kind: 'uniform' as const, items: 3 } }
    const world = alone(bulkhead, { maxConcurrentCalls: 2, partition: 'key' }, { load })
    world.neighbour(...Array.from({ length: 100 }, () => 'silent' as const))
    world.call(60)
    const byKey = [0, 1, 2].map((key) => world.reached.filter((one) => one.key === key).length)
    expect(byKey).toEqual([2, 2, 2])
  })

  it('lends shared permits to any kind, and no more than there are', () => {
    const load = { keys: { kind: 'uniform' as const, items: 3 } }
    const params = { maxConcurrentCalls: 2, partition: 'key', sharedCalls: 4 }
    const world = alone(bulkhead, params, { load })
    world.neighbour(...Array.from({ length: 100 }, () => 'silent' as const))
    world.call(60)
    expect(world.reached).toHaveLength(3 * 2 + 4)
  })

  it('gives a shared permit that came free to the call of any kind that waited longest', () => {
    const begun: [tenant: string, at: number][] = []
    const names = ['a', 'b', 'c']
    const load = (name: string, times: readonly number[]) => ({
      to: 'db',
      arrivals: { kind: 'trace' as const, times: times.map(ms) },
      tenants: [{ name, share: 1, work: 1 }],
    })
    smallRun({
      services: { db: { work: constant(100) } },
      load: { a: load('a', [0, 0]), b: load('b', [10, 40]), c: load('c', [20, 30]) },
      patterns: [
        [
          bulkhead,
          'db',
          {
            maxConcurrentCalls: 1,
            partition: 'tenant',
            sharedCalls: 1,
            maxWaitDuration: SECOND,
          },
        ],
        [spyOn(({ tenant }, now) => void begun.push([names[tenant]!, now / ms(1)])), 'db'],
      ],
      duration: 1,
    })
    // At 100 the shared permit of a comes free: c has waited since 30, b since 40.
    expect(begun).toEqual([
      ['a', 0],
      ['a', 0],
      ['b', 10],
      ['c', 20],
      ['c', 100],
      ['b', 110],
    ])
  })

  it('sits in front of a service as well', () => {
    const world = alone(bulkhead, { maxConcurrentCalls: 3 }, { place: 'server' })
    world.neighbour(...Array.from({ length: 5 }, () => 'silent' as const))
    world.call(5)
    expect(world.reached).toHaveLength(3)
    expect(world.ended.map(({ failure }) => failure)).toEqual(['refused', 'refused'])
  })

  it('says which values cannot work together', () => {
    const values = { maxConcurrentCalls: 1, maxWaitDuration: 1, queueCapacity: 0 }
    const says = bulkhead.check!({ ...values, partition: 'none', sharedCalls: 1 })
    expect(says).toHaveLength(2)
  })

  it.each([
    [50, 101, 0.514],
    [20, 14, 0.03],
    [10, 7, 0.0787],
    [10, 12, 0.3019],
    [25, 100, 0.753],
  ])('blocks as Erlang B says: %i permits, %i erlang', (permits, erlang, blocked) => {
    const { result } = smallRun({
      services: { db: { concurrency: 1e6, work: exponential(100) } },
      load: { users: { to: 'db', arrivals: poisson(erlang * 10) } },
      patterns: [[bulkhead, 'db', { maxConcurrentCalls: permits }]],
      duration: 8000 / erlang,
      warmup: 5,
    })
    const { offered, failedFast } = result.requests
    expectNear(failedFast / offered, blocked, 0.008)
  })

  it('isolates one tenant from another at the price of idle permits (19.9 % against 60.8 % blocked)', () => {
    const tenants = [
      { name: 'a', share: 4 / 24, work: 1 },
      { name: 'b', share: 20 / 24, work: 1 },
    ]
    const blocked = (values: object) => {
      const { result } = smallRun({
        services: { db: { concurrency: 1e6, work: exponential(100) } },
        load: { users: { to: 'db', arrivals: poisson(240), tenants } },
        patterns: [[bulkhead, 'db', values as never]],
        duration: 250,
        warmup: 5,
      })
      return result.requests.failedFast / result.requests.offered
    }
    const [a, b] = [0.19907, 0.76436]
    expectNear(blocked({ maxConcurrentCalls: 5, partition: 'tenant' }), (4 * a + 20 * b) / 24, 0.01)
    expectNear(blocked({ maxConcurrentCalls: 10 }), 0.60793, 0.01)
  })

  it('frees its permits when the instance it sits on crashes', () => {
    const { result, world } = smallRun({
      services: {
        web: { concurrency: 50, calls: { '*': [callOf('db')] }, work: constant(1) },
        db: { concurrency: 1, queue: 1000, work: constant(50) },
      },
      load: { users: { to: 'web', arrivals: poisson(100), until: 9 * SECOND } },
      patterns: [[bulkhead, 'web -> db', { maxConcurrentCalls: 3, maxWaitDuration: SECOND }]],
      faults: [{ verb: 'crash', target: 'web', at: 5 * SECOND, for: SECOND }],
      duration: 60,
    })
    expect(result.violations).toEqual([])
    expect(signalOf(result, 'bulkhead', 'inUse')).toBe(0)
    expect(signalOf(result, 'bulkhead', 'waiting')).toBe(0)
    expect(world.pool.live).toBe(0)
  })
})

/** Hears of every call that gets through. */
const spyOn = (hear: (call: Call, now: number) => void): AnyComponent =>
  component({
    name: 'spy',
    family: 'style',
    at: ['server'],
    about: 'Hears of calls.',
    source: 'test',
    tradeOff: 'none',
    order: 1_000_000,
    params: {},
    signals: {},
    create: ({ clock }) => ({
      onCall(call) {
        hear(call, clock.now)
        return call.pass()
      },
    }),
  })

const callOf = (to: string) =>
  ({ kind: 'call', to, op: undefined, required: true, times: 1 }) as const
