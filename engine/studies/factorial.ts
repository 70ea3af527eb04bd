/**
 * Which switch matters most: every subset of some patterns is run under the same seeds, and the effects are the contrasts
 * of a full factorial design (Yates 1937; Box, Hunter and Hunter 2005, chapter 5), one per seed, with intervals over the
 * seeds that hold jointly (Holm).
 */
import { holm, type Interval, mean, meanInterval } from '../results/statistics.ts'
import type { RunTask } from '../run.ts'
import { type Measure, valueOf } from './measure.ts'
import { isComplete, runs, type Study, seedsFrom, tell } from './study.ts'

/** What is switched. */
export interface FactorialPlan {
  readonly base: RunTask
  /** Ids of the patterns; two to the power of them runs per seed. */
  readonly patterns: readonly string[]
  readonly measure: Measure
  readonly from: number
  readonly seeds: number
}

/** Most patterns: 256 subsets. */
export const MOST_PATTERNS = 8

/** What switching on a pattern does to the measure, or two of them beyond what each does alone. */
export interface Effect {
  /** One pattern: its main effect. Two: half of what one changes in the effect of the other. */
  readonly patterns: readonly string[]
  /** Change of the measure; undefined where some run had no such value. */
  readonly interval: Interval | undefined
  /** Of this interval, by Holm over all effects. */
  readonly confidence: number
}

/** A subset of the patterns, and the measure with it. */
export interface Subset {
  readonly on: readonly string[]
  readonly interval: Interval
}

/** What a factorial experiment says. */
export interface Factorial {
  readonly seeds: readonly number[]
  /** The largest first. */
  readonly effects: readonly Effect[]
  /** All of them, none on first. */
  readonly subsets: readonly Subset[]
}

/** Tells the number of seeds that are done; answers what they say, undefined for fewer than two. */
export function* factorial(plan: FactorialPlan): Study<number, Factorial | undefined> {
  const subsets = subsetsOf(plan.patterns)
  const rows: number[][] = []
  for (const seed of seedsFrom(plan.from, plan.seeds)) {
    const results = yield* runs(subsets.map((on) => taskOf(plan, on, seed)))
    if (!isComplete(results)) break
    rows.push(results.map((result) => valueOf(plan.measure, result)))
    yield* tell(rows.length)
  }
  return rows.length < 2 ? undefined : evaluated(plan, subsets, rows)
}

function taskOf({ base, patterns }: FactorialPlan, on: readonly string[], seed: number): RunTask {
  const off = patterns.filter((id) => !on.includes(id))
  const others = (ids: readonly string[]): string[] => ids.filter((id) => !patterns.includes(id))
  return { ...base, seed, on: [...others(base.on), ...on], off: [...others(base.off), ...off] }
}

/** Subsets in the standard order: bit k of the position says whether pattern k is on. */
function subsetsOf(patterns: readonly string[]): string[][] {
  return Array.from({ length: 1 << patterns.length }, (_, bits) =>
    patterns.filter((__, at) => isOn(bits, at)),
  )
}

function isOn(bits: number, at: number): boolean {
  return ((bits >> at) & 1) === 1
}

function evaluated(
  { patterns, from }: FactorialPlan,
  subsets: readonly (readonly string[])[],
  rows: readonly (readonly number[])[],
): Factorial {
  const ones = patterns.map((_, at) => [at])
  const twos = ones.flatMap(([a]) => ones.flatMap(([b]) => (b! > a! ? [[a!, b!]] : [])))
  const contrasts = [...ones, ...twos].map((group) => ({
    patterns: group.map((at) => patterns[at]!),
    values: rows.map((row) => contrast(row, group)),
  }))
  return {
    seeds: seedsFrom(from, rows.length),
    effects: withIntervals(contrasts),
    subsets: subsets.map((on, at) => ({ on, interval: meanInterval(rows.map((row) => row[at]!)) })),
  }
}

/** Mean of the runs in which an even number of the group is off, less the mean of the others. */
function contrast(row: readonly number[], group: readonly number[]): number {
  let sum = 0
  row.forEach((value, bits) => {
    const off = group.filter((at) => !isOn(bits, at)).length
    sum += off % 2 === 0 ? value : -value
  })
  return (2 * sum) / row.length
}

function withIntervals(
  contrasts: readonly {
    readonly patterns: readonly string[]
    readonly values: readonly number[]
  }[],
): Effect[] {
  const known = contrasts.filter(({ values }) => values.every(Number.isFinite))
  const levels = holm(
    known.map(
      ({ values }) =>
        (level: number) =>
          meanInterval(values, level),
    ),
  )
  const effects = contrasts.map((one): Effect & { readonly size: number } => {
    const confidence = levels[known.indexOf(one)] ?? Number.NaN
    const interval = known.includes(one) ? meanInterval(one.values, confidence) : undefined
    return { patterns: one.patterns, interval, confidence, size: Math.abs(mean(one.values)) }
  })
  return effects
    .toSorted(bySize)
    .map(({ patterns, interval, confidence }) => ({ patterns, interval, confidence }))
}

function bySize(a: { readonly size: number }, b: { readonly size: number }): number {
  return (Number.isNaN(b.size) ? -1 : b.size) - (Number.isNaN(a.size) ? -1 : a.size)
}
