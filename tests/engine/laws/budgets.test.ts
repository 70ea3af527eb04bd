/** A run that would never end, or never get on, is stopped with a reason; what it came to by then is sound. */
import { describe, expect, it } from 'vitest'
import { defaultsOf } from '../../../engine/params.ts'
import cache from '../../../engine/patterns/data/cache.ts'
import retry from '../../../engine/patterns/resilience/retry.ts'
import { COUNT_EVERY, guardMemory } from '../../../engine/model/memory.ts'
import { Run } from '../../../engine/run.ts'
import type { Scenario } from '../../../engine/scenario/scenario.ts'
import { SECOND } from '../../../engine/units.ts'
import { PLAIN_LOAD } from '../../support/alone.ts'
import type { Setting } from '../../support/small-world.ts'
import { call, ns, scenarioOf } from '../../support/small-world.ts'
import { cut, runOf, storm, whole } from './worlds.ts'

const budget = (scenario: Scenario, events: number, memory = 1e9): Scenario => ({
  ...scenario,
  budget: { events, memory },
})
const forEver = {
  use: retry,
  where: ['a -> b'],
  maxAttempts: 1e12,
  backoff: { ...retry.params.backoff.initial, kind: 'none' },
}

describe('time that stands still', () => {
  const zeno: Setting = {
    services: { a: { calls: { '*': [call('b')] } }, b: { errors: 1 } },
    load: { users: { to: 'a', times: [1] } },
    patterns: { forEver },
  }

  it('is noticed: a retry without pause and without end', () => {
    const { stopped, violations, requests, events, virtualMs } = runOf(scenarioOf(zeno))
    expect(stopped).toMatch(
      /^stall: 100000 events without time advancing; the last: .+ at t = 1 s$/,
    )
    expect(violations).toEqual([])
    expect(requests).toMatchObject({ offered: 1, unfinished: 1 })
    expect(events).toBeLessThan(100_010)
    expect(virtualMs).toBe(1000)
  })

  it('is noticed: a user who asks again at once and is always turned away', () => {
    const users = { to: 'a', arrivals: undefined, users: 3 } as never
    const { stopped, violations } = runOf(
      scenarioOf({ services: { a: { work: '1s', concurrency: 1, queue: 1 } }, load: { users } }),
    )
    expect(stopped).toMatch(/^stall.* of load users, at t = 0 s$/)
    expect(violations).toEqual([])
  })

  it('is noticed: callers that wait for each other without taking time', () => {
    const services = {
      a: { calls: { '*': [call('b')] }, concurrency: 1e9 },
      b: { calls: { '*': [call('a')] }, concurrency: 1e9 },
    }
    const { stopped, violations } = runOf(
      scenarioOf({ services, load: { users: { to: 'a', times: [1] } } }),
    )
    expect(stopped).toMatch(/^(stall|memory)/)
    expect(violations).toEqual([])
  })

  it('is not confused with a crowd that comes at once', () => {
    const times = Array.from({ length: 60_000 }, () => 1)
    const { stopped, requests } = runOf(
      cut(
        scenarioOf({
          services: { a: { work: '1ms', concurrency: 1e6 } },
          load: { users: { to: 'a', times } },
        }),
        3,
      ),
    )
    expect(stopped).toBeUndefined()
    expect(requests.ok).toBe(60_000)
  })

  it('gets on when a nanosecond passes now and then', () => {
    const patterns = {
      forEver: { ...forEver, backoff: { ...forEver.backoff, kind: 'constant', base: 1 } },
    }
    const { stopped } = runOf(budget(scenarioOf({ ...zeno, patterns }), 250_000))
    expect(stopped).toMatch(/^events/)
  })
})

describe('the budget of events', () => {
  it('stops a run at exactly that many, with a reason', () => {
    const { stopped, events, violations } = runOf(budget(storm, 5000))
    expect(stopped).toMatch(/^events: more than 5000 events at t = \d/)
    expect(events).toBe(5000)
    expect(violations).toEqual([])
  })

  it.each([1, 999, 5000])('stops it at the same event in slices of %d', (slice) => {
    expect(runOf(budget(storm, 5000), { slice })).toEqual(runOf(budget(storm, 5000)))
  })

  it('leaves alone a run that needs fewer', () => {
    const { events } = runOf(storm)
    expect(runOf(budget(storm, events + 1))).toEqual(runOf(storm))
  })
})

describe('the budget of memory', () => {
  it('stops a queue that grows without bound', () => {
    const endless = scenarioOf({
      services: { a: { work: '1s', concurrency: 1 } },
      load: { users: { to: 'a', rate: 1000 } },
    })
    const run = whole(budget(endless, 1e9, 4_096_000))
    const { stopped, violations, requests } = run.result()
    expect(stopped).toMatch(/^memory: too many calls in flight at t = \d/)
    expect(violations).toEqual([])
    expect(run.built.world.pool.live).toBeGreaterThan(4000)
    expect(run.built.world.pool.live).toBeLessThan(4010)
    expect(requests.unfinished).toBeGreaterThan(1900)
  })

  it('stops calls that multiply', () => {
    const four = [
      { kind: 'parallel', calls: [{ ...call('a'), times: 4 }], need: undefined },
    ] as const
    const { stopped, violations } = runOf(
      budget(
        scenarioOf({
          services: { a: { work: '1ms', concurrency: 1e6, calls: { '*': four } } },
          load: { users: { to: 'a', times: [0] } },
        }),
        1e9,
        1e7,
      ),
    )
    expect(stopped).toMatch(/^memory/)
    expect(violations).toEqual([])
  })

  it('counts what is in flight, not what has been', () => {
    const long = scenarioOf({
      services: { a: { work: '1ms' } },
      load: { users: { to: 'a', every: 100 } },
      duration: '100s',
    })
    const { stopped, requests } = runOf(budget(long, 1e9, 20_000))
    expect(stopped).toBeUndefined()
    expect(requests.ok).toBeGreaterThan(9990)
  })
})

describe('memory that components hold', () => {
  const reader = { ...PLAIN_LOAD, to: 'a', arrivals: { kind: 'poisson', rate: 1e6 } } as const
  const keyed = { ...reader, keys: { kind: 'uniform', items: 1e9 } } as const
  const cached: Scenario = {
    ...scenarioOf({ services: { a: { work: '0s', concurrency: 1e6 } }, load: {}, duration: '1s' }),
    load: { users: keyed },
    patterns: [
      {
        id: 'answers',
        use: 'cache',
        where: [{ selector: 'a', values: {} }],
        values: { ...defaultsOf(cache.params), capacity: 1e9 },
      },
    ],
  }
  const run = (scenario: Scenario) =>
    new Run(scenario, {
      variant: 'x',
      seed: '1',
      recording: false,
      catalogue: new Map([[cache.name, cache]]),
    })

  it('counts: a cache that keeps everything stops the run, by name', () => {
    const { world } = run(budget(cached, 1e9, 1e6)).built
    world.run(SECOND, 20_000)
    guardMemory(world)
    expect(world.stopped).toMatch(
      /^memory: more than 1 MB are held, [\d.]+ MB by answers@a, at t = /,
    )
  })

  it('is counted at the same events in slices of any size', () => {
    const sliced = run(budget(cached, 1e9, 1e7))
    while (!sliced.advance(9999));
    const { stopped, events, violations } = sliced.result()
    expect(stopped).toMatch(/^memory: .+ by answers@a, at t = /)
    expect([events, violations]).toEqual([COUNT_EVERY + 1, []])
  })

  it('lets a cache be that keeps few', () => {
    const [one] = cached.patterns
    const patterns = [{ ...one!, values: { ...one!.values, capacity: 100 } }]
    const { world } = run(budget({ ...cached, patterns }, 1e9, 1e6)).built
    world.run(SECOND, 20_000)
    guardMemory(world)
    expect(world.stopped).toBeUndefined()
  })
})

describe('a run that was stopped', () => {
  it('stays stopped, and says the first reason', () => {
    const run = whole(budget(storm, 5000))
    const before = run.result()
    expect(run.advance(Infinity)).toBe(true)
    run.built.world.stop('other', 'reason')
    expect(run.result()).toEqual(before)
  })

  it('keeps a world sound wherever it is cut', () => {
    for (let events = 1; events < 3000; events += 271) {
      const { violations, requests } = runOf(budget(storm, events))
      expect(violations).toEqual([])
      expect(requests.offered).toBeGreaterThanOrEqual(requests.unfinished)
    }
    expect(ns('1s')).toBe(1e9)
  })
})
