import { describe, expect, it } from 'vitest'
import type { ConcurrencySettings } from '../../../engine/tools/concurrency-limit.ts'
import { ConcurrencyLimit } from '../../../engine/tools/concurrency-limit.ts'
import timeout from '../../../engine/patterns/resilience/timeout.ts'
import loadShedder from '../../../engine/patterns/traffic/load-shedder.ts'
import { MILLISECOND, SECOND } from '../../../engine/units.ts'
import type { Reply } from '../../support/alone.ts'
import { alone } from '../../support/alone.ts'
import { exponential, poisson, smallRun } from '../../support/small-run.ts'

const ms = (time: number): number => time * MILLISECOND
const times = (count: number, reply: Reply): Reply[] => Array.from({ length: count }, () => reply)
const settings: ConcurrencySettings = {
  algorithm: 'gradient2',
  initialLimit: 20,
  minLimit: 5,
  maxLimit: 200,
  backoffRatio: 0.9,
  timeout: 5 * SECOND,
  smoothing: 0.2,
  queueSize: 4,
  rttTolerance: 1.5,
  longWindow: 600,
}

describe('load shedder', () => {
  it('turns a call away at once when so many are in work', () => {
    const world = alone(loadShedder, { algorithm: 'fixed', initialLimit: 2 })
    world.neighbour(...times(3, 'silent'))
    world.call(3)
    expect(world.reached).toHaveLength(2)
    expect(world.signal('refused')).toBe(1)
    expect(world.result().requests.failedFast).toBe(1)
  })

  it('lets the next in when one has ended, whatever its end', () => {
    const world = alone(loadShedder, { algorithm: 'fixed', initialLimit: 1 })
    world.neighbour('error')
    world.call()
    world.run('2ms')
    world.call()
    expect(world.reached).toHaveLength(2)
    expect(world.signal('inflight')).toBe(1)
  })

  it('forgets a call that its caller gave up', () => {
    const params = { algorithm: 'fixed', initialLimit: 1 }
    const world = alone(loadShedder, params, { place: 'client', load: { timeout: ms(10) } })
    world.neighbour('silent')
    world.call()
    world.run('20ms')
    world.call()
    expect(world.reached).toHaveLength(2)
  })

  it('keeps a limit when calls take no time, or less by a clock that jumped', () => {
    const limit = new ConcurrencyLimit(settings)
    for (const rtt of [0, 0, -ms(5), 0, ms(10)]) limit.sample(rtt, 20, false, settings)
    expect(limit.limit).toBeGreaterThanOrEqual(settings.minLimit)
    expect(limit.limit).toBeLessThanOrEqual(settings.maxLimit)
  })

  it('AIMD: one more while at least half is used, a tenth less after a drop or a slow call', () => {
    const limit = new ConcurrencyLimit(settings)
    const aimd = { ...settings, algorithm: 'aimd' } as const
    limit.sample(ms(10), 9, false, aimd)
    expect(limit.limit).toBe(20)
    limit.sample(ms(10), 10, false, aimd)
    expect(limit.limit).toBe(21)
    limit.sample(ms(10), 10, true, aimd)
    expect(limit.limit).toBe(18)
    limit.sample(ms(5001), 10, false, aimd)
    expect(limit.limit).toBe(16)
  })

  it('Gradient2: grows by a fifth of the queue size while calls take no longer than usual', () => {
    const limit = new ConcurrencyLimit(settings)
    for (let n = 0; n < 10; n++) limit.sample(ms(10), 20, false, settings)
    expect(limit.limit).toBe(20 + 8)
  })

  it('Gradient2: does not grow when less than half is used', () => {
    const limit = new ConcurrencyLimit(settings)
    for (let n = 0; n < 50; n++) limit.sample(ms(10), 9, false, settings)
    expect(limit.limit).toBe(20)
  })

  it('Gradient2: shrinks when calls take much longer, by a tenth at most, down to the least', () => {
    const limit = new ConcurrencyLimit({ ...settings, initialLimit: 100 })
    for (let n = 0; n < 10; n++) limit.sample(ms(10), 1, false, settings)
    limit.sample(ms(1000), 100, false, settings)
    // 100 × (0.8 + 0.2 × 0.5) + 0.2 × 4
    expect(limit.limit).toBe(90)
    for (let n = 0; n < 20; n++) limit.sample(ms(1000), 100, false, settings)
    expect(limit.limit).toBeLessThan(20)
  })

  it('Gradient2: forgets a bad time sooner than its window', () => {
    const limit = new ConcurrencyLimit(settings)
    for (let n = 0; n < 700; n++) limit.sample(ms(1000), 20, false, settings)
    for (let n = 0; n < 60; n++) limit.sample(ms(10), 100, false, settings)
    const before = limit.limit
    limit.sample(ms(60), 100, false, settings)
    // After 60 quick calls 60 ms is not fast any more: 1000 × 0.95^60 is 46.
    expect(limit.limit - before).toBeLessThanOrEqual(0)
  })

  it.each(['fixed', 'aimd', 'gradient2'])(
    '%s keeps goodput up at twice the capacity',
    (algorithm) => {
      const goodput = (values: object): number => {
        const { result } = smallRun({
          services: { db: { concurrency: 10, queue: Infinity, work: exponential(50) } },
          load: { users: { to: 'db', arrivals: poisson(400) } },
          patterns: [
            [timeout, 'users -> db', { timeout: SECOND }],
            [loadShedder, 'db', { minLimit: 5, ...values }],
          ],
          duration: 60,
          warmup: 5,
        })
        expect(result.violations).toEqual([])
        return result.requests.ok / 55
      }
      expect(goodput({ algorithm: 'fixed', initialLimit: 1e9 })).toBeLessThan(20)
      expect(goodput({ algorithm, timeout: ms(300) })).toBeGreaterThan(170)
    },
  )

  it('says which values cannot work together', () => {
    expect(loadShedder.check!({ ...settings, minLimit: 30, drops: [] })).toHaveLength(1)
    expect(loadShedder.check!({ ...settings, drops: [] })).toEqual([])
  })
})
