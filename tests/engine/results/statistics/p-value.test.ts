/** How little confidence it takes before an interval has zero in it. */
import { expect, it } from 'vitest'
import { normalQuantile } from '../../../../engine/core/special.ts'
import { type Intervals, pValue } from '../../../../engine/results/statistics/interval.ts'

/** Of a mean in units of its standard error. */
const around =
  (middle: number): Intervals =>
  (confidence) => {
    const half = confidence === 0 ? 0 : normalQuantile((1 + confidence) / 2)
    return { mean: middle, low: middle - half, high: middle + half, n: 2 }
  }

it.each([
  [1.959964, 0.05],
  [-1.959964, 0.05],
  [2.575829, 0.01],
  [0.6744898, 0.5],
  [8, 1.2e-15],
])('a mean of %d standard errors has %d', (middle, p) => {
  expect(Math.abs(pValue(around(middle)) - p)).toBeLessThan(1e-6)
})

it('no difference at all has one, and no confidence below zero is asked for', () => {
  const asked: number[] = []
  const nothing: Intervals = (confidence) => {
    asked.push(confidence)
    return { mean: 0, low: 0, high: 0, n: 2 }
  }
  expect(pValue(nothing)).toBe(1)
  expect(Math.min(...asked)).toBe(0)
})
