import { describe, expect, it } from 'vitest'
import adaptiveThrottle from '../../../engine/patterns/traffic/adaptive-throttle.ts'
import rateLimiter from '../../../engine/patterns/traffic/rate-limiter.ts'
import { SECOND } from '../../../engine/units.ts'
import type { Reply } from '../../support/alone.ts'
import { alone } from '../../support/alone.ts'
import { expectNear, poisson, smallRun } from '../../support/small-run.ts'

const times = (count: number, reply: Reply): Reply[] => Array.from({ length: count }, () => reply)

describe('adaptive throttle', () => {
  /** One call after the other: how many reached the callee, and the share that was turned away at the end. */
  const inTurn = (...replies: Reply[]) => {
    const world = alone(adaptiveThrottle, {})
    world.neighbour(...replies)
    for (const _ of replies) {
      world.call()
      world.run('2ms')
    }
    return { sent: world.reached.length, share: world.signal('probability') }
  }

  it('turns nothing away while the callee accepts one in K', () => {
    const replies = times(50, 'ok').flatMap((ok): Reply[] => [ok, 'refused'])
    expect(inTurn(...replies)).toEqual({ sent: 100, share: 0 })
  })

  it('turns away max(0, (requests - K × accepts) / (requests + 1)) of the calls', () => {
    // Ten requests and ten accepts: ten more are free. The share is that which met the last call.
    expect(inTurn(...times(10, 'ok'), ...times(11, 'overload'))).toEqual({ sent: 21, share: 0 })
    const { share } = inTurn(...times(10, 'ok'), ...times(12, 'overload'))
    expect(share).toBeCloseTo(1 / 22, 9)
  })

  it('holds calls under way for refused until they are answered, since it counts before it sends', () => {
    const world = alone(adaptiveThrottle, {})
    world.call(20)
    expect(world.signal('refused')).toBeGreaterThan(5)
  })

  it('counts a failure that is no rejection as accepted', () => {
    const world = alone(adaptiveThrottle, {})
    world.neighbour(...times(200, 'error'))
    for (let n = 0; n < 200; n++) {
      world.call()
      world.run('2ms')
    }
    expect(world.reached).toHaveLength(200)
  })

  it('forgets after the window', () => {
    const world = alone(adaptiveThrottle, { window: 10 * SECOND })
    world.neighbour(...times(100, 'refused'))
    world.call(100)
    world.run('20s')
    world.call()
    expect(world.signal('probability')).toBe(0)
  })

  it.each([1.1, 1.5, 2, 4])('lets the callee see K times what it accepts: K = %f', (multiplier) => {
    const { result } = smallRun({
      services: { db: {} },
      load: { users: { to: 'db', arrivals: poisson(1000) } },
      patterns: [
        [adaptiveThrottle, 'users -> db', { multiplier, window: 10 * SECOND }],
        [rateLimiter, 'db', { algorithm: 'fixed-window', rate: 200 }],
      ],
      duration: 60,
      warmup: 20,
    })
    expectNear(result.requests.ok / 40, 200, 4)
    const seen = result.services['db']!.arrivals / 60
    // The first seconds, in which nothing is known yet, see a little more.
    expectNear(seen, multiplier * 200, multiplier * 200 * 0.06 + 10)
  })
})
