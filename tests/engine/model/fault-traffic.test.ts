import { describe, expect, it } from 'vitest'
import { ns } from '../../support/small-world.ts'
import type { Fault } from './fault-world.ts'
import { ends, world } from './fault-world.ts'

describe('errors', () => {
  const shareOf = (...faults: readonly Fault[]) => {
    const { small, heard } = world(faults, {
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

  it.each(['errors', 'abort'] as const)('of two faults add up: %s', (verb) => {
    const target = verb === 'abort' ? 'a -> b' : 'b'
    near(shareOf({ verb, target, by: 0.2 }, { verb, target, by: 0.3 }).share, 0.5)
    expect(shareOf({ verb, target, by: 0.7 }, { verb, target, by: 0.6 }).share).toBe(1)
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
