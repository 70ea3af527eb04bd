import { describe, expect, it } from 'vitest'
import fallback from '../../../engine/patterns/resilience/fallback.ts'
import retry from '../../../engine/patterns/resilience/retry.ts'
import timeout from '../../../engine/patterns/resilience/timeout.ts'
import { MILLISECOND, SECOND } from '../../../engine/units.ts'
import { alone } from '../../support/alone.ts'
import { constant, expectNear, poisson, signalOf, smallRun } from '../../support/small-run.ts'

const ms = (time: number): number => time * MILLISECOND
const good = (body: string) => ({ outcome: 'ok' as const, body })

describe('fallback', () => {
  it('answers a failure with something less, and says so', () => {
    const world = alone(fallback)
    world.neighbour('error', 'timeout', 'ok')
    world.call(3)
    world.run('1s')
    expect(world.ended.map(({ ok, degraded }) => [ok, degraded])).toEqual([
      [true, true],
      [true, true],
      [true, false],
    ])
    expect(world.result().requests).toMatchObject({ ok: 1, degraded: 2, failed: 0 })
    expect(world.signal('degraded')).toBe(2)
  })

  it('leaves failures alone that are not listed', () => {
    const world = alone(fallback, { fallbackOn: ['timeout'] })
    world.neighbour('invalid', 'error')
    world.call(2)
    world.run('1s')
    expect(world.ended.map(({ failure }) => failure)).toEqual(['invalid', 'error'])
  })

  it('gives the last good answer for that key, no older than maxStale', () => {
    const world = alone(fallback, { source: 'stale-cache', maxStale: SECOND })
    world.neighbour(good('a'), good('b'), 'error', 'error')
    world.call()
    world.run('100ms')
    world.call()
    world.run('100ms')
    world.call()
    world.run('100ms')
    expect(world.ended.at(-1)).toMatchObject({ ok: true, degraded: true, body: 'b' })
    world.run('2s')
    world.call()
    world.run('100ms')
    expect(world.ended.at(-1)).toMatchObject({ ok: false, failure: 'error' })
    expect(world.signal('failed')).toBe(1)
  })

  it('has no stale answer for a key that was never answered', () => {
    const load = { keys: { kind: 'uniform' as const, items: 1e6 } }
    const world = alone(fallback, { source: 'stale-cache' }, { load })
    world.neighbour(good('a'), 'error')
    world.call()
    world.run('10ms')
    world.call()
    world.run('10ms')
    expect(world.ended.at(-1)).toMatchObject({ ok: false, failure: 'error' })
  })

  it('does not remember an answer that was itself reduced', () => {
    const optional = {
      kind: 'call',
      to: 'extra',
      op: undefined,
      required: false,
      times: 1,
    } as const
    const { result } = smallRun({
      services: { db: { calls: { '*': [optional] } }, extra: { errors: 1 } },
      load: { users: { to: 'db', arrivals: { kind: 'constant', rate: 10 } } },
      patterns: [[fallback, 'users -> db', { source: 'stale-cache' }]],
      faults: [{ verb: 'crash', target: 'db', at: 5 * SECOND }],
      duration: 10,
    })
    expect(result.requests.degraded).toBeGreaterThan(40)
    expect(result.requests.failed).toBeGreaterThan(40)
    expect(signalOf(result, 'fallback', 'degraded')).toBe(0)
  })

  it('remembers no more answers than it was told', () => {
    const load = { keys: { kind: 'uniform' as const, items: 1e6 } }
    const world = alone(fallback, { source: 'stale-cache', entries: 10 }, { load })
    world.call(50)
    world.run('1s')
    const { memory } = world.world.units
      .find((unit) => unit.site.pattern === 'subject')!
      .save() as {
      memory: { state: { answers: Map<string, Map<number, unknown>> } }
    }
    expect(memory.state.answers.get('*')!.size).toBe(10)
  })

  it('asks another service instead, which takes its time', () => {
    const params = { source: 'service', service: 'other' }
    const world = alone(fallback, params, { others: ['other'] })
    world.neighbour('error')
    world.call()
    world.run('1s')
    // 1 ms at the neighbour, which follows the script, then 1 ms at the other.
    expect(world.ended).toMatchObject([{ ok: true, degraded: true, took: ms(2) }])
    expect(world.signal('running')).toBe(0)
  })

  it('passes the failure on when the other service fails too', () => {
    const params = { source: 'service', service: 'other' }
    const world = alone(fallback, params, { others: ['other'] })
    world.neighbour('timeout', 'error')
    world.call()
    world.run('1s')
    expect(world.ended).toMatchObject([{ ok: false, failure: 'timeout' }])
  })

  it('asks the other service for no more than so many at once (Hystrix: 10)', () => {
    const params = { source: 'service', service: 'other' }
    const world = alone(fallback, params, { others: ['other'] })
    world.neighbour(...Array.from({ length: 15 }, () => 'error' as const))
    world.call(15)
    world.run('1ms')
    expect(world.signal('running')).toBe(10)
    world.run('1s')
    expect(world.ended.filter(({ ok }) => ok)).toHaveLength(10)
    expect(world.ended.filter(({ failure }) => failure === 'error')).toHaveLength(5)
    expect(world.signal('running')).toBe(0)
  })

  it('copes with another service that answers in the same instant', () => {
    const { result } = smallRun({
      services: { db: { errors: 1, work: constant(1) }, spare: { concurrency: 1, queue: 0 } },
      load: { users: { to: 'db', arrivals: poisson(100) } },
      patterns: [[fallback, 'users -> db', { source: 'service', service: 'spare' }]],
      faults: [{ verb: 'crash', target: 'spare', at: 5 * SECOND, for: 5 * SECOND }],
      duration: 10,
    })
    expect(result.violations).toEqual([])
    expectNear(result.requests.degraded / result.requests.offered, 0.5, 0.05)
    expect(result.requests.degraded + result.requests.failed).toBeGreaterThan(900)
    expect(signalOf(result, 'fallback', 'running')).toBe(0)
  })

  it('forgets a call that its user gave up while the other service was asked', () => {
    const params = { source: 'service', service: 'other' }
    const world = alone(fallback, params, { others: ['other'], load: { timeout: ms(20) } })
    world.neighbour('error', { outcome: 'ok', after: '50ms' })
    world.call()
    world.run('1s')
    expect(world.ended).toEqual([])
    expect(world.result().requests).toMatchObject({ failed: 1, degraded: 0 })
    expect(world.signal('running')).toBe(0)
    expect(world.world.pool.live).toBe(0)
  })

  it('does not answer a second try with what the first one asked for', () => {
    const { result } = smallRun({
      services: { db: { errors: 1, work: constant(1) }, spare: { work: constant(30) } },
      load: { users: { to: 'db', arrivals: poisson(5) } },
      patterns: [
        [retry, 'users -> db', { maxAttempts: 2, backoff: { kind: 'none' } }],
        [timeout, 'users -> db', { timeout: ms(20) }],
        [fallback, 'users -> db', { source: 'service', service: 'spare' }],
      ],
      order: ['retry', 'timeout', 'fallback'],
      duration: 10,
    })
    // The answer to the first question comes after 31 ms, when the second try waits for its own, which comes after 51.
    expect(result.requests.degraded).toBe(0)
    expect(result.requests.failed).toBeGreaterThan(30)
  })

  it('lifts success from 70 % to 98.5 % with a spare that works 95 % of the time; 28.9 % of it is degraded', () => {
    const { result } = smallRun({
      services: {
        db: { errors: 0.3, work: constant(1) },
        spare: { errors: 0.05, work: constant(1) },
      },
      load: { users: { to: 'db', arrivals: poisson(100) } },
      patterns: [
        [
          fallback,
          'users -> db',
          { source: 'service', service: 'spare', maxConcurrentFallbacks: 100 },
        ],
      ],
      duration: 600,
    })
    const { offered, ok, degraded } = result.requests
    expectNear((ok + degraded) / offered, 0.985, 0.003)
    expectNear(degraded / (ok + degraded), 0.28934, 0.01)
  })

  it('needs the name of the other service', () => {
    const rest = { maxStale: 0, entries: 1, maxConcurrentFallbacks: 1, fallbackOn: [] }
    expect(fallback.check!({ ...rest, source: 'service', service: '' })).toHaveLength(1)
    expect(fallback.check!({ ...rest, source: 'static', service: '' })).toEqual([])
  })
})
