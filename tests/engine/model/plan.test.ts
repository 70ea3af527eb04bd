import { describe, expect, it } from 'vitest'
import { component } from '../../../engine/component.ts'
import type { Failure } from '../../../engine/model/failure.ts'
import { FAILURES } from '../../../engine/model/failure.ts'
import type { CallStep, Step } from '../../../engine/scenario/scenario.ts'
import fallback from '../../../engine/patterns/resilience/fallback.ts'
import type { Heard } from '../../support/ear.ts'
import { ear, eye } from '../../support/ear.ts'
import type { Setting } from '../../support/small-world.ts'
import { call, ns, smallWorld } from '../../support/small-world.ts'

const optional = (to: string): CallStep => ({ ...call(to), required: false })
const times = (to: string, count: number): CallStep => ({ ...call(to), times: count })
const parallel = (calls: CallStep[], need?: number): Step => ({ kind: 'parallel', calls, need })
const choose = (...branches: [number, ...Step[]][]): Step => ({
  kind: 'choose',
  branches: branches.map(([share, ...steps]) => ({ share, steps })),
})

/** a follows a plan; b, c and d take 10, 20 and 30 ms; x, y and z fail after 10, 20 and 30 ms. */
function planned(steps: Step[], more: Partial<Setting> = {}) {
  const heard: Heard[] = []
  const seen: Heard[] = []
  const small = smallWorld({
    services: {
      a: { calls: { '*': steps } },
      ...Object.fromEntries(
        ['b', 'c', 'd'].map((name, n) => [name, { work: `${(n + 1) * 10}ms` }]),
      ),
      ...Object.fromEntries(
        ['x', 'y', 'z'].map((name, n) => [name, { work: `${(n + 1) * 10}ms`, errors: 1 }]),
      ),
      ...more.services,
    },
    load: { users: { to: 'a' }, ...more.load },
    patterns: {
      ear: { use: ear(heard), where: ['users -> a'] },
      eye: { use: eye(seen), where: ['b', 'c', 'd', 'x', 'y', 'z'] },
      ...more.patterns,
    },
  })
  return { small, heard, seen }
}

/** What became of one request under a plan, and what was still to come then. */
function one(steps: Step[], more: Partial<Setting> = {}) {
  const { small, heard } = planned(steps, more)
  small.send().run('10s')
  const { services, violations, pending } = small.result()
  expect(violations).toEqual([])
  expect(pending.other).toBe(0)
  expect(small.world.pool.live).toBe(0)
  expect(small.world.detached).toBe(0)
  const { took, outcome } = heard[0]!
  return { took, outcome, services }
}

describe('a sequence', () => {
  it('calls one after the other', () => {
    expect(one([call('b'), call('c')])).toMatchObject({ took: 30, outcome: 'ok' })
  })

  it('ends with its first failure', () => {
    const { took, outcome, services } = one([call('b'), call('x'), call('c')])
    expect({ took, outcome }).toEqual({ took: 20, outcome: 'error' })
    expect(services['c']!.arrivals).toBe(0)
  })

  it('asks for the operation it was asked for, unless the step says otherwise', () => {
    const { small, seen } = planned([call('b'), call('c', 'count')], {
      load: { users: { to: 'a', mix: { buy: 1 } } },
    })
    small.send().run('1s')
    expect(seen.map((each) => each.op)).toEqual(['buy', 'count'])
  })
})

describe('parallel calls', () => {
  it('take as long as the longest', () => {
    expect(one([parallel([call('b'), call('d'), call('c')]), call('b')])).toMatchObject({
      took: 40,
      outcome: 'ok',
    })
  })

  it('fail as soon as one does; the others go on for nobody', () => {
    const { took, outcome, services } = one([parallel([call('d'), call('x')])])
    expect({ took, outcome }).toEqual({ took: 10, outcome: 'error' })
    expect(services['d']).toMatchObject({ completed: 1, wasted: 1 })
  })

  it('that all fail at once are all made', () => {
    const { services } = one([parallel([call('x'), call('y'), call('z')])])
    for (const name of ['x', 'y', 'z']) expect(services[name]!.arrivals).toBe(1)
  })
})

describe('a quorum', () => {
  it('goes on when enough have succeeded; the rest is wasted', () => {
    const { took, outcome, services } = one([parallel([call('b'), call('c'), call('d')], 2)])
    expect({ took, outcome }).toEqual({ took: 20, outcome: 'ok' })
    expect(services['d']).toMatchObject({ completed: 1, wasted: 1 })
    expect(services['c']).toMatchObject({ completed: 1, wasted: 0 })
  })

  it('bears failures that leave enough', () => {
    expect(one([parallel([call('x'), call('c'), call('d')], 2)])).toMatchObject({
      took: 30,
      outcome: 'ok',
    })
  })

  it('fails as soon as it is out of reach', () => {
    expect(one([parallel([call('x'), call('y'), call('d')], 2)])).toMatchObject({
      took: 20,
      outcome: 'error',
    })
  })

  it('goes on to the next step while the dropped calls are still out', () => {
    expect(one([parallel([call('b'), call('d')], 1), call('b')])).toMatchObject({
      took: 20,
      outcome: 'ok',
    })
  })

  it('counts each copy of a fan-out', () => {
    const work = { '*': { kind: 'exponential', mean: ns('10ms') } } as const
    const { small, heard, seen } = planned([parallel([times('b', 5)], 3)], {
      services: { b: { work } },
    })
    small.send().run('1s')
    expect(seen.length).toBe(5)
    expect(small.result().services['b']).toMatchObject({ completed: 5, wasted: 2 })
    expect(heard[0]!.took).toBeGreaterThan(0)
  })

  it('that is complete while calls are still being made drops those behind', () => {
    // Every answer comes at once, within the loop that sends the calls.
    const instant = component({
      name: 'instant',
      family: 'style',
      at: ['server'],
      about: '',
      source: '',
      tradeOff: '',
      order: 0,
      params: {},
      signals: {},
      create: () => ({ onCall: (asked) => asked.answer() }),
    })
    const { took, outcome, services } = one([parallel([call('b'), call('c'), call('d')], 1)], {
      patterns: { instant: { use: instant, where: ['b', 'c'] } },
    })
    expect({ took, outcome }).toEqual({ took: 0, outcome: 'ok' })
    expect(services['d']).toMatchObject({ completed: 1, wasted: 1 })
  })
})

describe('an optional call', () => {
  it('that fails degrades the answer', () => {
    expect(one([optional('x'), call('b')])).toMatchObject({ took: 20, outcome: 'degraded' })
  })

  it('that succeeds leaves it whole', () => {
    expect(one([optional('b'), call('b')])).toMatchObject({ took: 20, outcome: 'ok' })
  })

  it('beside required ones is waited for', () => {
    expect(one([parallel([call('b'), optional('d')])])).toMatchObject({ took: 30, outcome: 'ok' })
    expect(one([parallel([call('b'), optional('z')])])).toMatchObject({
      took: 30,
      outcome: 'degraded',
    })
  })

  it('cannot make up for a required one', () => {
    expect(one([parallel([call('x'), optional('d')])])).toMatchObject({
      took: 10,
      outcome: 'error',
    })
  })

  it('may be all there is', () => {
    expect(one([parallel([optional('x'), optional('y')])])).toMatchObject({
      took: 20,
      outcome: 'degraded',
    })
  })

  it('leaves no trace on an answer that fails', () => {
    const { small } = planned([optional('x'), call('y')])
    small.send().run('1s')
    expect(small.result().requests).toMatchObject({ degraded: 0, failed: 1 })
    expect(small.result().services['a']).toMatchObject({ degraded: 0, failed: 1 })
  })
})

describe('a choice', () => {
  it('takes each branch with its share', () => {
    const { small } = planned([choose([0.35, call('b')], [0.55, call('c'), call('d')], [0.1])], {
      load: { users: { to: 'a', every: 1000, until: ns('20s') } },
    })
    const { services, requests } = small.run('30s').result()
    const share = (name: string) => services[name]!.arrivals / requests.offered
    for (const [name, expected] of [
      ['b', 0.35],
      ['c', 0.55],
      ['d', 0.55],
    ] as const) {
      expect(Math.abs(share(name) - expected)).toBeLessThan(
        4 * Math.sqrt((expected * (1 - expected)) / requests.offered),
      )
    }
    expect(services['c']!.arrivals).toBe(services['d']!.arrivals)
    expect(requests.ok).toBe(requests.offered)
  })

  it('goes on behind it, and may hold another', () => {
    const inner = choose([0.5, call('b')], [0.5, call('c')])
    const { small } = planned([choose([0.5, inner], [0.5, call('x')]), call('d')], {
      load: { users: { to: 'a', every: 100 } },
    })
    small.run('20s')
    const { services } = small.result()
    const [b, c, x] = ['b', 'c', 'x'].map((name) => services[name]!.arrivals) as [
      number,
      number,
      number,
    ]
    expect(Math.abs(b / (b + c) - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / (b + c)))
    expect(Math.abs(x / (b + c + x) - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / (b + c + x)))
    // x fails, so that only the others come to d.
    expect(Math.abs(services['d']!.arrivals - (b + c))).toBeLessThan(10)
  })

  it('falls the same way for the same request whatever comes before it', () => {
    const branchOf = (steps: Step[]) => {
      const { small, seen } = planned(steps, {
        load: { users: { to: 'a', every: 100, until: ns('2s') } },
      })
      small.run('3s')
      return seen
        .filter((each) => each.took >= 0 && each.op === 'picked')
        .map((each) => `${each.request} ${each.instance}`)
    }
    const fork = choose([0.5, call('b', 'picked')], [0.5, call('c', 'other')])
    expect(branchOf([fork]).length).toBeGreaterThan(60)
    expect(branchOf([fork])).toEqual(branchOf([fork, call('d')]))
  })
})

describe('a fan-out', () => {
  it('makes its copies side by side, each with work of its own', () => {
    const work = { '*': { kind: 'uniform', from: ns('10ms'), to: ns('100ms') } } as const
    const { small, heard } = planned([times('b', 8)], { services: { b: { work } } })
    small.send().run('1s')
    expect(small.result().services['b']!.arrivals).toBe(8)
    expect(small.result().services['b']!.waitMs.max).toBe(0)
    expect(heard[0]!.took).toBeCloseTo(small.result().services['b']!.responseMs.max, 9)
    expect(small.result().services['b']!.responseMs.p50).toBeLessThan(heard[0]!.took)
  })
})

describe('a failure on its way up', () => {
  const told = (failure: Failure) =>
    component({
      name: 'teller',
      family: 'style',
      at: ['server'],
      about: '',
      source: '',
      tradeOff: '',
      order: 0,
      params: {},
      signals: {},
      create: () => ({ onCall: (asked) => asked.fail(failure) }),
    })
  const becomes: Record<Failure, Failure> = {
    refused: 'refused',
    overload: 'error',
    timeout: 'error',
    unreachable: 'error',
    error: 'error',
    aborted: 'aborted',
    invalid: 'invalid',
    unauthenticated: 'unauthenticated',
    'not-leader': 'not-leader',
    cancelled: 'error',
  }

  it.each(FAILURES)('%s', (failure) => {
    const { outcome } = one([call('b')], {
      patterns: { teller: { use: told(failure), where: ['b'] } },
    })
    expect(outcome).toBe(becomes[failure])
  })

  it('is the first of a step that counts', () => {
    const patterns = { teller: { use: told('invalid'), where: ['d'] } }
    expect(one([parallel([call('d'), call('x')])], { patterns }).outcome).toBe('invalid')
  })

  it('of an optional call is not reported', () => {
    const patterns = { teller: { use: told('refused'), where: ['d'] } }
    expect(one([parallel([optional('d'), call('x')])], { patterns }).outcome).toBe('error')
  })
})

describe('a degraded answer', () => {
  it('makes the answers above it degraded', () => {
    const patterns = { less: { use: fallback, where: ['b -> x'] } }
    const { outcome, services } = one([call('b')], {
      patterns,
      services: { b: { calls: { '*': [call('x')] } } },
    })
    expect(outcome).toBe('degraded')
    expect(services['b']!.degraded).toBe(1)
    expect(services['a']!.degraded).toBe(1)
  })
})
