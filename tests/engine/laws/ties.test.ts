/** Simultaneous events fire by phase, place and the place's own sequence, whatever the file says first. */
import { describe, expect, it } from 'vitest'
import { component } from '../../../engine/component.ts'
import { hashText } from '../../../engine/core/hash.ts'
import { KIND_NAMES } from '../../../engine/model/kinds.ts'
import type { World } from '../../../engine/model/world.ts'
import { Run } from '../../../engine/run.ts'
import type { Heard } from '../../support/ear.ts'
import { ear, eye } from '../../support/ear.ts'
import type { SmallLoad } from '../../support/small-world.ts'
import { call, ns, scenarioOf, smallWorld } from '../../support/small-world.ts'

describe('at one instant', () => {
  it('departures come before arrivals: a server without a queue is free in time', () => {
    const small = smallWorld({
      services: { a: { work: '1s', concurrency: 1, queue: 0 } },
      load: { users: { to: 'a', every: 1 } },
    })
    const { services } = small.run('1000s').result()
    expect(services['a']).toMatchObject({ arrivals: 1000, ok: 999, overload: 0 })
  })

  it('replies come before arrivals: a caller with one slot is free in time', () => {
    const small = smallWorld({
      services: {
        a: { concurrency: 1, queue: 0, calls: { '*': [call('b')] } },
        b: { work: '600ms' },
      },
      load: { users: { to: 'a', every: 1 } },
      latency: '200ms',
    })
    expect(small.run('1000s').result().services['a']!.overload).toBe(0)
  })

  it('faults come before departures: what was to end then is lost', () => {
    const heard: Heard[] = []
    const small = smallWorld({
      services: { a: { work: '1s' } },
      load: { users: { to: 'a', times: [0, 1.5] } },
      faults: [{ verb: 'crash', target: 'a', at: ns('1s'), for: ns('0.5s') }],
      patterns: { ear: { use: ear(heard), where: ['users -> a'] } },
    })
    small.run('10s')
    // The end of the fault comes before the arrival, too.
    expect(heard).toMatchObject([
      { at: 1000, outcome: 'unreachable' },
      { at: 2500, outcome: 'ok' },
    ])
  })

  it('departures come before timers, timers before arrivals', () => {
    const order: string[] = []
    const watch = component({
      name: 'watch',
      family: 'style',
      at: ['server'],
      about: '',
      source: '',
      tradeOff: '',
      order: 0,
      params: {},
      signals: {},
      create: ({ after, clock }) => ({
        onStart: () => void after(ns('2s'), 'timer'),
        onTimer: () => void order.push(`timer ${clock.now / 1e9}`),
        onCall(asked) {
          order.push(`arrival ${clock.now / 1e9}`)
          return asked.pass()
        },
        onReply(asked) {
          order.push(`departure ${clock.now / 1e9}`)
          return asked.pass()
        },
      }),
    })
    smallWorld({
      services: { a: { work: '1s' } },
      load: { users: { to: 'a', times: [1, 2] } },
      patterns: { watch: { use: watch, where: ['a'] } },
    }).run('2.5s')
    expect(order).toEqual(['arrival 1', 'departure 2', 'timer 2', 'arrival 2'])
  })

  it('places take turns by the hash of their names, whatever the order in the file', () => {
    const names = ['one', 'two', 'three', 'four', 'five', 'six']
    const orderOf = (declared: readonly string[]) => {
      const seen: Heard[] = []
      const load = Object.fromEntries(
        declared.map(
          (name) =>
            [name, { to: 'a', times: [1], mix: { [name]: 1 } } satisfies SmallLoad] as const,
        ),
      )
      smallWorld({
        services: { a: {} },
        load,
        patterns: { eye: { use: eye(seen), where: ['a'] } },
      }).run('2s')
      return seen.map((each) => each.op)
    }
    const byHash = names.toSorted((x, y) => hashText(`load ${x}`) - hashText(`load ${y}`))
    expect(orderOf(names)).toEqual(byHash)
    expect(orderOf(names.toReversed())).toEqual(byHash)
    expect(byHash).not.toEqual(names)
  })

  it('events of one place come in the order they were planned', () => {
    const seen: Heard[] = []
    const small = smallWorld({
      services: {
        a: {
          calls: {
            '*': [
              {
                kind: 'parallel',
                calls: [call('b', 'x'), call('b', 'y'), call('b', 'z')],
                need: undefined,
              },
            ],
          },
        },
        b: {},
      },
      load: { users: { to: 'a', times: [1, 1, 1] } },
      latency: '1ms',
      patterns: { eye: { use: eye(seen), where: ['b'] } },
    })
    small.run('2s')
    expect(seen.map((each) => `${each.request}${each.op}`)).toEqual([
      '0x',
      '0y',
      '0z',
      '1x',
      '1y',
      '1z',
      '2x',
      '2y',
      '2z',
    ])
  })
})

describe('every event of a world full of ties', () => {
  /** Constant arrivals and works: thousands of events at the same instants. */
  const scenario = scenarioOf({
    services: {
      a: { work: '10ms', concurrency: 5, calls: { '*': [call('b'), call('c')] } },
      b: { work: '20ms', concurrency: 3, instances: 2, queue: 3 },
      c: { work: '30ms', concurrency: 8, discipline: 'lifo' },
    },
    load: { u: { to: 'a', every: 100 }, v: { to: 'a', every: 50 }, w: { to: 'c', every: 100 } },
    latency: '10ms',
    duration: '5s',
  })
  /** Time, order and kind of each event. */
  function eventsOf(): { time: number; order: number; kind: string }[] {
    const world: World = new Run(scenario, {
      variant: '',
      seed: '1',
      recording: false,
      catalogue: new Map(),
    }).built.world
    const events = []
    while (!world.run(scenario.duration, 1)) {
      const { time, order, kind } = world.queue
      events.push({ time, order, kind: KIND_NAMES[kind]! })
    }
    return events
  }
  const events = eventsOf()

  it('is at an instant it shares, mostly', () => {
    expect(new Set(events.map((each) => each.time)).size * 5).toBeLessThan(events.length)
  })

  it('comes in order of time, phase and place', () => {
    // Nothing here takes no time, so nothing is planned for the instant at which it is planned.
    for (let n = 1; n < events.length; n++) {
      const [before, now] = [events[n - 1]!, events[n]!]
      expect(
        now.time > before.time || (now.time === before.time && now.order >= before.order),
      ).toBe(true)
    }
  })

  it('has the phase of its kind', () => {
    const phases = { completion: 1, reply: 1, arrival: 3, request: 3 } as const
    for (const { order, kind } of events)
      expect(Math.floor(order / 4_294_967_296)).toBe(phases[kind as 'reply'])
    expect(new Set(events.map((each) => each.kind))).toEqual(new Set(Object.keys(phases)))
  })

  it('is a whole nanosecond', () => {
    for (const { time } of events) expect(Number.isInteger(time)).toBe(true)
  })
})
