/** How a service or an edge is doing at a moment. One rule for pictures, lists and sentences. */
import type { Time } from '../../engine/units.ts'
import type { VariantRun } from '../runs.ts'
import { justBefore, mean, most, sum, type Stretch } from './window.ts'

/** `refusing`: turns calls away on purpose, which is not the same as failing. */
export type Health = 'ok' | 'slow' | 'refusing' | 'failing'

/** The mark that doubles each hue. */
export const GLYPH: Readonly<Record<Health, string>> = {
  ok: '●',
  slow: '▲',
  refusing: '╱',
  failing: '✕',
}

/** A service just before a moment. */
export interface ServiceNow {
  readonly name: string
  readonly health: Health
  /** Busy slots and slots, over all instances; mean over the stretch. */
  readonly busy: number
  readonly slots: number
  readonly waiting: number
  /** Waiting places; Infinity: no bound. */
  readonly places: number
  /** Calls per second that arrived. */
  readonly rate: number
  /** Share of the finished work that was for callers who had given up. */
  readonly wasted: number
}

/** An edge just before a moment. */
export interface EdgeNow {
  readonly name: string
  /** Attempts per second. */
  readonly rate: number
  /** Attempts per call; 1 without calls. */
  readonly tries: number
  /** Shares of the calls that ended; all 0 when none did. */
  readonly ok: number
  readonly refused: number
  readonly failed: number
}

const TROUBLED = 0.1
const BUSY = 0.92
const FILLING = 0.05

/** A service in a stretch of buckets. */
export function serviceIn(run: VariantRun, name: string, stretch: Stretch): ServiceNow {
  const column = (metric: string): Float32Array => run.column('service', name, metric)
  const of = (metric: string): number => sum(column(metric), stretch)
  const { queue, instances } = run.layout.services.find((service) => service.name === name)!
  const [failed, refused] = [of('failed'), of('refused')]
  const completed = of('ok') + of('degraded')
  const levels = {
    busy: mean(column('busy'), stretch),
    slots: mean(column('slots'), stretch),
    waiting: mean(column('queue'), stretch),
    places: queue * instances,
  }
  const ends = { completed, failed, refused }
  const seconds = secondsOf(run, stretch)
  return {
    name,
    ...levels,
    health: healthOf(levels, ends),
    rate: of('arrivals') / seconds,
    wasted: of('wasted') / Math.max(1, completed, of('wasted')),
  }
}

function secondsOf(run: VariantRun, { from, to }: Stretch): number {
  return Math.max(1e-9, ((to - from) * run.layout.bucket) / 1e9)
}

function healthOf(
  { busy, slots, waiting, places }: Pick<ServiceNow, 'busy' | 'slots' | 'waiting' | 'places'>,
  { completed, failed, refused }: { completed: number; failed: number; refused: number },
): Health {
  const ended = completed + failed + refused
  if (failed > TROUBLED * ended) return 'failing'
  if (ended === 0 && slots > 0 && busy >= slots * BUSY && waiting > 0) return 'failing'
  if (refused > TROUBLED * ended) return 'refusing'
  const room = Number.isFinite(places) ? places : 200 * slots
  const isFilling = waiting > Math.max(0.5, FILLING * room)
  return (busy > BUSY * slots && waiting >= 1) || isFilling ? 'slow' : 'ok'
}

/** A service just before a moment. */
export function serviceAt(run: VariantRun, name: string, time: Time): ServiceNow {
  return serviceIn(run, name, justBefore(run, time))
}

/** An edge just before a moment. */
export function edgeAt(run: VariantRun, name: string, time: Time): EdgeNow {
  const stretch = justBefore(run, time)
  const of = (metric: string): number => sum(run.column('edge', name, metric), stretch)
  const [ok, refused, failed] = [of('ok'), of('refused'), of('failed')]
  const ended = Math.max(1, ok + refused + failed)
  const [calls, attempts] = [of('calls'), of('attempts')]
  return {
    name,
    rate: attempts / secondsOf(run, stretch),
    tries: calls === 0 ? 1 : attempts / calls,
    ok: ok / ended,
    refused: refused / ended,
    failed: failed / ended,
  }
}

/** When a service was first in trouble, and how. */
export interface Trouble {
  readonly name: string
  readonly time: Time
  readonly health: Health
  readonly waiting: number
  readonly slots: number
  readonly busy: number
  readonly isFull: boolean
}

const known = new WeakMap<VariantRun, { filled: number; troubles: readonly Trouble[] }>()

/** Services by the moment from which they were in trouble for two half seconds in a row. */
export function firstTroubles(run: VariantRun): readonly Trouble[] {
  const found = known.get(run)
  if (found?.filled === run.filled) return found.troubles
  const troubles = run.layout.services
    .flatMap(({ name }) => firstTrouble(run, name) ?? [])
    .toSorted((a, b) => a.time - b.time)
  known.set(run, { filled: run.filled, troubles })
  return troubles
}

function firstTrouble(run: VariantRun, name: string): Trouble | undefined {
  const { bucket, duration } = run.layout
  const step = Math.max(1, Math.round(Math.min(5e8, duration / 100) / bucket))
  let before: ServiceNow | undefined
  for (let from = 0; from + step <= run.filled; from += step) {
    const now = serviceIn(run, name, { from, to: from + step })
    if (now.health === 'ok') before = undefined
    else if (before) {
      const { health, slots, busy, waiting } = now
      const top = most(run.column('service', name, 'queueMax'), { from, to: from + step })
      return { name, time: from * bucket, health, waiting, slots, busy, isFull: top >= now.places }
    } else before = now
  }
  return undefined
}
