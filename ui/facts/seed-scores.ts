/** How sure a difference of the scoreboard is: its 95 % interval over the seeds. */
import { factorInterval, pairedShares } from '../../engine/results/statistics.ts'
import type { VariantResult } from '../../engine/results/result.ts'
import { digits } from '../format.ts'
import { SIDES, type Side } from '../state.ts'
import type { Comparing, Score } from './scores.ts'
import type { CompletePair } from './seed-set.ts'
import { FEWEST_PAIRS, intervalOf } from './seed-summary.ts'
import { range } from './seed-words.ts'

/** An interval of the mean difference, short enough for a table: without the sign where that is clear. */
export interface Sureness {
  readonly text: string
  /** Whether B has surely more (1) or surely less (-1) than A; 0: it may be either. */
  readonly sign: -1 | 0 | 1
  /** Ends of the interval, for the table: B − A, or B / A where values are compared as factors. */
  readonly low: number | undefined
  readonly high: number | undefined
}

/** The interval of a score over pairs of runs; undefined with too few of them, or where some lack the number. */
export function sureness(
  { by, read }: Pick<Score, 'by' | 'read'>,
  pairs: readonly CompletePair[],
): Sureness | undefined {
  if (pairs.length < FEWEST_PAIRS) return undefined
  if (by === 'recovery') return recoveries(read, pairs)
  return by === 'factor' ? factors(read, pairs) : differences(by, read, pairs)
}

type Read = (result: VariantResult) => number

function differences(by: Comparing, read: Read, pairs: readonly CompletePair[]) {
  const scale = by === 'points' ? 100 : 1
  const interval = intervalOf(pairs, (result) => read(result) * scale)
  if (!interval) return undefined
  const { low, high } = interval
  const sign = signOf(low, high)
  // The sign stands before the difference itself.
  const [from, to] = sign < 0 ? [-high, -low] : [low, high]
  const text = low === 0 && high === 0 ? '' : range(from, to, (high - low) / 2)
  return { text, sign, low, high }
}

/** Ratios are compared on a log scale, where dividing by two is as much as multiplying by two. */
function factors(read: Read, pairs: readonly CompletePair[]): Sureness | undefined {
  const [a, b] = SIDES.map((side) => pairs.map((pair) => read(pair[side])))
  const interval = factorInterval(a!, b!)
  if (!interval) return undefined
  const [low, high] = [Math.log(interval.low), Math.log(interval.high)]
  const sign = signOf(low, high)
  const [from, to] = sign < 0 ? [-high, -low] : [low, high]
  const text =
    low === 0 && high === 0
      ? ''
      : sign === 0
        ? `${rounded(low)}–${rounded(high)}`
        : factorRange(from, to)
  return { text, sign, low: interval.low, high: interval.high }
}

function factorRange(low: number, high: number): string {
  const [from, to] = [low, high].map(rounded)
  return from === to ? from! : `${from}–${to}`
}

function rounded(log: number): string {
  const value = Math.exp(log)
  return value > 0.9 && value < 1.1 ? value.toFixed(2) : digits(value, 2)
}

/** A recovery that never comes has no mean: what is compared is how many come back. */
function recoveries(read: Read, pairs: readonly CompletePair[]): Sureness {
  const back = (side: Side): number[] =>
    pairs.map((pair) => Number(Number.isFinite(read(pair[side]))))
  const [a, b] = [back('A'), back('B')]
  const { low, high } = pairedShares(a, b)
  // More that come back means less time to recover.
  const sign = low > 0 ? -1 : high < 0 ? 1 : times(read, pairs)
  const count = (values: readonly number[]): number => values.filter((value) => value > 0).length
  return {
    text: `${count(a)} → ${count(b)}`,
    sign,
    low: undefined,
    high: undefined,
  }
}

/** Where all come back, the times can be compared. */
function times(read: Read, pairs: readonly CompletePair[]): Sureness['sign'] {
  const interval = intervalOf(pairs, read)
  return interval ? signOf(interval.low, interval.high) : 0
}

function signOf(low: number, high: number): Sureness['sign'] {
  if (low > 0) return 1
  return high < 0 ? -1 : 0
}
