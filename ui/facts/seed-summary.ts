/** What a row of seeds comes to: marks, counts, and the difference of pairs with its interval. */
import { differenceOf, mean, type Interval } from '../../engine/results/statistics.ts'
import type { VariantResult } from '../../engine/results/result.ts'
import { SIDES, type Side } from '../state.ts'
import { SERVED, type Judge } from './judge.ts'
import { completePairs, type CompletePair, type SeedPair, type SeedSet } from './seed-set.ts'
import type { Mark } from './standing.ts'

/** Half the width at which an interval of a share counts as narrow: two points. */
export const NARROW = 0.02
/** Fewest pairs that an interval is made of: those of less are wider than anything that can be. */
export const FEWEST_PAIRS = 5
/** Fewest pairs of which a narrow interval is believed. */
const FEWEST = 10

/** A square: one seed in one variant. */
export interface Square {
  readonly seed: string
  /** Undefined: not computed yet. */
  readonly mark: Mark | undefined
}

/** What is known of a row of seeds. */
export interface Summary {
  /** Complete pairs, and how many there will be. */
  readonly n: number
  readonly wanted: number
  readonly squares: Readonly<Record<Side, readonly Square[]>>
  /** Complete pairs by mark. */
  readonly marked: Readonly<Record<Side, Readonly<Record<Mark, number>>>>
  /** B − A of the judge's measure, pair by pair, and their interval; undefined with fewer than five pairs. */
  readonly differences: readonly { readonly seed: string; readonly value: number }[]
  readonly interval: Interval | undefined
  /** Means of the measure. */
  readonly means: Readonly<Record<Side, number>>
  /** Pairs that come out as the one on the screen does. */
  readonly same: number
}

const known = new WeakMap<SeedSet, { readonly judge: Judge; readonly summary: Summary }>()

/** Judges a row of seeds by the question of the runs on the screen. */
export function summaryOf(set: SeedSet, judge: Judge): Summary {
  const before = known.get(set)
  if (before?.judge === judge) return before.summary
  const summary = summarise(set, judge)
  known.set(set, { judge, summary })
  return summary
}

function summarise(set: SeedSet, judge: Judge): Summary {
  const pairs = completePairs(set)
  const squares = { A: squaresOf(set, 'A', judge), B: squaresOf(set, 'B', judge) }
  const { read } = judge.measure
  const shown = pairs.find(({ seed }) => seed === set.current)
  return {
    n: pairs.length,
    wanted: set.pairs.length,
    squares,
    marked: { A: tally(pairs, 'A', judge), B: tally(pairs, 'B', judge) },
    differences: pairs.map(({ seed, A, B }) => ({ seed, value: read(B) - read(A) })),
    interval: intervalOf(pairs, read),
    means: { A: mean(pairs.map(({ A }) => read(A))), B: mean(pairs.map(({ B }) => read(B))) },
    same: shown ? pairs.filter((pair) => isAlike(pair, shown, judge)).length : 0,
  }
}

function squaresOf({ pairs }: SeedSet, side: Side, { mark }: Judge): Square[] {
  return pairs.map((pair) => {
    const result = pair[side]
    return { seed: pair.seed, mark: result && mark(result) }
  })
}

function tally(pairs: readonly CompletePair[], side: Side, { mark }: Judge): Record<Mark, number> {
  const counts = { fine: 0, limping: 0, down: 0 }
  for (const pair of pairs) counts[mark(pair[side])]++
  return counts
}

/** Mean and 95 % interval of B − A of a number, as `sim compare` computes it; undefined with fewer than five pairs, or where a pair lacks it. */
export function intervalOf(
  pairs: readonly CompletePair[],
  read: (result: VariantResult) => number,
): Interval | undefined {
  const [a, b] = SIDES.map((side) => pairs.map((pair) => read(pair[side])))
  const isKnown = [...a!, ...b!].every(Number.isFinite)
  return pairs.length < FEWEST_PAIRS || !isKnown ? undefined : differenceOf(a!, b!)
}

/** Whether a pair comes out as another: the same marks, and where these do not differ, the same sign of B − A. */
function isAlike(
  pair: CompletePair,
  shown: CompletePair,
  { about, mark, measure }: Judge,
): boolean {
  const isMarked = SIDES.every((side) => mark(pair[side]) === mark(shown[side]))
  const sign = ({ A, B }: CompletePair): number => Math.sign(measure.read(B) - measure.read(A))
  if (about !== 'recovery') return sign(pair) === sign(shown)
  const isTold = mark(shown.A) !== mark(shown.B)
  return isMarked && (isTold || sign(pair) === sign(shown))
}

/** Whether the mean gain in requests served is known to two points. */
export function isNarrow(pairs: readonly SeedPair[]): boolean {
  const complete = completePairs({ pairs })
  const interval = intervalOf(complete, SERVED.read)
  if (!interval || interval.n < FEWEST) return false
  return (interval.high - interval.low) / 2 <= NARROW
}
