/** Faults in words, and as marks on the time axis. */
import type { Layout } from '../../engine/results/frame.ts'
import type { FaultSpec } from '../../engine/scenario/scenario.ts'
import type { Time } from '../../engine/units.ts'
import { arrows, words } from '../format.ts'
import type { Runs } from '../runs.ts'
import { SIDES } from '../state.ts'

type Fault = Layout['faults'][number]

/** What each verb does to its target, and how it ends. `$` is the target, `#` the factor of those that have one. */
const SAYINGS: Readonly<Record<string, readonly [begins: string, ends: string]>> = {
  crash: ['$ crashes', '$ is up again'],
  pause: ['$ stands still', '$ goes on'],
  slow: ['$ slows down #', '$ is fast again'],
  errors: ['$ returns errors', '$ returns no more errors'],
  delay: ['$ is delayed', '$ is no longer delayed'],
  abort: ['$ loses calls', '$ loses no more calls'],
  loss: ['$ loses messages', '$ loses no more messages'],
  duplicate: ['$ doubles messages', '$ doubles no more messages'],
  bandwidth: ['$ gets narrow', '$ is wide again'],
  partition: ['$ is parted', '$ is joined again'],
  skew: ['the clock of $ is off', 'the clock of $ is right again'],
  jump: ['the clock of $ jumps', 'the clock of $ is right again'],
  'disk-full': ['the disk of $ is full', 'the disk of $ has room again'],
  flush: ['$ loses what it had cached', '$ is warm again'],
  deploy: ['a bad version of $ goes out', 'the bad version of $ is gone'],
  certificate: ['the certificate of $ runs out', 'the certificate of $ is renewed'],
  config: ['$ gets a new configuration', '$ has its old configuration again'],
  'hot-key': ['one key of $ gets hot', 'the keys of $ are even again'],
  spike: ['$ rises #', '$ is back to normal'],
  region: ['$ is lost', '$ is there again'],
}

/** `ledger-db slows down ×2.7`. */
export function faultBegins(fault: Fault): string {
  return said(fault, SAYINGS[fault.verb]?.[0] ?? fault.label)
}

/** `ledger-db is fast again`. */
export function faultEnds(fault: Fault): string {
  return said(fault, SAYINGS[fault.verb]?.[1] ?? `${fault.label} is over`)
}

function said({ target, label }: Fault, saying: string): string {
  const times = label.lastIndexOf(' ×')
  const factor = times < 0 ? '' : label.slice(times + 1)
  return saying
    .replace('#', factor)
    .replace('$', () => arrows(target))
    .trim()
}

/** The moment the last fault that ends before the run does is over; undefined when there is none. */
export function lastFaultEnd({ faults, duration }: Layout): number | undefined {
  const ends = faults.map(({ until }) => until).filter((until) => until < duration)
  return ends.length === 0 ? undefined : Math.max(...ends)
}

/** A fault on the time axis. */
export interface FaultMark {
  /** Where it stands in the list of the file; undefined for one that came by chance and cannot be moved. */
  readonly index: number | undefined
  /** `slow ledger-db`. */
  readonly name: string
  readonly from: Time
  /** The end of the run for one that never ends. */
  readonly until: Time
  readonly isEndless: boolean
}

/** All faults of both variants: as the file has them now, and those by chance as the runs had them. */
export function faultMarks({ opened, A, B }: Runs): FaultMark[] {
  const run = A ?? B
  if (!run) return []
  const { duration } = run.layout
  const had = SIDES.flatMap((side) => ({ A, B })[side]?.layout.faults ?? [])
  if (!opened) return had.map(fixed)
  const { faults } = opened.scenario
  const planned = faults.flatMap((spec, place) => {
    const { at } = spec
    if (at === undefined || at >= duration || !isIn(spec, had)) return []
    const until = spec.verb === 'flush' ? at : Math.min(duration, at + spec.for)
    const index = spec.index ?? place
    return [{ index, name: nameOf(spec), from: at, until, isEndless: spec.for === Infinity }]
  })
  const chances = faults.filter(({ at }) => at === undefined)
  const met = run.layout.faults.filter((fault) =>
    chances.some(({ verb, target }) => verb === fault.verb && target === fault.target),
  )
  return [...planned, ...met.map(fixed)]
}

/** A fault that nobody can move. */
function fixed(fault: Fault): FaultMark {
  const { from, until } = fault
  return { index: undefined, name: nameOf(fault), from, until, isEndless: false }
}

/** A fault on a pattern that is in neither variant does not happen. */
function isIn({ verb, target }: FaultSpec, had: readonly Fault[]): boolean {
  return had.length === 0 || had.some((fault) => fault.verb === verb && fault.target === target)
}

/** `slow ledger-db`. */
export function nameOf({ verb, target }: Pick<Fault, 'verb' | 'target'>): string {
  return `${words(verb)} ${arrows(target)}`
}
