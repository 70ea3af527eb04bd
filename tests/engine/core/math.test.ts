import { describe, expect, it } from 'vitest'
import { mix } from '../../../engine/core/hash.ts'
import * as maths from '../../../engine/core/math.ts'

const { cos, exp, expm1, gammaQuantile, ln, lnGamma, log1p, normalQuantile, pow, sin } = maths

const view = new DataView(new ArrayBuffer(8))

function bitsOf(x: number): bigint {
  view.setFloat64(0, x)
  return view.getBigInt64(0)
}

/** How many doubles b is away from a. */
function ulps(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0
  const distance = bitsOf(a) - bitsOf(b)
  return Number(distance < 0n ? -distance : distance)
}

/** Numbers of 0..1 that look random. */
function fraction(index: number, purpose: number): number {
  return (mix(index, purpose) >>> 0) / 2 ** 32
}

type Unary = (x: number) => number

describe('the elementary functions', () => {
  it.each<[string, Unary, Unary, (u: number) => number]>([
    ['ln near 1', ln, Math.log, (u) => 0.5 + 1.5 * u],
    ['ln of a uniform draw', ln, Math.log, (u) => u + 2 ** -53],
    ['ln of all sizes', ln, Math.log, (u) => 10 ** (-307 + 615 * u)],
    ['ln of subnormal numbers', ln, Math.log, (u) => 5e-324 + u * 1e-308],
    ['exp near 0', exp, Math.exp, (u) => 2 * u - 1],
    ['exp of all sizes', exp, Math.exp, (u) => -745 + 1454 * u],
    ['log1p near 0', log1p, Math.log1p, (u) => 1e-3 * (u - 0.5)],
    ['log1p of all sizes', log1p, Math.log1p, (u) => -0.999 + 100 * u * u],
    ['expm1 near 0', expm1, Math.expm1, (u) => 1e-3 * (u - 0.5)],
    ['expm1 of all sizes', expm1, Math.expm1, (u) => -40 + 80 * u],
    ['sin of small angles', sin, Math.sin, (u) => 8 * (u - 0.5)],
    ['sin of large angles', sin, Math.sin, (u) => 2e6 * (u - 0.5)],
    ['cos of small angles', cos, Math.cos, (u) => 8 * (u - 0.5)],
    ['cos of large angles', cos, Math.cos, (u) => 2e6 * (u - 0.5)],
    [
      'pow with an exponent of 2.7',
      (x) => pow(x, 2.7),
      (x) => x ** 2.7,
      (u) => 10 ** (40 * u - 20),
    ],
    ['pow with one of -0.37', (x) => pow(x, -0.37), (x) => x ** -0.37, (u) => 1e3 * u + 1e-9],
    ['pow of 1.001', (x) => pow(1.001, x), (x) => 1.001 ** x, (u) => 1.4e6 * (u - 0.5)],
  ])('compute %s within 2 units in the last place of what Math does', (_, ours, theirs, place) => {
    // Each of the two may be off by one, to different sides; see the golden vectors for ours.
    let worst = 0
    let apart = 0
    for (let index = 0; index < 20_000; index++) {
      const x = place(fraction(index, 1))
      const distance = ulps(ours(x), theirs(x))
      if (distance > 0) apart++
      worst = Math.max(worst, distance)
    }
    expect(worst).toBeLessThanOrEqual(1 + Number(apart > 0))
    expect(apart / 20_000).toBeLessThan(0.35)
  })

  it('are right at the ends of their domains', () => {
    expect([0, Infinity, 1].map(ln)).toEqual([-Infinity, Infinity, 0])
    expect([-1, NaN].map(ln)).toEqual([NaN, NaN])
    expect([-Infinity, -746, 0, 710, Infinity].map(exp)).toEqual([0, 0, 1, Infinity, Infinity])
    expect(exp(NaN)).toBeNaN()
    expect(exp(-745)).toBe(5e-324)
    expect([0, -1, Infinity].map(log1p)).toEqual([0, -Infinity, Infinity])
    expect(log1p(-2)).toBeNaN()
    expect([0, -50, -Infinity, Infinity].map(expm1)).toEqual([0, -1, -1, Infinity])
    expect([sin(0), cos(0)]).toEqual([0, 1])
    expect(() => sin(1e7)).toThrow(RangeError)
    expect(() => cos(NaN)).toThrow(RangeError)
    expect([pow(0, 2), pow(0, 0), pow(0, -1), pow(1, Infinity)]).toEqual([0, 1, Infinity, 1])
    expect([pow(Infinity, 2), pow(Infinity, -2), pow(9, 0)]).toEqual([Infinity, 0, 1])
    expect([pow(10, 400), pow(10, -400), pow(2, -1074)]).toEqual([Infinity, 0, 5e-324])
    expect(pow(-8, 2)).toBeNaN()
  })
})

describe('the quantile of the normal distribution', () => {
  it.each([
    [1e-20, -9.26234008979840758],
    [1e-9, -5.9978070150076868614],
    [0.001, -3.0902323061678135354],
    [0.02425, -1.9729610513118848376],
    [0.075, -1.4395314709384559349],
    [0.3, -0.52440051270804081597],
    [0.49999, -0.000025066282748960008527],
    [0.5, 0],
    [0.6, 0.25334710313579974132],
    [0.99, 2.3263478740408407676],
    [0.999999, 4.7534243088170877657],
    [1 - 2 ** -53, 8.2095361516013868556],
  ])('of %d is %d', (p, quantile) => {
    expect(Math.abs(normalQuantile(p) - quantile)).toBeLessThanOrEqual(2e-15 * Math.abs(quantile))
  })

  it('is infinite at the ends and nothing outside', () => {
    expect([0, 1].map(normalQuantile)).toEqual([-Infinity, Infinity])
    expect([-0.1, 1.1, NaN].map(normalQuantile)).toEqual([NaN, NaN, NaN])
  })

  it('is the inverse of the probability', () => {
    for (let z = -8; z < 6; z += 0.01) {
      const p = maths.normalProbability(z)
      expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(1e-8)
    }
  })
})

describe('the logarithm of the gamma function', () => {
  it.each([
    [1e-5, 11.512919692895825626],
    [0.1, 2.252712651734205902],
    [0.5, 0.57236494292470008707],
    [0.9, 0.066376239734742954426],
    [1.5, -0.12078223763524522235],
    [2.5, 0.28468287047291915963],
    [3.3, 0.98709857789473440406],
    [10, 12.801827480081469611],
    [50.5, 146.51925549072062722],
    [1e4, 82099.717496442377273],
    [1e8, 1742068066.1038347093],
  ])('of %d is %d', (x, value) => {
    expect(Math.abs(lnGamma(x) - value)).toBeLessThan(1e-13 * Math.max(0.1, Math.abs(value)))
  })
})

describe('the quantile of the gamma distribution', () => {
  it.each([
    [0.01, 0.01, 5.660738147061307e-201],
    [0.01, 0.5, 4.465535018910562e-31],
    [0.01, 0.999, 1.509084147694745],
    [0.1, 1e-12, 6.073048362407918e-121],
    [0.1, 0.01, 6.073048362407912e-21],
    [0.1, 0.9, 0.266154553738837],
    [0.5, 0.3, 0.07423593091627269],
    [0.5, 1 - 1e-9, 18.66244655325936],
    [0.9, 1e-6, 2.0631059928342241e-7],
    [1, 0.5, Math.LN2],
    [1, 0.999, 6.907755278982137],
    [2.5, 1e-12, 2.5623217484152705e-5],
    [2.5, 0.9, 4.618178449890562],
    [5, 0.01, 1.2791060800936032],
    [20, 0.999, 36.70097875949551],
    [100, 1e-6, 59.43632069812289],
    [1000, 0.5, 999.6666864269652],
    [1e5, 1e-12, 97791.63586923578],
    [1e5, 0.999, 100980.06779195923],
  ])('of shape %d at %d is %d', (shape, p, quantile) => {
    expect(Math.abs(gammaQuantile(shape, p) / quantile - 1)).toBeLessThan(1e-8)
  })

  it('rises from 0 to infinity, for all shapes', () => {
    for (const shape of [0.001, 0.3, 1, 7, 333, 1e6]) {
      let last = 0
      for (let index = 1; index < 200; index++) {
        const quantile = gammaQuantile(shape, index / 200)
        if (!(quantile > last || quantile === 0)) expect.fail(`${shape} at ${index}`)
        last = quantile
      }
      expect([gammaQuantile(shape, 0), gammaQuantile(shape, 1)]).toEqual([0, Infinity])
    }
  })
})

describe('the bits of all functions', () => {
  it.each<[keyof typeof maths, number[], string]>([
    ['ln', [0.1], 'c0026bb1bbb55515'],
    ['ln', [10], '40026bb1bbb55516'],
    ['ln', [1e-300], 'c085963447f87fb5'],
    ['ln', [1.0000001], '3e7ad7f2847b6492'],
    ['ln', [123456.789], '40277281cad8a844'],
    ['ln', [1.1102230246251565e-16], 'c0425e4f7b2737fa'],
    ['exp', [1], '4005bf0a8b14576a'],
    ['exp', [-1.5], '3fcc8f87724b5c1d'],
    ['exp', [709.5], '7fe81e9b4b52d0c9'],
    ['exp', [-740], '0000000000000055'],
    ['exp', [1e-9], '3ff000000044b830'],
    ['pow', [2, 0.5], '3ff6a09e667f3bcc'],
    ['pow', [10, -2.5], '3f69e7c6e43390b7'],
    ['pow', [1.0001, 12345], '400b7dd84483e522'],
    ['pow', [0.3, 7.7], '3f18ae7e5b4e6baf'],
    ['log1p', [1e-9], '3e112e0be801f1d9'],
    ['log1p', [0.4], '3fd588c2d913348f'],
    ['expm1', [1e-9], '3e112e0be84bbb51'],
    ['expm1', [-0.7], 'bfe01bf92311555f'],
    ['expm1', [3.3], '403a1cd5e7807b7b'],
    ['sin', [0.5], '3fdeaee8744b05f0'],
    ['sin', [100], 'bfe03425b78c4db8'],
    ['sin', [-123456.7], '3feffa4cf2bce7e5'],
    ['cos', [0.5], '3fec1528065b7d50'],
    ['cos', [3], 'bfefae04be85e5d2'],
    ['cos', [100000], 'bfeffac3841b3da7'],
    ['normalQuantile', [0.001], 'c008b8cbb7204470'],
    ['normalQuantile', [0.3], 'bfe0c7e39582c5fa'],
    ['normalQuantile', [0.975], '3fff5c0331eeff82'],
    ['lnGamma', [0.5], '3fe250d048e7a1b0'],
    ['lnGamma', [7.3], '401c97712336d05f'],
    ['lnGamma', [10000], '40f40b3b7add8cb0'],
    ['gammaQuantile', [2.5, 0.3], '3ff7ffcfd5c9aa67'],
    ['gammaQuantile', [0.2, 0.9], '3fe35b5c1cbd2cd9'],
    ['gammaQuantile', [50, 0.99], '4050f9d0ad1c8e51'],
  ])('of %s at %j are always %s', (name, values, bits) => {
    const [a, b] = values as [number, number]
    const result = maths[name](a, b)
    expect(BigInt.asUintN(64, bitsOf(result)).toString(16).padStart(16, '0')).toBe(bits)
  })
})
