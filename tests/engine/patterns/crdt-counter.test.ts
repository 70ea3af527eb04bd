import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CounterState } from '../../../engine/tools/crdt.ts'
import { LastWriteCounter, VectorCounter } from '../../../engine/tools/crdt.ts'
import crdtCounter from '../../../engine/patterns/data/crdt-counter.ts'
import type { SmallWorld } from '../../support/small-world.ts'
import { call, ns, smallWorld } from '../../support/small-world.ts'

type Setting = Parameters<typeof smallWorld>[0]

function likes(
  values: Record<string, unknown> = {},
  more: Partial<Setting> = {},
  instances = 3,
): SmallWorld {
  return smallWorld({
    services: { likes: { instances } },
    load: { users: { to: 'likes', every: 50, requests: 3000, mix: { increment: 1 } } },
    patterns: { likes: { use: crdtCounter, where: ['likes'], ...values } },
    latency: '20ms',
    ...more,
  })
}
const known = (small: SmallWorld) => small.values('likes.value')

describe('crdt counter', () => {
  it('answers at once, and after the last update all instances come to know the sum', () => {
    const small = likes().run('60s')
    expect(small.result().latencyMs.max).toBe(0)
    expect(small.total('likes.applied')).toBe(3000)
    expect(new Set(known(small)).size).toBeGreaterThan(1)
    expect(known(small.run('60s'))).toEqual([3000, 3000, 3000])
  })

  it('subtracts too, and reads what it knows', () => {
    const mix = { increment: 0.5, decrement: 0.3, read: 0.2 }
    const load = { users: { to: 'likes', every: 100, requests: 2000, mix } }
    const small = likes({}, { load }).run('100s')
    const [sum] = known(small)
    expect(sum).toBeGreaterThan(300)
    expect(sum).toBeLessThan(500)
    expect(known(small)).toEqual([sum, sum, sum])
    expect(
      likes({ type: 'g-counter' }, { load }).run('100s').result().requests.failed,
    ).toBeGreaterThan(500)
  })

  it('accepts everything while it is cut off and converges after', () => {
    const faults = [
      { verb: 'partition' as const, target: 'likes -> likes', at: ns('1s'), for: ns('60s') },
    ]
    const small = likes({}, { faults }).run('60.5s')
    expect(known(small).reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(3000)
    expect(Math.max(...known(small))).toBeLessThan(1300)
    expect(known(small.run('30s'))).toEqual([3000, 3000, 3000])
    expect(small.result().requests.ok).toBe(3000)
    expect(small.result().violations).toEqual([])
  })

  it('under last-writer-wins loses what was counted at the same time elsewhere', () => {
    const faults = [
      { verb: 'partition' as const, target: 'likes -> likes', at: ns('1s'), for: ns('60s') },
    ]
    const small = likes({ type: 'lww' }, { faults }).run('120s')
    const [sum] = known(small)
    expect(small.total('likes.applied')).toBe(3000)
    expect(sum).toBeLessThan(1300)
    expect(known(small)).toEqual([sum, sum, sum])
  })

  it('under last-writer-wins a clock that is behind loses its updates without a word', () => {
    const faults = [{ verb: 'jump' as const, target: 'likes#1', at: ns('1s'), by: -ns('1h') }]
    const late = likes({ type: 'lww', gossipInterval: ns('100ms') }, { faults }).run('120s')
    const even = likes({ type: 'lww', gossipInterval: ns('100ms') }).run('120s')
    expect(known(late)[0]).toBeLessThan(known(even)[0]!)
  })

  it('spreads faster with more fanout, and tells less with deltas', () => {
    const rounds = (values: Record<string, unknown>) => {
      const small = likes(
        values,
        { load: { users: { to: 'likes', times: [0], mix: { increment: 1 } } } },
        16,
      )
      let at = 0
      while (Math.min(...known(small)) === 0) at = small.run('100ms').world.now
      return at
    }
    expect(rounds({ fanout: 3 })).toBeLessThan(rounds({ fanout: 1 }))
    const full = likes({}, {}, 16).run('120s')
    const delta = likes({ delta: true }, {}, 16).run('120s')
    expect(new Set(known(delta))).toEqual(new Set([3000]))
    expect(delta.total('likes.shipped')).toBeLessThan(full.total('likes.shipped') * 0.8)
  })

  it.each([
    [true, 3000],
    [false, 2990],
  ])('forgets in a crash only when it is not durable (%s)', (durable, least) => {
    const faults = [{ verb: 'crash' as const, target: 'likes#0', at: ns('30.5s'), for: ns('10ms') }]
    const small = likes({ durable }, { faults }).run('200s')
    const lost = small.result().requests.failed
    const values = new Set(known(small))
    expect(values.size).toBe(1)
    const [sum = 0] = values
    if (durable) expect(sum).toBe(least - lost)
    // What the others had heard of it came back; what it counted before that did not.
    else expect(sum).toBeLessThan(3000 - lost)
  })

  it('is as if it were not there when the service answers and nobody gossips', () => {
    const setting: Setting = {
      services: {
        likes: { instances: 3, work: '3ms', calls: { '*': [call('db')] } },
        db: { work: '5ms', errors: 0.1 },
      },
      load: {
        users: { to: 'likes', rate: 100, mix: { increment: 0.7, decrement: 0.2, read: 0.1 } },
      },
      latency: '2ms',
    }
    const absent = smallWorld(setting).run('10s').result()
    const values = { ...crdtCounter.inert, gossipInterval: Infinity }
    const inert = smallWorld({
      ...setting,
      patterns: { likes: { use: crdtCounter, where: ['likes'], ...values } },
    })
      .run('10s')
      .result()
    expect(inert.outcomeDigest).toBe(absent.outcomeDigest)
  })

  it('goes on from a checkpoint', () => {
    const faults = [{ verb: 'crash' as const, target: 'likes#0', at: ns('3s'), for: ns('1s') }]
    for (const delta of [false, true]) {
      const small = likes({ delta, fanout: 2 }, { faults }).run('2.011s')
      const saved = small.world.save()
      const once = small.run('20s').result()
      small.world.load(saved)
      const twice = small.run('20s').result()
      expect(twice.digest).toBe(once.digest)
      expect(twice.signals).toEqual(once.signals)
    }
  })
})

describe('merging', () => {
  const side = fc.uniqueArray(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 50 })), {
    selector: ([replica]) => replica,
  })
  const states: fc.Arbitrary<CounterState> = fc.record({
    plus: side,
    minus: side,
    value: fc.nat(50),
    stamp: fc.nat(5),
    by: fc.nat(5),
  })
  /** A replica writes only one value at one time. */
  const honest = (state: CounterState): CounterState => ({
    ...state,
    value: state.stamp * 7 + state.by,
  })
  const merged = (make: () => VectorCounter | LastWriteCounter, ...all: CounterState[]) => {
    const counter = make()
    for (const state of all) counter.merge(honest(state))
    return counter.value
  }

  it.each([
    ['vectors', () => new VectorCounter()],
    ['last writes', () => new LastWriteCounter()],
  ] as const)('of %s is commutative, associative and idempotent', (_, make) => {
    fc.assert(
      fc.property(states, states, states, (a, b, c) => {
        const expected = merged(make, a, b, c)
        expect(merged(make, c, a, b)).toBe(expected)
        expect(merged(make, b, b, a, c, a, c)).toBe(expected)
      }),
      { numRuns: 200 },
    )
  })

  it('of grow-only counters never makes them smaller', () => {
    fc.assert(
      fc.property(fc.array(states, { maxLength: 10 }), (all) => {
        const counter = new VectorCounter()
        let last = 0
        for (const { plus } of all) {
          counter.merge({ plus, minus: [], value: 0, stamp: 0, by: 0 })
          expect(counter.value).toBeGreaterThanOrEqual(last)
          last = counter.value
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('gossip in rounds', () => {
  /** One update in the beginning, in a group of 200; a round a second. */
  const spread = (values: Record<string, unknown>, seed = '1', instances = 200): SmallWorld =>
    likes(
      { takeIn: 'next-round', contacts: 'concerned', gossipInterval: ns('1s'), ...values },
      { load: { users: { to: 'likes', times: [0], mix: { increment: 1 } } }, seed },
      instances,
    ).run('30.5s')
  const rounds = (small: SmallWorld): number =>
    Math.max(...small.values('likes.lastNews').map((at) => Math.floor(at / ns('1s'))))
  const mean = (values: Record<string, unknown>): number => {
    const all = ['1', '2', '3', '4'].map((seed) => rounds(spread(values, seed)))
    return all.reduce((sum, each) => sum + each, 0) / all.length
  }

  it('push needs about log2 n + ln n rounds, pull fewer, both fewest', () => {
    const [push, pull, both] = [{ mode: 'push' }, { mode: 'pull' }, { mode: 'push-pull' }].map(mean)
    expect(push).toBeGreaterThan(11.5)
    expect(push).toBeLessThan(15.5)
    expect(pull).toBeLessThan(push!)
    expect(both).toBeLessThan(pull!)
  })

  it('pull: who has heard asks no more, so that it stops by itself', () => {
    const small = spread({ mode: 'pull' })
    const asked = small.total('likes.contacts')
    expect(small.values('likes.value').every((value) => value === 1)).toBe(true)
    expect(asked).toBeGreaterThan(200)
    small.run('20s')
    expect(small.total('likes.contacts')).toBe(asked)
  })

  it('a round is a round: nobody passes on what it has heard in the same one', () => {
    // All turn to all: after a round everybody knows, and not one knew within it.
    const small = spread({ mode: 'push', fanout: 49 }, '1', 50)
    expect(rounds(small)).toBe(1)
    const first = spread({ mode: 'push' }, '1', 50)
    expect(first.values('likes.lastNews').filter((at) => at < ns('1.9s') && at > 0)).toHaveLength(1)
  })

  it('a rumor dies out before all have heard it, and later with a higher k (Demers et al., table 1)', () => {
    const rumor = (k: number): SmallWorld =>
      spread({ mode: 'push', interest: { loss: 'counter', k, feedback: true } })
    const residue = (small: SmallWorld): number =>
      small.values('likes.value').filter((value) => value === 0).length / 200
    const [one, four] = [rumor(1), rumor(4)]
    expect(Math.abs(residue(one) - 0.18)).toBeLessThan(0.09)
    expect(residue(four)).toBeLessThan(0.02)
    // Traffic and residue go together: s = e^(-m).
    expect(Math.abs(Math.exp(-one.total('likes.shipped') / 200) - residue(one))).toBeLessThan(0.05)
    const told = one.total('likes.contacts')
    expect(one.run('30s').total('likes.contacts')).toBe(told)
  })

  it('blind with a coin of 1 tells one other, and no more', () => {
    const small = spread({ mode: 'push', interest: { loss: 'coin', k: 1, feedback: false } })
    const heard = small.values('likes.value').filter((value) => value === 1).length
    expect(small.total('likes.contacts')).toBeGreaterThanOrEqual(heard - 1)
    expect(Math.max(...small.values('likes.contacts'))).toBe(1)
  })

  it('goes on from a checkpoint in the middle of a round', () => {
    const values = { mode: 'push-pull', takeIn: 'next-round', gossipInterval: ns('1s') }
    const load = { users: { to: 'likes', every: 300, requests: 20, mix: { increment: 1 } } }
    const make = (): SmallWorld => likes(values, { load, latency: '200ms' }, 12)
    const straight = make().run('20s').result()
    const small = make().run('3.1s')
    const saved = small.world.save()
    small.run('5s')
    small.world.load(saved)
    expect(small.run('16.9s').result().digest).toBe(straight.digest)
  })
})
