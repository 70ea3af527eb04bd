/**
 * Where a line of `expect` tips over as a value moves. Each seed is judged by itself and bisected by itself, so the
 * tipping point has an interval: that of the median of seeds. Ends that no seed reaches count as beyond the range.
 */
import type { Interval } from '../results/statistics.ts'
import { medianInterval } from '../results/statistics.ts'
import type { VariantResult } from '../results/result.ts'
import type { RunTask } from '../run.ts'
import type { ExpectationTree } from '../scenario/expect/ast.ts'
import { bySeed, holds, tasksFor, variantsIn } from './expectation.ts'
import { type Range, stepsBetween, valueAt } from './range.ts'
import { changed, isComplete, runs, type Study, seedsFrom, tell } from './study.ts'

/** What is looked for. */
export interface TippingPlan {
  readonly base: RunTask
  readonly range: Range
  readonly tree: ExpectationTree
  readonly from: number
  readonly seeds: number
}

/** Bisections: the place is known to 1/64 of the range. */
const ROUNDS = 6

/** Where one seed tips: between two shares of the range; both are beyond its ends for one that never does. */
interface Bracket {
  readonly seed: number
  readonly low: number
  readonly high: number
  /** Whether the line holds at `low` and at `high`. */
  readonly isLowFine: boolean
  readonly isHighFine: boolean
}

/** Where a line tips. */
export interface Tipping {
  readonly line: string
  readonly n: number
  /** Whether it holds at the start of the range and breaks towards the end, or the other way round. */
  readonly way: 'breaks' | 'holds'
  /** Seeds in which it breaks, or holds, all the way; and seeds that tip the other way, which are left out. */
  readonly always: Readonly<{ broken: number; held: number; against: number }>
  /** Median over the seeds, as a share of the range; infinite ends lie beyond it. Undefined for fewer than six seeds. */
  readonly interval: Interval | undefined
}

/** Tells after each round how close it is (share of the range); undefined when it was cancelled. */
export function* tipping(plan: TippingPlan): Study<number, Tipping | undefined> {
  let brackets = yield* endsOf(plan)
  for (let round = 1; brackets && round <= ROUNDS; round++) {
    yield* tell(1 / (1 << round))
    brackets = yield* halved(plan, brackets)
  }
  return brackets && tippingOf(plan, brackets)
}

function* endsOf(plan: TippingPlan): Study<never, Bracket[] | undefined> {
  const seeds = seedsFrom(plan.from, plan.seeds)
  const asked = seeds.flatMap((seed) => [0, 1].map((share) => ({ seed, share })))
  const fine = yield* judged(plan, asked)
  return (
    fine &&
    seeds.map((seed, at) => {
      const [isLowFine, isHighFine] = [fine[2 * at]!, fine[2 * at + 1]!]
      return { seed, low: 0, high: 1, isLowFine, isHighFine }
    })
  )
}

function* halved(plan: TippingPlan, all: readonly Bracket[]): Study<never, Bracket[] | undefined> {
  const open = all.filter((one) => isOpen(plan.range, one))
  const asked = open.map(({ seed, low, high }) => ({ seed, share: (low + high) / 2 }))
  const fine = yield* judged(plan, asked)
  return (
    fine &&
    all.map((one) => {
      const at = open.indexOf(one)
      if (at < 0) return one
      const { share } = asked[at]!
      return fine[at] === one.isLowFine ? { ...one, low: share } : { ...one, high: share }
    })
  )
}

/** Whether halving a bracket would tell more: of whole numbers, neighbours are as close as it gets. */
function isOpen(range: Range, { low, high, isLowFine, isHighFine }: Bracket): boolean {
  return isLowFine !== isHighFine && (high - low) * stepsBetween(range) > 1
}

function* judged(
  { base, range, tree }: TippingPlan,
  asked: readonly { readonly seed: number; readonly share: number }[],
): Study<never, boolean[] | undefined> {
  const tasks = asked.flatMap(({ seed, share }) =>
    tasksFor(tree, changed(base, { set: { [range.path]: valueAt(range, share) } }), seed),
  )
  const results = yield* runs(tasks)
  if (!isComplete(results)) return undefined
  const each = variantsIn(tree).length
  return asked.map((_, at) => holdsIn(tree, results.slice(at * each, (at + 1) * each)))
}

function holdsIn(tree: ExpectationTree, results: readonly VariantResult[]): boolean {
  return holds(tree, bySeed(tree, results))
}

function tippingOf({ tree, seeds }: TippingPlan, brackets: readonly Bracket[]): Tipping {
  const tips = (way: Tipping['way']) =>
    brackets.filter(
      (one) => one.isLowFine !== one.isHighFine && one.isLowFine === (way === 'breaks'),
    )
  const way = tips('breaks').length >= tips('holds').length ? 'breaks' : 'holds'
  const held = brackets.filter((one) => one.isLowFine && one.isHighFine).length
  const broken = brackets.filter((one) => !one.isLowFine && !one.isHighFine).length
  const own = tips(way).map(({ low, high }) => (low + high) / 2)
  // A line that breaks with more, and holds all the way, would break beyond the end.
  const [before, beyond] = way === 'breaks' ? [broken, held] : [held, broken]
  const all = [...own, ...repeated(-Infinity, before), ...repeated(Infinity, beyond)]
  const against = seeds - all.length
  return {
    line: tree.text,
    n: seeds,
    way,
    always: { broken, held, against },
    interval: medianInterval(all),
  }
}

function repeated(value: number, count: number): number[] {
  return Array.from({ length: count }, () => value)
}
