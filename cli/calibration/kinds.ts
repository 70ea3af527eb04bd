/** Every kind of interval that is shown anywhere, made of 20 pairs of runs or of one run, and the truth it should hold. */
import {
  batchMeans,
  differenceOf,
  factorInterval,
  looksUpTo,
  mean,
  meanInterval,
  medianInterval,
  pairedShares,
  quantileInterval,
  wilsonInterval,
} from '../../engine/results/statistics.ts'
import type { VariantResult } from '../../engine/run.ts'
import { type Model, warmupOf } from './models.ts'

/** Pairs that an interval is made of: as many as `compare` makes before its first look. */
export const PAIRS = looksUpTo()[0]!

/** What is read of one run. */
export interface Reading {
  readonly mean: number
  readonly p99: number
  /** Requests that were served, and their variance. */
  readonly count: number
  readonly variance: number
}

/** Both runs of a seed. */
export type Pair = Readonly<{ A: Reading; B: Reading }>

/** The ends of an interval. */
type Ends = Readonly<{ low: number; high: number }>

/** A kind of interval. */
export interface Kind {
  readonly name: string
  /** A control is an interval that is known to be wrong: it must be found out. */
  readonly isControl?: true
  /** Undefined: it says "not enough data". `others` are all pairs that are not in the block. */
  readonly interval: (block: readonly Pair[], others: readonly Pair[]) => Ends | undefined
  readonly truth: (model: Model, others: readonly Pair[]) => number
}

/** What is read of a short run. */
export function readingOf({ latencyMs }: VariantResult): Reading {
  const { mean, p99, count, variance } = latencyMs
  return { mean, p99, count, variance }
}

const read = (pairs: readonly Pair[], side: 'A' | 'B', name: keyof Reading): number[] =>
  pairs.map((pair) => pair[side][name])
const meanOf = (pairs: readonly Pair[], side: 'A' | 'B', name: keyof Reading): number =>
  mean(read(pairs, side, name))

/** Whether the tail of each run is longer than A's on the average: an event that happens in some of the runs. */
function long(pairs: readonly Pair[], side: 'A' | 'B', others: readonly Pair[]): number[] {
  const bar = meanOf(others, 'A', 'p99')
  return read(pairs, side, 'p99').map((value) => (value > bar ? 1 : 0))
}

export const KINDS: readonly Kind[] = [
  {
    name: 'mean of runs, t',
    interval: (block) => meanInterval(read(block, 'A', 'mean')),
    truth: (model, others) => model.means?.A ?? meanOf(others, 'A', 'mean'),
  },
  {
    name: 'p99 of runs, t',
    interval: (block) => quantileInterval(read(block, 'A', 'p99'), read(block, 'A', 'count'), 0.99),
    truth: (_, others) => meanOf(others, 'A', 'p99'),
  },
  {
    name: 'median of runs, order statistics',
    interval: (block) => medianInterval(read(block, 'A', 'p99')),
    truth: (_, others) => middleOf(read(others, 'A', 'p99')),
  },
  {
    name: 'difference of means, pairs',
    interval: (block) => differenceOf(read(block, 'A', 'mean'), read(block, 'B', 'mean')),
    truth: ({ means }, others) =>
      means ? means.B - means.A : meanOf(others, 'B', 'mean') - meanOf(others, 'A', 'mean'),
  },
  {
    name: 'difference of p99, pairs',
    interval: (block) => differenceOf(read(block, 'A', 'p99'), read(block, 'B', 'p99')),
    truth: (_, others) => meanOf(others, 'B', 'p99') - meanOf(others, 'A', 'p99'),
  },
  {
    name: 'factor of p99, pairs',
    interval: (block) => factorInterval(read(block, 'A', 'p99'), read(block, 'B', 'p99')),
    truth: (_, others) =>
      Math.exp(mean(others.map(({ A, B }) => Math.log(B.p99) - Math.log(A.p99)))),
  },
  {
    name: 'share of runs, Wilson',
    interval: (block, others) =>
      wilsonInterval(
        long(block, 'A', others).reduce((a, b) => a + b, 0),
        block.length,
      ),
    truth: (_, others) => mean(long(others, 'A', others)),
  },
  {
    name: 'difference of shares, Newcombe',
    interval: (block, others) => pairedShares(long(block, 'A', others), long(block, 'B', others)),
    truth: (_, others) => mean(long(others, 'B', others)) - mean(long(others, 'A', others)),
  },
  {
    name: 'control: requests of one run as if independent',
    isControl: true,
    interval: ([first]) => {
      const { mean: middle, variance, count } = first!.A
      const half = 1.96 * Math.sqrt(variance / count)
      return { low: middle - half, high: middle + half }
    },
    truth: (model, others) => model.means?.A ?? meanOf(others, 'A', 'mean'),
  },
  {
    name: 'control: normal quantile for 3 runs',
    isControl: true,
    interval: (block) => {
      const { mean: middle, low, high } = meanInterval(read(block.slice(0, 3), 'A', 'mean'))
      // Student's t with 2 degrees of freedom is 4.303.
      const half = (((high - low) / 2) * 1.96) / 4.302653
      return { low: middle - half, high: middle + half }
    },
    truth: (model, others) => model.means?.A ?? meanOf(others, 'A', 'mean'),
  },
]

function middleOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

/** The number of requests in the system over one long run, after the warm-up. */
export function levelsOf({ series, bucketMs }: VariantResult): number[] {
  return (series['waiting'] ?? []).slice(Math.ceil(warmupOf('long') / bucketMs))
}

/** Batch means of one long run. */
export function oneRun(levels: readonly number[]) {
  return { interval: batchMeans(levels).interval, mean: mean(levels) }
}
