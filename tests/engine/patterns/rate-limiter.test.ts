import { describe, expect, it } from 'vitest'
import rateLimiter from '../../../engine/patterns/traffic/rate-limiter.ts'
import type { LimitSettings } from '../../../engine/tools/rate-limit.ts'
import { rateLimit } from '../../../engine/tools/rate-limit.ts'
import { MILLISECOND, SECOND } from '../../../engine/units.ts'
import { alone } from '../../support/alone.ts'
import { expectNear, poisson, smallRun } from '../../support/small-run.ts'

const ms = (time: number): number => Math.round(time * MILLISECOND)
const ALGORITHMS = [
  'token-bucket',
  'gcra',
  'fixed-window',
  'sliding-log',
  'sliding-counter',
] as const

function limit(settings: Partial<LimitSettings>) {
  return rateLimit({
    algorithm: 'token-bucket',
    rate: 100,
    burst: 10,
    window: SECOND,
    fillInterval: 0,
    counts: 'admitted',
    ...settings,
  })
}

/** Moments (ms) of those that were let through at once. */
function admitted(settings: Partial<LimitSettings>, times: readonly number[]): number[] {
  const one = limit(settings)
  return times.filter((time) => one.take(ms(time), 0) === 0)
}

describe('rate limiter', () => {
  it('starts with a full bucket, then lets calls through at the rate', () => {
    const world = alone(rateLimiter, { rate: 10, burst: 3 })
    world.call(5)
    expect(world.reached).toHaveLength(3)
    expect(world.ended).toMatchObject([{ failure: 'refused', took: 0 }, { failure: 'refused' }])
    world.run('100ms')
    world.call(2)
    expect(world.reached).toHaveLength(4)
    expect(world.signal('admitted')).toBe(4)
    expect(world.signal('refused')).toBe(3)
  })

  it('decides the reference trace of a token bucket (2/s, burst 3) call by call', () => {
    const times = [0, 0, 0, 100, 500, 600, 1000, 1500, 1600, 3000, 3000, 3000, 3100]
    const expected = [1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1, 0]
    const bucket = limit({ rate: 2, burst: 3 })
    expect(times.map((time) => (bucket.take(ms(time), 0) === 0 ? 1 : 0))).toEqual(expected)
    const schedule = limit({ algorithm: 'gcra', rate: 2, burst: 3 })
    expect(times.map((time) => (schedule.take(ms(time), 0) === 0 ? 1 : 0))).toEqual(expected)
  })

  it.each([...ALGORITHMS, 'leaky-bucket'] as const)(
    '%s does the same on a clock that is behind zero',
    (algorithm) => {
      const times = Array.from({ length: 400 }, (_, n) => (n * 7919) % 6000).toSorted(
        (a, b) => a - b,
      )
      const settings = { algorithm, rate: 20, burst: 5, fillInterval: ms(100) }
      const behind = admitted(
        settings,
        times.map((time) => time - 9000),
      )
      expect(behind.map((time) => time + 9000)).toEqual(admitted(settings, times))
      expect(behind.length).toBeGreaterThan(50)
    },
  )

  it('never admits more than r·t + b in any window (token bucket and GCRA)', () => {
    const times = Array.from({ length: 4000 }, (_, n) => n * 0.7 + ((n * 7919) % 13))
    times.sort((a, b) => a - b)
    for (const algorithm of ['token-bucket', 'gcra'] as const) {
      const passed = admitted({ algorithm, rate: 100, burst: 20 }, times)
      for (let from = 0; from < passed.length; from++) {
        for (let to = from; to < passed.length; to++) {
          const bound = ((passed[to]! - passed[from]!) / 1000) * 100 + 20
          expect(to - from + 1).toBeLessThanOrEqual(bound + 1e-6)
        }
      }
      expect(passed.length).toBeGreaterThan(250)
    }
  })

  it('admits twice the limit across the edge of a fixed window, and the sliding ones do not', () => {
    const edge = Array.from({ length: 400 }, (_, n) => 900.01 + n / 2)
    const within = (algorithm: LimitSettings['algorithm']): number =>
      admitted({ algorithm, rate: 100, window: SECOND }, edge).length
    expect(within('fixed-window')).toBe(200)
    expect(within('sliding-log')).toBe(100)
    expect(within('sliding-counter')).toBeLessThanOrEqual(110)
  })

  it('a sliding log holds rate × window in every window, and frees a place exactly one window later', () => {
    const passed = admitted(
      { algorithm: 'sliding-log', rate: 2, window: SECOND },
      [0, 300, 999.9, 1000, 1299, 1300],
    )
    expect(passed).toEqual([0, 300, 1000, 1300])
  })

  it('counts admitted calls only, or all when told so', () => {
    const times = Array.from({ length: 100 }, (_, n) => n * 100)
    const settings = { algorithm: 'sliding-log', rate: 5, window: SECOND } as const
    expect(admitted(settings, times)).toHaveLength(50)
    // Those that were refused keep the log full: nothing more is let through.
    expect(admitted({ ...settings, counts: 'all' }, times)).toHaveLength(5)
    expect(
      admitted({ ...settings, algorithm: 'sliding-counter', counts: 'all' }, times).length,
    ).toBeLessThan(20)
  })

  it('takes in tokens all the time, or in batches', () => {
    const times = [0, 0, 50, 99, 100, 100, 100]
    expect(admitted({ rate: 20, burst: 2 }, times)).toEqual([0, 0, 50, 100])
    expect(admitted({ rate: 20, burst: 2, fillInterval: ms(100) }, times)).toEqual([0, 0, 100, 100])
  })

  it('makes calls wait for their turn when told so, no longer than maxWait', () => {
    const params = { rate: 10, burst: 1, onLimit: 'wait', maxWait: ms(250) }
    const world = alone(rateLimiter, params)
    world.call(5)
    expect(world.ended).toMatchObject([
      { failure: 'refused', took: 0 },
      { failure: 'refused', took: 0 },
    ])
    expect(world.signal('waiting')).toBe(2)
    expect(world.signal('admitted')).toBe(1)
    world.run('1s')
    expect(world.reached.map(({ at }) => at)).toEqual([0, ms(100), ms(200)])
    expect(world.signal('admitted')).toBe(3)
    expect(world.signal('waiting')).toBe(0)
    expect(world.result().pending.other).toBe(0)
  })

  it.each([
    ['token-bucket', [0, 0, 100, 200, 300]],
    ['gcra', [0, 0, 100, 200, 300]],
    ['sliding-log', [0, 0, 200, 200, 400]],
    ['fixed-window', [0, 0, 200, 200, 400]],
    ['leaky-bucket', [0, 100, 200]],
  ] as const)('%s says when each waiting call may go', (algorithm, expected) => {
    const one = limit({ algorithm, rate: 10, burst: 2, window: ms(200) })
    const waits = expected.map(() => one.take(0, SECOND) / MILLISECOND)
    expect(waits).toEqual(expected)
    if (algorithm === 'leaky-bucket') expect(one.take(0, SECOND)).toBe(-1)
  })

  it('a leaky bucket lets calls out no closer than 1/rate and holds no more than its places', () => {
    const world = alone(rateLimiter, { algorithm: 'leaky-bucket', rate: 100, burst: 5 })
    world.call(10)
    world.run('15ms')
    world.call(10)
    world.run('1s')
    const at = world.reached.map((one) => one.at)
    const gaps = at.slice(1).map((time, n) => time - at[n]!)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(ms(10))
    // 1 at once and 5 in the queue; 15 ms later two places had come free.
    expect(world.reached).toHaveLength(6 + 1)
  })

  it('has a limit for each key when told so', () => {
    const load = { keys: { kind: 'uniform' as const, items: 4 } }
    const world = alone(rateLimiter, { rate: 1, burst: 2, key: 'key' }, { load })
    world.call(100)
    expect(world.reached).toHaveLength(8)
  })

  it('limits each instance of a service on its own: the whole limit grows with the instances', () => {
    const options = { place: 'server' as const, instances: 3 }
    const world = alone(rateLimiter, { rate: 1, burst: 2 }, options)
    world.call(100)
    expect(world.reached).toHaveLength(6)
  })

  it('forgets the timer of a waiting call that was given up, whose turn passes unused', () => {
    const params = { rate: 1, burst: 1, onLimit: 'wait', maxWait: 10 * SECOND }
    const world = alone(rateLimiter, params, { load: { timeout: ms(500) } })
    world.call(2)
    world.run('600ms')
    expect(world.signal('waiting')).toBe(0)
    expect(world.result().pending.other).toBe(0)
    expect(world.signal('admitted')).toBe(1)
    expect(world.signal('abandoned')).toBe(1)
    world.run('1s')
    expect(world.reached).toHaveLength(1)
    world.call()
    expect(world.signal('waiting')).toBe(1)
  })

  it('loses with its node who waits there, and says so', () => {
    const params = { rate: 1, burst: 1, onLimit: 'wait', maxWait: 10 * SECOND }
    const when = { at: ms(500), for: SECOND, mtbf: undefined, mttr: undefined, by: 0, options: {} }
    const faults = [{ verb: 'crash', target: 'neighbour', ...when }] as const
    const world = alone(rateLimiter, params, { place: 'server', scenario: { faults } })
    world.call(3)
    world.run('600ms')
    expect(world.signal('delayed')).toBe(2)
    expect(world.signal('abandoned')).toBe(2)
  })

  it('says which values cannot work together', () => {
    const base = { algorithm: 'token-bucket', rate: 1, burst: 1, window: SECOND } as const
    const rest = { fillInterval: 0, counts: 'admitted', key: 'none', maxWait: 0 } as const
    const values = { ...base, ...rest, onLimit: 'refuse' } as const
    const check = rateLimiter.check!
    expect(check(values)).toEqual([])
    expect(check({ ...values, onLimit: 'wait' })).toEqual([])
    expect(check({ ...values, algorithm: 'sliding-counter' })).toEqual([])
    expect(check({ ...values, algorithm: 'fixed-window', window: SECOND / 2 })).toHaveLength(1)
    expect(check({ ...values, algorithm: 'sliding-log', rate: 2e6 })).toHaveLength(1)
    expect(check({ ...values, algorithm: 'sliding-counter', onLimit: 'wait' })).toHaveLength(1)
    expect(check({ ...values, fillInterval: 10 * SECOND })).toHaveLength(1)
  })

  // Token bucket: M/D/1/b; sliding log: Erlang B; fixed window: 1 - E[min(N, b)]/E[N]; counter: simulated reference.
  it.each([
    ['token-bucket', 0.8, { rate: 1, burst: 5 }, 0.03529],
    ['gcra', 1.2, { rate: 1, burst: 10 }, 0.170911],
    ['sliding-log', 1, { rate: 1, window: 10 * SECOND }, 0.214582],
    ['fixed-window', 1, { rate: 1, window: 10 * SECOND }, 0.12511],
    ['sliding-counter', 0.8, { rate: 1, window: 10 * SECOND }, 0.08014],
    ['sliding-counter', 1.2, { rate: 1, window: 10 * SECOND }, 0.2541],
  ] as const)('%s refuses as theory says at %f of its rate', (algorithm, rate, values, refused) => {
    const { result } = smallRun({
      services: { db: {} },
      load: { users: { to: 'db', arrivals: poisson(rate) } },
      patterns: [[rateLimiter, 'users -> db', { algorithm, ...values }]],
      duration: 60_000,
      warmup: 1000,
    })
    const { offered, failedFast } = result.requests
    expectNear(failedFast / offered, refused, 0.009)
  })

  it('is inert at the values it names, whatever it counts by', () => {
    for (const algorithm of ALGORITHMS) {
      const values = { algorithm, ...rateLimiter.inert, rate: 1e9, fillInterval: 0 }
      const world = alone(rateLimiter, values)
      world.call(1000)
      expect(world.reached).toHaveLength(1000)
    }
  })
})
