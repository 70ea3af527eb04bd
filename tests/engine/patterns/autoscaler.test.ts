import { describe, expect, it } from 'vitest'
import autoscaler from '../../../engine/patterns/scaling/autoscaler.ts'
import cache from '../../../engine/patterns/data/cache.ts'
import type { SmallWorld } from '../../support/small-world.ts'
import { ns, smallWorld } from '../../support/small-world.ts'

type Setting = Parameters<typeof smallWorld>[0]

/** Instances that do 10 calls a second each; 300 a second come. */
function shop(
  values: Record<string, unknown> = {},
  more: Partial<Setting> = {},
  instances = 10,
): SmallWorld {
  return smallWorld({
    services: { shop: { instances, concurrency: 1, work: '100ms', queue: 20 } },
    load: { users: { to: 'shop', rate: 300 } },
    patterns: { hpa: { use: autoscaler, where: ['shop'], max: 60, startup: 0, ...values } },
    ...more,
  })
}

/** Instances asked for at times in seconds. */
function desiredAt(small: SmallWorld, ...times: number[]): number[] {
  return times.map((time) => {
    small.world.run(time * 1e9)
    return small.world.service('shop').desired
  })
}

/** Calls a second that come one by one, in windows of 100 s. */
function stepped(...rates: number[]) {
  return Object.fromEntries(
    rates.map((every, n) => [
      `load${n}`,
      {
        to: 'shop',
        every: Math.max(every, 1e-6),
        from: n * ns('100s'),
        until: (n + 1) * ns('100s'),
      },
    ]),
  )
}

describe('autoscaler', () => {
  it('of a saturated service doubles at 15 s and again at 30 s: 10, 20, 40 (G19)', () => {
    const small = shop({ max: 40 })
    expect(desiredAt(small, 14.9, 15.1, 29.9, 30.1)).toEqual([10, 20, 20, 40])
    expect(desiredAt(small, 60)).toEqual([40])
  })

  it('asks for more than it needs when it does not think of the instances that start', () => {
    const careless = shop({ startup: ns('30s'), notReady: 'ignored' })
    expect(desiredAt(careless, 15.1, 30.1)).toEqual([20, 40])
    const careful = shop({ startup: ns('30s') })
    expect(desiredAt(careful, 15.1, 30.1, 44.9)).toEqual([20, 20, 20])
    const slow = {
      services: { shop: { instances: 10, concurrency: 1, work: '100ms', queue: 20 } },
      load: { users: { to: 'shop', rate: 200 } },
    }
    expect(desiredAt(shop({ startup: ns('120s'), notReady: 'ignored' }, slow), 134)).toEqual([60])
    expect(desiredAt(shop({ startup: ns('120s') }, slow), 134)).toEqual([20])
  })

  it('has a new instance ready only after its startup', () => {
    const small = shop({ startup: ns('30s') })
    small.world.run(44.9e9)
    expect([small.total('hpa.desired'), small.total('hpa.ready')]).toEqual([20, 10])
    small.world.run(60.1e9)
    expect(small.total('hpa.ready')).toBe(20)
  })

  it('grows by at most the double or four instances in 15 s, whichever is more', () => {
    const load = { users: { to: 'shop', rate: 300 } }
    expect(desiredAt(shop({}, { load }, 1), 15.1, 30.1, 45.1, 60.1)).toEqual([2, 4, 8, 16])
    // One busy instance of one slot asks for two; a bigger need is cut to 1 + 4.
    expect(
      desiredAt(shop({ metric: 'arrivals', targetPerInstance: 10 }, { load }, 1), 15.1, 30.1),
    ).toEqual([5, 10])
  })

  it('changes nothing while the metric is within the tolerance', () => {
    const load = (every: number) => ({ load: { users: { to: 'shop', every } } })
    expect(desiredAt(shop({}, load(54)), 100)).toEqual([10])
    expect(desiredAt(shop({}, load(57)), 100)).toEqual([12])
  })

  it('shrinks to the largest size that was recommended in the last 300 s, and then at once', () => {
    const small = shop({ min: 2, max: 20 }, { load: stepped(150, 10) })
    expect(desiredAt(small, 99, 130, 389)).toEqual([20, 20, 20])
    expect(desiredAt(small, 420)).toEqual([2])
  })

  it('shrinks sooner where the stabilisation is shorter, and oscillates with the load', () => {
    const scaleDown = { share: 1, instances: 0, period: ns('15s'), stabilisation: 0 }
    const small = shop({ min: 2, max: 20, scaleDown }, { load: stepped(150, 10, 150, 10) })
    expect(desiredAt(small, 99, 150, 199)).toEqual([20, 2, 2])
    expect(small.run('250s').total('hpa.scaledUp')).toBeGreaterThanOrEqual(3)
  })

  it('keeps between min and max', () => {
    expect(desiredAt(shop({ max: 25 }), 60)).toEqual([25])
    const idle = shop(
      { min: 4, scaleDown: { share: 1, instances: 0, period: ns('15s'), stabilisation: 0 } },
      { load: { users: { to: 'shop', every: 1 } } },
    )
    expect(desiredAt(idle, 200)).toEqual([4])
  })

  it('decides on what the monitoring shows, late as it is', () => {
    expect(desiredAt(shop({ scrapeDelay: ns('20s') }), 44.9, 45.1)).toEqual([10, 20])
  })

  it.each([
    ['arrivals', 10, 20],
    ['queue', 50, 4],
  ] as const)('can keep %s per instance at a target', (metric, targetPerInstance, expected) => {
    const load =
      metric === 'arrivals'
        ? { users: { to: 'shop', every: 200 } }
        : { users: { to: 'shop', rate: 100 } }
    const scaleDown = { share: 1, instances: 0, period: ns('15s'), stabilisation: 0 }
    const small = shop({ metric, targetPerInstance, scaleDown, min: 1 }, { load }, 10)
    small.world.run(16e9)
    if (metric === 'arrivals') expect(small.world.service('shop').desired).toBe(expected)
    else expect(small.world.service('shop').desired).toBeLessThan(10)
  })

  it('adds up what the instances cost', () => {
    const small = shop({ mode: 'observe' })
    small.world.run(61e9)
    expect(small.total('hpa.cost')).toBe(600)
  })

  it('lets what is taken out finish: shrinking fails no call', () => {
    const small = shop(
      { min: 2, scaleDown: { share: 1, instances: 0, period: ns('15s'), stabilisation: 0 } },
      {
        services: { shop: { instances: 20, concurrency: 1, work: '300ms', queue: 100 } },
        load: { users: { to: 'shop', every: 2 } },
      },
    )
    small.world.run(60e9)
    expect(small.world.service('shop').desired).toBe(2)
    expect(small.result().requests.failed).toBe(0)
    expect(small.result().violations).toEqual([])
  })

  it('is as if it were not there when it only observes, also for other patterns of a lone instance', () => {
    const patterns = {
      cache: { use: cache, where: ['shop'], ttl: '1s', ttlJitter: 0.5, earlyRefresh: 1 },
    }
    const load = { users: { to: 'shop', rate: 20, keys: { kind: 'uniform', items: 3 } } } as const
    const absent = shop({}, { patterns, load }, 1).run('40s').result()
    const inert = shop(
      {},
      {
        load,
        patterns: {
          ...patterns,
          hpa: { use: autoscaler, where: ['shop'], max: 60, ...autoscaler.inert },
        },
      },
      1,
    )
      .run('40s')
      .result()
    expect(absent.latencyMs.max).toBeGreaterThan(0)
    expect(inert.outcomeDigest).toBe(absent.outcomeDigest)
  })

  it('goes on from a checkpoint, with instances that start and instances that leave', () => {
    const scaleDown = { share: 1, instances: 0, period: ns('15s'), stabilisation: ns('30s') }
    const small = shop(
      { startup: ns('20s'), scaleDown, min: 2 },
      { load: stepped(90, 5, 90, 5) },
    ).run('16s')
    for (const step of ['100s', '45s', '60s']) {
      const saved = small.world.save()
      const once = small.run('120s').result()
      small.world.load(saved)
      const twice = small.run('120s').result()
      expect(twice.digest).toBe(once.digest)
      expect(twice.signals).toEqual(once.signals)
      small.world.load(saved)
      small.run(step)
    }
    expect(small.result().pending.periodic).toEqual([
      'hpa@shop decide',
      'hpa@shop scrape utilisation of shop',
    ])
  })
})
