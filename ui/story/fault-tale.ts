/** The steps of a comparison with a fault: calm, fault, cascade, bet, what came of it, and the same with B. */
import type { Time } from '../../engine/units.ts'
import { lastFaultEnd } from '../facts/faults.ts'
import { clause, howTheyDiffer } from '../facts/verdict.ts'
import { capitalised } from '../format.ts'
import { acted, again, baseline, cascade, fared, onset, over, troublesWithin } from './sentences.ts'
import type { Bet } from './step.ts'
import { measuredSteps } from './measured-tale.ts'
import { joined, sameness, step, turning, type Draft, type Tale } from './tale.ts'

/** Share of the run before the fault that is played. */
const BEFORE = 0.05
/** Badges of the order of failure that are told. */
const MOST_TROUBLES = 4
/** Share of requests that must be served for a run whose fault does not end. */
const ALL_THE_SAME = 0.9

/** When what happens. */
interface Moments {
  /** The first fault. */
  readonly from: Time
  /** The last of the troubles that are told. */
  readonly spread: Time
  /** The last fault is over. */
  readonly over: Time
  readonly bet: Time
  /** When it can be seen what came of A. */
  readonly seen: Time
}

/** All steps but the last ones. */
export function faultSteps(tale: Tale): Draft[] {
  const at = momentsOf(tale)
  const isRecovery = tale.judge.about === 'recovery' || tale.judge.about === 'same'
  if (!isRecovery) return [...breaking(tale, at), ...measuredSteps(tale, at.spread)]
  const same = sameness(tale, at.seen)
  return [...breaking(tale, at), ...recovering(tale, at), ...(same ? [same] : turnedOn(tale, at))]
}

function momentsOf({ a, left, end }: Tale): Moments {
  const { faults, duration } = a.layout
  const from = Math.min(...faults.map((fault) => fault.from))
  const over = Math.max(from, lastFaultEnd(a.layout) ?? from + 0.25 * (duration - from))
  const within = over > from ? over : from + 0.2 * (duration - from)
  const last = troublesWithin(a, from, within).slice(0, MOST_TROUBLES).at(-1)
  const spread = Math.min(within, (last?.time ?? (from + within) / 2) + 0.02 * duration)
  const bet = Math.min(end, Math.max(over, spread))
  const isBack = Number.isFinite(left.recovery)
  const seen = isBack ? over + left.recovery + BEFORE * duration : bet + 0.4 * (end - bet)
  return { from, spread, over, bet, seen: Math.min(end, Math.max(bet, seen)) }
}

/** A alone: what breaks. */
function breaking({ a, opened }: Tale, { from, spread }: Moments): Draft[] {
  const { faults, duration } = a.layout
  const ordered = faults.toSorted((one, other) => one.from - other.from)
  const before = Math.max(0, from - Math.max(BEFORE * duration, 2e9))
  const middle = from + 0.25 * (spread - from)
  const spreads = joined(cascade(a, from, spread), again(a, ordered[0]!.target, opened))
  const calm = step('before', [before, from], 'A', baseline(a, 0, from), ['#topology-a'])
  return [
    ...(from > before ? [calm] : []),
    step('fault', [from, middle], 'A', onset(ordered, duration), ['#topology-a']),
    step('cascade', [middle, spread], 'A', spreads, ['#topology-a']),
  ]
}

/** A alone: whether it mends itself. */
function recovering({ a, left }: Tale, { spread, bet, seen }: Moments): Draft[] {
  const { faults, duration } = a.layout
  const last = faults.find(({ until }) => until === lastFaultEnd(a.layout)) ?? faults[0]!
  const asked = step('bet', [spread, bet], 'A', over(last, duration), ['#requests-a'])
  const points = ['#requests-a', '#topology-a']
  return [
    { ...asked, bet: betOn(left) },
    { ...step('reveal', [bet, seen], 'A', fared(a, left, seen), points), isReveal: true },
  ]
}

function betOn({ fate, served }: Tale['left']): Bet {
  if (fate === 'faultless') {
    return {
      question: 'Will 9 of 10 requests be served all the same?',
      isYes: served >= ALL_THE_SAME,
    }
  }
  return { question: 'Will the system recover?', isYes: fate === 'back' || fate === 'untouched' }
}

/** B, from the fault on. */
function turnedOn(tale: Tale, { from, bet, seen }: Moments): Draft[] {
  const { a, b, right, difference, opened, end } = tale
  const back = (right.faultEnd ?? 0) + right.recovery
  const until = (Number.isFinite(back) ? back : seen) + 0.03 * a.layout.duration
  const shown = Math.min(end, Math.max(until, bet))
  const words = `${capitalised(howTheyDiffer(difference, opened))} ${clause(right).text}.`
  const points = ['#topology-b', '#requests-b']
  return [
    turning(tale, from),
    step('pattern', [from, shown], 'AB', joined(words, acted(b)), points),
  ]
}
