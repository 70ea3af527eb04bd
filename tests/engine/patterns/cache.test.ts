import { describe, expect, it } from 'vitest'
import { Lfu } from '../../../engine/tools/lfu.ts'
import { Lru } from '../../../engine/tools/lru.ts'
import cache from '../../../engine/patterns/data/cache.ts'
import { alone } from '../../support/alone.ts'
import { call, ns, smallWorld } from '../../support/small-world.ts'

const body = (value: string, after = '10ms') => ({ outcome: 'ok' as const, after, body: value })

describe('cache', () => {
  it('answers at once from what it keeps, with the same payload', () => {
    const world = alone(cache)
    world.neighbour(body('x'))
    world.call()
    world.run('1s')
    world.call()
    expect(world.reached).toHaveLength(1)
    expect(world.ended.at(-1)).toMatchObject({ ok: true, body: 'x', took: 0, degraded: false })
    expect([world.signal('hits'), world.signal('misses'), world.signal('entries')]).toEqual([
      1, 1, 1,
    ])
  })

  it('never gives an answer older than its ttl', () => {
    const world = alone(cache, { ttl: ns('1s') })
    world.call()
    world.run('1000ms')
    world.call()
    expect(world.signal('hits')).toBe(1)
    world.run('1ms')
    world.call()
    expect(world.signal('hits')).toBe(1)
    expect(world.signal('misses')).toBe(2)
  })

  it('after-access: an answer lives as long as somebody asks for it', () => {
    const world = alone(cache, { ttl: ns('1s'), expiry: 'after-access' })
    world.call()
    for (let n = 0; n < 5; n++) {
      world.run('900ms')
      world.call()
    }
    expect([world.signal('hits'), world.signal('misses')]).toEqual([5, 1])
    world.run('1100ms')
    world.call()
    expect([world.signal('hits'), world.signal('misses')]).toEqual([5, 2])
  })

  it('counts a refill once, however many calls fetch meanwhile', () => {
    const world = alone(cache, { ttl: ns('1s') })
    for (let n = 0; n < 2; n++) {
      world.call(3)
      world.run('1100ms')
    }
    expect([world.signal('misses'), world.signal('refills')]).toEqual([6, 2])
  })

  it('under independent requests keeping the most frequent beats the most recent, and that first in first out', () => {
    const load = { keys: { kind: 'zipf', items: 50, exponent: 1 } } as const
    const misses = (eviction: string): number => {
      const world = alone(cache, { eviction, capacity: 10 }, { load })
      for (let n = 0; n < 2000; n++) {
        world.call()
        world.run('2ms')
      }
      expect(world.signal('entries')).toBe(10)
      return Number(world.signal('misses'))
    }
    expect(misses('lfu')).toBeLessThan(misses('lru') - 50)
    expect(misses('lru')).toBeLessThan(misses('fifo') - 20)
  })

  it('keeps operations and keys apart', () => {
    const load = { mix: { read: 0.5, list: 0.5 }, keys: { kind: 'uniform', items: 5 } } as const
    const world = alone(cache, {}, { load })
    for (let n = 0; n < 200; n++) {
      world.call()
      world.run('2ms')
    }
    expect(world.reached).toHaveLength(10)
    expect(new Set(world.reached.map(({ op, key }) => `${op}${key}`)).size).toBe(10)
  })

  it('keeps neither failures nor reduced answers', () => {
    const world = alone(cache)
    world.neighbour('error', 'error')
    for (let n = 0; n < 3; n++) {
      world.call()
      world.run('10ms')
    }
    expect(world.reached).toHaveLength(3)
    expect(world.signal('entries')).toBe(1)
  })

  it('remembers an error for the negative ttl', () => {
    const world = alone(cache, { negativeTtl: ns('1s') })
    world.neighbour('error', 'timeout')
    world.call()
    world.run('500ms')
    world.call()
    expect(world.ended.at(-1)).toMatchObject({ ok: false, failure: 'error', took: 0 })
    world.run('1s')
    world.call()
    world.run('10ms')
    world.call()
    expect(world.reached).toHaveLength(3)
  })

  it('drops the least recently used answer when it is full', () => {
    const world = alone(cache, { capacity: 2 })
    const ask = (key: number) => {
      Object.assign(world.world.loads[0]!, { hotKey: key, hotShare: 1 })
      world.call()
      world.run('2ms')
    }
    for (const key of [1, 2, 1, 3, 1, 2]) ask(key)
    expect(world.reached.map(({ key }) => key)).toEqual([1, 2, 3, 2])
    expect(world.signal('evicted')).toBe(2)
    expect(world.signal('entries')).toBe(2)
  })

  it('forgets everything when it is flushed', () => {
    const faults = [{ verb: 'flush' as const, target: 'cache', at: ns('1s') }]
    const small = smallWorld({
      services: { app: { calls: { '*': [call('db')] } }, db: { work: '1ms' } },
      load: { users: { to: 'app', every: 100, keys: { kind: 'uniform', items: 10 } } },
      patterns: { cache: { use: cache, where: ['app -> db'] } },
      faults,
    })
    expect(small.run('990ms').total('cache.misses')).toBe(10)
    expect(small.run('1s').total('cache.misses')).toBe(20)
  })

  it.each([
    [true, 0],
    [false, 1],
  ])(
    'keeps an answer that comes after the caller has left only with fillOnTimeout (%s)',
    (fillOnTimeout, again) => {
      const small = smallWorld({
        services: { app: { calls: { '*': [call('db')] } }, db: { work: '100ms' } },
        load: { users: { to: 'app', timeout: ns('50ms') } },
        patterns: { cache: { use: cache, where: ['app -> db'], fillOnTimeout } },
      })
      small.send().run('1s').send().run('1s')
      expect(small.result().services['db']!.arrivals).toBe(1 + again)
      expect(small.result().requests.ok).toBe(1 - again)
    },
  )

  it('spreads the ends of freshness around the ttl', () => {
    const small = smallWorld({
      services: { app: { calls: { '*': [call('db')] } }, db: { work: '0s' } },
      load: {
        users: {
          to: 'app',
          every: 10_000,
          keys: { kind: 'uniform', items: 100 },
          requests: 30_000,
        },
      },
      patterns: { cache: { use: cache, where: ['app -> db'], ttl: '1s', ttlJitter: 0.2 } },
    })
    small.run('790ms')
    expect(small.total('cache.misses')).toBe(100)
    small.run('1s')
    // Half of the answers have ended before 1 s, all by 1.25 s.
    expect(small.total('cache.misses')).toBeGreaterThan(195)
  })

  it('sits at a service too, in front of its queue and slots', () => {
    const world = alone(cache, {}, { place: 'server', service: { concurrency: 1 } })
    world.call()
    world.run('1s')
    world.call(50)
    expect(world.reached).toHaveLength(1)
    expect(world.ended.slice(1).every(({ took }) => took === 0)).toBe(true)
  })

  it('is as if it were not there in its inert form', () => {
    const setting = {
      services: {
        app: { calls: { '*': [call('db')] } },
        db: { work: '3ms', errors: 0.2, concurrency: 2 },
      },
      load: {
        users: { to: 'app', rate: 400, keys: { kind: 'uniform', items: 5 }, timeout: ns('20ms') },
      },
      latency: '1ms',
    } as const
    const values = {
      ttl: 0,
      singleFlight: false,
      earlyRefresh: 0,
      staleWhileRevalidate: 0,
      negativeTtl: 0,
    }
    const absent = smallWorld(setting).run('5s').result()
    const inert = smallWorld({
      ...setting,
      patterns: { cache: { use: cache, where: ['app -> db'], ...values } },
    })
      .run('5s')
      .result()
    expect(inert.outcomeDigest).toBe(absent.outcomeDigest)
    expect(Object.keys(cache.inert!).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
      Object.keys(values).toSorted((a, b) => (a < b ? -1 : 1)),
    )
  })
})

describe('single flight', () => {
  const flight = { singleFlight: true }

  it('lets one call fetch and hands its answer to all who wait', () => {
    const world = alone(cache, flight)
    world.neighbour(body('x', '100ms'))
    world.call(10)
    world.run('50ms')
    world.call(10)
    world.run('1s')
    expect(world.reached).toHaveLength(1)
    expect(world.ended).toHaveLength(20)
    expect(
      world.ended.every(({ ok, body: got, at }) => ok && got === 'x' && at === ns('100ms')),
    ).toBe(true)
    expect(world.signal('coalesced')).toBe(19)
  })

  it('shares the failure of the fetch', () => {
    const world = alone(cache, flight)
    world.neighbour('error')
    world.call(5)
    world.run('1s')
    expect(world.reached).toHaveLength(1)
    expect(world.ended.every(({ failure }) => failure === 'error')).toBe(true)
  })

  it('or lets the next of them try', () => {
    const world = alone(cache, { ...flight, afterFailedLoad: 'next' })
    world.neighbour('error', 'error')
    world.call(5)
    world.run('1s')
    expect(world.reached).toHaveLength(3)
    expect(world.ended.map(({ ok }) => ok)).toEqual([false, false, true, true, true])
  })

  it('has at most one fetch of a key under way, also when leaders and waiters give up', () => {
    const small = smallWorld({
      services: {
        app: { calls: { '*': [call('db')] } },
        db: { work: { '*': { kind: 'exponential', mean: ns('40ms') } } },
      },
      load: {
        users: { to: 'app', rate: 500, keys: { kind: 'uniform', items: 3 }, timeout: ns('30ms') },
      },
      patterns: {
        cache: {
          use: cache,
          where: ['users -> app'],
          ttl: '60ms',
          singleFlight: true,
          fillOnTimeout: false,
        },
      },
      latency: '1ms',
    })
    // At the users' own edge a request that is given up takes its fetch with it.
    for (let step = 0; step < 400; step++) {
      small.run('10ms')
      const underWay = small.world.frames.filter(
        (frame) => frame.live && frame.load !== null && frame.child >= 0,
      )
      expect(new Set(underWay.map(({ key }) => key)).size).toBe(underWay.length)
    }
    const { requests, violations } = small.result()
    expect(violations).toEqual([])
    expect(requests.ok).toBeGreaterThan(0)
    expect(requests.failed).toBeGreaterThan(0)
  })

  it('goes on from a checkpoint with calls that wait', () => {
    const small = smallWorld({
      services: {
        app: { instances: 2, calls: { '*': [call('db')] } },
        db: { work: '40ms', errors: 0.1 },
      },
      load: {
        users: {
          to: 'app',
          rate: 500,
          keys: { kind: 'zipf', items: 30, exponent: 1 },
          timeout: ns('60ms'),
        },
      },
      patterns: {
        cache: {
          use: cache,
          where: ['app -> db'],
          ttl: '60ms',
          ttlJitter: 0.5,
          capacity: 10,
          singleFlight: true,
          earlyRefresh: 1,
        },
      },
      latency: '1ms',
    }).run('1.02s')
    const saved = small.world.save()
    const once = small.run('1s').result()
    small.world.load(saved)
    const twice = small.run('1s').result()
    expect(twice.digest).toBe(once.digest)
    expect(twice.signals).toEqual(once.signals)
    expect(once.violations).toEqual([])
  })
})

describe('stale while revalidate', () => {
  it('gives the old answer while one call fetches the new one, for so long and no longer', () => {
    const world = alone(cache, { ttl: ns('1s'), staleWhileRevalidate: ns('2s') })
    world.neighbour(body('old'), body('new', '5s'))
    world.call()
    world.run('1500ms')
    world.call(3)
    world.run('1ms')
    expect(world.reached).toHaveLength(2)
    expect(world.ended.slice(1)).toMatchObject([
      { body: 'old', degraded: true },
      { body: 'old', degraded: true },
    ])
    world.run('2s')
    world.call()
    world.run('1ms')
    expect(world.signal('stale')).toBe(2)
    expect(world.reached).toHaveLength(3)
    world.run('3s')
    world.call()
    expect(world.ended.at(-1)).toMatchObject({ ok: true, degraded: false })
  })
})

describe('a stampede (G14: 1000 calls a second for one value that takes 0.2 s to fetch)', () => {
  /** Fetches, gathered into bursts: those with less than half a second between them. */
  function bursts(values: Record<string, unknown>, span = '68s'): number[] {
    const sizes: number[] = []
    const small = smallWorld({
      services: {
        app: { calls: { '*': [call('db')] }, concurrency: 1e6 },
        db: { work: '200ms', concurrency: 1e6 },
      },
      load: { users: { to: 'app', rate: 1000 } },
      patterns: { cache: { use: cache, where: ['app -> db'], ttl: '3s', ...values } },
    })
    let last = -10
    let before = 0
    for (let at = 0; at < ns(span) / 1e8; at++) {
      const now = small.run('100ms').total('cache.misses')
      if (now === before) continue
      if (at - last > 5) sizes.push(0)
      sizes[sizes.length - 1]! += now - before
      before = now
      last = at
    }
    return sizes.slice(1)
  }
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length

  it('without help: everyone who comes while the value is fetched fetches it too', () => {
    expect(mean(bursts({})) / 199).toBeCloseTo(1, 1)
  })

  it('with single flight: one', () => {
    expect(new Set(bursts({ singleFlight: true }))).toEqual(new Set([1]))
  })

  it.each([
    [0.5, 7.06],
    [1, 2.74],
  ])('with XFetch at β = %d: e^(1/β) on average, not one', (earlyRefresh, expected) => {
    const sizes = bursts({ earlyRefresh }, '150s')
    expect(sizes.length).toBeGreaterThan(45)
    expect(mean(sizes) / expected).toBeGreaterThan(0.75)
    expect(mean(sizes) / expected).toBeLessThan(1.25)
  })
})

describe('a cold cache (the shape of G18: 3.3 times more calls than the origin can do, callers wait 1 s)', () => {
  /** Share of requests served in the first 30 s, and from 90 to 120 s. */
  function served(values: Record<string, unknown>, queue: number): [first: number, last: number] {
    const small = smallWorld({
      services: {
        app: { concurrency: 1e6, calls: { '*': [call('db')] } },
        db: { work: { '*': { kind: 'exponential', mean: ns('50ms') } }, concurrency: 3, queue },
      },
      load: {
        users: {
          to: 'app',
          rate: 200,
          keys: { kind: 'zipf', items: 2000, exponent: 1 },
          timeout: ns('1s'),
        },
      },
      patterns: { cache: { use: cache, where: ['app -> db'], ttl: '60s', ...values } },
    })
    const first = small.run('30s').result().requests
    const before = small.run('60s').result().requests
    const after = small.run('30s').result().requests
    return [first.ok / first.offered, (after.ok - before.ok) / (after.offered - before.offered)]
  }

  it.each([
    ['forgets late answers: it never gets warm', { fillOnTimeout: false }, Infinity, 0.51, 0],
    ['keeps late answers: it gets warm', {}, Infinity, 0.835, 1],
    [
      'only lets one fetch: that is not enough',
      { fillOnTimeout: false, singleFlight: true },
      Infinity,
      0.59,
      0.08,
    ],
    ['lets one fetch and keeps late answers', { singleFlight: true }, Infinity, 0.9, 1],
    [
      'forgets late answers, but the origin has a short queue',
      { fillOnTimeout: false },
      20,
      0.99,
      1,
    ],
  ])('that %s', (_, values, queue, first, last) => {
    const [early, steady] = served(values, queue)
    expect(Math.abs(early - first)).toBeLessThan(0.1)
    expect(Math.abs(steady - last)).toBeLessThan(0.05)
  })
})

describe('the bounded memory behind it', () => {
  it('forgets in the order of last use, whatever is asked of it', () => {
    const lru = new Lru<number>()
    const model = new Map<string, number>()
    let differences = 0
    for (let n = 0; n < 20_000; n++) {
      const key = String((n * n * 7919) % 97)
      const known = model.get(key)
      if (lru.get(key) !== known) differences++
      model.delete(key)
      model.set(key, known ?? n)
      if (known === undefined) lru.set(key, n, 20)
      if (model.size > 20) model.delete(model.keys().next().value!)
      if (lru.size !== model.size) differences++
    }
    expect(differences).toBe(0)
  })

  it('forgets who came first, however often it is asked for', () => {
    const fifo = new Lru<number>(true)
    for (const key of ['a', 'b', 'c']) fifo.set(key, 1, 3)
    for (let n = 0; n < 5; n++) fifo.get('a')
    expect(fifo.set('d', 1, 3)).toBe(1)
    expect(['a', 'b', 'c', 'd'].filter((key) => fifo.get(key) !== undefined)).toEqual([
      'b',
      'c',
      'd',
    ])
  })

  it('keeps what is asked for most often, and lets nobody in who is rarer', () => {
    const lfu = new Lfu<number>()
    const ask = (key: string, times: number): void => {
      for (let n = 0; n < times; n++) if (lfu.get(key) === undefined) lfu.set(key, 1, 2)
    }
    ask('often', 5)
    ask('seldom', 2)
    ask('once', 1)
    expect([lfu.get('often'), lfu.get('seldom'), lfu.get('once')]).toEqual([1, 1, undefined])
    // Asked for twice now, once less than the rarest; the third time is as often, and it was there longer.
    expect(lfu.set('once', 1, 2)).toBe(1)
    ask('once', 1)
    expect([lfu.get('often'), lfu.get('seldom'), lfu.get('once')]).toEqual([1, undefined, 1])
    expect(lfu.size).toBe(2)
  })

  it('agrees with counting everything and sorting', () => {
    const lfu = new Lfu<number>()
    const counts = new Map<string, number>()
    for (let n = 0; n < 30_000; n++) {
      const key = String(Math.floor(97 * ((n * 0.618_033_988_75) % 1) ** 2))
      counts.set(key, (counts.get(key) ?? 0) + 1)
      if (lfu.get(key) === undefined) lfu.set(key, n, 20)
    }
    const best = [...counts].toSorted((a, b) => b[1] - a[1])
    const kept = best.filter(([key]) => lfu.get(key) !== undefined).map(([, count]) => count)
    expect(kept).toHaveLength(20)
    expect(Math.min(...kept)).toBeGreaterThanOrEqual(best[19]![1])
  })
})
