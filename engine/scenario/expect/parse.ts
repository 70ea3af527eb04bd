/** From the text of an expectation to its tree, by recursive descent. */
import { type Metric, type MetricUnit, readArguments } from '../../results/metric.ts'
import { METRICS } from '../../results/metrics.ts'
import { didYouMean } from '../text/suggest.ts'
import {
  AGGREGATES,
  type Aggregate,
  type Arithmetic,
  type Comparison,
  type Condition,
  type ExpectationTree,
  type NumberUnit,
  type Value,
} from './ast.ts'
import { ExpectationError, type ExpectationProblem, Reader } from './tokens.ts'

export type ParsedExpectation =
  | { readonly ok: true; readonly tree: ExpectationTree }
  | { readonly ok: false; readonly problem: ExpectationProblem }

const LIKE = 'Write it like mean(served(B)) > 90% over 20 seeds.'
/** Most seeds that one expectation may ask for. */
const MOST_SEEDS = 10_000
const DEEPEST = 16

/** Reads `[mean|share|p50|p99](metric(variant, …) op value) op value over N seeds`. */
export function parseExpectation(
  text: string,
  metrics: readonly Metric[] = METRICS,
): ParsedExpectation {
  try {
    return { ok: true, tree: new Parser(text, metrics).expectation() }
  } catch (error) {
    if (error instanceof ExpectationError) return { ok: false, problem: error.problem }
    throw error
  }
}

/** A metric that is a verdict, such as `recovered`, holds when it is not zero. */
const ZERO: Value = { kind: 'number', value: 0, unit: 'number' }

class Parser {
  private readonly reader: Reader
  private readonly metrics: readonly Metric[]
  private depth = 0

  constructor(text: string, metrics: readonly Metric[]) {
    this.reader = new Reader(text)
    this.metrics = metrics
  }

  expectation(): ExpectationTree {
    const condition = this.condition('seeds')
    const seeds = this.seeds()
    if (!this.reader.atEnd) this.fail('there is something behind the end')
    return { text: this.reader.text, condition, seeds }
  }

  private seeds(): number {
    if (this.reader.word('over') === undefined) {
      this.fail('it does not say over how many seeds', 'End it with: over 20 seeds.')
    }
    const { column } = this.reader
    const count = this.reader.number()
    const isCount = count?.unit === 'number' && Number.isInteger(count.value)
    if (!isCount || count.value < 1 || count.value > MOST_SEEDS) {
      throw new ExpectationError('E_RANGE', column, `seeds must be 1 to ${MOST_SEEDS}`)
    }
    if (this.reader.word('seeds', 'seed') === undefined) this.fail('the word "seeds" is missing')
    return count.value
  }

  private condition(level: Level): Condition {
    const comparisons = [this.comparison(level)]
    while (this.reader.word('and') !== undefined) comparisons.push(this.comparison(level))
    return comparisons
  }

  private comparison(level: Level): Condition[number] {
    const left = this.sum(level)
    const { column } = this.reader
    const operator = this.reader.sign('>=', '<=', '==', '!=', '>', '<') as Comparison | undefined
    if (operator === undefined && level === 'run') return { operator: '!=', left, right: ZERO }
    if (operator === undefined) this.fail('a comparison is missing: >, >=, <, <=, == or !=')
    const right = this.sum(level)
    commonUnit(left, right, column)
    return { operator: operator!, left, right }
  }

  private sum(level: Level): Value {
    if (++this.depth > DEEPEST) this.fail('brackets are nested too deeply')
    let left = this.product(level)
    for (;;) {
      const { column } = this.reader
      const operator = this.reader.sign('+', '-')
      if (operator === undefined) break
      const right = this.product(level)
      commonUnit(left, right, column)
      left = arithmetic(operator as Arithmetic, left, right)
    }
    this.depth--
    return left
  }

  private product(level: Level): Value {
    let left = this.factor(level)
    for (;;) {
      const operator = this.reader.sign('*', '/')
      if (operator === undefined) return left
      left = arithmetic(operator as Arithmetic, left, this.factor(level))
    }
  }

  private factor(level: Level): Value {
    const number = this.reader.number()
    if (number) return { kind: 'number', ...number }
    if (this.reader.sign('-') !== undefined) {
      if (++this.depth > DEEPEST) this.fail('there are too many minus signs')
      const negated = arithmetic('-', ZERO, this.factor(level))
      this.depth--
      return negated
    }
    if (this.reader.sign('(') !== undefined) {
      const value = this.sum(level)
      this.close()
      return value
    }
    return level === 'seeds' ? this.aggregate() : this.metric()
  }

  private aggregate(): Value {
    const { column } = this.reader
    const by = this.reader.word() as Aggregate | undefined
    if (by === undefined || !AGGREGATES.includes(by)) {
      const hint = didYouMean(by ?? '', AGGREGATES)
      const says = `it must start with one of ${AGGREGATES.join(', ')}`
      throw new ExpectationError('E_ENUM', column, says, hint === '' ? LIKE : hint)
    }
    this.open(by)
    const of = by === 'share' ? this.condition('run') : this.sum('run')
    this.close()
    return { kind: 'aggregate', by, of } as Value
  }

  private metric(): Value {
    const { column } = this.reader
    const name = this.reader.word()
    const metric = this.metrics.find((one) => one.name === name)
    if (!metric) throw unknownMetric(name, column, this.metrics)
    this.open(metric.name)
    const parts = [this.reader.argument()]
    while (this.reader.sign(',') !== undefined) parts.push(this.reader.argument())
    this.close()
    return metricValue(metric, parts, column)
  }

  private open(name: string): void {
    if (this.reader.sign('(') === undefined) this.fail(`${name} needs a ( behind it`, LIKE)
  }

  private close(): void {
    if (this.reader.sign(')') === undefined) this.fail('a ) is missing')
  }

  private fail(says: string, hint = LIKE): void {
    throw new ExpectationError('E_SYNTAX', this.reader.column, says, hint)
  }
}

/** Inside an aggregate values belong to one run, outside of it to all seeds. */
type Level = 'seeds' | 'run'

function unknownMetric(name: string | undefined, column: number, metrics: readonly Metric[]) {
  const names = metrics.map((one) => one.name)
  const says =
    name === undefined ? 'a metric is missing' : `there is no metric "${name.slice(0, 40)}"`
  return new ExpectationError('E_ENUM', column, says, didYouMean(name ?? '', names, 'There are'))
}

function metricValue(
  metric: Metric,
  [variant, ...parts]: readonly { text: string; column: number }[],
  column: number,
): Value {
  if (!variant || variant.text === '') {
    throw new ExpectationError('E_SYNTAX', column, `${metric.name} needs a variant`, LIKE)
  }
  const args = readArguments(
    metric,
    parts.map((part) => part.text),
  )
  if ('fault' in args) {
    const at = parts[args.index]?.column ?? column
    throw new ExpectationError(args.code, at, args.fault, args.hint)
  }
  return {
    kind: 'metric',
    metric,
    variant: variant.text,
    args: args.values,
    texts: parts.map((part) => part.text),
    column,
    variantColumn: variant.column,
    argColumns: parts.map((part) => part.column),
  }
}

function arithmetic(operator: Arithmetic, left: Value, right: Value): Value {
  return { kind: 'arithmetic', operator, left, right }
}

const UNIT_WORDS: Readonly<Record<MetricUnit, string>> = {
  share: 'a share (20%)',
  ms: 'a time (500ms)',
  s: 'a number of seconds (5)',
  '1/s': 'a number per second (300)',
  count: 'a number (5)',
}

/** Times are compared with times; a plain number goes with everything else. */
function commonUnit(left: Value, right: Value, column: number): void {
  const [a, b] = [unitOf(left), unitOf(right)]
  if (a === b || (a !== 'ms' && b === 'number') || (b !== 'ms' && a === 'number')) return
  if (isZero(left) || isZero(right)) return
  const names = [a, b].map((unit) => (unit === 'number' ? 'a plain number' : UNIT_WORDS[unit]))
  const says = `${names[0]} and ${names[1]} do not go together`
  throw new ExpectationError('E_UNIT', column, says, 'Give both the same unit.')
}

function isZero(value: Value): boolean {
  return value.kind === 'number' && value.value === 0
}

function unitOf(value: Value): NumberUnit {
  switch (value.kind) {
    case 'number':
      return value.unit
    case 'metric':
      return value.metric.unit
    case 'aggregate':
      return value.by === 'share' ? 'share' : unitOf(value.of)
    case 'arithmetic':
      return unitOfArithmetic(value)
  }
}

function unitOfArithmetic(value: Value & { kind: 'arithmetic' }): NumberUnit {
  const [left, right] = [unitOf(value.left), unitOf(value.right)]
  if (value.operator === '/')
    return left === right ? 'number' : right === 'number' ? left : 'number'
  if (value.operator === '*' && left !== 'number' && right !== 'number') return 'number'
  return left === 'number' ? right : left
}
