/**
 * What drawn lines of `expect` mean, over three seeds of a small storm, and what is wrong with those that mean nothing.
 * `UPDATE=1 npx vitest run --project node tests/engine/scenario/expect-golden.test.ts` takes in what is meant to change.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { patterns } from '../../../engine/patterns/index.ts'
import { METRICS } from '../../../engine/results/metrics.ts'
import type { Metric, MetricArgument } from '../../../engine/results/metric.ts'
import { Run } from '../../../engine/run.ts'
import { needsSeries } from '../../../engine/scenario/expect/ast.ts'
import { evaluateExpectation, type SeedResults } from '../../../engine/scenario/expect/evaluate.ts'
import { parseExpectation } from '../../../engine/scenario/expect/parse.ts'
import { readTask } from '../../../engine/scenario/read.ts'
import { fingerprint, kept } from '../../support/kept.ts'
import { storm } from '../../workers/files.ts'

const FILE = new URL('expect-golden.json', import.meta.url)
const LINES = 3000

const ARGUMENTS: Readonly<Record<MetricArgument['kind'], readonly string[]>> = {
  service: ['ledger', 'front'],
  edge: ["'front -> ledger'", 'users -> front'],
  class: ['users', "'*'"],
  window: ['2s..9s', '0s..12s'],
  time: ['6s', '500ms'],
  signal: ['breaker.circuit', "'breaker@front -> ledger.refused'", 'retries.budget'],
  state: ['open', 'closed'],
}

/** The first nine times of ten, any of the rest else. */
function often(first: string, ...rest: readonly string[]) {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(first) }, pick(...rest))
}
const pick = (...words: readonly string[]) => fc.constantFrom(...words)
/** Nothing goes with everything, so that many a line has a meaning. */
const number = often('0', '1', '5', '20%', '95%', '500ms', '2s', '0.5', '100', '-3', '7x', '1e3')

/** A metric with arguments that fit, mostly; sometimes one too few. */
const metric = fc.constantFrom(...METRICS).chain(({ name, args }) => {
  const given = args.map(({ kind }) => pick(...ARGUMENTS[kind]))
  return fc.tuple(often('B', 'A', 'A', ''), fc.tuple(...given), fc.nat(29)).map((drawn) => {
    const [variant, words, few] = drawn
    const some = few === 0 ? words.slice(1) : words
    return `${name}(${[variant, ...some].filter((word) => word !== '').join(', ')})`
  })
})

/** Values within one run, and conditions on them. */
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    metric,
    number,
    fc.tuple(tie('value'), pick('+', '-', '*', '/'), tie('value')).map((part) => part.join(' ')),
    tie('value').map((inner) => `(${inner})`),
    tie('value').map((inner) => `-${inner}`),
  ),
}))
const compares = pick('>', '<', '>=', '<=', '==', '!=')
const both = fc.tuple(value, compares, value).map((part) => part.join(' '))
const condition = fc.oneof(
  both,
  fc.tuple(both, both).map((part) => part.join(' and ')),
)

/** Something over all seeds. */
const aggregate = fc.oneof(
  fc.tuple(pick('mean', 'mean', 'p50', 'p99', 'p90'), value),
  fc.tuple(fc.constant('share'), fc.oneof(condition, value)),
)
const over = aggregate.map(([name, inner]) => `${name}(${inner})`)
const side = fc.oneof(
  { weight: 3, arbitrary: over },
  { weight: 2, arbitrary: number },
  fc.tuple(over, pick('+', '-', '*', '/'), fc.oneof(over, number)).map((part) => part.join(' ')),
)
const one = fc.tuple(over, compares, side).map((part) => part.join(' '))
const many = fc.oneof(
  { weight: 4, arbitrary: one },
  fc.tuple(one, one).map((two) => two.join(' and ')),
)
const line = fc
  .tuple(many, often('3', '1', '0', 'x'), often('seeds', 'seed', ''))
  .map(([text, seeds, word]) => `${text} over ${seeds} ${word}`)

function resultsOf(seed: number): SeedResults {
  const results = ['A', 'B'].map((variant) => {
    const read = readTask(storm({ variant, seed }))
    if (!read.ok) throw new Error('the storm is refused')
    const options = { variant, seed: String(seed), recording: true, catalogue: patterns }
    return [variant, new Run(read.scenario, options).finish()] as const
  })
  return new Map(results)
}

const results = [1, 2, 3].map(resultsOf)

function meaningOf(text: string): string {
  const parsed = parseExpectation(text)
  if (!parsed.ok) return fingerprint(parsed.problem)
  const { tree } = parsed
  const told = [tree, needsSeries(tree), evaluateExpectation(tree, results)]
  return fingerprint(told, (key, part) => (key === 'metric' ? (part as Metric).name : part))
}

it('drawn lines of expect mean what they meant', () => {
  const texts = fc.sample(line, { numRuns: LINES, seed: 5 })
  const meanings = texts.map(meaningOf)
  const sound = texts.filter((text) => parseExpectation(text).ok).length
  // Both have to be there in numbers: what is understood, and what is refused.
  expect(sound).toBeGreaterThan(LINES / 6)
  expect(sound).toBeLessThan(LINES / 2)
  const golden = kept(FILE, meanings.join(' ')).split(' ')
  const parted = meanings.flatMap((meaning, at) => (meaning === golden[at] ? [] : [texts[at]]))
  expect(parted.slice(0, 3)).toEqual([])
})
