/** The bootstrap-t interval of a mean: for values that are too skewed for Student's t. */
import { deriveKey, Dice, seedKey } from '../../core/random.ts'
import type { Intervals } from './interval.ts'

/** Resamples; with 1,999 of them the 2.5 % quantile is one of them and needs no interpolation. */
const RESAMPLES = 1999
/** Fewest values that are resampled; of less, t* has wild tails. */
const FEWEST = 10
/** A resample is flat when its standard error is less than this share of that of all values. */
const FLAT = 0.25
/** Share of resamples that may be flat. */
const MOST_FLAT = 0.01

/**
 * Bootstrap-t (Efron and Tibshirani 1993, section 12.5): the t of each resample takes the place of Student's quantiles,
 * so the interval is longer on the side of the long tail. The draws are keyed: the same values give the same interval
 * everywhere. Undefined for fewer than ten values, and where they lie in clumps: a resample that has missed the smaller
 * clump hardly varies, its t is beyond all measure, and the interval would promise less than any value that was seen.
 */
export function bootstrapT(values: readonly number[]): Intervals | undefined {
  const n = values.length
  if (n < FEWEST) return undefined
  const { mean, error } = momentsOf(values)
  const ts = studentised(values, mean, FLAT * error)
  if (!ts) return undefined
  const most = ts.length
  return (confidence) => {
    const rank = Math.floor(((1 - confidence) / 2) * (most + 1))
    if (rank < 1) return { mean, low: -Infinity, high: Infinity, n }
    return { mean, low: mean - ts[most - rank]! * error, high: mean - ts[rank - 1]! * error, n }
  }
}

/** The t of every resample that has one, in ascending order; undefined where too many are flat. */
function studentised(
  values: readonly number[],
  middle: number,
  least: number,
): Float64Array | undefined {
  const n = values.length
  const picks = picksOf(n)
  const ts: number[] = []
  let flat = 0
  for (let resample = 0; resample < RESAMPLES; resample++) {
    const { mean, error } = momentsOf(values, picks.subarray(resample * n, (resample + 1) * n))
    if (error < least) flat++
    if (error > 0) ts.push((mean - middle) / error)
  }
  if (flat > MOST_FLAT * RESAMPLES) return undefined
  return Float64Array.from(ts.toSorted((a, b) => a - b))
}

/** Mean and its standard error: of the values, or of those that were picked. */
function momentsOf(values: readonly number[], picks?: Uint16Array) {
  const n = values.length
  let sum = 0
  for (let at = 0; at < n; at++) sum += values[picks ? picks[at]! : at]!
  const mean = sum / n
  let squares = 0
  for (let at = 0; at < n; at++) {
    const apart = values[picks ? picks[at]! : at]! - mean
    squares += apart * apart
  }
  return { mean, error: Math.sqrt(squares / (n - 1) / n) }
}

/** Which values go into which resample, for the last few sizes: many numbers of the same runs are resampled alike. */
const known = new Map<number, Uint16Array>()
const MOST_KNOWN = 2

function picksOf(n: number): Uint16Array {
  const before = known.get(n)
  if (before) return before
  const dice = new Dice(deriveKey(seedKey('statistics'), 'bootstrap', 'picks'))
  const picks = new Uint16Array(RESAMPLES * n)
  for (let at = 0; at < picks.length; at++) picks[at] = dice.below(n, at, n)
  known.set(n, picks)
  if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!)
  return picks
}
