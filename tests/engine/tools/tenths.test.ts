import { describe, expect, it } from 'vitest'
import { RecentLatencies } from '../../../engine/tools/recent-latencies.ts'
import { RollingCount } from '../../../engine/tools/rolling-count.ts'
import { slidingWindow } from '../../../engine/tools/sliding-window.ts'
import { SECOND } from '../../../engine/units.ts'

/** Seconds at which something happens: often, then seldom, then after longer than is remembered. */
const TIMES = [0, 0.3, 0.9, 1, 1.1, 4, 4.05, 5.9, 9.2, 30, 30.1, 39.9, 40, 41]
const SPAN = 10 * SECOND

/** What each tool shows after each of these moments, on a clock that is off by so many seconds. */
const shown = {
  'a rolling count'(off: number) {
    const count = new RollingCount(SPAN)
    return TIMES.map((time) => {
      count.add((time + off) * SECOND)
      return count.total((time + off) * SECOND)
    })
  },
  'a window of time'(off: number) {
    const window = slidingWindow('time', SPAN)
    return TIMES.map((time) => {
      window.expire((time + off) * SECOND)
      window.add(time > 3, time > 5)
      return [window.calls, window.failed, window.slow]
    })
  },
  'recent latencies'(off: number) {
    const recent = new RecentLatencies(SPAN)
    return TIMES.map((time, n) => {
      recent.add((time + off) * SECOND, (n + 1) * 1e6)
      return [recent.count, recent.quantile((time + off) * SECOND, 0.5)]
    })
  },
}

describe.each(Object.keys(shown) as (keyof typeof shown)[])('%s', (name) => {
  it('forgets alike on a clock that is behind zero, or crosses it', () => {
    for (const off of [-20, -100]) expect(shown[name](off)).toEqual(shown[name](0))
  })
})

describe('a rolling count', () => {
  it('remembers nine tenths of its span and what has passed of the present one', () => {
    expect(shown['a rolling count'](0)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 2, 3])
  })
})
