/** How sure a difference of the scoreboard is: its 95 % interval over the seeds. */
import { factorInterval, pairedShares } from '../../engine/results/statistics.ts'
import type { VariantResult } from '../../engine/results/result.ts'
import { digits, NBSP } from '../format.ts'
import { SIDES, type Side } from '../state.ts'
import type { Comparing, Score } from './scores.ts'
import type { CompletePair } from './seed-set.ts'
import { FEWEST_PAIRS, intervalOf } from './seed-summary.ts'
import { sized } from './seed-words.ts'

/** An interval of the mean difference, short enough for a table, with the signs of its ends. */
export interface Sureness {
  readonly text: string
  /** The same with all digits, where `text` leaves some out. */
  readonly long?: string
  /** Whether B has surely more (1) or surely less (-1) than A; 0: it may be either. */
  readonly sign: -1 | 0 | 1
  /** Ends of the interval, in the unit of the values: of B − A, or of B / A where values are compared as factors. */
  readonly low: number | undefined
  readonly high: number | undefined
  /** Whether the interval is one of B / A. */
  readonly isFactor?: boolean
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
  const ends = { low: low / scale, high: high / scale }
  const words = by === 'time' ? timeWords(low, high) : differenceWords(low, high)
  return { ...words, sign: signOf(low, high), ...ends }
}

/** `+19…+48`, `−557…+1.8k`; nothing where there is no difference at all. */
export function differenceWords(low: number, high: number): Pick<Sureness, 'text' | 'long'> {
  if (low === 0 && high === 0) return { text: '' }
  const largest = Math.max(-low, high)
  const ends = [low, high].map((end) => signed(sized(end, (high - low) / 2, largest)))
  const long = [...new Set(ends)].join('…')
  if (long.length <= MOST_LETTERS) return { text: long }
  const short = [shorter(low, Math.floor, largest), shorter(high, Math.ceil, largest)]
  return { text: [...new Set(short)].join('…'), long }
}

/** An end with fewer digits, rounded outwards: the interval never looks narrower than it is. */
function shorter(end: number, outwards: (value: number) => number, largest: number): string {
  const isThousands = Math.abs(end) >= 1000
  const tens = Math.floor(Math.log10(Math.abs(end))) - 1
  const step = isThousands ? Math.pow(10, tens) : largest < 10 ? 0.1 : 1
  const rounded = Math.round(outwards(end / step)) * step
  if (isThousands) return `${signed(minus(digits(rounded / 1000, 2)))}k`
  const text = rounded.toFixed(step === 1 ? 0 : 1)
  return Number(text) === 0 ? '0' : signed(minus(text))
}

function minus(number: string): string {
  return number.replace('-', '−')
}

/** `−40…−12 ms`, `+0.9…+1.4 s`. */
function timeWords(low: number, high: number): Pick<Sureness, 'text' | 'long'> {
  const isLong = Math.max(-low, high) >= 1000
  const { text } = isLong ? differenceWords(low / 1000, high / 1000) : differenceWords(low, high)
  return { text: text === '' ? '' : `${text}${NBSP}${isLong ? 's' : 'ms'}` }
}

/** Longer ones do not fit beside the values. */
const MOST_LETTERS = 10

function signed(number: string): string {
  return /^(0$|−)/.test(number) ? number : `+${number}`
}

/** Ratios are compared on a log scale, where dividing by two is as much as multiplying by two. */
function factors(read: Read, pairs: readonly CompletePair[]): Sureness | undefined {
  const [a, b] = SIDES.map((side) => pairs.map((pair) => read(pair[side])))
  const interval = factorInterval(a!, b!)
  if (!interval) return undefined
  const { low, high } = interval
  const sign = signOf(Math.log(low), Math.log(high))
  return { text: factorWords(low, high), sign, low, high, isFactor: true }
}

/** `÷ 4.6–8.4`, as a difference of factors is written: an end below 1 is one on the other side of no difference. */
export function factorWords(low: number, high: number): string {
  if (low === 1 && high === 1) return ''
  const isLess = low * high < 1
  const ends = isLess ? [1 / high, 1 / low] : [low, high]
  const [from, to] = ends.map(rounded)
  return `${isLess ? '÷' : '×'}${NBSP}${from === to ? from! : `${from!}–${to!}`}`
}

function rounded(value: number): string {
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
