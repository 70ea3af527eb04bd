import { describe, expect, it } from 'vitest'
import { component } from '../../../engine/component.ts'
import { copyOf } from '../../../engine/core/snapshot.ts'
import { duration } from '../../../engine/params.ts'
import retry from '../../../engine/patterns/resilience/retry.ts'
import timeout from '../../../engine/patterns/resilience/timeout.ts'
import type { FaultSpec } from '../../../engine/scenario/scenario.ts'
import { VERBS } from '../../../engine/scenario/schema/faults.ts'
import type { Heard } from '../../support/ear.ts'
import { ear, eye } from '../../support/ear.ts'
import type { Setting, SmallWorld } from '../../support/small-world.ts'
import { call, ns, smallWorld } from '../../support/small-world.ts'

type Fault = Partial<FaultSpec> & Pick<FaultSpec, 'verb' | 'target'>

/** Reads its clock, writes to its store, and hears of faults aimed at it. */
const gauge = component({
  name: 'gauge',
  family: 'style',
  at: ['server'],
  about: '',
  source: '',
  tradeOff: '',
  order: 0,
  params: { knob: duration('5ms', '') },
  signals: {},
  state: () => ({ clock: 0, stored: true, knob: 0 }),
  durable: () => ({ heard: [] as string[] }),
  create: ({ params, state, durable, clock, store }) => ({
    onCall(asked) {
      state.clock = clock.now
      state.stored = store.write('x', 1)
      state.knob = params.knob
      return asked.pass()
    },
    onFault: ({ name }) => void durable.heard.push(name),
  }),
})

/** users -> a -> b (two instances, zones west and east); a fault from 1 s to 2 s. */
function world(faults: readonly Fault[], more: Partial<Setting> = {}) {
  const heard: Heard[] = []
  const seen: Heard[] = []
  const small = smallWorld({
    services: {
      a: { calls: { '*': [call('b')] }, zone: 'west', region: 'here' },
      b: { work: '100ms', concurrency: 1000, zone: 'east', region: 'there', replyBytes: 100 },
      ...more.services,
    },
    load: { users: { to: 'a', bytes: { kind: 'constant', value: 100 } }, ...more.load },
    latency: more.latency ?? '0s',
    ...(more.links ? { links: more.links } : {}),
    faults: faults.map((fault) => ({ at: ns('1s'), for: ns('1s'), ...fault })),
    patterns: {
      ear: { use: ear(heard), where: ['users -> a'] },
      eye: { use: eye(seen), where: ['b'] },
      gauge: { use: gauge, where: ['b'] },
      ...more.patterns,
    },
  })
  return { small, heard, seen }
}
/** When a request sent at each of these moments (s) was answered (ms), and how. */
function ends(
  faults: readonly Fault[],
  times: readonly number[],
  more: Partial<Setting> = {},
): string[] {
  const { small, heard } = world(faults, {
    ...more,
    load: { users: { to: 'a', times, bytes: { kind: 'constant', value: 100 } }, ...more.load },
  })
  small.run('100s')
  expect(small.result().violations).toEqual([])
  return heard.toSorted((x, y) => x.request - y.request).map((each) => `${each.at} ${each.outcome}`)
}

/** What faults may touch, as plain data. */
function stateOf({ world: it }: SmallWorld) {
  const { instances, links, loads, units } = it.save()
  const services = [...it.services.values()]
  const clocks = services.flatMap((each) =>
    each.instances.map(({ clock }) => [clock.now - it.now, clock.toTrue(1e9)]),
  )
  return copyOf({
    instances,
    links,
    loads,
    units,
    clocks,
    listed: services.map((each) => each.listed),
  })
}
/** A pause has taken time, a restart begins a new life, what was heard was heard; how a clock keeps its error is its own affair. */
function settled(state: ReturnType<typeof stateOf>): string {
  return JSON.stringify(state).replaceAll(
    /"(lostTime|pausedAt|life)":[\d.e+]+|"heard":\[[^\]]*\]|"clock":\{[^{}]*\}/g,
    '',
  )
}

const OF_EVERY_VERB: Record<FaultSpec['verb'], Fault> = {
  crash: { verb: 'crash', target: 'b' },
  pause: { verb: 'pause', target: 'b' },
  slow: { verb: 'slow', target: 'b', by: 2.7 },
  errors: { verb: 'errors', target: 'b', by: 0.1 },
  delay: { verb: 'delay', target: 'a -> b', by: ns('100ms') },
  abort: { verb: 'abort', target: '* -> b', by: 0.3 },
  loss: { verb: 'loss', target: 'a -> b', by: 0.3 },
  duplicate: { verb: 'duplicate', target: 'a -> b', by: 0.7 },
  bandwidth: { verb: 'bandwidth', target: 'a -> b', by: 1000 },
  partition: { verb: 'partition', target: 'west -> there' },
  skew: { verb: 'skew', target: 'b', by: ns('3s'), options: { drift: 0.013 } },
  jump: { verb: 'jump', target: 'b', by: -ns('3s') },
  'disk-full': { verb: 'disk-full', target: 'b' },
  flush: { verb: 'flush', target: 'gauge' },
  deploy: { verb: 'deploy', target: 'b', options: { slow: 3, errors: 0.2 } },
  certificate: { verb: 'certificate', target: 'a -> b' },
  config: { verb: 'config', target: 'patterns.gauge.knob', options: { value: 77 } },
  'hot-key': { verb: 'hot-key', target: 'users', by: 0.5, options: { key: 9 } },
  spike: { verb: 'spike', target: 'users', by: 3 },
  region: { verb: 'region', target: 'there' },
}
const verbs = Object.keys(VERBS) as FaultSpec['verb'][]

describe('every verb', () => {
  it.each(verbs)(
    '%s changes the world when it begins, and leaves it as it was when it ends',
    (verb) => {
      const links = { 'a -> b': { loss: 0.3, duplicate: 0.1, bandwidth: 5000 } }
      const { small } = world([OF_EVERY_VERB[verb]], { links })
      const before = stateOf(small.run('0.999s'))
      const during = stateOf(small.run('0.5s'))
      const after = stateOf(small.run('1s'))
      expect(during).not.toEqual(before)
      expect(settled(after)).toBe(settled(before))
    },
  )

  it.each(verbs)('%s overlaps with another of its kind: it ends with the last', (verb) => {
    const one = OF_EVERY_VERB[verb]
    const { small } = world([one, { ...one, at: ns('1.5s') }])
    const before = stateOf(small.run('0.999s'))
    small.run('1.251s')
    const during = stateOf(small)
    expect(during).not.toEqual(before)
    const apart = world([
      { ...one, at: 1, for: 1 },
      { ...one, at: ns('1.5s') },
    ])
    const single = stateOf(apart.small.run('2.25s'))
    expect(settled(during)).toBe(settled(single))
    expect(settled(stateOf(small.run('1s')))).toBe(settled(before))
  })

  it.each(verbs)('%s that never ends stays', (verb) => {
    const { small } = world([{ ...OF_EVERY_VERB[verb], for: Infinity }])
    const before = stateOf(small.run('0.999s'))
    expect(stateOf(small.run('1000s'))).not.toEqual(before)
    expect(small.result().pending.other).toBe(0)
  })
})

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

describe('errors', () => {
  const shareOf = (fault: Fault) => {
    const { small, heard } = world([fault], {
      load: { users: { to: 'a', every: 2000 } },
      services: { b: {} },
    })
    small.run('3s')
    const during = heard.filter((each) => each.at >= 1000 && each.at < 2000)
    const others = heard.filter((each) => each.at < 1000 || each.at >= 2000)
    expect(others.every((each) => each.outcome === 'ok')).toBe(true)
    const words = new Set(during.map((each) => each.outcome))
    return {
      share: during.filter((each) => each.outcome !== 'ok').length / during.length,
      words: [...words].toSorted((x, y) => (x < y ? -1 : 1)),
    }
  }
  const near = (share: number, expected: number) =>
    expect(Math.abs(share - expected)).toBeLessThan(
      4 * Math.sqrt((expected * (1 - expected)) / 2000),
    )

  it('hit their share of the calls, those of a bad deploy too', () => {
    near(shareOf({ verb: 'errors', target: 'b', by: 0.2 }).share, 0.2)
    near(shareOf({ verb: 'deploy', target: 'b', options: { errors: 0.3 } }).share, 0.3)
  })

  it('of an abort come from the way, not from the server', () => {
    const { share, words } = shareOf({ verb: 'abort', target: 'a -> b', by: 0.25 })
    near(share, 0.25)
    expect(words).toEqual(['error', 'ok'])
    const { small } = world([{ verb: 'abort', target: 'a -> b', by: 1 }], {
      load: { users: { to: 'a', times: [1.5] } },
    })
    expect(small.run('3s').result().services['b']!.arrivals).toBe(0)
  })

  it('of a bad certificate are named as such', () => {
    expect(shareOf({ verb: 'certificate', target: 'a -> b' })).toEqual({
      share: 1,
      words: ['unauthenticated'],
    })
  })
})

describe('trouble on a link', () => {
  it('delays requests by a time or a distribution, and adds up', () => {
    expect(ends([{ verb: 'delay', target: 'a -> b', by: ns('40ms') }], [0.5, 1.5, 2.5])).toEqual([
      '600 ok',
      '1640 ok',
      '2600 ok',
    ])
    const two = [
      { verb: 'delay', target: 'a -> b', by: ns('40ms') },
      { verb: 'delay', target: '* -> *', by: ns('5ms') },
    ] as const
    expect(ends(two, [1.5])).toEqual(['1650 ok'])
    const drawn = {
      verb: 'delay',
      target: 'a -> b',
      options: { distribution: { kind: 'uniform', from: 0, to: ns('50ms') } },
    } as const
    const times = ends([drawn], [1.1, 1.2, 1.3]).map((each) => Number.parseFloat(each) % 100)
    expect(new Set(times).size).toBe(3)
    expect(times.every((each) => each > 0 && each < 50)).toBe(true)
  })

  it('narrows the narrowest', () => {
    const links = { 'a -> b': { bandwidth: 2000 } }
    expect(ends([], [1.5], { links })).toEqual(['1700 ok'])
    expect(ends([{ verb: 'bandwidth', target: 'a -> b', by: 1000 }], [1.5], { links })).toEqual([
      '1800 ok',
    ])
    expect(ends([{ verb: 'bandwidth', target: 'a -> b', by: 9000 }], [1.5], { links })).toEqual([
      '1700 ok',
    ])
  })

  it('loses and doubles besides what the link does by itself', () => {
    const { small } = world(
      [
        { verb: 'loss', target: 'a -> b', by: 0.2 },
        { verb: 'duplicate', target: 'a -> b', by: 0.3 },
      ],
      {
        links: { 'a -> b': { loss: 0.1, duplicate: 0.2 } },
      },
    )
    const { trouble } = small.run('1.5s').world.links.get('a -> b')!
    expect(trouble.loss).toBeCloseTo(0.3, 12)
    expect(trouble.duplicate).toBeCloseTo(0.5, 12)
  })

  it('that cuts it lets not even a refusal through', () => {
    const faults = [
      { verb: 'certificate', target: 'a -> b' },
      { verb: 'partition', target: 'a -> b', options: { direction: 'one-way' } },
    ] as const
    expect(ends(faults, [1.5])).toEqual([])
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
})

describe('trouble with a load', () => {
  const keysOf = (faults: readonly Fault[]) => {
    const { small, heard } = world(faults, {
      load: { users: { to: 'a', every: 2000, keys: { kind: 'uniform', items: 100 } } },
      services: { b: {} },
    })
    small.run('3s')
    return heard.toSorted((x, y) => x.request - y.request).map((each) => each.key)
  }

  it('a hot key gets its share of requests, the others keep theirs', () => {
    const plain = keysOf([])
    const hot = keysOf([{ verb: 'hot-key', target: 'users', by: 0.4, options: { key: 500 } }])
    const during = hot.slice(2000, 3999)
    expect(hot.slice(0, 1999)).toEqual(plain.slice(0, 1999))
    expect(hot.slice(3999)).toEqual(plain.slice(3999))
    const share = during.filter((key) => key === 500).length / during.length
    expect(Math.abs(share - 0.4)).toBeLessThan(4 * Math.sqrt(0.24 / during.length))
    during.forEach((key, n) => expect([500, plain[2000 + n]]).toContain(key))
  })

  it('a spike multiplies the rate, and spikes multiply each other', () => {
    const spikes = [
      { verb: 'spike', target: 'users', by: 3 },
      { verb: 'spike', target: 'users', by: 2, at: ns('1.5s') },
    ] as const
    const { small, heard } = world(spikes, {
      load: { users: { to: 'a', every: 1000 } },
      services: { b: {} },
    })
    small.run('4s')
    const count = (from: number, to: number) =>
      heard.filter((each) => each.at > from && each.at <= to).length
    expect([
      count(0, 1000),
      count(1000, 1500),
      count(1500, 2000),
      count(2000, 2500),
      count(2500, 3500),
    ]).toEqual([1000, 1500, 3000, 1000, 1000])
  })
})

describe('a stochastic fault', () => {
  const storm = {
    verb: 'crash',
    target: 'b#0',
    at: undefined,
    mtbf: ns('10s'),
    mttr: ns('2s'),
  } as const
  const spansOf = (setting: Partial<Setting> = {}, faults: readonly Fault[] = [storm]) => {
    const small = smallWorld({
      services: { a: { calls: { '*': [call('b')] } }, b: { instances: 2 } },
      load: { users: { to: 'a' } },
      duration: '20000s',
      faults,
      ...setting,
    })
    return small.world.faults.spans
  }

  it('has exponential times between failures and to repair', () => {
    const spans = spansOf()
    const downs = spans.map((span) => span.until - span.from)
    const ups = spans.map((span, n) => span.from - (spans[n - 1]?.until ?? 0))
    expect(Math.abs(spans.length - 20_000 / 12)).toBeLessThan(
      4 * Math.sqrt((20_000 / 12) * (104 / 144)),
    )
    for (const [list, mean] of [
      [downs, 2],
      [ups, 10],
    ] as const) {
      const scaled = list.map((each) => each / 1e9 / mean)
      const average = scaled.reduce((sum, each) => sum + each, 0) / scaled.length
      expect(Math.abs(average - 1)).toBeLessThan(4 / Math.sqrt(scaled.length))
      const long = scaled.filter((each) => each > 1).length / scaled.length
      expect(Math.abs(long - 0.3679)).toBeLessThan(4 * Math.sqrt(0.2325 / scaled.length))
    }
  })

  it('is the same storm in every variant', () => {
    const times = (spans: ReturnType<typeof spansOf>) =>
      spans.filter(({ spec }) => spec.target === 'b#0').map(({ from, until }) => [from, until])
    const plain = times(spansOf())
    const patterns = { limit: { use: timeout, where: ['a -> b'], timeout: '1s' } }
    expect(times(spansOf({ patterns }))).toEqual(plain)
    expect(times(spansOf({ services: { b: { instances: 3, work: '1s' }, a: {}, z: {} } }))).toEqual(
      plain,
    )
    // Nor does a fault of another kind or target change it, before it in the file or behind.
    const other = {
      verb: 'pause',
      target: 'a',
      at: undefined,
      mtbf: ns('1s'),
      mttr: ns('1s'),
    } as const
    expect(times(spansOf({}, [other, storm]))).toEqual(plain)
    expect(times(spansOf({ seed: '2' }))).not.toEqual(plain)
  })

  it('of the same verb on the same target twice is two storms', () => {
    const spans = spansOf({}, [storm, storm])
    expect(new Set(spans.map((span) => span.from)).size).toBe(spans.length)
  })

  it('begins and ends in the run', () => {
    const { small, heard } = world(
      [{ ...storm, target: 'b', mtbf: ns('3s'), mttr: ns('1s'), for: 1 }],
      { load: { users: { to: 'a', every: 10 } } },
    )
    small.run('100s')
    const { spans } = small.world.faults
    const isDown = (at: number) =>
      spans.some(({ from, until }) => at * 1e6 >= from && at * 1e6 < until)
    const failed = heard.filter((each) => each.outcome === 'error')
    expect(failed.length).toBeGreaterThan(100)
    for (const each of heard) expect(isDown(each.at)).toBe(each.outcome === 'error')
  })
})
