/** How a service or an edge is doing at a moment. One rule for pictures, lists and sentences. */
import { SERVICE_METRICS } from '../../engine/results/frame.ts'
import { healthOf, troubleWindow, TroubleWatch, type Health } from '../../engine/results/trouble.ts'
import type { Time } from '../../engine/units.ts'
import type { VariantRun } from '../runs.ts'
import { justBefore, mean, most, sum, type Stretch } from './window.ts'

export type { Health } from '../../engine/results/trouble.ts'

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

/** A service just before a moment. */
export function serviceAt(run: VariantRun, name: string, time: Time): ServiceNow {
  return serviceIn(run, name, justBefore(run, time))
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
  readonly rule: TroubleWatch
  to: number
}

const watches = new WeakMap<VariantRun, Watch>()

/** Buckets of half a second, or of a hundredth of a short run: over so many the trouble of a service is judged. */
export function troubleStep({ layout: { bucket, duration } }: VariantRun): number {
  return troubleWindow(duration, bucket)
}

/** Services by the moment from which they were in trouble for two half seconds in a row. */
export function firstTroubles(run: VariantRun): readonly Trouble[] {
  const watch = watches.get(run) ?? { troubles: [], rule: new TroubleWatch(), to: 0 }
  watches.set(run, watch)
  const step = troubleStep(run)
  while (watch.to + step <= run.filled) {
    look(run, watch, { from: watch.to, to: watch.to + step })
    watch.to += step
  }
  return watch.troubles
}

function look(run: VariantRun, { troubles, rule }: Watch, stretch: Stretch): void {
  for (const { name } of run.layout.services) {
    if (rule.isTold(name)) continue
    const now = serviceIn(run, name, stretch)
    if (rule.begins(name, now.health)) troubles.push(troubleOf(run, now, stretch))
  }
}

function troubleOf(run: VariantRun, now: ServiceNow, stretch: Stretch): Trouble {
  const { name, health, waiting, slots, busy, places } = now
  const top = most(serviceColumns(run, name).queueMax, stretch)
  const time = stretch.from * run.layout.bucket
  return { name, time, health, waiting, slots, busy, isFull: top >= places }
}
