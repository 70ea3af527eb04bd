/** Distributions: `8ms`, `lognormal(5ms 0.5)`, `p50=20ms p99=90ms`. */
import { type Distribution, fitQuantiles } from '../../core/distribution.ts'
import { type Expression, parseExpressions } from '../text/expression.ts'
import type { z } from 'zod'
import { type Form, readArgument, readForm, type Unit, wordOf } from './forms.ts'
import { type About, type Reading, accept, isMapping, leaf, refuse } from './leaf.ts'
import { plainNumber, share } from './values.ts'

/** All shapes but mixtures, which hold others. */
export const DISTRIBUTIONS: readonly Form<Distribution>[] = [
  {
    word: 'constant',
    args: ['value'],
    example: 'constant(5ms)',
    help: 'always the same; `5ms` alone means this too',
    build: ([value]) => ({ kind: 'constant', value: value! }),
  },
  {
    word: 'exponential',
    args: ['positive'],
    example: 'exponential(8ms)',
    help: 'mean',
    build: ([mean]) => ({ kind: 'exponential', mean: mean! }),
  },
  {
    word: 'uniform',
    args: ['value', 'value'],
    example: 'uniform(1ms 3ms)',
    help: 'least and most',
    check: ([from, to]) =>
      from! > to! ? 'the first value must not be above the second' : undefined,
    build: ([from, to]) => ({ kind: 'uniform', from: from!, to: to! }),
  },
  {
    word: 'lognormal',
    args: ['positive', 'number'],
    example: 'lognormal(5ms 0.5)',
    help: 'mean, and the sigma of its logarithm',
    check: ([, sigma]) => (sigma! > 5 ? 'its sigma must be at most 5' : undefined),
    build: ([mean, sigma]) => ({ kind: 'lognormal', mean: mean!, sigma: sigma! }),
  },
  {
    word: 'normal',
    args: ['value', 'value'],
    example: 'normal(20ms 4ms)',
    help: 'mean and standard deviation; cut off at 0',
    build: ([mean, deviation]) => ({ kind: 'normal', mean: mean!, deviation: deviation! }),
  },
  {
    word: 'gamma',
    args: ['positive', 'above0'],
    example: 'gamma(8ms 2)',
    help: 'mean and shape',
    build: ([mean, shape]) => ({ kind: 'gamma', mean: mean!, shape: shape! }),
  },
  {
    word: 'erlang',
    args: ['positive', 'stages'],
    example: 'erlang(8ms 3)',
    help: 'mean and number of exponential stages',
    build: ([mean, stages]) => ({ kind: 'erlang', mean: mean!, stages: stages! }),
  },
  {
    word: 'pareto',
    args: ['positive', 'above0'],
    example: 'pareto(2ms 1.5)',
    help: 'least value and alpha; a heavy tail',
    build: ([minimum, alpha]) => ({ kind: 'pareto', minimum: minimum!, alpha: alpha! }),
  },
  {
    word: 'weibull',
    args: ['positive', 'above0'],
    example: 'weibull(8ms 1.5)',
    help: 'scale and shape',
    build: ([scale, shape]) => ({ kind: 'weibull', scale: scale!, shape: shape! }),
  },
  {
    word: 'hyperexponential',
    args: ['share', 'positive', 'positive'],
    example: 'hyperexponential(90% 5ms 50ms)',
    help: 'share of the first mean, first mean, second mean',
    build: ([probability, mean, otherMean]) => ({
      kind: 'hyperexponential',
      probability: probability!,
      mean: mean!,
      otherMean: otherMean!,
    }),
  },
  {
    word: 'empirical',
    args: ['value'],
    more: true,
    example: 'empirical(1ms 2ms 5ms)',
    help: 'one of these, each as likely',
    build: (values) => ({ kind: 'empirical', values }),
  },
]

/** Examples for editors and the reference. */
export const DISTRIBUTION_EXAMPLES = [
  ...DISTRIBUTIONS.map((form) => form.example),
  'mixture(90% exponential(5ms) 10% exponential(50ms))',
  'p50=20ms p99=90ms',
]

/** A distribution of durations or sizes. */
export function distribution(unit: Unit, about: About): z.ZodType<Distribution> {
  const weighted = { type: 'object', required: ['empirical'], additionalProperties: false }
  const values = { type: 'object', additionalProperties: { type: 'number' } }
  return leaf((value) => readDistribution(value, unit), {
    ...about,
    anyOf: [{ type: 'string' }, { ...weighted, properties: { empirical: values } }],
    examples: unit === 'duration' ? DISTRIBUTION_EXAMPLES : ['2kB', 'exponential(20kB)'],
  })
}

/** Whether a value is the mapping form of a distribution: `{ empirical: { 1ms: 3, 2ms: 1 } }`. */
export function isWeighted(value: unknown): value is { empirical: Record<string, unknown> } {
  return isMapping(value) && Object.keys(value).length === 1 && isMapping(value['empirical'])
}

/** Reads a distribution. */
export function readDistribution(value: unknown, unit: Unit): Reading<Distribution> {
  if (isWeighted(value)) return readWeighted(value.empirical, unit)
  const text = wordOf(value)
  if (text === undefined) return noDistribution(unit)
  const items = parseExpressions(text)
  if (typeof items === 'string')
    return refuse('E_SYNTAX', items, 'Write it like lognormal(5ms 0.5).')
  return readItems(items, unit)
}

function noDistribution(unit: Unit): Reading<Distribution> {
  const example = unit === 'size' ? '20kB or exponential(20kB)' : '8ms or lognormal(8ms 0.5)'
  return refuse('E_TYPE', `it must be a distribution such as ${example}`)
}

function readItems(items: readonly Expression[], unit: Unit): Reading<Distribution> {
  const [first, second] = items
  if (!first) return noDistribution(unit)
  if (items.length === 2 && first.word.startsWith('p50=') && second!.word.startsWith('p99=')) {
    return readQuantiles(first, second!, unit)
  }
  if (items.length > 1) {
    return refuse('E_SYNTAX', 'it must be one distribution', 'Write it like lognormal(5ms 0.5).')
  }
  return readOne(first, unit)
}

function readOne(expression: Expression, unit: Unit): Reading<Distribution> {
  if (expression.word === 'mixture') return readMixture(expression.args ?? [], unit)
  if (expression.args) return readForm(DISTRIBUTIONS, expression, unit)
  if (DISTRIBUTIONS.some((form) => form.word === expression.word)) {
    return readForm(DISTRIBUTIONS, expression, unit)
  }
  const value = readArgument('value', expression, unit)
  return value.ok ? accept({ kind: 'constant', value: value.value }) : value
}

function readQuantiles(first: Expression, second: Expression, unit: Unit): Reading<Distribution> {
  const p50 = readArgument('positive', { ...first, word: first.word.slice(4) }, unit)
  const p99 = readArgument('positive', { ...second, word: second.word.slice(4) }, unit)
  if (!p50.ok) return p50
  if (!p99.ok) return p99
  if (p99.value < p50.value) return refuse('E_RANGE', 'p99 must not be below p50')
  return accept(fitQuantiles(p50.value, p99.value))
}

function readMixture(args: readonly Expression[], unit: Unit): Reading<Distribution> {
  const weights: number[] = []
  const parts: Distribution[] = []
  const example = 'Write it like mixture(90% exponential(5ms) 10% exponential(50ms)).'
  if (args.length === 0 || args.length % 2 === 1) {
    return refuse('E_TYPE', 'mixture takes pairs of a share and a distribution', example)
  }
  for (let index = 0; index < args.length; index += 2) {
    const weight = readArgument('share', args[index]!, unit)
    const part = readOne(args[index + 1]!, unit)
    if (!weight.ok) return weight
    if (!part.ok) return part
    weights.push(weight.value)
    parts.push(part.value)
  }
  const sum = sumOf(weights)
  if (!isOne(sum)) return refuse('E_RANGE', `shares sum to ${percent(sum)}, must be 100%`, example)
  return accept({ kind: 'mixture', weights, parts })
}

function readWeighted(weighted: Record<string, unknown>, unit: Unit): Reading<Distribution> {
  const values: number[] = []
  const weights: number[] = []
  for (const [key, weight] of Object.entries(weighted)) {
    const value = readArgument('value', { word: key, args: undefined }, unit)
    if (!value.ok) return value
    const reading = plainNumber({ min: 0, max: 1e9 })(weight)
    const portion = reading.ok ? reading : share()(weight)
    if (!portion.ok)
      return refuse(reading.ok ? 'E_TYPE' : reading.code, `weight of ${key}: ${portion.says}`)
    values.push(value.value)
    weights.push(portion.value)
  }
  if (!(sumOf(weights) > 0)) return refuse('E_RANGE', 'its weights must sum to more than 0')
  return accept({ kind: 'empirical', values, weights })
}

/** Sum of shares. */
export function sumOf(shares: readonly number[]): number {
  let sum = 0
  for (const value of shares) sum += value
  return sum
}

/** Whether shares sum to 1, but for rounding. */
export function isOne(sum: number): boolean {
  return Math.abs(sum - 1) <= 1e-9
}

/** A share as a percentage. */
export function percent(value: number): string {
  return `${Number((value * 100).toPrecision(10))}%`
}
