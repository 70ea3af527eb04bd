/** When requests come, and which keys they ask for: `poisson(300/s)`, `zipf(1000 0.9)`. */
import type { z } from 'zod'
import type { Arrivals, KeySpec } from '../scenario.ts'
import { parseExpressions } from '../text/expression.ts'
import { readDistribution } from './distribution.ts'
import { type Form, readArgument, readForm } from './forms.ts'
import { type Reading, accept, leaf, refuse } from './leaf.ts'
import { quantity } from './values.ts'

/** All shapes of arrivals but `gaps`, which holds a distribution. */
export const ARRIVALS: readonly Form<Arrivals>[] = [
  {
    word: 'poisson',
    args: ['rate'],
    example: 'poisson(300/s)',
    help: 'independent requests at a mean rate',
    build: ([rate]) => ({ kind: 'poisson', rate: rate! }),
  },
  {
    word: 'constant',
    args: ['rate'],
    example: 'constant(100/s)',
    help: 'evenly spaced requests',
    build: ([rate]) => ({ kind: 'constant', rate: rate! }),
  },
  {
    word: 'ramp',
    args: ['anyRate', 'anyRate', 'span'],
    example: 'ramp(10/s 500/s 60s)',
    help: 'first rate, last rate, how long it takes to get there',
    check: ([from, to]) => (from === 0 && to === 0 ? 'no requests will be generated' : undefined),
    build: ([from, to, over]) => ({ kind: 'ramp', from: from!, to: to!, over: over! }),
  },
  {
    word: 'spike',
    args: ['rate', 'rate', 'value', 'span'],
    example: 'spike(100/s 900/s 30s 5s)',
    help: 'usual rate, peak rate, when the peak starts, how long it lasts',
    build: ([rate, peak, at, span]) => ({
      kind: 'spike',
      rate: rate!,
      peak: peak!,
      at: at!,
      for: span!,
    }),
  },
  {
    word: 'diurnal',
    args: ['rate', 'anyRate', 'span'],
    example: 'diurnal(100/s 50/s 60s)',
    help: 'mean rate, amplitude, period of a sine wave',
    check: ([mean, amplitude]) =>
      amplitude! > mean! ? 'its amplitude must not be above its mean' : undefined,
    build: ([mean, amplitude, period]) => ({
      kind: 'diurnal',
      mean: mean!,
      amplitude: amplitude!,
      period: period!,
    }),
  },
  {
    word: 'bursty',
    args: ['anyRate', 'rate', 'span', 'span'],
    example: 'bursty(10/s 200/s 5s 1s)',
    help: 'quiet rate, busy rate, mean length of quiet and of busy times',
    build: ([quiet, busy, quietFor, busyFor]) => ({
      kind: 'bursty',
      quiet: quiet!,
      busy: busy!,
      quietFor: quietFor!,
      busyFor: busyFor!,
    }),
  },
  {
    word: 'trace',
    args: ['value'],
    more: true,
    example: 'trace(10ms 25ms 1s)',
    help: 'exactly these moments; a list `[10ms, 25ms, 1s]` means this too',
    check: (times) => (isSorted(times) ? undefined : 'its moments must be in order'),
    build: (times) => ({ kind: 'trace', times }),
  },
]

const EXAMPLES = [...ARRIVALS.map((form) => form.example), 'gaps(gamma(10ms 2))']
const LIKE = 'Write it like poisson(300/s).'

function isSorted(times: readonly number[]): boolean {
  return times.every((time, index) => index === 0 || time >= times[index - 1]!)
}

/** When requests come. */
export const arrivals: z.ZodType<Arrivals> = leaf(readArrivals, {
  description: 'When requests come, whether or not earlier ones were answered (open loop)',
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
  examples: EXAMPLES,
})

function readArrivals(value: unknown): Reading<Arrivals> {
  if (Array.isArray(value)) return readTrace(value)
  if (typeof value === 'number') return readBareRate(value)
  if (typeof value !== 'string') return refuse('E_TYPE', 'it must say when requests come', LIKE)
  const items = parseExpressions(value)
  if (typeof items === 'string') return refuse('E_SYNTAX', items, LIKE)
  const [only] = items
  if (!only || items.length > 1) return refuse('E_SYNTAX', 'it must be one word with values', LIKE)
  if (only.word === 'gaps') return readGaps(value)
  if (only.args || ARRIVALS.some((form) => form.word === only.word)) {
    return readForm(ARRIVALS, only, 'duration')
  }
  return refuse('E_TYPE', 'it must be a word with values, such as poisson(300/s)', LIKE)
}

/** A bare number has no unit, and does not say how requests are spread. */
function readBareRate(value: number): Reading<Arrivals> {
  const rate = quantity('rate')(value)
  if (rate.ok || rate.code === 'E_RANGE') return rate.ok ? refuse('E_UNIT', 'it has no unit') : rate
  return refuse('E_UNIT', rate.says, `Write poisson(${value}/s).`)
}

function readGaps(text: string): Reading<Arrivals> {
  const inner = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'))
  const gap = readDistribution(inner, 'duration')
  if (!gap.ok) return gap
  const isStill = gap.value.kind === 'constant' && gap.value.value <= 0
  if (isStill) return refuse('E_RANGE', 'gaps must be longer than 0s', 'Write gaps(gamma(10ms 2)).')
  return accept({ kind: 'renewal', gap: gap.value })
}

function readTrace(values: readonly unknown[]): Reading<Arrivals> {
  const times: number[] = []
  for (const [index, value] of values.entries()) {
    const time = quantity('duration', { min: 0, max: 8_640_000_000_000_000 })(value)
    if (!time.ok) return { ...time, says: `item ${index + 1}: ${time.says}` }
    times.push(time.value)
  }
  if (!isSorted(times)) return refuse('E_RANGE', 'its moments must be in order')
  return times.length > 0
    ? accept({ kind: 'trace', times })
    : refuse('E_RANGE', 'it needs a moment')
}

/** Which keys requests ask for. */
export const KEYS: readonly Form<KeySpec>[] = [
  {
    word: 'uniform',
    args: ['count'],
    example: 'uniform(1000)',
    help: 'number of keys, each as likely',
    build: ([items]) => ({ kind: 'uniform', items: items! }),
  },
  {
    word: 'zipf',
    args: ['count', 'number'],
    example: 'zipf(1000 0.9)',
    help: 'number of keys, and how much more popular the first are',
    build: ([items, exponent]) => ({ kind: 'zipf', items: items!, exponent: exponent! }),
  },
]

/** Which keys requests ask for. */
export const keys: z.ZodType<KeySpec> = leaf(readKeys, {
  type: 'string',
  description: 'Which keys requests ask for',
  examples: KEYS.map((form) => form.example),
})

function readKeys(value: unknown): Reading<KeySpec> {
  const says = 'it must say how keys are spread'
  const items = typeof value === 'string' ? parseExpressions(value) : says
  if (typeof items === 'string') return refuse('E_TYPE', items, 'Write it like zipf(1000 0.9).')
  const [only] = items
  if (items.length === 1 && only?.args) return readForm(KEYS, only, 'duration')
  const bare = only ? readArgument('count', only, 'duration') : undefined
  const hint = bare?.ok ? `Write uniform(${bare.value}).` : 'Write it like zipf(1000 0.9).'
  return refuse('E_TYPE', says, hint)
}
