import { describe, expect, it } from 'vitest'
import type { LoadSpec } from '../../../engine/scenario/scenario.ts'
import type { Heard } from '../../support/ear.ts'
import { ear, eye } from '../../support/ear.ts'
import type { SmallLoad, SmallService } from '../../support/small-world.ts'
import { ns, smallWorld } from '../../support/small-world.ts'

/** Loads on one service; the ear hears the first. */
function world(
  load: Record<string, Partial<SmallLoad>>,
  service: SmallService = { concurrency: 1e6 },
) {
  const heard: Heard[] = []
  const seen: Heard[] = []
  const small = smallWorld({
    services: { a: service },
    load: Object.fromEntries(
      Object.entries(load).map(([name, spec]) => [name, { to: 'a', ...spec }]),
    ),
    patterns: {
      ear: { use: ear(heard), where: [`${Object.keys(load)[0]} -> a`] },
      eye: { use: eye(seen), where: ['a'] },
    },
  })
  return { small, heard, seen }
}
/** What a load of a thousand per second sends in five seconds. */
function sent(spec: Partial<LoadSpec>) {
  const { small, seen } = world({ users: { every: 1000, ...spec } })
  small.run('5s')
  return seen
}
function expectShare(count: number, all: number, share: number): void {
  expect(Math.abs(count / all - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / all))
}

describe('an open load', () => {
  it('sends only between from and until', () => {
    const seen = sent({ from: ns('2s'), until: ns('4s') })
    expect(seen.length).toBe(1999)
    expect(seen[0]!.at).toBe(2001)
    expect(seen.at(-1)!.at).toBe(3999)
  })

  it('sends at most so many requests', () => {
    expect(sent({ requests: 17 }).length).toBe(17)
    expect(sent({ requests: 0 }).length).toBe(0)
  })

  it('numbers its requests, apart from those of other loads', () => {
    const { small, seen } = world({ one: { every: 10 }, two: { every: 10 } })
    small.run('5s')
    expect(new Set(seen.map((each) => each.request)).size).toBe(100)
  })

  it('does not wait for answers', () => {
    const { small, seen } = world({ users: { every: 100 } }, { work: '10s', concurrency: 1e6 })
    small.run('1s')
    expect(seen.length).toBe(100)
  })
})

describe('what a request is', () => {
  it('operations have their shares', () => {
    const seen = sent({ mix: { browse: 0.55, buy: 0.3, look: 0.15 } })
    for (const [op, share] of [
      ['browse', 0.55],
      ['buy', 0.3],
      ['look', 0.15],
    ] as const) {
      expectShare(seen.filter((each) => each.op === op).length, seen.length, share)
    }
  })

  it('all have the key 0 where there is but one', () => {
    expect(new Set(sent({}).map(({ key }) => key))).toEqual(new Set([0]))
  })

  it('uniform keys are equally likely', () => {
    const seen = sent({ keys: { kind: 'uniform', items: 8 } })
    for (let key = 0; key < 8; key++)
      expectShare(seen.filter((each) => each.key === key).length, seen.length, 1 / 8)
  })

  it('zipf keys are the less likely the higher their rank', () => {
    const seen = sent({ keys: { kind: 'zipf', items: 4, exponent: 1 } })
    for (let key = 0; key < 4; key++)
      expectShare(seen.filter((each) => each.key === key).length, seen.length, 12 / 25 / (key + 1))
  })

  it('priorities have their shares', () => {
    const seen = sent({ priorities: [0.2, 0.8] })
    expectShare(seen.filter((each) => each.priority === 0).length, seen.length, 0.2)
  })

  it('bytes follow their distribution', () => {
    const seen = sent({ bytes: { kind: 'exponential', mean: 2000 } })
    const mean = seen.reduce((sum, each) => sum + each.bytes, 0) / seen.length
    expect(Math.abs(mean - 2000)).toBeLessThan(8000 / Math.sqrt(seen.length))
  })

  it('operation, key, tenant and priority are drawn apart from each other', () => {
    const seen = sent({
      mix: { x: 0.5, y: 0.5 },
      keys: { kind: 'uniform', items: 2 },
      priorities: [0.5, 0.5],
      tenants: [0.5, 0.5].map((share, n) => ({ name: `t${n}`, share, work: 1 })),
    })
    const kinds = new Map<string, number>()
    for (const { op, key, priority, tenant } of seen) {
      const kind = [op, key, priority, tenant].join()
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    }
    expect(kinds.size).toBe(16)
    for (const count of kinds.values()) expectShare(count, seen.length, 1 / 16)
  })
})

describe('tenants', () => {
  const half = (name: string, work: number) => ({ name, share: 0.5, work })

  it('have their shares, and work of their own', () => {
    const { small, heard } = world(
      {
        users: {
          every: 1000,
          tenants: [
            { name: 'small', share: 0.9, work: 1 },
            { name: 'big', share: 0.1, work: 2.5 },
          ],
        },
      },
      { work: '3ns', concurrency: 1e6 },
    )
    small.run('4s')
    expectShare(heard.filter((each) => each.tenant === 1).length, heard.length, 0.1)
    // 7.5 ns are rounded: time is whole nanoseconds.
    expect(new Set(heard.map((each) => `${each.tenant} ${Math.round(each.took * 1e6)}`))).toEqual(
      new Set(['0 3', '1 8']),
    )
  })

  it('of several loads are not taken for each other', () => {
    const { small, seen } = world({
      one: { every: 100, tenants: [{ name: 'everyone', share: 1, work: 1 }] },
      two: { every: 100, tenants: [half('cheap', 2), half('dear', 10)] },
      three: { every: 100, tenants: [half('everyone', 1), half('dear', 10)] },
    })
    small.run('5s')
    const factors = new Map<number, number>()
    for (const each of seen)
      factors.set(each.tenant, small.world.tenantWork({ tenant: each.tenant } as never))
    expect([...factors].toSorted((x, y) => x[0] - y[0])).toEqual([
      [0, 1],
      [1, 2],
      [2, 10],
    ])
  })

  it('have nothing to do with background work', () => {
    const { small } = world({ users: { tenants: [{ name: 'dear', share: 1, work: 10 }] } })
    expect(small.world.tenantWork({ tenant: -1 } as never)).toBe(1)
  })
})

describe('users who wait for answers', () => {
  const constant = (span: string) => ({ kind: 'constant', value: ns(span) }) as const
  const closed = (spec: Partial<LoadSpec>, service: SmallService) =>
    world({ users: { arrivals: undefined, users: 1, ...spec } }, service)

  it('think, ask, wait, and think again', () => {
    const { small, seen } = closed({ think: constant('300ms') }, { work: '200ms' })
    small.run('2s')
    expect(seen.map((each) => each.at)).toEqual([300, 800, 1300, 1800])
  })

  it('ask again at once when they do not think', () => {
    const { small, seen } = closed({ users: 2 }, { work: '200ms', concurrency: 1 })
    small.run('1s')
    expect(seen.map((each) => each.at)).toEqual([0, 0, 200, 400, 600, 800, 1000])
  })

  it('are as many as stated', () => {
    const { small } = closed(
      { users: 50, think: { kind: 'exponential', mean: ns('100ms') } },
      { work: '50ms', concurrency: 10 },
    )
    for (let n = 0; n < 20; n++) {
      small.run('100ms')
      expect(small.world.totals.open).toBeLessThanOrEqual(50)
      expect(small.world.totals.open + small.result().pending.other).toBeGreaterThanOrEqual(50)
    }
  })

  it('who lose patience think and ask again, while the work goes on', () => {
    const { small, seen } = closed(
      { think: constant('300ms'), timeout: ns('100ms') },
      { work: '1s', concurrency: 10 },
    )
    small.run('1.95s')
    expect(seen.map((each) => each.at)).toEqual([300, 700, 1100, 1500, 1900])
    expect(small.result().requests).toMatchObject({ offered: 5, failed: 4, unfinished: 1 })
    // The first two are done at 1300 and 1700 ms.
    expect(small.result().services['a']!.wasted).toBe(2)
  })

  it('come between from and until, and ask at most so often in all', () => {
    const { small, seen } = closed(
      { users: 2, think: constant('100ms'), from: ns('1s'), until: ns('1.35s') },
      {},
    )
    small.run('5s')
    expect(seen.map((each) => each.at)).toEqual([1100, 1100, 1200, 1200, 1300, 1300])
    const few = closed({ users: 2, think: constant('100ms'), requests: 3 }, {})
    few.small.run('5s')
    expect(few.seen.length).toBe(3)
  })

  it('each have dice of their own: a slower world changes when they ask, not what', () => {
    const asked = (work: string) => {
      const { small, seen } = closed(
        {
          users: 3,
          think: { kind: 'exponential', mean: ns('100ms') },
          keys: { kind: 'uniform', items: 1e6 },
        },
        { work, concurrency: 10 },
      )
      small.run('5s')
      return seen.map((each) => each.key)
    }
    const [fast, slow] = [asked('1ms'), asked('150ms')]
    expect(slow.length).toBeLessThan(fast.length)
    // The keys of three users, in whatever order they ask.
    const known = new Set(fast)
    expect(slow.every((each) => known.has(each))).toBe(true)
  })
})
