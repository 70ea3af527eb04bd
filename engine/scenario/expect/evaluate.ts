/** Whether an expectation held, over a set of seeds. */
import type { VariantResult } from '../../results/result.ts'
import type { Comparison, Condition, ExpectationTree, Value } from './ast.ts'

/** The variants of one seed, by name; the file as it stands is called `run`. */
export type SeedResults = ReadonlyMap<string, VariantResult>

/** What came of an expectation. */
export interface Verdict {
  readonly held: boolean
  /** Left side of the first comparison: what was measured. */
  readonly value: number
  /** Right side of it: what was asked for. */
  readonly bound: number
  /** The measured value seed by seed; for `share` 1 where the condition held, else 0. */
  readonly perSeed: readonly number[]
}

/** Evaluates an expectation on the results of its seeds. */
export function evaluateExpectation(tree: ExpectationTree, seeds: readonly SeedResults[]): Verdict {
  const held = tree.condition.every(({ operator, left, right }) =>
    compare(operator, overSeeds(left, seeds), overSeeds(right, seeds)),
  )
  const [first] = tree.condition
  return {
    held: held && seeds.length > 0,
    value: first ? overSeeds(first.left, seeds) : Number.NaN,
    bound: first ? overSeeds(first.right, seeds) : Number.NaN,
    perSeed: first ? seeds.map((results) => perSeedOf(first.left, results)) : [],
  }
}

function overSeeds(value: Value, seeds: readonly SeedResults[]): number {
  if (value.kind === 'arithmetic') {
    return calculate(value.operator, overSeeds(value.left, seeds), overSeeds(value.right, seeds))
  }
  if (value.kind !== 'aggregate') return value.kind === 'number' ? value.value : Number.NaN
  return aggregate(
    value.by,
    seeds.map((results) => perSeedOf(value, results)),
  )
}

/** The first aggregate of a value, in one seed. */
function perSeedOf(value: Value, results: SeedResults): number {
  if (value.kind === 'aggregate') {
    if (value.by === 'share') return holds(value.of, results) ? 1 : 0
    return inRun(value.of, results)
  }
  if (value.kind !== 'arithmetic') return inRun(value, results)
  return calculate(value.operator, perSeedOf(value.left, results), perSeedOf(value.right, results))
}

function holds(condition: Condition, results: SeedResults): boolean {
  return condition.every(({ operator, left, right }) =>
    compare(operator, inRun(left, results), inRun(right, results)),
  )
}

function inRun(value: Value, results: Pick<SeedResults, 'get'>): number {
  switch (value.kind) {
    case 'number':
      return value.value
    case 'arithmetic':
      return calculate(value.operator, inRun(value.left, results), inRun(value.right, results))
    case 'metric': {
      const result = results.get(value.variant)
      return result ? value.metric.compute(result, value.args) : Number.NaN
    }
    case 'aggregate':
      return Number.NaN
  }
}

/** What a value comes to in one run, whichever variant it names. */
export function valueIn(value: Value, result: VariantResult): number {
  return inRun(value, { get: () => result })
}

function calculate(operator: string, left: number, right: number): number {
  if (operator === '+') return left + right
  if (operator === '-') return left - right
  return operator === '*' ? left * right : left / right
}

/** What is not a number compares with nothing, not even as different. */
function compare(operator: Comparison, left: number, right: number): boolean {
  if (Number.isNaN(left) || Number.isNaN(right)) return false
  switch (operator) {
    case '>':
      return left > right
    case '>=':
      return left >= right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '==':
      return left === right
    case '!=':
      return left !== right
  }
}

/** Mean of the seeds, or the value at rank ceil(p·n). */
function aggregate(by: 'mean' | 'share' | 'p50' | 'p99', values: readonly number[]): number {
  if (values.length === 0) return Number.NaN
  if (by === 'mean' || by === 'share') {
    let sum = 0
    for (const value of values) sum += value
    return sum / values.length
  }
  const sorted = values.toSorted((a, b) => a - b)
  const rank = Math.ceil((by === 'p50' ? 0.5 : 0.99) * values.length)
  return sorted[Math.max(1, rank) - 1]!
}
