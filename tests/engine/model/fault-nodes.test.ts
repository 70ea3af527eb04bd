import { describe, expect, it } from 'vitest'
import { component } from '../../../engine/component.ts'
import retry from '../../../engine/patterns/resilience/retry.ts'
import timeout from '../../../engine/patterns/resilience/timeout.ts'
import type { Setting } from '../../support/small-world.ts'
import { call, ns, smallWorld } from '../../support/small-world.ts'
import type { Fault } from './fault-world.ts'
import { ends, world } from './fault-world.ts'

describe('a crash', () => {
  it('refuses at once, or leaves callers to their timeouts', () => {
    expect(ends([{ verb: 'crash', target: 'b' }], [0.95, 1.5, 2])).toEqual([
      '1000 error',
      '1500 error',
      '2100 ok',
    ])
    const limit = { limit: { use: timeout, where: ['a -> b'], timeout: '300ms' } }
    const silent = [{ verb: 'crash', target: 'b', options: { how: 'silent' } }] as const
    expect(ends(silent, [0.95, 1.5, 2], { patterns: limit })).toEqual([
      '1250 error',
      '1800 error',
      '2100 ok',
    ])
  })

  it('of one instance leaves the others be', () => {
    const { small, heard } = world([{ verb: 'crash', target: 'b#1' }], {
      services: { b: { instances: 2 } },
      load: { users: { to: 'a', every: 1000 } },
    })
    small.run('2s')
    const during = heard.filter((each) => each.at > 1000 && each.at < 2000)
    const failed = during.filter((each) => each.outcome === 'error').length
    expect(Math.abs(failed / during.length - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / during.length))
  })

  it('lasts as long as any fault that keeps it down', () => {
    const faults = [
      { verb: 'crash', target: 'b' },
      { verb: 'region', target: 'east', at: ns('1.5s') },
    ] as const
    expect(ends(faults, [1.2, 1.7, 2.2, 2.6])).toEqual([
      '1200 error',
      '1700 error',
      '2200 error',
      '2700 ok',
    ])
  })

  it('does not start what nobody had started, and keeps down what starts meanwhile', () => {
    const { small } = world([{ verb: 'crash', target: 'b' }], { services: { b: { instances: 2 } } })
    const service = small.world.service('b')
    service.scaleTo(1, 0)
    const [, spare] = service.instances as [never, (typeof service.instances)[number]]
    small.run('2.5s')
    expect(spare).toMatchObject({ up: false, listed: false })
    const other = world([{ verb: 'crash', target: 'b' }], {
      services: { b: { instances: 2 } },
    }).small
    other.world.service('b').scaleTo(1, 0)
    other.run('0.9s').world.service('b').scaleTo(2, ns('0.5s'))
    const starting = other.world.service('b').instances[1]!
    expect(other.run('1s') && starting).toMatchObject({ up: false, listed: true })
    expect(other.run('1s') && starting).toMatchObject({ up: true, listed: true })
  })

  it('of an area hits its services in the same order whatever the file says', () => {
    const digestOf = (names: string[]) => {
      const services = {
        x: { work: '30ms', calls: { '*': [call('y')] }, zone: 'z' },
        y: { work: '30ms', zone: 'z' },
        front: { calls: { '*': [call('x')] } },
      }
      const ordered = Object.fromEntries(names.map((name) => [name, services[name as 'x']]))
      const faults = [{ verb: 'region', target: 'z', at: ns('1s'), for: ns('1s') }] as const
      return smallWorld({ services: ordered, load: { users: { to: 'front', rate: 100 } }, faults })
        .run('3s')
        .result().outcomeDigest
    }
    expect(digestOf(['x', 'y', 'front'])).toBe(digestOf(['y', 'front', 'x']))
  })
})

describe('a pause', () => {
  const pause = [{ verb: 'pause', target: 'b' }] as const

  it('delays work in hand by its length, whenever that would have been done', () => {
    // Due before it, at its very beginning, in it; begun after it; due long after it.
    expect(ends(pause, [0.5, 0.9, 0.95, 0.99, 2])).toEqual([
      '600 ok',
      '2000 ok',
      '2050 ok',
      '2090 ok',
      '2100 ok',
    ])
    expect(ends(pause, [0.5], { services: { b: { work: '2s' } } })).toEqual(['3500 ok'])
  })

  it('delays it again when it comes again', () => {
    const twice = [
      ...pause,
      { verb: 'pause', target: 'b', at: ns('2.01s'), for: ns('0.5s') },
    ] as const
    expect(ends(twice, [0.95])).toEqual(['2550 ok'])
    expect(ends(twice, [0.995])).toEqual(['2595 ok'])
    expect(ends(twice, [0.5], { services: { b: { work: '2s' } } })).toEqual(['4000 ok'])
  })

  it('that overlaps another lasts until both are over', () => {
    const both = [...pause, { verb: 'pause', target: 'b', at: ns('1.5s') }] as const
    expect(ends(both, [0.95, 1.2])).toEqual(['2550 ok', '2600 ok'])
  })

  it('keeps what arrives at the door, in order', () => {
    const { small, seen } = world(pause, {
      load: { users: { to: 'a', times: [1.1, 1.2, 1.3, 2.05] } },
      services: { b: { work: '100ms', concurrency: 1 } },
    })
    small.run('10s')
    expect(seen.map((each) => each.at)).toEqual([2000, 2000, 2000, 2050])
    expect(seen.map((each) => each.request)).toEqual([0, 1, 2, 3])
    // Waiting is counted from when they stood at the door.
    expect(small.result().services['b']!.waitMs.max).toBeCloseTo(900, 6)
  })

  it('stops a shared processor as well', () => {
    const services = {
      b: { work: '100ms', discipline: 'processor-sharing', concurrency: 1 },
    } as const
    expect(ends(pause, [0.9, 0.95], { services })).toEqual(['2050 ok', '2100 ok'])
  })

  it.each(['0s', '1ms'])(
    'of a caller leaves answers unread until it is over (latency %s)',
    (latency) => {
      const limit = { limit: { use: timeout, where: ['a -> b'], timeout: '500ms' } }
      const callers = [{ verb: 'pause', target: 'a' }] as const
      expect(ends(callers, [0.95 - ns(latency) / 1e9], { latency })).toEqual(['2000 ok'])
      // The answer lies there before the timer is looked at.
      expect(ends(callers, [0.95 - ns(latency) / 1e9], { latency, patterns: limit })).toEqual([
        '2000 ok',
      ])
      expect(
        ends(callers, [0.6], { latency, services: { b: { work: '600ms' } }, patterns: limit }),
      ).toEqual(['2000 error'])
    },
  )

  it('forgets nobody at the door when a timer is cancelled that was never set', () => {
    const limit = { limit: { use: timeout, where: ['a -> b'], timeout: Infinity } }
    // At 2 s the first answer is read, which cancels no timer, before the others come in.
    const callers = [{ verb: 'pause', target: 'a' }] as const
    expect(ends(callers, [0.95, 1.2, 1.3], { patterns: limit })).toEqual([
      '2000 ok',
      '2100 ok',
      '2100 ok',
    ])
  })

  it('of a caller holds back what it would have sent again', () => {
    const again = {
      use: retry,
      where: ['a -> b'],
      maxAttempts: 2,
      backoff: { ...retry.params.backoff.initial, base: ns('200ms') },
    }
    const { small, seen } = world([{ verb: 'pause', target: 'a' }], {
      services: { b: { work: '100ms', errors: 1 } },
      load: { users: { to: 'a', times: [0.8] } },
      patterns: { again },
    })
    small.run('10s')
    expect(seen.map((each) => each.at)).toEqual([800, 2000])
    expect(small.result().violations).toEqual([])
  })

  it('in which the call is given up sends nothing again', () => {
    const patterns = {
      limit: { use: timeout, where: ['a -> b'], timeout: '250ms' },
      again: {
        use: retry,
        where: ['a -> b'],
        maxAttempts: 2,
        backoff: { ...retry.params.backoff.initial, base: ns('200ms') },
      },
    }
    // The timeout is outside: it fires first, at 1050 ms, the resend at 1100 ms; both are looked at when the pause ends.
    const small = smallWorld({
      services: { a: { calls: { '*': [call('b')] } }, b: { work: '100ms', errors: 1 } },
      load: { users: { to: 'a', times: [0.8] } },
      faults: [{ verb: 'pause', target: 'a', at: ns('1s'), for: ns('1s') }],
      patterns: {
        limit: { ...patterns.limit, use: { ...timeout, order: 1 } },
        again: patterns.again,
      },
    }).run('10s')
    const { edges, requests, violations, pending } = small.result()
    expect(edges['a -> b']).toMatchObject({ attempts: 1, timeouts: 1, retries: 0 })
    expect(requests.failed).toBe(1)
    expect(violations).toEqual([])
    expect(pending.other).toBe(0)
  })

  it('in which it crashes forgets all that waited', () => {
    const faults = [
      ...pause,
      { verb: 'crash', target: 'b', at: ns('1.5s'), for: ns('0.1s') },
    ] as const
    expect(ends(faults, [0.95, 1.2, 1.7])).toEqual(['1500 error', '1500 error', '2100 ok'])
  })
})

describe('slowness', () => {
  it('takes longer for work that is begun meanwhile', () => {
    expect(ends([{ verb: 'slow', target: 'b', by: 2.5 }], [0.95, 1.5, 2])).toEqual([
      '1050 ok',
      '1750 ok',
      '2100 ok',
    ])
  })

  it('multiplies with other slowness, and with that of a bad deploy', () => {
    const faults = [
      { verb: 'slow', target: 'b', by: 1.1 },
      { verb: 'deploy', target: 'b', at: ns('1.2s'), options: { slow: 3 } },
    ] as const
    expect(ends(faults, [1.1, 1.3, 2.1])).toEqual(['1210 ok', '1630 ok', '2400 ok'])
  })
})

describe('a clock', () => {
  /** What b's clock shows, less the true time, in ms, at some moments. */
  const errorsOf = (faults: readonly Fault[], times: readonly number[]) => {
    const { small } = world(faults)
    const { clock } = small.world.service('b').instances[0]!
    return times.map((at) => {
      small.run(`${at * 1e9 - small.world.now}ns`)
      return (clock.now - small.world.now) / 1e6
    })
  }

  it('is ahead or behind while it is skewed, and gains when it drifts', () => {
    expect(errorsOf([{ verb: 'skew', target: 'b', by: ns('300ms') }], [0.5, 1, 1.5, 2, 3])).toEqual(
      [0, 300, 300, 0, 0],
    )
    const drifting = {
      verb: 'skew',
      target: 'b',
      by: -ns('300ms'),
      options: { drift: 0.01 },
    } as const
    expect(errorsOf([drifting], [0.5, 1, 1.5, 1.999, 2, 3])).toEqual([0, -300, -295, -290.01, 0, 0])
  })

  it('jumps, for good or for a while', () => {
    expect(
      errorsOf([{ verb: 'jump', target: 'b', by: ns('5s'), for: Infinity }], [0.9, 1, 50]),
    ).toEqual([0, 5000, 5000])
    expect(errorsOf([{ verb: 'jump', target: 'b', by: ns('5s') }], [0.9, 1, 50])).toEqual([
      0, 5000, 0,
    ])
  })

  it('takes several errors together', () => {
    const faults = [
      { verb: 'skew', target: 'b', by: 0, for: ns('9s'), options: { drift: 0.01 } },
      { verb: 'skew', target: 'b', by: 0, at: ns('2s'), for: ns('2s'), options: { drift: 0.02 } },
      { verb: 'jump', target: 'b', by: ns('1s'), at: ns('3s'), for: Infinity },
    ] as const
    expect(errorsOf(faults, [2, 3, 4, 5, 10, 11])).toEqual([10, 1040, 1030, 1040, 1000, 1000])
  })

  it('makes timers of its node late or early, and one that stands still never fires them', () => {
    const firedAt = (drift: number) => {
      const fired: number[] = []
      const alarm = component({
        name: 'alarm',
        family: 'style',
        at: ['server'],
        about: '',
        source: '',
        tradeOff: '',
        order: 0,
        params: {},
        signals: {},
        create: ({ after }) => ({
          onCall(asked) {
            after(ns('1s'), 'ring')
            return asked.pass()
          },
          onTimer: () => void fired.push(small.world.now / 1e6),
        }),
      })
      const { small } = world(
        [{ verb: 'skew', target: 'b', by: 0, for: Infinity, options: { drift } }],
        {
          load: { users: { to: 'a', times: [2] } },
          patterns: { alarm: { use: alarm, where: ['b'] } },
        },
      )
      small.run('1000s')
      return fired
    }
    expect(firedAt(0)).toEqual([3000])
    expect(firedAt(0.25)).toEqual([2800])
    expect(firedAt(-0.5)).toEqual([4000])
    expect(firedAt(-1)).toEqual([])
  })
})

describe('trouble inside a node', () => {
  const memoryOf = (faults: readonly Fault[], at: number, more: Partial<Setting> = {}) => {
    const { small } = world(faults, { ...more, load: { users: { to: 'a', times: [at] } } })
    small.run(`${at}s`).run('0.1s')
    const unit = small.world.units.find((each) => each.site.pattern === 'gauge')!
    return (
      unit.save() as { memory: { state: Record<string, unknown>; durable: { heard: string[] } } }
    ).memory
  }

  it('a full disk refuses to write, until there is room', () => {
    const full = [{ verb: 'disk-full', target: 'b' }] as const
    expect([0.5, 1.5, 2.5].map((at) => memoryOf(full, at).state['stored'])).toEqual([
      true,
      false,
      true,
    ])
  })

  it('a flush is told once, when it begins', () => {
    const flush = [{ verb: 'flush', target: 'gauge' }] as const
    expect([0.5, 1.5, 2.5].map((at) => memoryOf(flush, at).durable.heard)).toEqual([
      [],
      ['flush'],
      ['flush'],
    ])
  })

  it('a config push turns a knob and turns it back; the last one counts', () => {
    const push = (value: number, at: string) =>
      ({ verb: 'config', target: 'patterns.gauge.knob', at: ns(at), options: { value } }) as const
    const knobs = [0.5, 1.2, 1.7, 2.2, 2.7].map(
      (at) => memoryOf([push(11, '1s'), push(22, '1.5s')], at).state['knob'],
    )
    expect(knobs).toEqual([ns('5ms'), 11, 22, 22, ns('5ms')])
    expect(memoryOf([push(11, '1s')], 2.5).durable.heard).toEqual(['config', 'config'])
  })

  it('a config push of a part of a group leaves the rest of it as it is', () => {
    const push = (value: object, at: string) =>
      ({ verb: 'config', target: 'patterns.gauge.pair', at: ns(at), options: { value } }) as const
    const pushes = [push({ left: 11 }, '1s'), push({ right: 22 }, '1.5s'), push({}, '1.6s')]
    const pairs = [0.5, 1.2, 1.7, 2.2, 2.7].map((at) => memoryOf(pushes, at).state['pair'])
    const pair = (left: number, right: number): string => JSON.stringify({ left, right })
    expect(pairs).toEqual([pair(1, 2), pair(11, 2), pair(11, 22), pair(1, 22), pair(1, 2)])
  })

  it('a config push of a whole group leaves what was pushed of it before, and the other way round', () => {
    const push = (knob: string, value: unknown, at: string) =>
      ({
        verb: 'config',
        target: `patterns.gauge.${knob}`,
        at: ns(at),
        options: { value },
      }) as const
    const pairAt = (pushes: readonly ReturnType<typeof push>[]) =>
      memoryOf(pushes, 1.9).state['pair']
    const both = JSON.stringify({ left: 11, right: 22 })
    expect(pairAt([push('pair.left', 11, '1s'), push('pair', { right: 22 }, '1.5s')])).toBe(both)
    expect(pairAt([push('pair', { right: 22 }, '1s'), push('pair.left', 11, '1.5s')])).toBe(both)
  })
})
