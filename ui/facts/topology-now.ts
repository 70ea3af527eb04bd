/** Everything that a topology shows of a run in a stretch of time, read off once and drawn from. */
import type { Time } from '../../engine/units.ts'
import { count, large, signedSpan, span } from '../format.ts'
import type { VariantRun } from '../runs.ts'
import type { Selection } from '../selection.ts'
import { firstFault } from './cascade.ts'
import { edgeIn, type EdgeNow } from './edges.ts'
import { firstTroubles, serviceIn, type ServiceNow, type Trouble } from './health.ts'
import { lookedAt, type Stretch } from './window.ts'

/** A picture of a run. */
export interface TopologyNow {
  readonly stretch: Stretch
  /** The moment up to which things have happened. */
  readonly until: Time
  readonly services: ReadonlyMap<string, ServiceNow>
  readonly edges: ReadonlyMap<string, EdgeNow>
  /** Services in the order of their first trouble until then. */
  readonly troubles: readonly Trouble[]
  /** Services and edges (`a -> b`) that a fault hits. */
  readonly hit: ReadonlySet<string>
}

/** Reads what is looked at: the brushed part of a run, else the second before the cursor. */
export function topologyNow(run: VariantRun, look: Pick<Selection, 'time' | 'range'>): TopologyNow {
  const stretch = lookedAt(run, look)
  const { services, edges, faults } = run.layout
  const [from, until] = look.range ? [look.range.from, look.range.until] : [look.time, look.time]
  const active = faults.filter((fault) => fault.from <= until && fault.until > from)
  return {
    stretch,
    until,
    services: new Map(services.map(({ name }) => [name, serviceIn(run, name, stretch)])),
    edges: new Map(edges.map(({ name }) => [name, edgeIn(run, name, stretch)])),
    troubles: firstTroubles(run).filter(({ time }) => time <= until),
    hit: new Set(active.map(({ target }) => target.replace(/#\d+$/, ''))),
  }
}

/** Services that a fault hits at any time, and those that are in trouble at any time, with the most that wait there. */
export function everTroubled(runs: readonly (VariantRun | undefined)[]): Map<string, number> {
  const found = new Map<string, number>()
  for (const run of runs) {
    for (const [name, waiting] of run ? troubledIn(run) : []) {
      found.set(name, Math.max(waiting, found.get(name) ?? 0))
    }
  }
  return found
}

const known = new WeakMap<VariantRun, { filled: number; waiting: ReadonlyMap<string, number> }>()

function troubledIn(run: VariantRun): ReadonlyMap<string, number> {
  const before = known.get(run)
  if (before?.filled === run.filled) return before.waiting
  const names = new Set(run.layout.services.map(({ name }) => name))
  const hit = run.layout.faults.flatMap(({ target }) => target.split(/#| -> /))
  const troubles = firstTroubles(run).map(({ name }) => name)
  const all = [...hit.filter((name) => names.has(name)), ...troubles]
  const waiting = new Map(all.map((name) => [name, mostWaiting(run, name)]))
  known.set(run, { filled: run.filled, waiting })
  return waiting
}

function mostWaiting(run: VariantRun, name: string): number {
  return run.column('service', name, 'queue').reduce((most, now) => Math.max(most, now), 0)
}

/** How much there is room for below a name: who waits and since when, since when, nothing. */
export type Detail = 'all' | 'since' | 'none'

/** The longest lines that can stand below a name. */
export function longestNotes(waiting: number, detail: Detail): string[] {
  const since = '+12.5 s'
  if (detail === 'none') return []
  return waiting >= 1 && detail === 'all' ? [waitingWords(waiting), since] : [since]
}

function waitingWords(waiting: number): string {
  return `${large(waiting)} waiting`
}

/** What stands below the name of a service in trouble: who waits, and how long after the fault it began. */
export function notesOf(run: VariantRun, now: TopologyNow, name: string, detail: Detail): string[] {
  const service = now.services.get(name)
  if (!service || service.health === 'ok' || detail === 'none') return []
  const waiting = service.waiting >= 1 && detail === 'all' ? [waitingWords(service.waiting)] : []
  const trouble = now.troubles.find((one) => one.name === name)
  return trouble ? [...waiting, sinceFault(run, trouble.time)] : waiting
}

/** `+3.4 s`: how long after the first fault; the moment itself where there was no fault before it. */
export function sinceFault(run: VariantRun, time: Time): string {
  const start = firstFault(run)
  return start === undefined || time < start ? `at ${span(time)}` : signedSpan(time - start)
}

const ORDINALS = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
]

/** A service in a sentence: `gateway, failing, 180 of 180 slots busy, 400 waiting, failed second, 3.0 s after the fault`. */
export function serviceWords(run: VariantRun, now: TopologyNow, name: string): string {
  const { health, busy, slots, waiting } = now.services.get(name)!
  const words = [name, health, `${count(busy)} of ${count(slots)} slots busy`]
  if (waiting >= 1) words.push(`${count(waiting)} waiting`)
  if (now.hit.has(name)) words.push('a fault hits it')
  const order = now.troubles.findIndex((trouble) => trouble.name === name)
  if (order < 0) return words.join(', ')
  const { time } = now.troubles[order]!
  const start = firstFault(run)
  const isAfter = start !== undefined && time >= start
  const when = isAfter ? `${span(time - start)} after the fault` : `at ${span(time)}`
  words.push(`in trouble ${ORDINALS[order] ?? `as number ${order + 1}`}, ${when}`)
  return words.join(', ')
}
