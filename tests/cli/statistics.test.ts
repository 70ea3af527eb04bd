import { describe, expect, it } from 'vitest'
import { pairedInterval, studentT } from '../../engine/results/statistics.ts'
import { change, interval, quantity, table } from '../../cli/text.ts'

describe('the 95 % quantile of Student t', () => {
  // Any table of the distribution.
  it.each([
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [4, 2.776],
    [5, 2.571],
    [9, 2.262],
    [19, 2.093],
    [30, 2.042],
    [120, 1.98],
    [10_000, 1.96],
  ])('with %i degrees of freedom is %f', (freedom, t) => {
    expect(studentT(freedom)).toBeCloseTo(t, 3)
  })
})

describe('a paired interval', () => {
  it('is that of the differences', () => {
    // Student 1908: extra hours of sleep under two drugs, ten patients.
    const a = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
    const b = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    const { mean, low, high, n } = pairedInterval(a, b)
    expect(mean).toBeCloseTo(1.58, 10)
    expect(low).toBeCloseTo(0.7001, 4)
    expect(high).toBeCloseTo(2.4599, 4)
    expect(n).toBe(10)
  })

  it('has no width when all differences are the same', () => {
    expect(pairedInterval([1, 2, 3], [2, 3, 4])).toEqual({ mean: 1, low: 1, high: 1, n: 3 })
  })
})

describe('numbers for people', () => {
  it.each([
    [quantity(0.97941, 'share'), '97.9 %'],
    [quantity(1, 'share'), '100 %'],
    [quantity(36_012, 'count'), '36,012'],
    [quantity(12.3456, 'ms'), '12.35 ms'],
    [quantity(123_456.7, '1/s'), '123,457/s'],
    [quantity(Infinity, 'ms'), 'never'],
    [quantity(Number.NaN, 'ms'), '–'],
    [change(0.365, 'share'), '+36.5 pt'],
    [change(-0.0000001, 'ms'), '0.000 ms'],
    [change(-4.25, 'count'), '-4.250'],
    [interval(-1, 2, 's'), '[-1 s, +2 s]'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected)
  })

  it('stand in columns', () => {
    const rows = [
      ['', 'A'],
      ['served', '5 %'],
    ]
    expect(table(rows)).toBe('           A\nserved   5 %\n')
  })
})
