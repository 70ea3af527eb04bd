import { describe, expect, it } from 'vitest'
import {
  batchMeans,
  bootstrapT,
  differenceOf,
  differencesOf,
  factorInterval,
  holm,
  isThin,
  looksUpTo,
  mean,
  meanInterval,
  medianInterval,
  quantileInterval,
  runsMissing,
  samplesBeyond,
  savedBy,
  skewCorrected,
  skewness,
  suggestWarmup,
  toleranceOf,
  vonNeumann,
} from '../../../../engine/results/statistics.ts'
import { normals, waits } from './draws.ts'

const normal = normals('parts')
const row = (n: number, of: (at: number) => number): number[] =>
  Array.from({ length: n }, (_, at) => of(at))

describe('skewness', () => {
  it('is that of the textbooks', () => {
    // R: e1071::skewness(c(1, 2, 3, 4, 10), type = 2)
    expect(skewness([1, 2, 3, 4, 10])).toBeCloseTo(1.6971, 4)
    expect(skewness([3, 3, 3])).toBe(0)
    expect(skewness([-1, 0, 1])).toBe(0)
  })
})

describe('bootstrap-t', () => {
  it('is longer on the side of the long tail, and the same every time', () => {
    const values = row(30, (at) => Math.exp(1.5 * normal(1, at)))
    const first = bootstrapT(values)!(0.95)
    const { mean: middle, low, high } = first
    expect(high - middle).toBeGreaterThan(1.5 * (middle - low))
    expect(bootstrapT([...values])!(0.95)).toEqual(first)
    expect(bootstrapT(values)!(0.99).low).toBeLessThan(low)
  })

  it('agrees with Student on values that are not skewed', () => {
    const values = row(40, (at) => normal(2, at))
    const [own, student] = [bootstrapT(values)!(0.95), meanInterval(values)]
    expect(Math.abs(own.low - student.low)).toBeLessThan(0.1 * (student.high - student.low))
    expect(Math.abs(own.high - student.high)).toBeLessThan(0.1 * (student.high - student.low))
  })

  it('leaves alone what it cannot resample', () => {
    expect(bootstrapT(row(9, (at) => at))).toBeUndefined()
    expect(bootstrapT([...row(19, () => 0), 1])).toBeUndefined()
    expect(
      differenceOf(
        row(20, () => 0),
        [...row(19, () => 0), 1],
      ).method,
    ).toBe('skew-corrected t')
  })
})

describe('a difference in two clumps', () => {
  // Two of twenty shops recover by themselves; the others gain 41 points by the pattern.
  const gains = row(20, (at) => (at < 2 ? 0 : 0.41 + 0.02 * normal(9, at)))
  const none = gains.map(() => 0)

  it('is a gain: no interval goes where no value is', () => {
    const { low, high, method } = differenceOf(none, gains)
    expect(method).toBe('skew-corrected t')
    expect(low).toBeGreaterThan(0.1)
    expect(low).toBeLessThan(0.3)
    expect(high).toBeGreaterThan(0.4)
    expect(high).toBeLessThan(0.45)
  })

  it('is the same mirrored, and wider at a higher confidence', () => {
    const there = differenceOf(none, gains)
    const back = differenceOf(gains, none)
    expect(back.low).toBeCloseTo(-there.high, 12)
    expect(back.high).toBeCloseTo(-there.low, 12)
    expect(differenceOf(none, gains, false, 0.99).low).toBeLessThan(there.low)
  })

  it('is that of Student where nothing is skewed', () => {
    const even = row(21, (at) => at - 10)
    const [own, student] = [skewCorrected(even)(0.95), meanInterval(even)]
    expect(own.low).toBeCloseTo(student.low, 9)
    expect(own.high).toBeCloseTo(student.high, 9)
  })
})

describe('a difference', () => {
  it('says what pairing saved', () => {
    const a = row(50, (at) => normal(3, at))
    const b = a.map((value, at) => value + 0.5 * normal(4, at))
    expect(savedBy(a, b)).toBeGreaterThan(5)
    expect(savedBy(a, b)).toBeLessThan(15)
    expect(
      savedBy(
        a,
        row(50, (at) => normal(5, at)),
      ),
    ).toBeCloseTo(1, 0)
    expect(savedBy([1, 2], [2, 3])).toBe(Infinity)
  })

  it('of what is yes or no stays within bounds', () => {
    const { low, high, method } = differenceOf(
      row(20, () => 0),
      row(20, () => 1),
      true,
    )
    expect(method).toBe('Newcombe')
    expect([low > 0.7, low < 1, high]).toEqual([true, true, 1])
  })

  it('as a factor is that of the logarithms', () => {
    const [a, b] = [row(10, (at) => at + 1), row(10, (at) => 2 * (at + 1))]
    const { mean: middle, low, high } = factorInterval(a, b)!
    for (const value of [middle, low, high]) expect(value).toBeCloseTo(2, 10)
    expect(factorInterval([0, 1], [1, 1])).toBeUndefined()
  })
})

describe('several comparisons', () => {
  /** A difference that leaves out zero up to a confidence of 1 − p. */
  const withP = (p: number) => (confidence: number) => {
    const low = 1 - p - confidence
    return { mean: 1, low, high: 2, n: 20 }
  }

  it('are held to 1 − 5 % / k, then one less', () => {
    // Holm 1979: 0.01 passes 0.05/3; 0.03 does not pass 0.05/2, so 0.04 has to pass that, too.
    expect(holm([withP(0.03), withP(0.01), withP(0.04)])).toEqual([0.975, 1 - 0.05 / 3, 0.975])
    expect(holm([withP(0.001), withP(0.002), withP(0.04)])).toEqual([1 - 0.05 / 3, 0.975, 0.95])
  })

  it('call chance a difference in 5 % of all cases together, not each', () => {
    let [corrected, plain] = [0, 0]
    for (let each = 0; each < 200; each++) {
      const first = row(20, (at) => normal(100 + each, at))
      const others = row(5, (k) => k).map((k) =>
        row(20, (at) => normal(100 + each, 50 * k + 50 + at)),
      )
      const isWrong = ({ low, high }: { low: number; high: number }): boolean => low > 0 || high < 0
      if (differencesOf(first, others).some(isWrong)) corrected++
      if (others.some((other) => isWrong(differenceOf(first, other)))) plain++
    }
    expect(corrected / 200).toBeLessThan(0.09)
    expect(plain / 200).toBeGreaterThan(0.09)
  })
})

describe('a median', () => {
  it('lies between the 6th and the 15th of 20', () => {
    const values = row(20, (at) => at + 1)
    expect(medianInterval(values)).toEqual({ mean: 10.5, low: 6, high: 15, n: 20 })
    expect(medianInterval([1, 2, 3, 4, 5])).toBeUndefined()
    expect(medianInterval([1, 2, 3, 4, 5, Infinity])).toMatchObject({ low: 1, high: Infinity })
  })
})

describe('a quantile', () => {
  it('needs 20 requests beyond it', () => {
    expect(samplesBeyond(4000, 0.999)).toBe(4)
    expect([isThin(2000, 0.99), isThin(1999, 0.99)]).toEqual([false, true])
    expect(quantileInterval([5, 6, 7], [4000, 4000, 1000], 0.99)).toBeUndefined()
    expect(quantileInterval([5, 6, 7], [4000, 4000, 2000], 0.99)).toEqual(meanInterval([5, 6, 7]))
  })
})

describe('the number of runs', () => {
  it('is looked at a few times only', () => {
    expect(looksUpTo()).toEqual([20, 40, 80, 160, 320])
    expect(looksUpTo(50)).toEqual([20, 40, 50])
    expect(looksUpTo(10)).toEqual([10])
  })

  it('follows from how wide the interval is', () => {
    const interval = { mean: 30, low: 20, high: 40, n: 20 }
    expect(toleranceOf(100)).toBe(5)
    expect(toleranceOf(100, { absolute: 8 })).toBe(8)
    expect(toleranceOf(100, { relative: 0.2, absolute: 8 })).toBe(20)
    expect(runsMissing(interval, 5)).toBe(60)
    expect(runsMissing(interval, 10)).toBe(0)
    expect(runsMissing(interval, 0)).toBe(Infinity)
  })
})

describe('one long run', () => {
  it('has no interval while its batches depend on each other', () => {
    const drift = row(2000, (at) => at + normal(6, at))
    expect(batchMeans(drift)).toMatchObject({ interval: undefined, batches: 20, size: 100 })
    expect(batchMeans(row(2000, (at) => normal(7, at))).interval).toBeDefined()
    expect(batchMeans([1, 2, 3]).interval).toBeUndefined()
  })

  it('is judged by von Neumann as independent as often as it should be', () => {
    const scores = row(500, (each) => vonNeumann(row(20, (at) => normal(1000 + each, at))))
    expect(Math.abs(mean(scores))).toBeLessThan(0.15)
    const above = scores.filter((score) => score > 1.645).length / 500
    expect(above).toBeGreaterThan(0.02)
    expect(above).toBeLessThan(0.09)
  })

  it('starts to count after its warm-up', () => {
    const warming = row(1000, (at) => (at < 200 ? 10 - at / 20 : 0) + normal(8, at))
    const { cut, isTooShort } = suggestWarmup(warming)
    expect(cut).toBeGreaterThan(140)
    expect(cut).toBeLessThan(230)
    expect(isTooShort).toBe(false)
    expect(suggestWarmup(warming.map((value) => value + 1e9)).cut).toBe(cut)
  })

  it('is too short when most of it would be cut', () => {
    const rising = row(200, (at) => at + normal(9, at))
    expect(suggestWarmup(rising)).toMatchObject({ isTooShort: true })
    expect(suggestWarmup(row(40, () => 1)).isTooShort).toBe(true)
    const steady = waits(3, 0.5, 20_000)
    expect(suggestWarmup(steady).share).toBeLessThan(0.3)
  })
})
