import { describe, expect, it } from 'vitest'
import { component } from '../../../engine/component.ts'
import type { LinkSpec } from '../../../engine/scenario/scenario.ts'
import timeout from '../../../engine/patterns/resilience/timeout.ts'
import type { Heard } from '../../support/ear.ts'
import { ear, eye } from '../../support/ear.ts'
import type { Setting } from '../../support/small-world.ts'
import { call, ns, smallWorld } from '../../support/small-world.ts'

const uniform = (from: string, to: string) =>
  ({ kind: 'uniform', from: ns(from), to: ns(to) }) as const
const constant = (span: string) => ({ kind: 'constant', value: ns(span) }) as const

/** users -> a -> b, with an ear at a's side of the second link and an eye at its far end. */
function pair(link: Partial<LinkSpec>, more: Partial<Setting> = {}) {
  const heard: Heard[] = []
  const seen: Heard[] = []
  const small = smallWorld({
    services: {
      a: { calls: { '*': [call('b')] }, concurrency: 1e6 },
      b: { work: '10ms', concurrency: 1e6 },
    },
    load: { users: { to: 'a' } },
    links: { 'a -> b': link },
    ...more,
    patterns: {
      ear: { use: ear(heard), where: ['a -> b'] },
      eye: { use: eye(seen), where: ['b'] },
      ...more.patterns,
    },
  })
  return { small, heard, seen }
}

describe('a link', () => {
  it('takes its latency on the way there and on the way back', () => {
    const { small, heard, seen } = pair({ latency: constant('3ms') })
    small.send().run('1s')
    expect(seen.map((each) => each.at)).toEqual([3])
    expect(heard.map((each) => each.at)).toEqual([16])
  })

  it('draws the two ways apart: their variances add up', () => {
    const { small, heard } = pair(
      { latency: uniform('1ms', '9ms') },
      { load: { users: { to: 'a', every: 1000 } } },
    )
    small.run('20s')
    const travel = heard.map((each) => each.took - 10)
    const mean = travel.reduce((sum, x) => sum + x, 0) / travel.length
    const variance = travel.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / travel.length
    // Twice 8²/12; drawn together it would be four times that, and with sign changed nothing.
    expect(Math.abs(mean - 10)).toBeLessThan(4 * Math.sqrt(10.67 / travel.length))
    expect(Math.abs(variance - 10.67)).toBeLessThan(0.5)
  })

  it('that takes no time makes no event of its own', () => {
    const free = pair({}).small.send().run('1s')
    const slow = pair({ latency: constant('1ns') })
      .small.send()
      .run('1s')
    expect(slow.result().events - free.result().events).toBe(2)
  })
})

describe('loss', () => {
  it('of a request: the server never sees it and only a timeout tells', () => {
    const limited = { patience: { use: timeout, where: ['a -> b'], timeout: '50ms' } }
    const { small, heard, seen } = pair(
      { loss: 1, latency: constant('3ms') },
      { patterns: limited },
    )
    small.send().run('1s')
    expect(seen).toEqual([])
    expect(heard).toMatchObject([{ took: 50, outcome: 'timeout' }])
    expect(small.result().edges['a -> b']).toMatchObject({ lost: 1, timeouts: 1, late: 0 })
  })

  it('leaves a caller without a timeout waiting for ever', () => {
    const { small } = pair({ loss: 1 })
    const { requests, violations, services } = small.send().run('100s').result()
    expect(requests).toMatchObject({ offered: 1, unfinished: 1 })
    expect(services['a']).toMatchObject({ unfinished: 1 })
    expect(violations).toEqual([])
  })

  it('hits requests and replies apart, each with its share', () => {
    const { small, heard, seen } = pair(
      { loss: 0.3 },
      { load: { users: { to: 'a', every: 1000, until: ns('20s') } } },
    )
    small.run('21s')
    const sent = small.result().edges['a -> b']!.attempts
    const spread = 4 * Math.sqrt((0.3 * 0.7) / sent)
    expect(Math.abs(seen.length / sent - 0.7)).toBeLessThan(spread)
    expect(Math.abs(heard.length / seen.length - 0.7)).toBeLessThan(spread / Math.sqrt(0.7))
    expect(small.result().edges['a -> b']!.lost).toBe(sent - heard.length)
    expect(small.result().violations).toEqual([])
  })
})

describe('duplication', () => {
  const { small, heard, seen } = pair({ duplicate: 1, latency: uniform('1ms', '5ms') })
  small.send(100).run('10s')
  const { services, edges, requests, violations, pending } = small.result()

  it('makes the server work twice', () => {
    expect(seen.length).toBe(200)
    expect(services['b']).toMatchObject({ arrivals: 200, completed: 200, wasted: 100, ok: 200 })
  })

  it('lets one reply count, and sends none for the copy', () => {
    expect(heard.length).toBe(100)
    expect(edges['a -> b']).toMatchObject({ calls: 100, attempts: 100, ok: 100, late: 0 })
    expect(requests).toMatchObject({ ok: 100, unfinished: 0 })
  })

  it('gives the copy a way and a work of its own and leaves nothing behind', () => {
    const arrivals = new Map<number, number[]>()
    for (const { request, at } of seen)
      arrivals.set(request, [...(arrivals.get(request) ?? []), at])
    for (const [first, second] of arrivals.values()) expect(first).not.toBe(second)
    expect(violations).toEqual([])
    expect(pending.other).toBe(0)
    expect(small.world.pool.live).toBe(0)
  })

  it('hits a share of the requests', () => {
    const some = pair({ duplicate: 0.2 }, { load: { users: { to: 'a', every: 1000 } } })
    some.small.run('10s')
    const { attempts } = some.small.result().edges['a -> b']!
    const share = some.seen.length / attempts - 1
    expect(Math.abs(share - 0.2)).toBeLessThan(4 * Math.sqrt(0.16 / attempts))
  })
})

describe('bandwidth', () => {
  it('sends one message after the other, each way for itself', () => {
    const load = { users: { to: 'a', bytes: { kind: 'constant', value: 100 } as const } }
    const services = {
      a: { calls: { '*': [call('b')] } },
      b: { replyBytes: 300 },
    }
    const { small, heard, seen } = pair(
      { bandwidth: 1000, latency: constant('7ms') },
      { load, services },
    )
    small.send(3).run('10s')
    expect(seen.map((each) => each.at)).toEqual([107, 207, 307])
    // Replies take 300 ms each: the first is out at 407, the others wait for it.
    expect(heard.map((each) => each.at)).toEqual([414, 714, 1014])
  })

  it('is free again after a pause', () => {
    const load = {
      users: { to: 'a', times: [0, 5], bytes: { kind: 'constant', value: 100 } as const },
    }
    const { small, seen } = pair({ bandwidth: 1000 }, { load })
    small.run('10s')
    expect(seen.map((each) => each.at)).toEqual([100, 5100])
  })
})

describe('order', () => {
  const load = { users: { to: 'a', every: 1000 } }
  const wide = uniform('1ms', '50ms')

  it('is kept by a link that is fifo, both ways', () => {
    const { small, heard, seen } = pair({ latency: wide, fifo: true }, { load })
    small.run('2s')
    for (const list of [seen, heard]) {
      const order = list.map((each) => each.request)
      expect(order.length).toBeGreaterThan(1900)
      expect(order).toEqual(order.toSorted((a, b) => a - b))
    }
  })

  it('is kept between one-way messages, too', () => {
    const received = (fifo: boolean) => {
      const numbers: number[] = []
      const gossip = component({
        name: 'gossip',
        family: 'style',
        at: ['server'],
        about: '',
        source: '',
        tradeOff: '',
        order: 0,
        params: {},
        signals: {},
        state: () => ({ next: 0 }),
        create: ({ state, node, peers, every, send }) => ({
          onStart: () => void (node.instance === 0 && every(ns('1ms'), 'say')),
          onTimer: () => send(peers()[0]!, 'number', state.next++),
          onMessage: ({ body }) => void numbers.push(body as number),
        }),
      })
      const links = { 'a -> a': { latency: wide, fifo } }
      smallWorld({
        services: { a: { instances: 2 } },
        load: { users: { to: 'a' } },
        links,
        patterns: { gossip: { use: gossip, where: ['a'] } },
      }).run('1s')
      return numbers
    }
    const kept = received(true)
    expect(kept.length).toBeGreaterThan(900)
    expect(kept).toEqual(kept.map((_number, n) => n))
    expect(received(false)).not.toEqual(received(false).toSorted((x, y) => x - y))
  })

  it('is lost by one that is not', () => {
    const { small, seen } = pair({ latency: wide }, { load })
    small.run('2s')
    const order = seen.map((each) => each.request)
    expect(order).not.toEqual(order.toSorted((a, b) => a - b))
  })
})

describe('a partition', () => {
  /** a and b call each other; u and v are the users of each. */
  function mutual(target: string, options: Record<string, unknown> = {}) {
    const small = smallWorld({
      services: {
        a: { calls: { out: [call('b', 'end')] } },
        b: { calls: { back: [call('a', 'end')] } },
        c: { calls: { out: [call('b', 'end')] } },
      },
      load: {
        u: { to: 'a', mix: { out: 1 }, times: [1, 3] },
        v: { to: 'b', mix: { back: 1 }, times: [1, 3] },
        w: { to: 'c', mix: { out: 1 }, times: [1, 3] },
      },
      latency: '1ms',
      faults: [{ verb: 'partition', target, at: ns('0.5s'), for: ns('1.5s'), options }],
      patterns: { patience: { use: timeout, where: ['* -> *'], timeout: '100ms' } },
    }).run('10s')
    expect(small.result().violations).toEqual([])
    return { ...small.result(), link: (name: string) => small.world.links.get(name)! }
  }

  it('cuts both ways by default, and is healed afterwards', () => {
    const { edges, services } = mutual('a -> b')
    expect(edges['a -> b']).toMatchObject({ calls: 2, ok: 1, failed: 1, lost: 1 })
    expect(edges['b -> a']).toMatchObject({ calls: 2, ok: 1, failed: 1, lost: 1 })
    expect(services['a']!.arrivals).toBe(3)
    expect(services['b']!.arrivals).toBe(5)
  })

  it('one way stops requests there and replies from there, nothing else', () => {
    const { edges, services } = mutual('a -> b', { direction: 'one-way' })
    // a's request never arrives at b; b's request arrives at a, whose answer is lost.
    expect(services['b']!.arrivals).toBe(5)
    expect(services['a']!.arrivals).toBe(4)
    expect(edges['a -> b']).toMatchObject({ failed: 1, late: 0, lost: 1 })
    expect(edges['b -> a']).toMatchObject({ failed: 1, lost: 1 })
  })

  it('leaves others alone', () => {
    expect(mutual('a -> b').edges['c -> b']).toMatchObject({ calls: 2, ok: 2, lost: 0 })
  })

  it('may cut off users', () => {
    const { edges, services } = mutual('u -> a')
    expect(edges['u -> a']).toMatchObject({ calls: 2, ok: 1, lost: 1, unfinished: 1 })
    expect(services['a']!.arrivals).toBe(3)
  })

  it('does not stop what is already on its way out of the far end', () => {
    const { small, heard } = pair(
      { latency: constant('1s') },
      {
        faults: [{ verb: 'partition', target: 'a -> b', at: ns('0.5s') }],
        load: { users: { to: 'a', times: [0] } },
      },
    )
    small.run('10s')
    expect(small.result().services['b']!.arrivals).toBe(1)
    expect(heard).toEqual([])
  })
})
