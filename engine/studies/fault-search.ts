/** The smallest fault that breaks a line of `expect`: the fewest, the shortest, the mildest. */
import { deriveKey, Dice, seedKey } from '../core/random.ts'
import type { RunTask } from '../run.ts'
import type { ExpectationTree } from '../scenario/expect/ast.ts'
import { bySeed, holds, tasksFor, variantsIn } from './expectation.ts'
import { type FaultDraft, sizeOf, written } from './fault-draft.ts'
import { type Breaks, type FaultProgress, type Faults, shrunk } from './fault-shrink.ts'
import { changed, isComplete, runs, type Study, seedsFrom, tell } from './study.ts'

/** What is looked for, and among what. */
export interface FaultPlan {
  readonly base: RunTask
  readonly tree: ExpectationTree
  readonly from: number
  /** Seeds under which a fault must break the line; it is confirmed over as many as the line asks for. */
  readonly seeds: number
  /** Faults of the file, as it writes them; they stay unless they break the line by themselves. */
  readonly present: readonly unknown[]
  /** The same, where all of them can be made smaller. */
  readonly drafts: readonly FaultDraft[] | undefined
  readonly candidates: readonly FaultDraft[]
  /** Pairs that are tried when no single fault breaks the line. */
  readonly pairs: number
  /** Virtual ns of a run. */
  readonly duration: number
}

/** What was found. */
export interface FoundFault {
  readonly line: string
  readonly seeds: number
  /** Empty: nothing that was tried breaks it. */
  readonly faults: readonly FaultDraft[]
  /** Whether the faults are those of the file, made smaller, instead of further ones. */
  readonly isOwn: boolean
  readonly tried: number
  /** Sets that break it before they are made smaller. */
  readonly breaking: number
  /** Whether it is broken, too, over all seeds that the line asks for. */
  readonly isConfirmed: boolean
}

/** Sets whose runs are asked for at a time. */
const AT_ONCE = 16
/** Of those that break it, the smallest so many are made as small as can be. */
const FINALISTS = 3

/** Tells how far it is; undefined when it was cancelled. */
export function* faultSearch(plan: FaultPlan): Study<FaultProgress, FoundFault | undefined> {
  const count = { tried: 0 }
  const beside = breaker(plan, plan.present, count)
  const alone = yield* beside([[]])
  if (!alone) return undefined
  const own = alone[0] ? (plan.drafts ?? []) : []
  const isOwn = own.length > 0
  if (alone[0] && !isOwn) return answer(plan, [], false, count.tried, 1, true)
  const breaks = isOwn ? breaker(plan, [], count) : beside
  const found = isOwn ? [own] : yield* breaking(plan, breaks, count)
  if (!found) return undefined
  const best = yield* smallest(plan, breaks, found, count)
  if (!best) return undefined
  if (best.length === 0) return answer(plan, [], isOwn, count.tried, found.length, false)
  const present = isOwn ? [] : plan.present
  const all = { ...plan, seeds: Math.max(plan.seeds, plan.tree.seeds) }
  const confirmed = yield* breaker(all, present, count)([best])
  return confirmed && answer(plan, best, isOwn, count.tried, found.length, confirmed[0]!)
}

function answer(
  { tree, seeds }: FaultPlan,
  faults: Faults,
  isOwn: boolean,
  tried: number,
  breaking: number,
  isConfirmed: boolean,
): FoundFault {
  return { line: tree.text, seeds, faults, isOwn, tried, breaking, isConfirmed }
}

/** Runs sets of faults beside those that stay. */
function breaker(plan: FaultPlan, present: readonly unknown[], count: { tried: number }): Breaks {
  return function* (sets) {
    const fine: boolean[] = []
    for (let start = 0; start < sets.length; start += AT_ONCE) {
      const part = sets.slice(start, start + AT_ONCE)
      const held = yield* heldWith(plan, present, part)
      if (!held) return undefined
      count.tried += part.length
      fine.push(...held.map((one) => !one))
    }
    return fine
  }
}

function* heldWith(
  { base, tree, from, seeds }: FaultPlan,
  present: readonly unknown[],
  sets: readonly Faults[],
): Study<never, boolean[] | undefined> {
  const row = seedsFrom(from, seeds)
  const tasks = sets.flatMap((set) => {
    const task = changed(base, { set: { faults: [...present, ...set.map(written)] } })
    return row.flatMap((seed) => tasksFor(tree, task, seed))
  })
  const results = yield* runs(tasks)
  if (!isComplete(results)) return undefined
  const each = seeds * variantsIn(tree).length
  return sets.map((_, at) => holds(tree, bySeed(tree, results.slice(at * each, (at + 1) * each))))
}

/** Single faults that break the line; where there are none, pairs. */
function* breaking(
  plan: FaultPlan,
  breaks: Breaks,
  count: { tried: number },
): Study<FaultProgress, Faults[] | undefined> {
  const singles = yield* among(
    plan.candidates.map((one) => [one]),
    'one fault',
    breaks,
    count,
  )
  if (!singles || singles.length > 0) return singles
  return yield* among(drawnPairs(plan), 'two faults', breaks, count)
}

function* among(
  sets: readonly Faults[],
  phase: FaultProgress['phase'],
  breaks: Breaks,
  count: { tried: number },
): Study<FaultProgress, Faults[] | undefined> {
  const found: Faults[] = []
  for (let start = 0; start < sets.length; start += AT_ONCE) {
    const part = sets.slice(start, start + AT_ONCE)
    const broken = yield* breaks(part)
    if (!broken) return undefined
    found.push(...part.filter((_, at) => broken[at]))
    yield* tell<FaultProgress>({ phase, tried: count.tried, breaking: found.length })
  }
  return found
}

/** Pairs of different faults, drawn by keys of their own: the same ones in every search. */
function drawnPairs({ candidates, pairs, from }: FaultPlan): Faults[] {
  const dice = new Dice(deriveKey(seedKey(from), 'search', 'pairs'))
  const drawn = new Map<string, Faults>()
  for (let draw = 0; draw < 20 * pairs && drawn.size < pairs; draw++) {
    const [a, b] = [0, 1].map((place) => dice.below(candidates.length, draw, place))
    if (a! < b!) drawn.set(`${a!} ${b!}`, [candidates[a!]!, candidates[b!]!])
  }
  return [...drawn.values()]
}

/** The smallest set that breaks the line; empty when there is none. */
function* smallest(
  plan: FaultPlan,
  breaks: Breaks,
  found: readonly Faults[],
  count: { tried: number },
): Study<FaultProgress, Faults | undefined> {
  const finalists = yield* halvedTogether(breaks, found)
  if (!finalists) return undefined
  let best: Faults = []
  for (const set of finalists.slice(0, FINALISTS)) {
    const small = yield* shrunk(set, breaks)
    if (!small) return undefined
    if (best.length === 0 || isSmaller(small, best, plan.duration)) best = small
    yield* tell<FaultProgress>({ phase: 'shrinking', tried: count.tried, breaking: found.length })
  }
  return best
}

/** Of many sets, those that still break the line when all are made smaller by the same part, again and again. */
function* halvedTogether(
  breaks: Breaks,
  found: readonly Faults[],
): Study<FaultProgress, readonly Faults[] | undefined> {
  let left = found
  while (left.length > FINALISTS) {
    const halves = left.map((set) => set.map((fault) => halfOf(fault)))
    const broken = yield* breaks(halves)
    if (!broken) return undefined
    const rest = halves.filter((_, at) => broken[at])
    if (rest.length === 0) break
    left = rest
  }
  return left
}

/** Half as long. */
function halfOf(fault: FaultDraft): FaultDraft {
  return { ...fault, for: Math.max(1e6, Math.round(fault.for / 2e6) * 1e6) }
}

/** Fewer faults are smaller; of as many, those that take less time by strength. */
function isSmaller(a: Faults, b: Faults, duration: number): boolean {
  const size = (set: Faults): number => set.reduce((sum, one) => sum + sizeOf(one, duration), 0)
  return a.length === b.length ? size(a) < size(b) : a.length < b.length
}
