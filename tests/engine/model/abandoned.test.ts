import { describe, expect, it } from 'vitest'
import retry from '../../../engine/patterns/resilience/retry.ts'
import timeout from '../../../engine/patterns/resilience/timeout.ts'
import type { Heard } from '../../support/ear.ts'
import { ear, eye } from '../../support/ear.ts'
import type { Setting } from '../../support/small-world.ts'
import { call, ns, smallWorld } from '../../support/small-world.ts'

/** users -> a -> b -> c over links of 5 ms; c takes 100 ms; whoever is named stops waiting. */
function chain(more: Partial<Setting> = {}) {
  const heard: Heard[] = []
  const seen: Heard[] = []
  const small = smallWorld({
    services: {
      a: { calls: { '*': [call('b')] } },
      b: { calls: { '*': [call('c')] } },
      c: { work: '100ms', concurrency: 1 },
      ...more.services,
    },
    load: { users: { to: 'a' }, ...more.load },
    latency: '5ms',
    ...(more.faults ? { faults: more.faults } : {}),
    patterns: {
      ear: { use: ear(heard), where: ['users -> a'] },
      eye: { use: eye(seen), where: ['c'] },
      ...more.patterns,
    },
  })
  return { small, heard, seen }
}
const sound = (small: ReturnType<typeof chain>['small']) => {
  const result = small.result()
  expect(result.violations).toEqual([])
  expect(result.pending.other).toBe(0)
  expect(small.world.pool.live).toBe(0)
  expect([small.world.orphans, small.world.detached]).toEqual([0, 0])
  return result
}

describe('work that nobody waits for any more', () => {
  it('goes on, and is counted as wasted and late', () => {
    const { small, heard } = chain({
      patterns: { limit: { use: timeout, where: ['b -> c'], timeout: '50ms' } },
    })
    small.send().run('1s')
    expect(heard).toMatchObject([{ took: 60, outcome: 'error' }])
    const { services, edges } = sound(small)
    expect(services['c']).toMatchObject({ completed: 1, wasted: 1, ok: 1 })
    expect(edges['b -> c']).toMatchObject({ failed: 1, timeouts: 1, late: 1, attempts: 1 })
  })

  it('is wasted below too, where callers still wait for their own callees', () => {
    const { small, heard } = chain({
      patterns: { limit: { use: timeout, where: ['a -> b'], timeout: '50ms' } },
    })
    small.send().run('1s')
    expect(heard).toMatchObject([{ took: 50, outcome: 'error' }])
    const { services, edges } = sound(small)
    expect(services['c']).toMatchObject({ completed: 1, wasted: 1 })
    expect(edges['b -> c']).toMatchObject({ ok: 1, late: 0 })
    expect(edges['a -> b']).toMatchObject({ failed: 1, late: 1 })
  })

  it('is not wasted when it was done before the caller gave up', () => {
    // b is done at 110 ms; its reply is on its way until 115, a gives up at 112.
    const services = { b: { work: '5ms' }, c: {} }
    const limit = { use: timeout, where: ['a -> b'], timeout: '12ms' }
    const { small } = chain({ services, patterns: { limit } })
    small.send().run('1s')
    const { services: ends, edges } = sound(small)
    expect(ends['b']).toMatchObject({ completed: 1, wasted: 0 })
    expect(edges['a -> b']).toMatchObject({ timeouts: 1, late: 1 })
  })

  it('is counted for each attempt that was given up', () => {
    const patterns = {
      again: {
        use: retry,
        where: ['b -> c'],
        maxAttempts: 3,
        backoff: { ...retry.params.backoff.initial, base: ns('10ms') },
      },
      limit: { use: timeout, where: ['b -> c'], timeout: '50ms' },
    }
    const { small, seen } = chain({ patterns, services: { c: { work: '100ms', concurrency: 10 } } })
    small.send().run('1s')
    expect(seen.map((each) => each.attempt)).toEqual([1, 2, 3])
    const { services, edges } = sound(small)
    expect(services['c']).toMatchObject({ completed: 3, wasted: 3 })
    expect(edges['b -> c']).toMatchObject({
      calls: 1,
      attempts: 3,
      retries: 2,
      timeouts: 3,
      late: 3,
      failed: 1,
    })
  })

  it('is wasted when those who asked for it have crashed', () => {
    const faults = [{ verb: 'crash', target: 'b', at: ns('50ms'), for: ns('10ms') }] as const
    const { small, heard } = chain({ faults })
    small.send().run('1s')
    // b's end of the line says at once that nobody is there.
    expect(heard).toMatchObject([{ took: 55, outcome: 'error' }])
    expect(sound(small).services['c']).toMatchObject({ completed: 1, wasted: 1 })
  })

  it('sends nothing more from a process that is dead: what a quorum dropped dies with its maker', () => {
    const quorum = { kind: 'parallel', calls: [call('b'), call('c')], need: 1 } as const
    const again = {
      use: retry,
      where: ['a -> c'],
      maxAttempts: 5,
      backoff: { ...retry.params.backoff.initial, base: ns('50ms') },
    }
    const services = {
      a: { calls: { '*': [quorum] } },
      b: { work: '10ms', calls: {} },
      c: { work: '10ms', errors: 1 },
    }
    const { small, heard, seen } = chain({
      services,
      patterns: { again },
      load: { users: { to: 'a', times: [0] } },
    })
    small.run('30ms')
    expect(heard).toMatchObject([{ took: 20, outcome: 'ok' }])
    expect(small.world.detached).toBe(1)
    small.run('1s')
    expect(seen.map((each) => each.at)).toEqual([5, 75, 145, 215, 285])
    const crashed = chain({
      services,
      patterns: { again },
      load: { users: { to: 'a', times: [0] } },
      faults: [{ verb: 'crash', target: 'a', at: ns('100ms'), for: ns('1s') }],
    })
    crashed.small.run('5s')
    expect(crashed.seen.map((each) => each.at)).toEqual([5, 75])
    sound(crashed.small)
  })

  it('holds its slot meanwhile', () => {
    const limit = { use: timeout, where: ['b -> c'], timeout: '50ms' }
    const { small, seen } = chain({
      patterns: { limit },
      load: { users: { to: 'a', times: [0, 0.06] } },
    })
    small.run('1s')
    expect(seen.map((each) => each.at)).toEqual([10, 70])
    // The second waits until the first, abandoned at 55 ms, is done at 110 ms.
    expect(sound(small).services['c']!.waitMs.max).toBe(40)
  })
})

describe('a message to stop', () => {
  const limit = { use: timeout, where: ['b -> c'], timeout: '50ms', cancelWork: true }

  it('frees the slot when it arrives, not before', () => {
    const { small } = chain({ patterns: { limit }, load: { users: { to: 'a', times: [0, 0.03] } } })
    small.run('1s')
    const { services } = sound(small)
    // Begun at 10, given up at 55, told at 60: the second, there since 40, has waited for 20 ms; it too is given up.
    expect(services['c']!.waitMs.max).toBe(20)
    expect(services['c']).toMatchObject({ completed: 0, wasted: 0, failed: 2 })
    // Nobody answers who was told to stop.
    expect(small.result().edges['b -> c']).toMatchObject({ timeouts: 2, late: 0 })
  })

  it('takes a waiting call out of the line', () => {
    const { small } = chain({
      patterns: { limit },
      services: { c: { work: '300ms', concurrency: 1 } },
      load: { users: { to: 'a', times: [0, 0.001] } },
    })
    small.run('57ms')
    expect(small.world.service('c').instances[0]!.line.length).toBe(1)
    small.run('10ms')
    expect(small.world.service('c').instances[0]!.line.length).toBe(0)
    small.run('1s')
    expect(sound(small).services['c']).toMatchObject({ completed: 0, arrivals: 2 })
  })

  it('travels on to those who were asked in turn', () => {
    const { small } = chain({ patterns: { limit: { ...limit, where: ['a -> b'] } } })
    small.send().run('57ms')
    // Given up at 50, b hears at 55, c at 60.
    expect(small.world.service('b').instances[0]!.busy).toBe(0)
    expect(small.world.service('c').instances[0]!.busy).toBe(1)
    small.run('4ms')
    expect(small.world.service('c').instances[0]!.busy).toBe(0)
    small.run('1s')
    expect(sound(small).services['c']).toMatchObject({ completed: 0, wasted: 0 })
  })

  it('comes too late for work that is done', () => {
    const { small } = chain({ patterns: { limit }, services: { c: { work: '47ms' } } })
    small.send().run('1s')
    expect(sound(small).services['c']).toMatchObject({ completed: 1, ok: 1, wasted: 1 })
  })

  it('is lost on a link that is cut', () => {
    const faults = [
      { verb: 'partition', target: 'b -> c', at: ns('20ms'), for: ns('50ms') },
    ] as const
    const { small } = chain({ patterns: { limit }, faults })
    small.send().run('1s')
    expect(sound(small).services['c']).toMatchObject({ completed: 1, wasted: 1 })
  })

  it('waits at the door of a server that stands still', () => {
    const faults = [{ verb: 'pause', target: 'c', at: ns('40ms'), for: ns('100ms') }] as const
    const { small } = chain({ patterns: { limit }, faults })
    small.send().run('139ms')
    expect(small.world.service('c').instances[0]!.busy).toBe(1)
    small.run('2ms')
    expect(small.world.service('c').instances[0]!.busy).toBe(0)
    small.run('1s')
    expect(sound(small).services['c']).toMatchObject({ completed: 0, wasted: 0, failed: 1 })
  })

  it('stops one of many that share a processor, and the others get faster', () => {
    const c = { work: '100ms', concurrency: 1, discipline: 'processor-sharing' } as const
    const { small, heard } = chain({
      services: { c },
      load: {
        users: { to: 'a', mix: { impatient: 1 }, times: [0] },
        others: { to: 'b', times: [0.005] },
      },
      patterns: { limit: { ...limit, where: ['a -> b'] } },
    })
    small.run('1s')
    expect(heard).toMatchObject([{ took: 50 }])
    // Both at c from 10 ms; the first is told at 60 (after 25 ms of work each): 75 ms more for the other.
    expect(small.result().latencyMs.max).toBe(135)
    sound(small)
  })
})

describe('a user', () => {
  const patient = (span: string, more: Partial<Setting> = {}) =>
    chain({ load: { users: { to: 'a', timeout: ns(span), times: [0] } }, ...more })

  it('gives up when the patience is over; the work goes on', () => {
    const { small, heard } = patient('50ms')
    small.run('1s')
    expect(heard).toEqual([])
    const { requests, services, edges, failedLatencyMs } = sound(small)
    expect(requests).toMatchObject({ offered: 1, ok: 0, failed: 1, unfinished: 0 })
    expect(failedLatencyMs.max).toBe(50)
    expect(services['c']).toMatchObject({ completed: 1, wasted: 1 })
    expect(edges['users -> a']).toMatchObject({ failed: 1, timeouts: 1, late: 1 })
  })

  it('takes an answer that comes at the very moment', () => {
    const { small, heard } = patient('120ms')
    small.run('1s')
    expect(heard).toMatchObject([{ took: 120, outcome: 'ok' }])
    expect(sound(small).requests).toMatchObject({ ok: 1, failed: 0 })
  })

  it('lets everyone below see when nobody will care any more', () => {
    const { small, seen } = patient('150ms')
    small.run('1s')
    expect(seen.map((each) => each.deadline)).toEqual([150])
  })

  it('leaves no event behind when the answer comes in time', () => {
    const { small } = patient('100s')
    small.run('1s')
    expect(sound(small).requests.ok).toBe(1)
  })

  it('who gives up while a retry is pending ends that too', () => {
    const patterns = {
      again: {
        use: retry,
        where: ['users -> a'],
        maxAttempts: 3,
        backoff: { ...retry.params.backoff.initial, base: ns('200ms') },
      },
    }
    const { small } = patient('150ms', { patterns, services: { c: { errors: 1 } } })
    small.run('1s')
    const { requests, edges } = sound(small)
    expect(requests).toMatchObject({ failed: 1 })
    expect(edges['users -> a']).toMatchObject({ attempts: 1, retries: 0 })
  })

  it('who gives up while a retry is pending does not give up the attempt before it once more', () => {
    const backoff = { ...retry.params.backoff.initial, base: ns('200ms') }
    const patterns = {
      again: { use: retry, where: ['users -> a'], maxAttempts: 3, backoff },
      limit: { use: timeout, where: ['users -> a'], timeout: '50ms' },
    }
    const { small } = patient('70ms', { patterns })
    small.run('80ms')
    expect(small.world.orphans).toBe(1)
    small.run('1s')
    const { edges } = sound(small)
    expect(edges['users -> a']).toMatchObject({ attempts: 1, timeouts: 2, late: 1 })
  })
})
