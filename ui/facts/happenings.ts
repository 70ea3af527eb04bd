/** What happened, in words: faults, patterns that changed their state, services in trouble, recoveries. */
import type { Time } from '../../engine/units.ts'
import { arrows, listed, wholePercent, words } from '../format.ts'
import type { Runs, Transition, VariantRun } from '../runs.ts'
import { SIDES, type Side } from '../state.ts'
import { faultBegins, faultEnds } from './faults.ts'
import { firstTroubles, type Trouble } from './health.ts'
import { standing } from './standing.ts'

/** One thing that happened. */
export interface Happening {
  readonly time: Time
  /** Undefined: in both. */
  readonly side: Side | undefined
  readonly words: string
  /** 0 is told first when there is little room. */
  readonly rank: 0 | 1 | 2
}

/** Transitions of one pattern into one state within this time are told as one, ns. */
const TOGETHER = 5e8

/** Everything that happened in both variants, in the order of time. */
export function happenings(runs: Runs): Happening[] {
  const first = runs.A ?? runs.B
  if (!first) return []
  const found = [...faultsOf(first)]
  for (const side of SIDES) {
    const run = runs[side]
    if (run) found.push(...troublesOf(run, side), ...transitionsOf(run, side), ...endOf(run, side))
  }
  return inBoth(found).toSorted((a, b) => a.time - b.time)
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
  return firstTroubles(run).map((trouble, order) => ({
    time: trouble.time,
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
