/** One or two values of the file moved along their ways, all variants under the same seeds at every point. */
import type { RunTask } from '../run.ts'
import { afterPairs, type ComparisonPlan, type Looked } from './comparison.ts'
import { type Range, valuesOf } from './range.ts'
import { changed, type Study, tell } from './study.ts'

/** What is swept. */
export interface SweepPlan extends Pick<ComparisonPlan, 'base' | 'variants' | 'from' | 'measures'> {
  readonly ranges: readonly Range[]
  readonly seeds: number
}

/** A point, and what is known there. */
export interface SweepPoint {
  /** The value of every range, as the file would write it. */
  readonly values: readonly string[]
  readonly looked: Looked
}

/** Tells every point; the last range moves fastest. Answers all of them, or those that were done when it was cancelled. */
export function* sweep(plan: SweepPlan): Study<SweepPoint, SweepPoint[]> {
  const points: SweepPoint[] = []
  for (const values of pointsOf(plan.ranges)) {
    const base = settingOf(plan.base, plan.ranges, values)
    const looked = yield* afterPairs({ ...plan, base }, plan.seeds)
    if (!looked) break
    points.push({ values, looked })
    yield* tell(points.at(-1)!)
  }
  return points
}

/** Every combination of the values of some ranges. */
export function pointsOf(ranges: readonly Range[]): string[][] {
  return ranges.reduce<string[][]>(
    (points, range) => points.flatMap((point) => valuesOf(range).map((value) => [...point, value])),
    [[]],
  )
}

/** A task with the values of a point. */
export function settingOf(
  base: RunTask,
  ranges: readonly Range[],
  values: readonly string[],
): RunTask {
  const set = Object.fromEntries(ranges.map(({ path }, at) => [path, values[at]!]))
  return changed(base, { set })
}
