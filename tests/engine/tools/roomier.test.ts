/** Rings that grow give the same counts as those that never have to. */
import { describe, expect, it } from 'vitest'
import { CountWindow } from '../../../engine/tools/sliding-window.ts'
import { SlidingLog } from '../../../engine/tools/rate-limit.ts'
import { MILLISECOND, SECOND } from '../../../engine/units.ts'
import { FIRST_ROOM, roomier } from '../../../engine/tools/roomier.ts'

const noise = (n: number): number => (n * 2654435761) % 97

describe('a ring with more room', () => {
  it('begins with what is first, and never has more room than allowed', () => {
    expect([...roomier(new Uint8Array([3, 4, 1, 2]), 2, 1000)].slice(0, 5)).toEqual([1, 2, 3, 4, 0])
    expect(roomier(new Float64Array(40), 0, 1000)).toHaveLength(80)
    expect(roomier(new Float64Array(40), 0, 50)).toHaveLength(50)
    expect(roomier(new Uint8Array(1), 0, 1000)).toHaveLength(FIRST_ROOM)
  })

  it('counts the last N outcomes as a list does', () => {
    const size = 75
    const window = new CountWindow(size)
    let all: number[] = []
    for (let n = 0; n < 400; n++) {
      if (n === 150) {
        window.clear()
        all = []
      }
      all.push(noise(n))
      window.add(noise(n) % 3 === 0, noise(n) % 5 === 0)
      const last = all.slice(-size)
      expect([window.calls, window.failed, window.slow]).toEqual([
        last.length,
        last.filter((each) => each % 3 === 0).length,
        last.filter((each) => each % 5 === 0).length,
      ])
    }
  })

  it('admits at most so many calls in any window', () => {
    const limit = 50
    const settings = { algorithm: 'sliding-log', burst: 1, fillInterval: 0 } as const
    const log = new SlidingLog({ ...settings, rate: limit, window: SECOND, counts: 'admitted' })
    const gone: number[] = []
    for (let now = 0; now < 5 * SECOND; now += noise(now) * 0.3 * MILLISECOND + MILLISECOND) {
      const free = gone.filter((time) => time > now - SECOND).length < limit
      expect(log.take(now, 0)).toBe(free ? 0 : -1)
      if (free) gone.push(now)
    }
    expect(gone.length).toBeGreaterThan(2 * limit)
  })
})
