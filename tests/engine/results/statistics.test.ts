import { describe, expect, it } from 'vitest'
import {
  meanInterval,
  pairedInterval,
  studentT,
  wilsonInterval,
} from '../../../engine/results/statistics.ts'

describe('a proportion', () => {
  // The formula of Wilson 1927, worked out elsewhere.
  it.each([
    [17, 20, 0.6395811, 0.9476313],
    [51, 60, 0.7388541, 0.9190256],
    [1, 10, 0.0178762, 0.40415],
    [5, 10, 0.2365931, 0.7634069],
    [0, 20, 0, 0.1611252],
    [20, 20, 0.8388748, 1],
  ])('%i of %i lies between %f and %f', (hits, n, low, high) => {
    const interval = wilsonInterval(hits, n)
    expect(interval.mean).toBe(hits / n)
    expect(interval.low).toBeCloseTo(low, 5)
    expect(interval.high).toBeCloseTo(high, 5)
  })

  it('has ends at which it would be 1.96 standard errors away', () => {
    for (const [hits, n] of [
      [3, 17],
      [44, 60],
      [199, 200],
    ] as const) {
      const { mean, low, high } = wilsonInterval(hits, n)
      for (const end of [low, high]) {
        expect(Math.abs(mean - end) / Math.sqrt((end * (1 - end)) / n)).toBeCloseTo(1.959964, 6)
      }
    }
  })

  it('of nothing may be anything', () => {
    expect(wilsonInterval(0, 0)).toMatchObject({ low: 0, high: 1, n: 0 })
  })
})

describe('a mean', () => {
  it('has the t interval', () => {
    // R: t.test(c(1, 2, 3, 4, 10))$conf.int
    const { mean, low, high } = meanInterval([1, 2, 3, 4, 10])
    expect(mean).toBe(4)
    expect(low).toBeCloseTo(-0.3898, 3)
    expect(high).toBeCloseTo(8.3898, 3)
  })

  it('of differences is that of pairs', () => {
    const [a, b] = [
      [3, 1, 4, 1, 5],
      [9, 2, 6, 5, 3],
    ]
    const differences = b.map((value, at) => value - a[at]!)
    expect(pairedInterval(a, b)).toEqual(meanInterval(differences))
  })
})

describe('the quantile of Student t', () => {
  it.each([
    [0.9, 5, 2.015048],
    [0.95, 7, 2.364624],
    [0.99, 19, 2.860935],
    [0.999, 2, 31.599055],
  ])('within which a share of %f lies with %i degrees of freedom', (share, freedom, t) => {
    expect(studentT(freedom, share)).toBeCloseTo(t, 4)
  })
})
