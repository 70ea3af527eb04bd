import { describe, expect, it } from 'vitest'
import circuitBreaker from '../../../engine/patterns/resilience/circuit-breaker.ts'
import { SECOND } from '../../../engine/units.ts'
import { alone } from '../../support/alone.ts'

const small = { slidingWindow: { type: 'count', size: 4 }, minimumNumberOfCalls: 4, waitDurationInOpenState: 5 * SECOND, permittedNumberOfCallsInHalfOpenState: 2 }

describe('circuit breaker', () => {
  it('opens when the share of failures reaches the threshold, comparing with >=', () => {
    const world = alone(circuitBreaker, small)
    world.neighbour('ok', 'error', 'ok', 'error')
    world.call(4)
    world.run('1s')
    expect(world.signal('circuit')).toBe('open')
  })

  it('refuses at once while open', () => {
    const world = alone(circuitBreaker, small)
    world.neighbour('error', 'error', 'error', 'error')
    world.call(4)
    world.run('1s')
    world.call()
    expect(world.ended.at(-1)).toMatchObject({ ok: false, failure: 'refused', took: 0 })
    expect(world.reached).toHaveLength(4)
  })

  it('lets exactly the permitted probes through when the wait is over', () => {
    const world = alone(circuitBreaker, small)
    world.neighbour('error', 'error', 'error', 'error')
    world.call(4)
    world.run('6s')
    world.call(5)
    expect(world.reached).toHaveLength(6)
    expect(world.signal('circuit')).toBe('half-open')
    world.run('1s')
    expect(world.signal('circuit')).toBe('closed')
  })

  it('can first open on the hundredth recorded call with the defaults', () => {
    const world = alone(circuitBreaker)
    world.neighbour(...Array.from({ length: 100 }, (_, n) => (n % 2 ? ('error' as const) : ('ok' as const))))
    world.call(99)
    world.run('1s')
    expect(world.signal('circuit')).toBe('closed')
    world.call()
    world.run('1s')
    expect(world.signal('circuit')).toBe('open')
  })
})
