/**
 * How many runs a comparison takes: as many as the width of the interval asks for, looked at a few times only and never
 * with an eye on significance. Stopping when a difference shows would call chance a difference in a third of all cases;
 * stopping at a width keeps the 95 %.
 */
import { halfWidth, type Interval } from './interval.ts'

/** Pairs before the first look. */
export const FIRST_LOOK = 20
/** Pairs after which nobody goes on. */
export const MOST_RUNS = 320
/** Half the width of an interval, as a share of the baseline, at which it is narrow enough. */
const RELATIVE = 0.05

/** How narrow an interval has to be. */
export interface Precision {
  /** Half its width, as a share of the baseline (the mean of the first variant). */
  readonly relative?: number | undefined
  /** Half its width in the unit of the number: what would not matter. */
  readonly absolute?: number | undefined
}

/** Numbers of pairs at which one looks: 20, 40, 80, 160, 320, as far as the most that are wanted, which ends the row. */
export function looksUpTo(most = MOST_RUNS): number[] {
  const looks: number[] = []
  for (let look = FIRST_LOOK; look < most; look *= 2) looks.push(look)
  return [...looks, most]
}

/** Half the width that is narrow enough: the larger of 5 % of the baseline and the user's δ. */
export function toleranceOf(baseline: number, { relative, absolute }: Precision = {}): number {
  return Math.max((relative ?? RELATIVE) * Math.abs(baseline), absolute ?? 0)
}

/** Whether an interval is narrow enough. */
export function isPrecise(interval: Interval, tolerance: number): boolean {
  return halfWidth(interval) <= tolerance
}

/** About how many more runs it takes to be narrow enough; Infinity where no number of them would do. */
export function runsMissing(interval: Interval, tolerance: number): number {
  const factor = halfWidth(interval) / tolerance
  return factor <= 1 ? 0 : Math.ceil(interval.n * factor * factor) - interval.n
}
