/** What is worth a word while a run is played: circuits that open, and the headlines. */
import type { Time } from '../../engine/units.ts'
import { arrows, capitalised, listed, moment, words } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import { SIDES, type Side } from '../state.ts'
import { headlinesOf } from './happenings.ts'

/** Something that happens at a moment. */
export interface Alert {
  readonly time: Time
  /** `Circuit opens: checkout → payments (B), 34.6 s`. */
  readonly words: string
  /** Circuits are told before anything else. */
  readonly isCircuit: boolean
}

/** Circuits that open within this time are told as one, ns. */
const TOGETHER = 5e8

/** All alerts of both runs, in the order of time. */
export function alertsOf(runs: Runs): Alert[] {
  const circuits = SIDES.flatMap((side) => openings(runs[side], side))
  const isTold = ({ time }: { time: Time }): boolean =>
    circuits.some((one) => Math.abs(one.time - time) <= TOGETHER)
  const headlines = headlinesOf(runs)
    .filter((one) => one.rank === 0 && !isTold(one))
    .map(({ time, side, words: says }) => ({
      time,
      words: `${capitalised(says)}${side ? ` (${side})` : ''}, ${moment(time)}`,
      isCircuit: false,
    }))
  return [...circuits, ...headlines].toSorted((a, b) => a.time - b.time)
}

function openings(run: VariantRun | undefined, side: Side): Alert[] {
  const groups: { time: Time; use: string; places: Set<string> }[] = []
  for (const { time, word, unit } of run?.transitions ?? []) {
    if (word !== 'open') continue
    const last = groups.findLast(({ use }) => use === unit.use)
    if (last && time - last.time <= TOGETHER) last.places.add(arrows(unit.place))
    else groups.push({ time, use: unit.use, places: new Set([arrows(unit.place)]) })
  }
  return groups.map(({ time, use, places }) => {
    const name = use === 'circuit-breaker' ? 'circuit' : words(use)
    const what = places.size > 1 ? `${capitalised(name)}s open` : `${capitalised(name)} opens`
    return {
      time,
      words: `${what}: ${listed([...places])} (${side}), ${moment(time)}`,
      isCircuit: true,
    }
  })
}

/** The most telling alert that a cursor passes which goes from one moment to another; undefined: none. */
export function passed(alerts: readonly Alert[], from: Time, to: Time): Alert | undefined {
  const here = alerts.filter(({ time }) => time > from && time <= to)
  return here.findLast(({ isCircuit }) => isCircuit) ?? here.at(-1)
}
