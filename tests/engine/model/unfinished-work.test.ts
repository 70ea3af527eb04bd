import { describe, expect, it } from 'vitest'
import { ns, smallWorld, type Setting, type SmallService } from '../../support/small-world.ts'

/** What an instance that was given three visits of 10 ms at once still has to do after 6 ms, in ms. */
function leftAfter6(more: Partial<SmallService>, faults: Setting['faults'] = []): number {
  const services = { a: { work: '10ms', concurrency: 1, ...more } }
  const small = smallWorld({ services, load: { users: { to: 'a' } }, faults })
  const { world } = small.run('1ms').send(3).run('6ms')
  return world.service('a').instances[0]!.unfinished / ns('1ms')
}

describe('the unfinished work of an instance', () => {
  it('is what is left of the visit at work, and all of those in the line', () => {
    expect(leftAfter6({})).toBe(4 + 10 + 10)
    expect(leftAfter6({ concurrency: 2 })).toBe(4 + 4 + 10)
  })

  it('is told at full speed, also of work that goes slowly or stands still', () => {
    const slow = { verb: 'slow', target: 'a', at: 0, by: 2 } as const
    expect(leftAfter6({}, [slow])).toBe(7 + 10 + 10)
    const pause = { verb: 'pause', target: 'a', at: ns('3ms'), for: ns('3ms') } as const
    expect(leftAfter6({}, [pause])).toBe(7 + 10 + 10)
    expect(leftAfter6({}, [{ ...pause, for: ns('1s') }])).toBe(8 + 10 + 10)
  })

  it('under processor sharing is what is left of all: each had a third of the time', () => {
    expect(leftAfter6({ discipline: 'processor-sharing' })).toBeCloseTo(3 * (10 - 2), 6)
  })

  it('is nothing when all is done', () => {
    const small = smallWorld({ services: { a: { work: '10ms' } }, load: { users: { to: 'a' } } })
    const { world } = small.send(1).run('11ms')
    expect(world.service('a').instances[0]!.unfinished).toBe(0)
  })
})
