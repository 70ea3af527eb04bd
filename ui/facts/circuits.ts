/** State signals over time, such as circuits: how long they stayed in which state, which are shown, and why one opened. */
import type { Time } from '../../engine/units.ts'
import {
  arrows,
  capitalised,
  count,
  moment,
  NBSP,
  plural,
  span,
  wholePercent,
  words,
} from '../format.ts'
import type { Lane, Runs, VariantRun } from '../runs.ts'
import { SIDES, type Side } from '../state.ts'
import type { Limit } from './circuit-limit.ts'
import { at } from './moment-words.ts'

/** A stretch in one state. */
export interface Stay {
  readonly word: string
  readonly from: Time
  readonly until: Time
}

/** A state signal of a variant. The first of its words is where it rests. */
export interface Circuit extends Lane {
  readonly side: Side
  readonly run: VariantRun
  readonly stays: readonly Stay[]
  /** Time spent in other states than the first, ns. */
  readonly away: number
}

/** All state signals of both variants, A first. */
export function circuitsOf(runs: Runs): Circuit[] {
  return SIDES.flatMap((side) => {
    const run = runs[side]
    return run ? run.lanes.map((lane) => circuitOf(run, side, lane)) : []
  })
}

function circuitOf(run: VariantRun, side: Side, lane: Lane): Circuit {
  const stays = staysOf(run, lane)
  const away = stays
    .filter(({ word }) => word !== lane.words[0])
    .reduce((all, { from, until }) => all + until - from, 0)
  return { ...lane, side, run, stays, away }
}

function staysOf(run: VariantRun, { unit, signal, words: states }: Lane): Stay[] {
  const stays: Stay[] = [{ word: states[0] ?? '', from: 0, until: run.now }]
  for (const entered of run.transitions) {
    if (entered.unit !== unit || entered.signal !== signal) continue
    stays[stays.length - 1] = { ...stays.at(-1)!, until: entered.time }
    stays.push({ word: entered.word, from: entered.time, until: run.now })
  }
  return stays
}

/** Most lanes that are ever drawn. */
const MOST_LANES = 12

/** The lanes that are drawn, and the rest in words. */
export interface Folded {
  readonly shown: readonly Circuit[]
  /** `3 more opened, 31 stayed closed`; empty when all are shown. */
  readonly rest: string
}

/** Lanes that have moved, as many as there is room for: those that were away from rest for longest. */
export function folded(circuits: readonly Circuit[], room: number): Folded {
  const moved = circuits.filter(({ stays }) => stays.length > 1)
  const still = circuits.length - moved.length
  const most = Math.max(1, Math.min(MOST_LANES, room))
  const longest = moved.toSorted((a, b) => b.away - a.away).slice(0, most)
  const shown = SIDES.flatMap((side) => longest.filter((one) => one.side === side))
  const rest = restWords(moved.length - shown.length, still, circuits)
  return { shown, rest }
}

function restWords(more: number, still: number, circuits: readonly Circuit[]): string {
  const resting = new Set(circuits.map((one) => one.words[0]))
  const isCircuit = resting.size === 1 && resting.has('closed')
  const parts = [
    more > 0 ? `${count(more)} more ${isCircuit ? 'opened' : 'moved'}` : '',
    still > 0 ? `${count(still)} stayed ${isCircuit ? 'closed' : 'at rest'}` : '',
  ]
  return parts.filter((part) => part !== '').join(', ')
}

/** What is said when no lane is drawn. */
export function nothingMoved(circuits: readonly Circuit[]): string {
  if (circuits.length === 0) return 'No circuit breakers in this scenario.'
  const uses = [...new Set(circuits.map(({ unit }) => words(unit.use)))]
  const what =
    uses.length === 1 ? plural(circuits.length, uses[0]!) : plural(circuits.length, 'lane')
  const [first] = circuits
  const isOne = circuits.length === 1
  return `${what}: ${isOne ? 'it' : 'all'} stayed ${first!.words[0]!}.`
}

/** The state of a lane at a moment. */
export function stayAt({ stays }: Circuit, time: Time): Stay {
  return stays.findLast(({ from }) => from <= time) ?? stays[0]!
}

/** When a probe failed: a half-open circuit opened again. */
export function failedProbes({ stays }: Circuit): Time[] {
  return stays
    .filter(({ word }, place) => word === 'open' && stays[place - 1]?.word === 'half-open')
    .map(({ from }) => from)
}

/** `payments`, of `checkout -> payments`; with its instance, if it has one. */
export function placeName({ unit }: Circuit): string {
  return unit.place.split(' -> ').at(-1)!
}

/** What a lane says of a moment, and why it is in its state, as far as the columns know. */
export function circuitWords(circuit: Circuit, time: Time, limit: Limit | undefined): string {
  const { unit, side } = circuit
  const { word, from } = stayAt(circuit, time)
  const who = `${side} ${arrows(unit.place)}`
  const isRest = word === circuit.words[0]
  const since = from > 0 && !isRest ? ` since ${at(circuit.run, from)}` : ''
  const why = limit ? whyWords(word, from, time, limit) : ''
  return `${who}: ${word}${since}${why}`
}

function whyWords(word: string, from: Time, time: Time, limit: Limit): string {
  const { share, calls } = limit.before(word === 'open' ? from : time)
  if (Number.isNaN(share) || word === 'half-open') return ''
  const when = word === 'open' ? 'before' : 'last'
  const window = limit.window === undefined ? '' : `${NBSP}in the ${when} ${span(limit.window)}`
  const had = word === 'open' ? 'had failed' : 'failed'
  const tries = `${wholePercent(share)} of ${plural(calls, 'try', 'tries')} ${had}`
  return `; ${tries}${window} (limit ${wholePercent(limit.threshold)})`
}

/** All lanes at a moment: `47.2 s: B 2 of 2 away from closed`. */
export function allWords(circuits: readonly Circuit[], time: Time): string {
  const [first] = circuits
  if (!first) return ''
  const told = SIDES.flatMap((side) => {
    const own = circuits.filter((one) => one.side === side)
    if (own.length === 0) return []
    const states = new Map<string, number>()
    for (const one of own) {
      const { word } = stayAt(one, time)
      states.set(word, (states.get(word) ?? 0) + 1)
    }
    return `${side} ${[...states].map(([word, amount]) => `${amount} ${word}`).join(', ')}`
  })
  return `${at(first.run, time)}: ${told.join('; ')}`
}

/** All lanes that moved, in words. */
export function circuitsSentence(circuits: readonly Circuit[]): string {
  const moved = circuits.filter(({ stays }) => stays.length > 1)
  if (moved.length === 0) return nothingMoved(circuits)
  const told = moved.slice(0, 6).map(({ side, unit, stays }) => {
    const moves = stays.slice(1).map(({ word, from }) => `${word} at ${moment(from)}`)
    const shown = moves.slice(0, 4).join(', ')
    return `${side}, ${words(unit.use)} ${unit.place}: ${shown}${moves.length > 4 ? ' …' : ''}.`
  })
  const rest = restWords(Math.max(0, moved.length - 6), circuits.length - moved.length, circuits)
  return capitalised(`${told.join(' ')}${rest === '' ? '' : ` ${capitalised(rest)}.`}`)
}
