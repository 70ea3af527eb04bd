/**
 * A map of what a trigger leaves behind: at every load and every size of the trigger, does the system come back by itself,
 * and when? A system that is fine at a load without the trigger, and stays down after the trigger is gone, is metastable
 * (Bronson, Aghayev, Charapko and Zhu, HotOS 2021).
 */
import { type Interval, medianInterval, wilsonInterval } from '../results/statistics.ts'
import { recoveryTime } from '../results/recovery.ts'
import type { RunTask } from '../run.ts'
import { type Range, valuesOf } from './range.ts'
import { changed, isComplete, runs, type Study, seedsFrom, tell } from './study.ts'
import { settingOf } from './sweep.ts'

/** What is mapped. */
export interface MetastabilityPlan {
  readonly base: RunTask
  /** Names of `compare`, or undefined for the file as it stands. */
  readonly variants: readonly (string | undefined)[]
  readonly load: Range
  readonly trigger: Range
  readonly from: number
  readonly seeds: number
  /** When the trigger is gone, in ms; told by whoever can read the file. */
  readonly triggerEnds: (task: RunTask) => number
}

/** How a load stands at a trigger. */
export type Fate = 'recovers' | 'stuck' | 'either' | 'overloaded'

/** One variant at one load and one trigger. */
export interface Cell {
  readonly load: string
  /** Undefined: without any fault. */
  readonly trigger: string | undefined
  readonly variant: string | undefined
  readonly fate: Fate
  /** Share of seeds that come back for good before the run ends. */
  readonly recovered: Interval
  /** Median time to that, in ms from the end of the trigger; infinite where most stay down. Undefined under six seeds. */
  readonly escape: Interval | undefined
}

/** Tells each cell; a load without the trigger comes first. Answers all that were done. */
export function* metastability(plan: MetastabilityPlan): Study<Cell, Cell[]> {
  const cells: Cell[] = []
  for (const load of valuesOf(plan.load)) {
    const overloaded = new Set<string | undefined>()
    for (const trigger of [undefined, ...valuesOf(plan.trigger)]) {
      const found = yield* cellsAt(plan, load, trigger, overloaded)
      if (!found) return cells
      cells.push(...found)
      for (const cell of found) yield* tell(cell)
      if (trigger !== undefined) continue
      for (const { fate, variant } of found) if (fate === 'overloaded') overloaded.add(variant)
    }
  }
  return cells
}

function* cellsAt(
  plan: MetastabilityPlan,
  load: string,
  trigger: string | undefined,
  overloaded: ReadonlySet<string | undefined>,
): Study<never, Cell[] | undefined> {
  const { base, variants, from, seeds } = plan
  // Without a trigger one looks from where the smallest one would end.
  const sized = settingOf(base, [plan.load, plan.trigger], [load, trigger ?? plan.trigger.from])
  const after = plan.triggerEnds(sized)
  const task = trigger === undefined ? withoutFaults(settingOf(base, [plan.load], [load])) : sized
  const results = yield* runs(
    variants.flatMap((variant) =>
      seedsFrom(from, seeds).map((seed) => changed(task, { variant, seed })),
    ),
  )
  if (!isComplete(results)) return undefined
  return variants.map((variant, at) => {
    const own = results.slice(at * seeds, (at + 1) * seeds)
    const times = own.map((result) => recoveryTime(result, after))
    const place = { load, trigger, variant }
    return { ...place, ...cellOf(times, trigger === undefined, overloaded.has(variant)) }
  })
}

function withoutFaults(base: RunTask): RunTask {
  return changed(base, { set: { faults: [] } })
}

function cellOf(times: readonly number[], isBare: boolean, isOverloaded: boolean) {
  const back = times.filter(Number.isFinite).length
  const share = wilsonInterval(back, times.length)
  const isDown = back < times.length / 2
  const fate: Fate =
    isOverloaded || (isBare && isDown)
      ? 'overloaded'
      : back === times.length
        ? 'recovers'
        : back === 0
          ? 'stuck'
          : 'either'
  const known = times.map((time) => (Number.isNaN(time) ? Infinity : time))
  return { fate, recovered: share, escape: medianInterval(known) }
}
