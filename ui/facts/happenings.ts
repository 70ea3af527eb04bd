/** What happened, in words: faults, patterns that changed their state, services in trouble, recoveries. */
import type { Time } from '../../engine/units.ts'
import { arrows, listed, wholePercent, words } from '../format.ts'
import type { Runs, Transition, VariantRun } from '../runs.ts'
import { SIDES, type Side } from '../state.ts'
import { crossings } from './crossings.ts'
import { parting } from './divergence.ts'
import { faultBegins, faultEnds } from './faults.ts'
import { firstTroubles, troubleStep, type Trouble } from './health.ts'
import { standing } from './standing.ts'

/** One thing that happened. */
export interface Happening {
  readonly time: Time
  /** What was seen over a stretch began somewhere before its end; undefined: the moment is known. */
  readonly until?: Time
  /** Undefined: in both. */
  readonly side: Side | undefined
  readonly words: string
  /** 0 is told first when there is little room. */
  readonly rank: 0 | 1 | 2
}

/** Transitions of one pattern into one state within this time are told as one, ns. */
const TOGETHER = 5e8

/** What was found last, and in what. */
interface Found {
  readonly key: readonly unknown[]
  readonly all: readonly Happening[]
}
const known = new WeakMap<VariantRun, Found>()

/** Everything that happened in both variants, in the order of time. */
export function happenings(runs: Pick<Runs, 'A' | 'B'>): readonly Happening[] {
  const { A, B } = runs
  const first = A ?? B
  if (!first) return []
  const key = [A, A?.filled, A?.result, B, B?.filled, B?.result]
  const before = known.get(first)
  if (before && key.every((one, at) => one === before.key[at])) return before.all
  const all = find(runs, first)
  known.set(first, { key, all })
  return all
}

function find(runs: Pick<Runs, 'A' | 'B'>, first: VariantRun): Happening[] {
  const found = [...faultsOf(first), ...partingOf(runs)]
  for (const side of SIDES) {
    const run = runs[side]
    if (!run) continue
    found.push(...troublesOf(run, side), ...transitionsOf(run, side), ...endOf(run, side))
    found.push(...crossingsOf(run, side), ...calmOf(run, side))
  }
  const placed = inBoth(found).map((one) => afterItsCause(one, runs, first))
  return placed.toSorted((a, b) => a.time - b.time)
}

/**
 * What shows in a stretch does not stand before what can have caused it there: faults that begin or end, and where only
 * one has it, that A and B part.
 */
function afterItsCause(one: Happening, { A, B }: Pick<Runs, 'A' | 'B'>, { layout }: VariantRun) {
  const { time, until = time, side } = one
  const { at } = A && B && side ? parting(A, B) : {}
  const causes = [...layout.faults.flatMap((fault) => [fault.from, fault.until]), at ?? 0]
  return { ...one, time: Math.max(time, ...causes.filter((cause) => cause < until)) }
}

function crossingsOf(run: VariantRun, side: Side): Happening[] {
  return crossings(run).map(({ time, until, words, isTelling }) => {
    return { time, until, side, words, rank: isTelling ? 1 : 2 }
  })
}

/** Most headlines. */
export const MOST_HEADLINES = 12

/** The most telling entries, in the order of time: those that are told when there is little room. */
export function headlines(
  runs: Pick<Runs, 'A' | 'B'>,
  room = MOST_HEADLINES,
): readonly Happening[] {
  const all = happenings(runs)
  const most = Math.min(room, MOST_HEADLINES)
  const chosen = new Set(all.toSorted((a, b) => a.rank - b.rank).slice(0, most))
  return all.filter((one) => chosen.has(one))
}

/** What happened in both at the same moment is told once. */
function inBoth(found: readonly Happening[]): Happening[] {
  const keyOf = ({ time, words: says }: Happening): string => `${time} ${says}`
  const inA = new Set(found.filter(({ side }) => side === 'A').map(keyOf))
  const twice = new Set(found.filter((one) => one.side === 'B' && inA.has(keyOf(one))).map(keyOf))
  return found
    .filter((one) => one.side !== 'B' || !twice.has(keyOf(one)))
    .map((one) => (twice.has(keyOf(one)) ? { ...one, side: undefined } : one))
}

/** Where A and B part; from the start is no news. */
function partingOf({ A, B }: Pick<Runs, 'A' | 'B'>): Happening[] {
  const { at } = A && B ? parting(A, B) : {}
  if (!at) return []
  return [{ time: at, side: undefined, words: 'A and B were identical until here', rank: 0 }]
}

function faultsOf({ layout }: VariantRun): Happening[] {
  return layout.faults.flatMap((fault) => {
    const begins = {
      time: fault.from,
      side: undefined,
      words: faultBegins(fault),
      rank: 0 as const,
    }
    if (fault.until >= layout.duration || fault.until === fault.from) return [begins]
    return [begins, { ...begins, time: fault.until, words: faultEnds(fault) }]
  })
}

function troublesOf(run: VariantRun, side: Side): Happening[] {
  const width = troubleStep(run) * run.layout.bucket
  return firstTroubles(run).map((trouble, order) => ({
    time: trouble.time,
    until: trouble.time + width,
    side,
    words: `${trouble.name}: ${howItWent(trouble)}`,
    rank: order < 3 && trouble.health !== 'refusing' ? 1 : 2,
  }))
}

function howItWent({ health, isFull, busy, slots }: Trouble): string {
  if (health === 'refusing') return 'calls are turned away'
  if (isFull) return 'its queue is full'
  if (busy > 0.92 * slots) return `all ${Math.round(slots)} slots busy`
  return health === 'failing' ? 'calls fail' : 'calls wait'
}

/** The words of a circuit as verbs; those of other patterns are quoted. */
const VERBS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  open: ['opens', 'open'],
  'half-open': ['probes', 'probe'],
  closed: ['closes', 'close'],
}

function transitionsOf(run: VariantRun, side: Side): Happening[] {
  const groups: Transition[][] = []
  for (const entered of run.transitions) {
    const group = groups.findLast(
      ([first]) => first!.unit.use === entered.unit.use && first!.word === entered.word,
    )
    if (group && entered.time - group[0]!.time <= TOGETHER) group.push(entered)
    else groups.push([entered])
  }
  const seen = new Set<string>()
  return groups.map((group) => {
    const { word, unit, time } = group[0]!
    const key = `${unit.use} ${word}`
    const isLast = !run.transitions.some((one) => one.time > time + TOGETHER && one.word === word)
    const isTelling = word !== 'half-open' && (!seen.has(key) || (word === 'closed' && isLast))
    seen.add(key)
    return { time, side, words: transitionWords(group), rank: isTelling ? 0 : 2 }
  })
}

function transitionWords(group: readonly Transition[]): string {
  const { word, unit } = group[0]!
  const places = [...new Set(group.map((one) => one.unit.place))].map(arrows)
  const verb = VERBS[word]?.[places.length > 1 ? 1 : 0] ?? `is ${word}`
  const what = words(unit.use)
  return places.length > 1
    ? `${places.length} ${what}s ${verb}`
    : `${what} ${listed(places)} ${verb}`
}

function endOf(run: VariantRun, side: Side): Happening[] {
  const fared = standing(run)
  if (!fared || !run.isDone || fared.faultEnd === undefined) return []
  const { faultEnd, recovery, servedLast, fate } = fared
  if (fate === 'untouched') return []
  if (Number.isFinite(recovery)) {
    return [{ time: faultEnd + recovery, side, words: 'normal again', rank: 0 }]
  }
  const words = `still ${wholePercent(servedLast)} served`
  return [{ time: run.layout.duration, side, words, rank: 0 }]
}

/** That nothing failed is news too. */
function calmOf({ result, isDone, layout }: VariantRun, side: Side): Happening[] {
  if (!isDone || !result || result.requests.failed + result.requests.failedFast > 0) return []
  return [{ time: layout.duration, side, words: 'no request has failed', rank: 0 }]
}

/** Shorter than this, ns, two moments are one: the cursor stands on buckets. */
const SAME_MOMENT = 1e8

/** The moment of the first headline after a moment. */
export function eventAfter(runs: Runs | undefined, time: Time): Time | undefined {
  return headlinesOf(runs).find((one) => one.time > time + SAME_MOMENT)?.time
}

/** The moment of the last headline before a moment. */
export function eventBefore(runs: Runs | undefined, time: Time): Time | undefined {
  return headlinesOf(runs).findLast((one) => one.time < time - SAME_MOMENT)?.time
}

/** What is told first, in the order of time. */
export function headlinesOf(runs: Runs | undefined): readonly Happening[] {
  return runs ? headlines(runs) : []
}
