/** How a service or an edge is doing at a moment. One rule for pictures, lists and sentences. */
import { SERVICE_METRICS } from '../../engine/results/frame.ts'
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

type Columns = Readonly<Record<(typeof SERVICE_METRICS)[number][0], Float32Array>> & {
  readonly places: number
}

const columnsOf = new WeakMap<VariantRun, ReadonlyMap<string, Columns>>()

/** The columns of a service by metric; found once for each run. */
function serviceColumns(run: VariantRun, name: string): Columns {
  let all = columnsOf.get(run)
  if (!all) {
    const entries = run.layout.services.map(({ name: service, queue, instances }) => {
      const columns = SERVICE_METRICS.map(([metric]) => [
        metric,
        run.column('service', service, metric),
      ])
      return [service, { ...Object.fromEntries(columns), places: queue * instances }] as const
    })
    all = new Map(entries as [string, Columns][])
    columnsOf.set(run, all)
  }
  return all.get(name)!
}

/** A service in a stretch of buckets. */
export function serviceIn(run: VariantRun, name: string, stretch: Stretch): ServiceNow {
  const columns = serviceColumns(run, name)
  const [failed, refused] = [sum(columns.failed, stretch), sum(columns.refused, stretch)]
  const completed = sum(columns.ok, stretch) + sum(columns.degraded, stretch)
  const wasted = sum(columns.wasted, stretch)
  const busy = mean(columns.busy, stretch)
  const slots = mean(columns.slots, stretch)
  const waiting = mean(columns.queue, stretch)
  const { places } = columns
  return {
    name,
    busy,
    slots,
    waiting,
    places,
    health: healthOf({ busy, slots, waiting, places }, { completed, failed, refused }),
    rate: sum(columns.arrivals, stretch) / secondsOf(run, stretch),
    wasted: wasted / Math.max(1, completed, wasted),
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

/** How far a run has been looked through for trouble. */
interface Watch {
  readonly troubles: Trouble[]
  /** Services that were in trouble in the half second before. */
  readonly before: Set<string>
  to: number
}

const watches = new WeakMap<VariantRun, Watch>()

/** Services by the moment from which they were in trouble for two half seconds in a row. */
export function firstTroubles(run: VariantRun): readonly Trouble[] {
  const watch = watches.get(run) ?? { troubles: [], before: new Set(), to: 0 }
  watches.set(run, watch)
  const { bucket, duration } = run.layout
  const step = Math.max(1, Math.round(Math.min(5e8, duration / 100) / bucket))
  while (watch.to + step <= run.filled) {
    look(run, watch, { from: watch.to, to: watch.to + step })
    watch.to += step
  }
  return watch.troubles
}

function look(run: VariantRun, { troubles, before }: Watch, stretch: Stretch): void {
  for (const { name } of run.layout.services) {
    if (troubles.some((trouble) => trouble.name === name)) continue
    const now = serviceIn(run, name, stretch)
    if (now.health === 'ok') before.delete(name)
    else if (before.has(name)) troubles.push(troubleOf(run, now, stretch))
    else before.add(name)
  }
}

function troubleOf(run: VariantRun, now: ServiceNow, stretch: Stretch): Trouble {
  const { name, health, waiting, slots, busy, places } = now
  const top = most(serviceColumns(run, name).queueMax, stretch)
  const time = stretch.from * run.layout.bucket
  return { name, time, health, waiting, slots, busy, isFull: top >= places }
}
