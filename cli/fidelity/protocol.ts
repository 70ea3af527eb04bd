/** How much is simulated at each tier, and how far a number may be off: fixed before anything is run. */
import { mean, studentT } from '../../engine/results/statistics.ts'
import type { Measured, Sample } from './adapter.ts'
import type { ReferenceCase, ReferenceMetric } from './case.ts'

/** How much is simulated: for every change, every night, before a release. */
export const TIERS = ['ci', 'nightly', 'acceptance'] as const
export type Tier = (typeof TIERS)[number]

interface Rule {
  readonly share: number
  readonly seeds: number
  /** Standard errors by which a number may be off. */
  readonly sigmas: number
}

/** 4 standard errors are a false alarm in 16,000. No metric is run again. */
const RULES: Readonly<Record<Tier, Rule>> = {
  ci: { share: 1 / 20, seeds: 1, sigmas: 5 },
  nightly: { share: 1, seeds: 1, sigmas: 4 },
  acceptance: { share: 4, seeds: 4, sigmas: 4 },
}

/** Fewest observations that say anything: requests, and whole runs. */
const FEWEST = 10_000
const FEWEST_RUNS = 20
/** What is counted where one scenario is one observation. */
const WHOLE_RUNS = ['runs', 'rings', 'placements']
/** A percentile is known when so many observations lie beyond it. */
const BEYOND = 10
/** The first seed of every case. Fixed: a run that misses is not drawn again. */
const FIRST_SEED = 1

/** Replications, where the tolerance rests on their spread. */
const REPLICATIONS = 20

/** Buckets of the histogram are 1/128 wide, and a percentile lies anywhere within one. */
const HALF_BUCKET = 1 / 256

/** How much of a case is simulated at a tier. */
export function sampleOf(one: ReferenceCase, tier: Tier): Sample {
  const { seeds, share: part } = RULES[tier]
  const { N, warmup_requests: warmup } = one.sample
  const full = N ?? 1
  const share = one.metrics.some(hasFixedTolerance) ? Math.max(1, part) : part
  const fewest = WHOLE_RUNS.includes(one.sample.count_of ?? '') ? fewestRuns(one) : FEWEST
  const size = Math.max(Math.min(full, fewest), Math.round(full * share))
  const runs = one.metrics.some(restsOnSpread) ? Math.max(seeds, REPLICATIONS) : seeds
  return { size, warmup: warmup ?? 0, firstSeed: FIRST_SEED, seeds: runs }
}

/**
 * The highest tier that a run at a tier is good for: that of which it is the very same run, held to the same room,
 * because the reference states its tolerance for the whole sample and not as a standard error.
 */
export function attained(one: ReferenceCase, tier: Tier): Tier {
  const own = JSON.stringify(sampleOf(one, tier))
  const isAlike = (other: Tier): boolean => JSON.stringify(sampleOf(one, other)) === own
  if (one.metrics.some(({ gate, asd }) => gate && asd)) return tier
  return TIERS.slice(TIERS.indexOf(tier)).findLast(isAlike)!
}

/** Runs are dear, and each is many observations; only percentiles over runs need many. */
function fewestRuns({ metrics }: ReferenceCase): number {
  const shares = metrics.filter(({ gate }) => gate).map(({ name }) => /p(\d{2})(\d?)$/.exec(name))
  const rarest = Math.min(
    ...shares.map((found) => (found ? 1 - Number(`0.${found[1]!}${found[2]!}`) : 1)),
  )
  return Math.max(FEWEST_RUNS, rarest < 1 ? Math.round(BEYOND / rarest) : 0)
}

function hasTolerance(...stated: readonly (number | null | undefined)[]): boolean {
  return stated.some((each) => each !== null && each !== undefined)
}

/** Whether a tolerance is stated for the whole sample, with no word on how it grows for less. */
function hasFixedTolerance({
  gate,
  asd,
  tolerance_abs: absolute,
  tolerance_rel: relative,
}: ReferenceMetric): boolean {
  return gate && !asd && hasTolerance(absolute, relative)
}

/** Whether nothing but the spread of replications can tell how far a number may be off. */
function restsOnSpread({
  gate,
  asd,
  tolerance_abs: absolute,
  tolerance_rel: relative,
}: ReferenceMetric): boolean {
  return gate && !asd && !hasTolerance(absolute, relative)
}

/** What became of a metric. */
export interface Verdict {
  readonly name: string
  readonly expected: number
  readonly measured: number
  /** Standard error of the measured value (and of the expected one, where that was simulated); 0: exact. */
  readonly standardError: number
  /** How far off it may be. */
  readonly tolerance: number
  readonly reproduced: boolean
  readonly gate: boolean
  readonly kind: string
}

/** Judges a number. */
export function judge(
  metric: ReferenceMetric,
  measured: number | Measured | undefined,
  sample: Sample,
  tier: Tier,
): Verdict {
  const one = typeof measured === 'number' ? { value: measured } : (measured ?? { value: NaN })
  const expected = metric.expected ?? Number.NaN
  const standardError = errorOf(metric, one, sample)
  const tolerance = toleranceOf(metric, one, standardError, tier)
  const { name, gate, kind } = metric
  const reproduced = Math.abs(one.value - expected) <= tolerance
  return { name, expected, measured: one.value, standardError, tolerance, reproduced, gate, kind }
}

function errorOf(metric: ReferenceMetric, one: Measured, sample: Sample): number {
  const size = one.size ?? sample.size
  const { asd, ref_se: ofReference } = metric
  const own = asd
    ? asd / Math.sqrt(size)
    : Math.max(spreadOf(one.samples ?? []), errorOfShare(metric, size))
  return Math.hypot(own, ofReference ?? 0)
}

/** Names of probabilities. */
const PROBABILITY = /^(p_|availability$)/

/** What is rare may not have happened in any replication: a probability has at least the error of so many draws. */
function errorOfShare({ name, expected }: ReferenceMetric, size: number): number {
  const share = expected ?? Number.NaN
  return PROBABILITY.test(name) && share >= 0 && share <= 1
    ? Math.sqrt((share * (1 - share)) / size)
    : 0
}

/** Standard error of the mean of replications; 0 for fewer than two. */
function spreadOf(samples: readonly number[]): number {
  const n = samples.length
  if (n < 2) return 0
  const middle = mean(samples)
  const squares = samples.reduce((sum, each) => sum + (each - middle) ** 2, 0)
  return Math.sqrt(squares / (n - 1) / n)
}

/** The rule: sigmas of the error; else the stated tolerance; else the 99.9 % interval of the replications. */
function toleranceOf(metric: ReferenceMetric, one: Measured, error: number, tier: Tier): number {
  const { asd, tolerance_abs: absolute, tolerance_rel: relative } = metric
  const size = Math.abs(metric.expected ?? 0)
  const bucket = /p\d{2,3}$/.test(metric.name) ? size * HALF_BUCKET : 0
  const rounding = 1e-9 * Math.max(1, size)
  if (asd) return RULES[tier].sigmas * error + bucket + rounding
  const stated = Math.max(absolute ?? 0, (relative ?? 0) * size)
  const n = one.samples?.length ?? 0
  // A few runs, over which a long one was spread, tell nothing of their spread.
  const interval = n >= REPLICATIONS ? studentT(n - 1, 0.999) * error : 0
  return Math.max(stated, interval) + bucket + rounding
}
