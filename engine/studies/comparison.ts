/**
 * Variants compared over pairs of runs under the same seeds: a fixed number of them, or as many as it takes until the
 * numbers that decide are narrow enough (see results/statistics/sequential.ts).
 */
import {
  type Difference,
  differenceOf,
  differencesOf,
  halfWidth,
  type Interval,
  mean,
  meanInterval,
  runsMissing,
  samplesBeyond,
  toleranceOf,
  type Precision,
  wilsonInterval,
} from '../results/statistics.ts'
import type { VariantResult } from '../results/result.ts'
import type { RunTask } from '../run.ts'
import { isYesNo, type Measure, quantileOf, valueOf } from './measure.ts'
import { changed, runs, type Study, seedsFrom, tell } from './study.ts'

/** What is compared, and how long. */
export interface ComparisonPlan {
  readonly base: RunTask
  /** Names of `compare`; all others are compared with the first. Undefined: the file as it stands. */
  readonly variants: readonly (string | undefined)[]
  /** First seed. */
  readonly from: number
  /** Numbers of pairs after which one looks; the last one ends it. */
  readonly looks: readonly number[]
  readonly measures: readonly Measure[]
  /** Positions of the measures whose width decides. */
  readonly deciding: readonly number[]
  /** How narrow a measure has to be. */
  readonly precision: (measure: Measure) => Precision
}

/** A measure over all pairs: means by variant, and each variant's difference from the first one. */
export interface ComparedRow {
  readonly measure: Measure
  readonly means: readonly number[]
  /** Of each mean; undefined where some runs had no such value. */
  readonly intervals: readonly (Interval | undefined)[]
  readonly differences: readonly (Compared | undefined)[]
  /** Runs of each variant that had no such value, such as a recovery that never came. */
  readonly lacking: readonly number[]
  /** Requests beyond the quantile in the run that had the fewest; undefined for what is no quantile. */
  readonly beyond: number | undefined
}

/** A difference, and how it stands to what would be narrow enough. */
export interface Compared extends Difference {
  /** Half the width at which it is. */
  readonly tolerance: number
  /** Pairs that are missing to that; 0: none. Infinite where no number of them would do. */
  readonly missing: number
}

/** What is known after some pairs. */
export interface Looked {
  readonly seeds: readonly number[]
  readonly rows: readonly ComparedRow[]
  /** Whether all that decide are narrow enough. */
  readonly isPrecise: boolean
}

/** Pairs that are asked for at a time, so that no more of their results are kept. */
const AT_ONCE = 64

/** Tells what is known after every look; undefined when it was cancelled before there were two pairs. */
export function* comparison(plan: ComparisonPlan): Study<Looked, Looked | undefined> {
  const pairs = new Pairs(plan)
  let looked: Looked | undefined
  for (const look of plan.looks) {
    const isWhole = yield* pairs.upTo(look)
    if (pairs.count > 1) looked = pairs.look()
    if (looked) yield* tell(looked)
    if (!isWhole || looked?.isPrecise) break
  }
  return looked
}

/** What is known after a fixed number of pairs; undefined when it was cancelled. */
export function* afterPairs(
  plan: Omit<ComparisonPlan, 'looks' | 'deciding' | 'precision'>,
  count: number,
): Study<never, Looked | undefined> {
  const pairs = new Pairs({ ...plan, looks: [count], deciding: [], precision: () => ({}) })
  return (yield* pairs.upTo(count)) ? pairs.look() : undefined
}

/** A mean with its interval; of what is yes or no, the share of runs with Wilson's. */
export function intervalOf(measure: Measure, values: readonly number[]): Interval {
  if (!isYesNo(measure)) return within(measure, meanInterval(values))
  return wilsonInterval(values.filter((value) => value !== 0).length, values.length)
}

/** A share is never below nothing nor above all, whatever Student says. */
function within({ metric }: Measure, interval: Interval): Interval {
  if (metric.unit !== 'share') return interval
  return { ...interval, low: Math.max(0, interval.low), high: Math.min(1, interval.high) }
}

/** What was read of every pair so far. */
class Pairs {
  private readonly plan: ComparisonPlan
  private readonly seeds: number[] = []
  private asked = 0
  /** By measure, then variant, then pair. */
  private readonly values: number[][][]
  private readonly served: number[] = []

  constructor(plan: ComparisonPlan) {
    this.plan = plan
    this.values = plan.measures.map(() => plan.variants.map(() => []))
  }

  get count(): number {
    return this.seeds.length
  }

  /** Asks for the pairs that are missing to a look; answers whether all were made. */
  *upTo(look: number): Study<never, boolean> {
    const { base, variants, from } = this.plan
    while (this.asked < look) {
      const seeds = seedsFrom(from + this.asked, Math.min(AT_ONCE, look - this.asked))
      this.asked += seeds.length
      const tasks = seeds.flatMap((seed) =>
        variants.map((variant) => changed(base, { variant, seed })),
      )
      const results = yield* runs(tasks)
      seeds.forEach((seed, at) =>
        this.keep(seed, results.slice(at * variants.length, (at + 1) * variants.length)),
      )
      if (results.includes(undefined)) return false
    }
    return true
  }

  private keep(seed: number, pair: readonly (VariantResult | undefined)[]): void {
    if (pair.includes(undefined)) return
    this.seeds.push(seed)
    pair.forEach((result, variant) => {
      this.served.push(result!.latencyMs.count)
      this.plan.measures.forEach((measure, at) =>
        this.values[at]![variant]!.push(valueOf(measure, result!)),
      )
    })
  }

  look(): Looked {
    const rows = this.plan.measures.map((measure, at) => this.rowOf(measure, this.values[at]!))
    const { deciding } = this.plan
    const isPrecise =
      deciding.length > 0 &&
      deciding.every((at) =>
        rows[at]!.differences.every((one) => one && halfWidth(one) <= one.tolerance),
      )
    return { seeds: [...this.seeds], rows, isPrecise }
  }

  private rowOf(measure: Measure, values: readonly (readonly number[])[]): ComparedRow {
    const [first, ...others] = values as [number[], ...number[][]]
    const isKnown = (row: readonly number[]): boolean => row.every(Number.isFinite)
    // A share of runs has all runs for its baseline: 5 % of none that recover would be nothing.
    const baseline = isYesNo(measure) ? 1 : mean(first)
    const tolerance = toleranceOf(baseline, this.plan.precision(measure))
    const known = others.filter((other) => isKnown(other) && isKnown(first))
    const found =
      known.length > 1
        ? differencesOf(first, known, isYesNo(measure))
        : known.map((other) => differenceOf(first, other, isYesNo(measure)))
    const rest = found.map((one) => ({ ...one, tolerance, missing: runsMissing(one, tolerance) }))
    const quantile = quantileOf(measure)
    return {
      measure,
      means: values.map(mean),
      intervals: values.map((row) => (isKnown(row) ? intervalOf(measure, row) : undefined)),
      differences: others.map((other) => (known.includes(other) ? rest.shift() : undefined)),
      lacking: values.map((row) => row.filter((value) => !Number.isFinite(value)).length),
      beyond:
        quantile === undefined
          ? undefined
          : samplesBeyond(
              this.served.reduce((a, b) => Math.min(a, b)),
              quantile,
            ),
    }
  }
}
