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

  it('is what is left after a pause in which it would have been done', () => {
    const pause = { verb: 'pause', target: 'a', at: ns('2ms'), for: ns('4ms') } as const
    expect(leftAfter6({ work: '3ms' }, [pause])).toBe(1 + 3 + 3)
  })

  it.each(['processor-sharing', 'lifo-preemptive'] as const)(
    'is told at full speed under %s too',
    (discipline) => {
      const slow = { verb: 'slow', target: 'a', at: 0, by: 2 } as const
      expect(leftAfter6({ discipline }, [slow])).toBeCloseTo(30 - 3, 6)
    },
  )

  it('of work that was interrupted is what is left of it', () => {
    const pause = { verb: 'pause', target: 'a', at: ns('4ms'), for: ns('1ms') } as const
    expect(leftAfter6({ discipline: 'lifo-preemptive' }, [pause])).toBe(30 - 5)
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
