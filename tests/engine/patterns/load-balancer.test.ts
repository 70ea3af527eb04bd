import { describe, expect, it } from 'vitest'
import { HashRing } from '../../../engine/tools/hash-ring.ts'
import hedgedRequest from '../../../engine/patterns/resilience/hedged-request.ts'
import timeout from '../../../engine/patterns/resilience/timeout.ts'
import loadBalancer from '../../../engine/patterns/traffic/load-balancer.ts'
import { MILLISECOND, SECOND } from '../../../engine/units.ts'
import type { Alone, Reply } from '../../support/alone.ts'
import { alone } from '../../support/alone.ts'
import type { SmallWorld } from '../../support/small-run.ts'
import {
  constant,
  expectNear,
  exponential,
  poisson,
  prepare,
  signalOf,
  smallRun,
} from '../../support/small-run.ts'

const ms = (time: number): number => time * MILLISECOND
const times = (count: number, reply: Reply): Reply[] => Array.from({ length: count }, () => reply)
const ejection = (params: object = {}) => ({
  outlierEjection: {
    enabled: true,
    consecutiveErrors: 5,
    errors: ['overload', 'timeout', 'unreachable', 'error'],
    interval: 10 * SECOND,
    baseEjectionTime: 30 * SECOND,
    maxEjectionTime: 300 * SECOND,
    maxEjectionPercent: 0.1,
    alwaysEjectOne: true,
    ...params,
  },
})

function balanced(params: object, instances: number, load: object = {}): Alone {
  return alone(loadBalancer, params as Record<string, unknown>, { instances, load })
}

/** Calls that reached each instance. */
function shares({ reached }: Alone, instances: number): number[] {
  const counts = Array.from({ length: instances }, () => 0)
  for (const { instance } of reached) counts[instance]!++
  return counts
}

/** Ten instances of one slot each at ρ = 0.9; mean response in units of the mean work. */
function meanAt90(values: object, instances = 10, requests = 120_000): number {
  const { result } = smallRun({
    services: { db: { instances, concurrency: 1, queue: Infinity, work: exponential(10) } },
    load: { users: { to: 'db', arrivals: poisson(90 * instances) } },
    patterns: [[loadBalancer, 'users -> db', values as Record<string, unknown>]],
    duration: requests / (90 * instances),
    warmup: requests / 10 / (90 * instances),
  })
  expect(result.violations).toEqual([])
  return result.latencyMs.mean / 10
}

describe('load balancer', () => {
  it('goes round in turn', () => {
    const world = balanced({ policy: 'round-robin' }, 4)
    world.call(12)
    const order = world.reached.map(({ instance }) => instance)
    expect(order.slice(4)).toEqual(order.slice(0, 8))
    expect(shares(world, 4)).toEqual([3, 3, 3, 3])
  })

  it('starts its round at an instance of its own, so that callers do not march in step', () => {
    const starts = Array.from({ length: 12 }, (_, seed) => {
      const world = alone(
        loadBalancer,
        { policy: 'round-robin' },
        { instances: 4, seed: `${seed}` },
      )
      world.call()
      return world.reached[0]!.instance
    })
    expect(new Set(starts).size).toBeGreaterThan(2)
  })

  it('with policy random draws the very instance that is drawn without a balancer', () => {
    const world: SmallWorld = {
      services: { db: { instances: 7, concurrency: 2, work: exponential(10) } },
      load: { users: { to: 'db', arrivals: poisson(500) } },
      duration: 20,
    }
    const values = { policy: 'random' }
    const without = smallRun(world).result
    const with_ = smallRun({ ...world, patterns: [[loadBalancer, 'users -> db', values]] }).result
    expect(with_.outcomeDigest).toBe(without.outcomeDigest)
    expect(with_.digest).toBe(without.digest)
  })

  it('goes to who has fewest of its own calls under way', () => {
    const world = balanced({ policy: 'least-request', fullScan: true }, 3)
    world.neighbour(...times(3, 'silent'), { outcome: 'ok', after: '1ms' }, ...times(20, 'silent'))
    world.call(3)
    expect(shares(world, 3)).toEqual([1, 1, 1])
    world.call(1)
    const busy = world.reached[3]!.instance
    world.call(2)
    expect(shares(world, 3)).toEqual([2, 2, 2])
    world.run('2ms')
    world.call(1)
    expect(world.reached.at(-1)!.instance).toBe(busy)
  })

  it('breaks ties of a full scan by chance', () => {
    const world = balanced({ policy: 'least-request', fullScan: true }, 5)
    for (let n = 0; n < 200; n++) {
      world.call()
      world.run('2ms')
    }
    expect(Math.min(...shares(world, 5))).toBeGreaterThan(20)
  })

  it('draws without replacement unless told so: of two instances the idle one is always found', () => {
    const pairs = (withReplacement: boolean): number => {
      const world = balanced({ policy: 'power-of-two', withReplacement }, 2)
      world.neighbour(...times(100, 'silent'))
      world.call(100)
      const at = world.reached.map(({ instance }) => instance)
      return at.filter((instance, n) => n % 2 === 1 && instance === at[n - 1]).length
    }
    expect(pairs(false)).toBe(0)
    expect(pairs(true)).toBeGreaterThan(5)
  })

  it('counts the calls of this caller only: each has a view of its own', () => {
    const { world } = smallRun({
      services: {
        web: {
          instances: 3,
          calls: { '*': [{ kind: 'call', to: 'db', op: undefined, required: true, times: 1 }] },
        },
        db: { instances: 2, work: constant(1e6) },
      },
      load: { users: { to: 'web', arrivals: { kind: 'constant', rate: 100 }, requests: 30 } },
      patterns: [[loadBalancer, 'web -> db', { policy: 'least-request', fullScan: true }]],
      duration: 1,
    })
    const views = world.units.map((unit) => {
      const { memory } = unit.save() as { memory: { state: { hosts: { outstanding: number }[] } } }
      return memory.state.hosts.map(({ outstanding }) => outstanding)
    })
    expect(views).toHaveLength(3)
    for (const [a, b] of views) expect(Math.abs(a! - b!)).toBeLessThanOrEqual(1)
    expect(views.flat().reduce((a, b) => a + b)).toBe(30)
  })

  it('remembers a latency peak at once and forgets it slowly (peak EWMA)', () => {
    const world = balanced({ policy: 'peak-ewma', decayTime: 10 * SECOND }, 2)
    world.neighbour({ outcome: 'ok', after: '1s' })
    world.call()
    const peaked = world.reached[0]!.instance
    world.run('2s')
    for (let n = 0; n < 100; n++) {
      world.call()
      world.run('2ms')
    }
    expect(shares(world, 2)[peaked]).toBe(1)
    // After ten decay times less than a thousandth of the peak is left.
    world.run('100s')
    for (let n = 0; n < 20; n++) {
      world.call()
      world.run('2ms')
    }
    expect(shares(world, 2)[peaked]).toBeGreaterThan(1)
  })

  it('holds a host without history but with a call under way to be the worst (peak EWMA)', () => {
    const world = balanced({ policy: 'peak-ewma' }, 2)
    world.neighbour('silent')
    world.call()
    const unknown = world.reached[0]!.instance
    for (let n = 0; n < 20; n++) {
      world.call()
      world.run('2ms')
    }
    expect(shares(world, 2)[unknown]).toBe(1)
  })

  it('sends a key to its owner, always the same, by remainder or on a ring', () => {
    const load = { keys: { kind: 'uniform', items: 50 } }
    const mod = balanced({ policy: 'key-partitioner', partitioner: 'mod' }, 4, load)
    mod.call(300)
    expect(mod.reached.every(({ key, instance }) => instance === key % 4)).toBe(true)
    const ring = balanced({ policy: 'key-partitioner' }, 4, load)
    ring.call(300)
    const owners = new Map(ring.reached.map(({ key, instance }) => [key, instance]))
    expect(ring.reached.every(({ key, instance }) => owners.get(key) === instance)).toBe(true)
    expect(new Set(owners.values()).size).toBe(4)
  })

  it('leaves calls alone that were sent to an instance on purpose, but counts them', () => {
    const { result, world } = smallRun({
      services: { db: { instances: 3, concurrency: 9, work: constant(50) } },
      load: { users: { to: 'db', arrivals: poisson(100), until: 5 * SECOND } },
      patterns: [
        [
          hedgedRequest,
          'users -> db',
          { delay: { kind: 'fixed', after: ms(10) }, maxExtraLoad: 1 },
        ],
        [loadBalancer, 'users -> db', { policy: 'least-request', fullScan: true }],
      ],
      duration: 10,
    })
    expect(result.violations).toEqual([])
    expect(world.pool.live).toBe(0)
    const [, balancer] = world.units
    const { memory } = balancer!.save() as {
      memory: { state: { hosts: { outstanding: number }[] } }
    }
    expect(memory.state.hosts.map(({ outstanding }) => outstanding)).toEqual([0, 0, 0])
  })

  it('gives a new instance its share little by little (slow start)', () => {
    const share = (window: number, after: number): number => {
      const run = prepare({
        services: { db: { instances: 4, work: constant(1) } },
        load: { users: { to: 'db', arrivals: poisson(2000) } },
        patterns: [[loadBalancer, 'users -> db', { policy: 'round-robin', slowStart: { window } }]],
        duration: 100,
      })
      const { world } = run.built
      const db = world.service('db')
      db.scaleTo(3, 0)
      world.run(SECOND)
      db.scaleTo(4, 0)
      world.run(SECOND * (1 + after))
      const before = run.result().services['db']!.arrivals
      const counted = [0, 0, 0, 0]
      const arrive = db.instances.map((one) => one.arrive.bind(one))
      db.instances.forEach((one, index) => {
        one.arrive = (visit) => {
          counted[index]!++
          arrive[index]!(visit)
        }
      })
      world.run(SECOND * (2 + after))
      return counted[3]! / (run.result().services['db']!.arrivals - before)
    }
    expectNear(share(0, 0), 0.25, 0.02)
    // At half its window it is chosen half as often as the others: 0.5 / 3.5.
    expectNear(share(20 * SECOND, 9.5), 0.143, 0.03)
    expect(share(20 * SECOND, 0)).toBeLessThan(0.06)
    expectNear(share(20 * SECOND, 20), 0.25, 0.02)
  })
})

describe('outlier ejection', () => {
  const world = (values: object, faults: SmallWorld['faults'], more: object = {}): SmallWorld => ({
    services: { db: { instances: 10, concurrency: 50, work: constant(10) } },
    load: { users: { to: 'db', arrivals: { kind: 'constant', rate: 100 } } },
    patterns: [
      [timeout, 'users -> db', { timeout: ms(100) }],
      [loadBalancer, 'users -> db', { policy: 'round-robin', ...values }],
    ],
    faults: faults!,
    duration: 100,
    ...more,
  })

  it('ejects after so many failures in a row, and only then', () => {
    const bad = [{ verb: 'errors' as const, target: 'db#3', by: 1 }]
    const { result } = smallRun(world(ejection(), bad, { duration: 20 }))
    expect(result.requests.failed).toBe(5)
    expect(signalOf(result, 'load-balancer', 'ejected')).toBe(1)
    const half = smallRun(world(ejection(), [{ ...bad[0]!, by: 0.3 }], { duration: 20 })).result
    expect(half.requests.failed).toBeGreaterThan(20)
  })

  it('sees a silent instance by its timeouts', () => {
    const hung = [{ verb: 'pause' as const, target: 'db#3', at: 0, for: 90 * SECOND }]
    const { result } = smallRun(world(ejection(), hung, { duration: 20 }))
    expect(result.requests.failed).toBeGreaterThanOrEqual(5)
    expect(result.requests.failed).toBeLessThan(8)
  })

  it('lets it back in at the first look after its time, and keeps it out for longer the next time', () => {
    const bad = [{ verb: 'errors' as const, target: 'db#3', by: 1 }]
    const run = prepare(world(ejection(), bad, { duration: 400 }))
    const times: number[] = []
    let before = 0
    for (let second = 1; second < 300; second++) {
      run.built.world.run(second * SECOND)
      const now = signalOf(run.result(), 'load-balancer', 'ejections')
      if (now > before) times.push(second)
      before = now
    }
    // Out for 30, 60, 90 s, rounded up to the next look (every 10 s), then five calls at 10/s.
    expect(times).toHaveLength(4)
    const gaps = times.slice(1).map((time, n) => time - times[n]!)
    expect(gaps.map((gap) => Math.round(gap / 10) * 10)).toEqual([40, 70, 100])
  })

  it('forgives a host that has been well since: its next ejection is short again', () => {
    const bad = [0, 150].map((from) => ({
      verb: 'errors' as const,
      target: 'db#3',
      by: 1,
      at: from * SECOND,
      for: 5 * SECOND,
    }))
    const run = prepare(world(ejection(), bad, { duration: 300 }))
    const ejectedAt = (second: number): number => {
      run.built.world.run(second * SECOND)
      return signalOf(run.result(), 'load-balancer', 'ejected')
    }
    expect([20, 50, 160, 195].map(ejectedAt)).toEqual([1, 0, 1, 0])
  })

  it('keeps no more outside than the share, but one always when told so', () => {
    const dead = [0, 1, 2].map((n) => ({ verb: 'errors' as const, target: `db#${n}`, by: 1 }))
    const outside = (params: object): number =>
      signalOf(
        smallRun(world(ejection(params), dead, { duration: 9 })).result,
        'load-balancer',
        'ejected',
      )
    expect(outside({})).toBe(1)
    expect(outside({ maxEjectionPercent: 0.25 })).toBe(2)
    expect(outside({ maxEjectionPercent: 1 })).toBe(3)
    expect(outside({ maxEjectionPercent: 0.05, alwaysEjectOne: false })).toBe(0)
    expect(outside({ maxEjectionPercent: 0.05 })).toBe(1)
  })

  it('uses all again when fewer than the panic share are left', () => {
    const dead = [0, 1, 2, 3, 4, 5].map((n) => ({
      verb: 'errors' as const,
      target: `db#${n}`,
      by: 1,
    }))
    const run = (healthyPanicThreshold: number) =>
      smallRun(
        world({ ...ejection({ maxEjectionPercent: 1 }), healthyPanicThreshold }, dead, {
          duration: 20,
        }),
      ).result
    expectNear(run(0).requests.ok / run(0).requests.offered, 0.985, 0.02)
    const panic = run(0.5)
    expectNear(panic.requests.ok / panic.requests.offered, 0.4, 0.03)
    expect(signalOf(panic, 'load-balancer', 'panics')).toBeGreaterThan(1000)
  })

  it('holds nothing against an instance whose copy lost a race', () => {
    const { result } = smallRun({
      services: { db: { instances: 4, concurrency: 50, work: constant(30) } },
      load: { users: { to: 'db', arrivals: { kind: 'constant', rate: 100 } } },
      patterns: [
        [
          hedgedRequest,
          'users -> db',
          { delay: { kind: 'fixed', after: ms(10) }, maxExtraLoad: 1 },
        ],
        [loadBalancer, 'users -> db', { policy: 'round-robin', ...ejection() }],
      ],
      duration: 20,
    })
    expect(signalOf(result, 'load-balancer', 'ejections')).toBe(0)
  })

  it('sends on when nobody is left: the balancer does not invent a failure of its own', () => {
    const { result } = smallRun({
      services: { db: { instances: 2, work: constant(1) } },
      load: { users: { to: 'db', arrivals: { kind: 'constant', rate: 100 } } },
      patterns: [[loadBalancer, 'users -> db', { policy: 'least-request' }]],
      faults: [
        { verb: 'crash', target: 'db#0' },
        { verb: 'crash', target: 'db#1' },
      ],
      duration: 2,
    })
    expect(result.requests.failed).toBe(result.requests.offered)
    expect(result.violations).toEqual([])
  })
})

describe('load balancing as theory has it (10 instances, ρ = 0.9, exponential work)', () => {
  it('round robin: 5.66, the wait of E10/M/1', () => {
    expectNear(meanAt90({ policy: 'round-robin' }), 5.6603, 0.5)
  })
  it('power of two: 2.99', () => {
    expectNear(meanAt90({ policy: 'power-of-two' }), 2.9898, 0.2)
  })
  it('two of a hundred instances: 2.64', () => {
    expectNear(meanAt90({ policy: 'power-of-two' }, 100, 100_000), 2.6425, 0.15)
  })
  it('shortest queue: 1.92', () => {
    expectNear(meanAt90({ policy: 'least-request', fullScan: true }), 1.9179, 0.12)
  })

  it.each([
    ['round-robin', {}, 0.1, 0.005],
    ['power-of-two', {}, 0.2, 0.01],
    ['least-request', { fullScan: true }, 0.71, 0.03],
  ])(
    'a host that fails fast draws, by %s, as much as the golden share',
    (policy, values, share, tolerance) => {
      const { result } = smallRun({
        services: { db: { instances: 10, concurrency: 1e6, work: constant(100) } },
        load: { users: { to: 'db', arrivals: poisson(500) } },
        patterns: [[loadBalancer, 'users -> db', { policy, ...values }]],
        faults: [
          { verb: 'errors', target: 'db#0', by: 1 },
          { verb: 'slow', target: 'db#0', by: 0.01 },
        ],
        duration: 40,
        warmup: 2,
      })
      expectNear(result.requests.failed / result.requests.offered, share, tolerance)
    },
  )

  it('a host ten times slower ruins round robin and hardly touches power of two and peak EWMA', () => {
    const mean = (policy: string): number =>
      smallRun({
        services: { db: { instances: 10, concurrency: 1, queue: Infinity, work: exponential(10) } },
        load: { users: { to: 'db', arrivals: poisson(600) } },
        patterns: [[loadBalancer, 'users -> db', { policy }]],
        faults: [{ verb: 'slow', target: 'db#0', by: 10 }],
        duration: 60,
      }).result.latencyMs.mean / 10
    expect(mean('round-robin')).toBeGreaterThan(50)
    expect(mean('power-of-two')).toBeLessThan(3)
    expect(mean('peak-ewma')).toBeLessThan(3.5)
  })
})

describe('consistent hashing', () => {
  const names = (count: number, set = 0): string[] =>
    Array.from({ length: count }, (_, n) => `set${set}/node${n}`)
  const any = (): boolean => true

  it.each([
    [1, 2.9, 0.2],
    [16, 1.4, 0.04],
    [256, 1.1, 0.02],
  ])(
    'with %i points a node the fullest of ten has %f times its share',
    (vnodes, worst, tolerance) => {
      const sets = vnodes === 256 ? 20 : 200
      let total = 0
      for (let set = 0; set < sets; set++) {
        total += Math.max(...new HashRing(names(10, set), vnodes).shares(10)) * 10
      }
      expectNear(total / sets, worst, tolerance)
    },
  )

  it('moves a key only when its owner goes: about 1/11 of the keys move to an eleventh node', () => {
    const ten = new HashRing(names(10), 100)
    const eleven = new HashRing(names(11), 100)
    let moved = 0
    for (let key = 0; key < 20_000; key++) {
      const [before, after] = [ten.owner(key, any), eleven.owner(key, any)]
      if (before === after) continue
      expect(after).toBe(10)
      moved++
    }
    expectNear(moved / 20_000, 1 / 11, 0.02)
  })

  it('passes the keys of a node that may not be used to its neighbours, and no other', () => {
    const ring = new HashRing(names(5), 16)
    for (let key = 0; key < 1000; key++) {
      const owner = ring.owner(key, any)
      expect(ring.owner(key, (node) => node !== 2) === owner).toBe(owner !== 2)
    }
    expect(ring.owner(1, () => false)).toBe(-1)
  })
})
