/** The seed under which a system fares worst: something to look at, not to estimate from. */
import type { RunTask } from '../run.ts'
import { type Measure, valueOf } from './measure.ts'
import { changed, runs, type Study, seedsFrom, tell } from './study.ts'

/** Where and for what it is looked. */
export interface WorstPlan {
  readonly base: RunTask
  readonly measure: Measure
  /** Which values are worse. */
  readonly worse: 'high' | 'low'
  readonly from: number
  readonly seeds: number
}

/** A seed and what its run came to. */
export interface SeedValue {
  readonly seed: number
  readonly value: number
}

/** What was found among how many. */
export interface Worst {
  readonly n: number
  /** Seeds whose run had no such value, such as a latency where nothing was served. */
  readonly lacking: number
  /** The worst first. */
  readonly worst: readonly SeedValue[]
  /** Of all values, ascending by badness: the best, the middle, the worst. */
  readonly best: number
  readonly median: number
}

/** Runs that are asked for at a time. */
const AT_ONCE = 64
/** The worst of which are told. */
const KEPT = 5

/** Tells every seed that is worse than all before it; undefined where none had a value. */
export function* worstSeed(plan: WorstPlan): Study<SeedValue, Worst | undefined> {
  const { base, measure, from, seeds } = plan
  const found: SeedValue[] = []
  let [asked, made] = [0, 0]
  while (asked < seeds && asked === made) {
    const row = seedsFrom(from + asked, Math.min(AT_ONCE, seeds - asked))
    const before = found.toSorted(byBadness(plan))[0]
    const results = yield* runs(row.map((seed) => changed(base, { seed })))
    asked += row.length
    results.forEach((result, at) => {
      if (!result) return
      made++
      const value = valueOf(measure, result)
      if (!Number.isNaN(value)) found.push({ seed: row[at]!, value })
    })
    const now = found.toSorted(byBadness(plan))[0]
    if (now && now !== before) yield* tell(now)
  }
  return found.length === 0 ? undefined : worstOf(found.toSorted(byBadness(plan)), made)
}

/** The worst first; of equal ones the first seed. */
function byBadness({ worse }: WorstPlan): (a: SeedValue, b: SeedValue) => number {
  const sign = worse === 'high' ? 1 : -1
  return (a, b) => (a.value === b.value ? a.seed - b.seed : a.value > b.value ? -sign : sign)
}

function worstOf(sorted: readonly SeedValue[], n: number): Worst {
  return {
    n,
    lacking: n - sorted.length,
    worst: sorted.slice(0, KEPT),
    best: sorted.at(-1)!.value,
    median: sorted[Math.floor(sorted.length / 2)]!.value,
  }
}
