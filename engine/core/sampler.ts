import type { Distribution, DistributionOf } from './distribution.ts'
import { exp, gammaQuantile, ln, normalQuantile, pow } from './math.ts'
import { weightsOf } from './moments.ts'
import { deriveKey, Dice } from './random.ts'
import type { Key } from './random.ts'

// The kinds as small integers, because a switch on them is fast; the exponential one comes first.
const EXPONENTIAL = 0
const CONSTANT = 1
const UNIFORM = 2
const LOGNORMAL = 3
const NORMAL = 4
const GAMMA = 5
const PARETO = 6
const WEIBULL = 7
const HYPEREXPONENTIAL = 8
const EMPIRICAL = 9
const ZIPF = 10
const MIXTURE = 11

/**
 * Draws variates of a distribution, by inversion: the variate is the quantile of one uniform draw,
 * which is a function of the key and of two counter words. So the same counter words give the same
 * luck whatever else happens, and a larger draw a larger variate. (A mixture takes one more draw,
 * from a key of its own, to choose the part.)
 */
export class Sampler extends Dice {
  readonly distribution: Distribution
  private form = CONSTANT
  /** Parameters of the quantile function, by form; a and b are scale and shape where it has them. */
  private a = 0
  private b = 0
  private c = 0
  /** Of a discrete choice, the probability of each case or one before it. */
  private steps: Float64Array = NOTHING
  private values: Float64Array = NOTHING
  private readonly parts: Sampler[] = []

  /** @throws RangeError when a parameter is out of range */
  constructor(distribution: Distribution, key: Key) {
    super(key)
    this.distribution = distribution
    this.prepare(distribution)
    if (distribution.kind === 'mixture') this.prepareParts(distribution, key)
  }

  /** The variate for two counter words (int32), in the unit of the distribution's parameters. */
  value(c0: number, c1: number): number {
    if (this.form === CONSTANT) return this.a
    const sampler = this.form === MIXTURE ? this.part(c0, c1) : this
    variate[0] = sampler.uniform(c0, c1)
    sampler.invert()
    return variate[0]
  }

  /** The variate as a duration: rounded half up to an integer of ns, not below 0. */
  duration(c0: number, c1: number): number {
    // By far the most common; what `value` would answer, without the way there.
    if (this.form === EXPONENTIAL) return Math.floor(0.5 - this.a * ln(1 - this.uniform(c0, c1)))
    return Math.floor(this.value(c0, c1) + 0.5)
  }

  /** The sampler for the part of a mixture that is drawn, which is no mixture. */
  private part(c0: number, c1: number): Sampler {
    const part = this.parts[stepOf(this.steps, this.uniform(c0, c1))]!
    return part.form === MIXTURE ? part.part(c0, c1) : part
  }

  /** Replaces the uniform draw in `variate` by its quantile. */
  private invert(): void {
    if (this.form === EXPONENTIAL) variate[0] = -this.a * ln(1 - variate[0]!)
    else this.invertRare()
  }

  private invertRare(): void {
    const u = variate[0]!
    const { a, b } = this
    switch (this.form) {
      case UNIFORM:
        variate[0] = a + b * u
        return
      case LOGNORMAL:
        variate[0] = a * exp(b * normalQuantile(u))
        return
      case NORMAL:
        variate[0] = Math.max(0, a + b * normalQuantile(u))
        return
      case GAMMA:
        variate[0] = a * gammaQuantile(b, u)
        return
      case PARETO:
        variate[0] = a * pow(1 - u, b)
        return
      case WEIBULL:
        variate[0] = a * pow(-ln(1 - u), b)
        return
      case HYPEREXPONENTIAL:
        variate[0] = this.hyperexponential(u)
        return
      case EMPIRICAL:
        variate[0] = this.values[stepOf(this.steps, u)]!
        return
      case ZIPF:
        variate[0] = stepOf(this.steps, u)
        return
      default:
        variate[0] = a
    }
  }

  /** The draw chooses the branch, and what is left of it is the draw within the branch. */
  private hyperexponential(u: number): number {
    const { a, b, c } = this
    return u < a ? -b * ln(1 - u / a) : -c * ln((1 - u) / (1 - a))
  }

  private prepare(d: Distribution): void {
    switch (d.kind) {
      case 'constant':
        return this.set(CONSTANT, atLeastZero(d.value, 'value'))
      case 'exponential':
        return this.set(EXPONENTIAL, atLeastZero(d.mean, 'mean'))
      case 'uniform':
        return this.prepareUniform(d)
      case 'lognormal':
        return this.prepareLognormal(d)
      case 'normal':
        return this.set(NORMAL, finite(d.mean, 'mean'), atLeastZero(d.deviation, 'deviation'))
      case 'gamma':
        return this.prepareGamma(d.mean, positive(d.shape, 'shape'))
      case 'erlang':
        return this.prepareGamma(d.mean, positiveInteger(d.stages, 'stages'))
      case 'pareto':
        return this.set(PARETO, atLeastZero(d.minimum, 'minimum'), -1 / positive(d.alpha, 'alpha'))
      case 'weibull':
        return this.set(WEIBULL, atLeastZero(d.scale, 'scale'), 1 / positive(d.shape, 'shape'))
      case 'hyperexponential':
        return this.prepareHyperexponential(d)
      case 'empirical':
        return this.prepareEmpirical(d)
      case 'zipf':
        return this.prepareZipf(d)
      case 'mixture':
        return this.prepareMixture(d)
    }
  }

  private set(form: number, a = 0, b = 0, c = 0): void {
    this.form = form
    this.a = a
    this.b = b
    this.c = c
  }

  private prepareUniform(d: DistributionOf<'uniform'>): void {
    const width = atLeastZero(finite(d.to, 'to') - atLeastZero(d.from, 'from'), 'to - from')
    this.set(UNIFORM, d.from, width)
  }

  private prepareLognormal(d: DistributionOf<'lognormal'>): void {
    const sigma = atLeastZero(d.sigma, 'sigma')
    this.set(LOGNORMAL, atLeastZero(d.mean, 'mean') * exp((-sigma * sigma) / 2), sigma)
  }

  private prepareGamma(mean: number, shape: number): void {
    const scale = atLeastZero(mean, 'mean') / shape
    if (shape === 1) this.set(EXPONENTIAL, scale)
    else this.set(GAMMA, scale, shape)
  }

  private prepareHyperexponential(d: DistributionOf<'hyperexponential'>): void {
    const probability = atLeastZero(d.probability, 'probability')
    atLeastZero(1 - probability, '1 - probability')
    const { mean, otherMean } = d
    this.set(
      HYPEREXPONENTIAL,
      probability,
      atLeastZero(mean, 'mean'),
      atLeastZero(otherMean, 'otherMean'),
    )
  }

  private prepareEmpirical(d: DistributionOf<'empirical'>): void {
    this.set(EMPIRICAL)
    this.steps = stepsOf(weightsOf(d), d.values.length)
    this.values = Float64Array.from(d.values, (value) => atLeastZero(value, 'value'))
  }

  private prepareZipf(d: DistributionOf<'zipf'>): void {
    this.set(ZIPF)
    positiveInteger(d.items, 'items')
    if (d.items > 1e6) throw new RangeError('a zipf distribution has at most a million items')
    finite(d.exponent, 'exponent')
    this.steps = zipfSteps(d)
  }

  private prepareMixture(d: DistributionOf<'mixture'>): void {
    this.set(MIXTURE)
    this.steps = stepsOf(d.weights, d.parts.length)
  }

  private prepareParts(d: DistributionOf<'mixture'>, key: Key): void {
    d.parts.forEach((part, index) => {
      this.parts.push(new Sampler(part, deriveKey(key, 'part', String(index))))
    })
  }
}

/** Scratch: the draw in hand; so it need not be put into a box to be handed over. */
const variate = new Float64Array(1)

const NOTHING = new Float64Array(0)

/** The running sum of the weights, scaled to end at 1. */
function stepsOf(weights: ArrayLike<number>, cases: number): Float64Array {
  if (weights.length !== cases) throw new RangeError('each case needs one weight')
  const steps = new Float64Array(weights.length)
  let sum = 0
  for (let index = 0; index < weights.length; index++) {
    sum += atLeastZero(weights[index]!, 'weight')
    steps[index] = sum
  }
  positive(sum, 'the sum of the weights')
  for (let index = 0; index < steps.length; index++) steps[index] = steps[index]! / sum
  return steps
}

/** The first case whose step exceeds u, by binary search. */
function stepOf(steps: Float64Array, u: number): number {
  let low = 0
  let high = steps.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (steps[middle]! > u) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * Tables that samplers of one and the same distribution object share. A pure memory: it changes
 * no result, and an entry lives no longer than its distribution.
 */
const zipfTables = new WeakMap<Distribution, Float64Array>()

function zipfSteps(d: DistributionOf<'zipf'>): Float64Array {
  let steps = zipfTables.get(d)
  if (steps === undefined) {
    steps = stepsOf(weightsOf(d), d.items)
    zipfTables.set(d, steps)
  }
  return steps
}

function finite(value: number, what: string): number {
  if (!Number.isFinite(value)) throw new RangeError(`${what} must be a finite number, not ${value}`)
  return value
}

function atLeastZero(value: number, what: string): number {
  if (finite(value, what) < 0) throw new RangeError(`${what} must not be negative: ${value}`)
  return value
}

function positive(value: number, what: string): number {
  if (finite(value, what) <= 0) throw new RangeError(`${what} must be above 0, not ${value}`)
  return value
}

function positiveInteger(value: number, what: string): number {
  if (!Number.isInteger(positive(value, what))) {
    throw new RangeError(`${what} must be an integer, not ${value}`)
  }
  return value
}
