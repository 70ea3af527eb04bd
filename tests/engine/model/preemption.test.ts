/** Disciplines that interrupt or draw lots, and calls that leave the queue. */
import { describe, expect, it } from 'vitest'
import type { Distribution } from '../../../engine/core/distribution.ts'
import { Run } from '../../../engine/run.ts'
import { ear, type Heard } from '../../support/ear.ts'
import {
  ns,
  scenarioOf,
  type Setting,
  type SmallService,
  smallWorld,
} from '../../support/small-world.ts'

const constant = (span: string): Distribution => ({ kind: 'constant', value: ns(span) })

/** One slot; loads that each come at their times; when every call ended, by load. */
function ends(
  service: SmallService,
  load: Setting['load'],
  more: Partial<Setting> = {},
): Record<string, number[]> {
  const heard = new Map<string, Heard[]>(Object.keys(load).map((name) => [name, []]))
  const ears = [...heard].map(
    ([name, list]) => [name, { use: ear(list, `ear-${name}`), where: [`${name} -> a`] }] as const,
  )
  const small = smallWorld({
    services: { a: { work: '1s', concurrency: 1, ...service } },
    load,
    patterns: Object.fromEntries(ears),
    ...more,
  })
  small.run('100s')
  expect(small.result().violations).toEqual([])
  return Object.fromEntries([...heard].map(([name, list]) => [name, list.map(({ at }) => at)]))
}

describe('work that is interrupted goes on later where it was', () => {
  const times = [0, 0.4, 0.6]

  it('lifo-preemptive: whoever comes takes the slot', () => {
    const users = { to: 'a', times }
    expect(ends({ discipline: 'lifo-preemptive' }, { users })).toEqual({
      users: [1600, 2400, 3000],
    })
    expect(ends({ discipline: 'lifo-preemptive', concurrency: 2 }, { users })).toEqual({
      users: [1400, 1600, 1800],
    })
  })

  it('and counts as a whole, not from when it went on', () => {
    const service = { work: '1s', concurrency: 1, discipline: 'lifo-preemptive' } as const
    const load = { users: { to: 'a', times: [0, 0.4, 0.6] } }
    const setting = { services: { a: service }, load, duration: '10s' }
    const catalogue = new Map()
    const task = { variant: 'x', seed: '1', recording: true, catalogue }
    const { series } = new Run(scenarioOf(setting), task).finish()
    const work = series['work']!.reduce((sum, each) => sum + each, 0)
    expect(work / ns('1s')).toBeCloseTo(3, 6)
  })

  it('after a pause too', () => {
    const faults = [{ verb: 'pause', target: 'a', at: ns('700ms'), for: ns('1s') }] as const
    const users = { to: 'a', times: [0, 0.5] }
    const found = ends({ discipline: 'lifo-preemptive' }, { users }, { faults })
    expect(found).toEqual({ users: [2500, 3000] })
  })

  it('after a pause in which it would have been done and somebody came who goes first', () => {
    const faults = [{ verb: 'pause', target: 'a', at: ns('500ms'), for: ns('1500ms') }] as const
    const users = { to: 'a', times: [0, 0.6] }
    const found = ends({ discipline: 'lifo-preemptive' }, { users }, { faults })
    expect(found).toEqual({ users: [3000, 3500] })
  })

  it('shortest-remaining counts what a pause took from the work in hand as left', () => {
    const faults = [{ verb: 'pause', target: 'a', at: ns('200ms'), for: ns('1s') }] as const
    const work = { big: constant('2s'), small: constant('1s'), '*': constant('1s') }
    const load = {
      bigs: { to: 'a', times: [0], mix: { big: 1 } },
      smalls: { to: 'a', times: [1.3], mix: { small: 1 } },
    }
    // At 1.3 s the big one has 1.7 s left, though without the pause it would have had 0.7 s.
    const found = ends({ discipline: 'shortest-remaining', work }, load, { faults })
    expect(found).toEqual({ bigs: [4000], smalls: [2300] })
  })

  it('priority-preemptive: the higher priority takes it, among equals the first stays', () => {
    const load = {
      low: { to: 'a', times, priorities: [0, 1] },
      high: { to: 'a', times: [0.5, 0.8], priorities: [1] },
    }
    expect(ends({ discipline: 'priority-preemptive' }, load)).toEqual({
      high: [1500, 2500],
      low: [3000, 4000, 5000],
    })
  })

  it('shortest-remaining: whoever has less left than the work in hand takes it', () => {
    const work = { big: constant('3s'), small: constant('1s'), '*': constant('1s') }
    const load = {
      bigs: { to: 'a', times: [0, 0.1], mix: { big: 1 } },
      smalls: { to: 'a', times: [1, 2.5], mix: { small: 1 } },
    }
    // At 2.5 s the first of the big ones has 1.5 s left, so that the small one goes before it.
    const found = ends({ discipline: 'shortest-remaining', work }, load)
    expect(found).toEqual({ bigs: [5000, 8000], smalls: [2000, 3500] })
  })

  it('is lost when the instance dies, and cancelled when it is called back', () => {
    const faults = [{ verb: 'crash', target: 'a', at: ns('700ms'), for: ns('1s') }] as const
    const users = { to: 'a', times: [0, 0.4, 0.6, 2] }
    const found = ends({ discipline: 'lifo-preemptive' }, { users }, { faults })
    expect(found).toEqual({ users: [700, 700, 700, 3000] })
  })
})

describe('random-order', () => {
  it('has the spread of waits that theory gives it, between fifo and lifo', () => {
    const exponential = { '*': { kind: 'exponential', mean: ns('1s') } as const }
    const small = smallWorld({
      services: { a: { work: exponential, concurrency: 1, discipline: 'random-order' } },
      load: { users: { to: 'a', rate: 0.5 } },
      seed: '3',
    })
    const { waitMs } = small.run('200000s').result().services['a']!
    const square = waitMs.variance / 1e6 + (waitMs.mean / 1e3) ** 2
    // E[W²] = 16/3; fifo has 4, lifo 8 (M/M/1 at 0.5). Its estimator has a standard deviation of 67/√n.
    expect(Math.abs(square - 16 / 3)).toBeLessThan((4 * 67.5) / Math.sqrt(waitMs.count))
  })
})

describe('patience', () => {
  const impatient = { patience: constant('500ms') }

  it('takes a call out of the queue as timed out; one that has its slot is served', () => {
    const heard: Heard[] = []
    const small = smallWorld({
      services: { a: { work: '1s', concurrency: 1, ...impatient } },
      load: { users: { to: 'a', times: [0, 0.2, 0.6] } },
      patterns: { ear: { use: ear(heard), where: ['users -> a'] } },
    })
    small.run('10s')
    expect(heard.map(({ at, outcome }) => [at, outcome])).toEqual([
      [700, 'timeout'],
      [1000, 'ok'],
      [2000, 'ok'],
    ])
    const { services, violations } = small.result()
    expect(violations).toEqual([])
    expect(services['a']).toMatchObject({ abandonedMs: { count: 1, mean: 500 }, failed: 1 })
    expect(services['a']!.waitMs).toMatchObject({ count: 2, mean: 200 })
  })

  it('is over when the slot is free at that very moment, and does not run while nothing runs', () => {
    const users = { to: 'a', times: [0, 0.5] }
    expect(ends(impatient, { users })).toEqual({ users: [1000, 2000] })
    const faults = [{ verb: 'pause', target: 'a', at: ns('600ms'), for: ns('2s') }] as const
    expect(ends(impatient, { users: { to: 'a', times: [0, 0.2] } }, { faults })).toEqual({
      users: [2600, 3000],
    })
  })
})
