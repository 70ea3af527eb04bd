import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitQuantiles } from '../../../engine/core/distribution.ts'
import { Sampler } from '../../../engine/core/sampler.ts'
import { meanOf, varianceOf } from '../../../engine/core/moments.ts'
import type { Distribution } from '../../../engine/core/distribution.ts'
import { normalProbability } from '../../../engine/core/math.ts'
import { Dice, seedKey } from '../../../engine/core/random.ts'

const key = seedKey('samplers')

const shapes: [string, Distribution][] = [
  ['constant', { kind: 'constant', value: 5 }],
  ['exponential', { kind: 'exponential', mean: 1e6 }],
  ['uniform', { kind: 'uniform', from: 10, to: 30 }],
  ['lognormal', { kind: 'lognormal', mean: 1e6, sigma: 0.7 }],
  ['normal', { kind: 'normal', mean: 100, deviation: 10 }],
  ['normal, often cut', { kind: 'normal', mean: 5, deviation: 10 }],
  ['gamma', { kind: 'gamma', mean: 1e6, shape: 2.5 }],
  ['gamma of a small shape', { kind: 'gamma', mean: 100, shape: 0.3 }],
  ['erlang', { kind: 'erlang', mean: 1e6, stages: 4 }],
  ['erlang of one stage', { kind: 'erlang', mean: 1e6, stages: 1 }],
  ['pareto', { kind: 'pareto', minimum: 1e6, alpha: 6 }],
  ['weibull', { kind: 'weibull', scale: 1e6, shape: 1.5 }],
  ['hyperexponential', { kind: 'hyperexponential', probability: 0.8, mean: 1, otherMean: 9 }],
  ['empirical', { kind: 'empirical', values: [3, 1, 4, 1, 5, 9] }],
  ['weighted', { kind: 'empirical', values: [1, 2, 100], weights: [5, 0, 1] }],
  ['zipf', { kind: 'zipf', items: 100, exponent: 1.1 }],
  [
    'mixture',
    {
      kind: 'mixture',
      weights: [9, 1],
      parts: [
        { kind: 'exponential', mean: 1 },
        {
          kind: 'mixture',
          weights: [1, 1],
          parts: [
            { kind: 'constant', value: 20 },
            { kind: 'uniform', from: 0, to: 40 },
          ],
        },
      ],
    },
  ],
]

function drawMany(distribution: Distribution, count: number): Float64Array {
  const sampler = new Sampler(distribution, key)
  return Float64Array.from({ length: count }, (_, index) => sampler.value(index, 3))
}

/** The largest distance between the distribution of the values and a continuous one. */
function kolmogorovDistance(values: Float64Array, probability: (x: number) => number): number {
  const sorted = values.toSorted()
  let distance = 0
  sorted.forEach((value, index) => {
    const p = probability(value)
    const below = p - index / sorted.length
    const above = (index + 1) / sorted.length - p
    distance = Math.max(distance, below, above)
  })
  return distance
}

describe('a sampler', () => {
  it.each(shapes)('of the %s distribution has its mean and variance', (_, distribution) => {
    const count = 20_000
    const values = drawMany(distribution, count)
    const mean = meanOf(distribution)
    const variance = varianceOf(distribution)
    const moment = (power: number): number =>
      values.reduce((sum, value) => sum + (value - mean) ** power, 0) / count
    const spread = Math.sqrt(Math.max(0, moment(4) - moment(2) ** 2) / count)
    expect(Math.abs(moment(1))).toBeLessThanOrEqual(4 * Math.sqrt(variance / count))
    expect(Math.abs(moment(2) - variance)).toBeLessThanOrEqual(4 * spread)
  })

  it.each<[string, Distribution, (x: number) => number]>([
    ['exponential', { kind: 'exponential', mean: 2 }, (x) => 1 - Math.exp(-x / 2)],
    ['uniform', { kind: 'uniform', from: 10, to: 30 }, (x) => (x - 10) / 20],
    [
      'lognormal',
      { kind: 'lognormal', mean: Math.exp(0.5), sigma: 1 },
      (x) => normalProbability(Math.log(x)),
    ],
    ['normal', { kind: 'normal', mean: 50, deviation: 2 }, (x) => normalProbability((x - 50) / 2)],
    [
      'erlang',
      { kind: 'erlang', mean: 3, stages: 3 },
      (x) => 1 - Math.exp(-x) * (1 + x + (x * x) / 2),
    ],
    // A gamma variate of shape 1/2 is half the square of a normal one.
    [
      'gamma',
      { kind: 'gamma', mean: 0.5, shape: 0.5 },
      (x) => 2 * normalProbability(Math.sqrt(2 * x)) - 1,
    ],
    ['pareto', { kind: 'pareto', minimum: 4, alpha: 1.5 }, (x) => 1 - (4 / x) ** 1.5],
    ['weibull', { kind: 'weibull', scale: 3, shape: 0.7 }, (x) => 1 - Math.exp(-((x / 3) ** 0.7))],
    [
      'hyperexponential',
      { kind: 'hyperexponential', probability: 0.9, mean: 1, otherMean: 10 },
      (x) => 1 - 0.9 * Math.exp(-x) - 0.1 * Math.exp(-x / 10),
    ],
  ])('of the %s distribution has its distribution function', (_, distribution, probability) => {
    const count = 10_000
    const distance = kolmogorovDistance(drawMany(distribution, count), probability)
    // Exceeded once in 10,000 cases (Kolmogorov).
    expect(distance * Math.sqrt(count)).toBeLessThan(2.23)
  })

  it('draws each rank of a zipf distribution, and each recorded value, as often as it should', () => {
    const ranks = drawMany({ kind: 'zipf', items: 50, exponent: 0.8 }, 50_000)
    const weights = Array.from({ length: 50 }, (_, rank) => (rank + 1) ** -0.8)
    const total = weights.reduce((sum, weight) => sum + weight)
    let chiSquare = 0
    weights.forEach((weight, rank) => {
      const expected = (50_000 * weight) / total
      chiSquare += (ranks.filter((value) => value === rank).length - expected) ** 2 / expected
    })
    expect(Math.abs(chiSquare - 49)).toBeLessThan(5 * Math.sqrt(98))
    const values = drawMany({ kind: 'empirical', values: [7, 8, 9], weights: [1, 0, 3] }, 10_000)
    expect(new Set(values)).toEqual(new Set([7, 9]))
    expect(values.filter((value) => value === 7).length / 10_000).toBeCloseTo(0.25, 1)
  })

  it.each(shapes)('of the %s distribution depends on key and counter words alone', (_, shape) => {
    const sampler = new Sampler(shape, key)
    const alone = sampler.value(17, 4)
    for (let index = 0; index < 50; index++) {
      sampler.value(index, 9)
      sampler.duration(index, 8)
      new Sampler(shape, seedKey(index)).value(17, 4)
    }
    expect(sampler.value(17, 4)).toBe(alone)
    expect(new Sampler(structuredClone(shape), { ...key }).value(17, 4)).toBe(alone)
    expect(sampler.duration(17, 4)).toBe(Math.floor(alone + 0.5))
  })

  it('gives a larger value for a larger draw, whatever the distribution', () => {
    const dice = new Dice(key)
    const counters = Array.from({ length: 2000 }, (_, index) => index)
    counters.sort((a, b) => dice.uniform(a, 1) - dice.uniform(b, 1))
    for (const [name, distribution] of shapes) {
      const isRising = !['hyperexponential', 'empirical', 'weighted', 'mixture'].includes(name)
      if (!isRising) continue
      const sampler = new Sampler(distribution, key)
      const values = counters.map((counter) => sampler.value(counter, 1))
      expect(values, name).toEqual(values.toSorted((a, b) => a - b))
    }
  })

  it('gives durations that are integers and never negative', () => {
    const property = fc.property(fc.constantFrom(...shapes), fc.integer(), (shape, counter) => {
      const duration = new Sampler(shape[1], key).duration(counter, 1)
      expect(Number.isInteger(duration) && duration >= 0).toBe(true)
    })
    fc.assert(property, { seed: 3, numRuns: 300 })
  })

  it('draws the same after its neighbours have changed their distribution', () => {
    const before = new Sampler({ kind: 'exponential', mean: 10 }, key)
    const longer = new Sampler({ kind: 'exponential', mean: 20 }, key)
    for (let index = 0; index < 100; index++) {
      expect(longer.value(index, 5)).toBe(2 * before.value(index, 5))
    }
  })

  it.each<[string, Distribution]>([
    ['a negative mean', { kind: 'exponential', mean: -1 }],
    ['a mean that is no number', { kind: 'exponential', mean: NaN }],
    ['an infinite mean', { kind: 'lognormal', mean: Infinity, sigma: 1 }],
    ['an interval the wrong way round', { kind: 'uniform', from: 2, to: 1 }],
    ['an interval below zero', { kind: 'uniform', from: -2, to: 1 }],
    ['a shape of zero', { kind: 'gamma', mean: 1, shape: 0 }],
    ['half a stage', { kind: 'erlang', mean: 1, stages: 0.5 }],
    ['an alpha of zero', { kind: 'pareto', minimum: 1, alpha: 0 }],
    [
      'a probability above one',
      { kind: 'hyperexponential', probability: 2, mean: 1, otherMean: 1 },
    ],
    ['no recorded values', { kind: 'empirical', values: [] }],
    ['too few weights', { kind: 'empirical', values: [1, 2], weights: [1] }],
    ['weights of nothing but zero', { kind: 'empirical', values: [1, 2], weights: [0, 0] }],
    [
      'a negative weight',
      { kind: 'mixture', weights: [-1], parts: [{ kind: 'constant', value: 1 }] },
    ],
    ['too many items', { kind: 'zipf', items: 1_000_001, exponent: 1 }],
    ['no items', { kind: 'zipf', items: 0, exponent: 1 }],
  ])('refuses %s', (_, distribution) => {
    expect(() => new Sampler(distribution, key)).toThrow(RangeError)
  })
})

describe('the moments of a distribution', () => {
  it('are infinite for tails that are too heavy', () => {
    expect(meanOf({ kind: 'pareto', minimum: 1, alpha: 1 })).toBe(Infinity)
    expect(meanOf({ kind: 'pareto', minimum: 1, alpha: 1.5 })).toBe(3)
    expect(varianceOf({ kind: 'pareto', minimum: 1, alpha: 2 })).toBe(Infinity)
  })

  it.each([
    [5, 5],
    [0, 0],
    [-5, 0],
  ])('of a normal one around %d without deviation are %d and no variance', (mean, cut) => {
    const law: Distribution = { kind: 'normal', mean, deviation: 0 }
    expect([meanOf(law), varianceOf(law)]).toEqual([cut, 0])
  })

  it('of a mixture include the variance between its parts', () => {
    const parts: Distribution[] = [
      { kind: 'constant', value: 0 },
      { kind: 'exponential', mean: 10 },
    ]
    const mixture: Distribution = { kind: 'mixture', weights: [1, 3], parts }
    expect(meanOf(mixture)).toBeCloseTo(7.5, 12)
    expect(varianceOf(mixture)).toBeCloseTo(0.75 * 200 - 56.25, 10)
  })
})

describe('the lognormal distribution through two quantiles', () => {
  it('has them', () => {
    const distribution = fitQuantiles(20e6, 300e6)
    const values = drawMany(distribution, 100_000).toSorted()
    expect(values[50_000]! / 20e6).toBeCloseTo(1, 1)
    expect(values[99_000]! / 300e6).toBeCloseTo(1, 1)
    expect(fitQuantiles(5, 5)).toMatchObject({ mean: 5, sigma: 0 })
  })

  it.each([
    [0, 1],
    [2, 1],
    [NaN, 1],
    [1, Infinity],
  ])('does not exist for %d and %d', (p50, p99) => {
    expect(() => fitQuantiles(p50, p99)).toThrow(RangeError)
  })
})

describe('a duration', () => {
  it.each(shapes)('%s: is the value, rounded, by whichever way it is drawn', (_name, shape) => {
    const sampler = new Sampler(shape, key)
    for (let n = 0; n < 500; n++) {
      const [c0, c1] = [(n * 0x9e37_79b9) | 0, n - 250]
      expect(sampler.duration(c0, c1)).toBe(Math.floor(sampler.value(c0, c1) + 0.5))
    }
  })
})
