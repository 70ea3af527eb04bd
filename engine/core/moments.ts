import type { Distribution, DistributionOf } from './distribution.ts'
import { exp, lnGamma, normalProbability, pow } from './math.ts'

/** The exact mean; Infinity where there is none. */
export function meanOf(d: Distribution): number {
  switch (d.kind) {
    case 'constant':
      return d.value
    case 'exponential':
    case 'lognormal':
    case 'gamma':
    case 'erlang':
      return d.mean
    case 'uniform':
      return (d.from + d.to) / 2
    case 'normal':
      return momentsOfCutNormal(d.mean, d.deviation).mean
    case 'pareto':
      return d.alpha > 1 ? (d.alpha * d.minimum) / (d.alpha - 1) : Infinity
    case 'weibull':
      return d.scale * gammaOf(1 + 1 / d.shape)
    case 'hyperexponential':
      return d.probability * d.mean + (1 - d.probability) * d.otherMean
    case 'empirical':
    case 'zipf':
    case 'mixture':
      return momentsOfDiscrete(d).mean
  }
}

/** The exact variance; Infinity where there is none. */
export function varianceOf(d: Distribution): number {
  switch (d.kind) {
    case 'constant':
      return 0
    case 'exponential':
      return d.mean * d.mean
    case 'uniform':
      return ((d.to - d.from) * (d.to - d.from)) / 12
    case 'lognormal':
      return d.mean * d.mean * (exp(d.sigma * d.sigma) - 1)
    case 'normal':
      return momentsOfCutNormal(d.mean, d.deviation).variance
    case 'gamma':
      return (d.mean * d.mean) / d.shape
    case 'erlang':
      return (d.mean * d.mean) / d.stages
    case 'pareto':
      return varianceOfPareto(d.minimum, d.alpha)
    case 'weibull':
      return varianceOfWeibull(d.scale, d.shape)
    case 'hyperexponential':
      return varianceOfHyperexponential(d)
    case 'empirical':
    case 'zipf':
    case 'mixture':
      return momentsOfDiscrete(d).variance
  }
}

interface Moments {
  mean: number
  variance: number
}

function momentsOfCutNormal(mean: number, deviation: number): Moments {
  if (deviation === 0) return { mean: Math.max(0, mean), variance: 0 }
  const z = mean / deviation
  const above = normalProbability(z)
  const density = exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)
  const first = mean * above + deviation * density
  const second = (mean * mean + deviation * deviation) * above + mean * deviation * density
  return { mean: first, variance: second - first * first }
}

function varianceOfPareto(minimum: number, alpha: number): number {
  if (alpha <= 2) return Infinity
  return (minimum * minimum * alpha) / ((alpha - 1) * (alpha - 1) * (alpha - 2))
}

function varianceOfWeibull(scale: number, shape: number): number {
  const mean = gammaOf(1 + 1 / shape)
  return scale * scale * (gammaOf(1 + 2 / shape) - mean * mean)
}

function varianceOfHyperexponential(d: DistributionOf<'hyperexponential'>): number {
  const other = 1 - d.probability
  const second = 2 * (d.probability * d.mean * d.mean + other * d.otherMean * d.otherMean)
  const mean = meanOf(d)
  return second - mean * mean
}

function gammaOf(x: number): number {
  return exp(lnGamma(x))
}

/** By summing over the cases; a part's own variance counts besides that between the parts. */
function momentsOfDiscrete(d: DistributionOf<'empirical' | 'zipf' | 'mixture'>): Moments {
  const weights = weightsOf(d)
  let total = 0
  let sum = 0
  for (let index = 0; index < weights.length; index++) {
    total += weights[index]!
    sum += weights[index]! * meanOfCase(d, index)
  }
  const mean = sum / total
  let squares = 0
  for (let index = 0; index < weights.length; index++) {
    const apart = meanOfCase(d, index) - mean
    const own = d.kind === 'mixture' ? varianceOf(d.parts[index]!) : 0
    if (weights[index]! > 0) squares += weights[index]! * (apart * apart + own)
  }
  return { mean, variance: squares / total }
}

function meanOfCase(d: DistributionOf<'empirical' | 'zipf' | 'mixture'>, index: number): number {
  if (d.kind === 'zipf') return index
  return d.kind === 'empirical' ? d.values[index]! : meanOf(d.parts[index]!)
}

/** The weight of each case of a discrete choice. */
export function weightsOf(d: DistributionOf<'empirical' | 'zipf' | 'mixture'>): ArrayLike<number> {
  if (d.kind === 'mixture') return d.weights
  if (d.kind === 'empirical') return d.weights ?? new Float64Array(d.values.length).fill(1)
  const weights = new Float64Array(d.items)
  for (let rank = 0; rank < d.items; rank++) weights[rank] = pow(rank + 1, -d.exponent)
  return weights
}
