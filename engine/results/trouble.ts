/** When a service is in trouble: one rule for pictures, lists, sentences and causes. */
import type { Duration } from '../units.ts'

/** `refusing`: turns calls away on purpose, which is not the same as failing. */
export type Health = 'ok' | 'slow' | 'refusing' | 'failing'

/** How full a service is, in the mean over a stretch of time. */
export interface Fullness {
  /** Busy slots and slots, over all instances. */
  readonly busy: number
  readonly slots: number
  readonly waiting: number
  /** Waiting places, over all instances; Infinity: no bound. */
  readonly places: number
}

/** How calls ended at a service within a stretch of time. */
export interface EndCounts {
  /** Served, in full or in part. */
  readonly completed: number
  readonly failed: number
  readonly refused: number
}

/** More than this share of what ended failed, or was refused. */
const TROUBLED = 0.1
/** More than this share of the slots is busy. */
const BUSY = 0.92
/** More than this share of the waiting places is taken. */
const FILLING = 0.05
/** A line without bounds counts as filling from this many for each slot on, times `FILLING`. */
const LONG_LINE = 200

/** How a service fared in a stretch of time. */
export function healthOf(fullness: Fullness, { completed, failed, refused }: EndCounts): Health {
  const { busy, slots, waiting, places } = fullness
  const ended = completed + failed + refused
  if (failed > TROUBLED * ended) return 'failing'
  if (ended === 0 && slots > 0 && busy >= slots * BUSY && waiting > 0) return 'failing'
  if (refused > TROUBLED * ended) return 'refusing'
  const room = Number.isFinite(places) ? places : LONG_LINE * slots
  const isFilling = waiting > Math.max(0.5, FILLING * room)
  return (busy > BUSY * slots && waiting >= 1) || isFilling ? 'slow' : 'ok'
}

/** Buckets of a window that is judged as one: half a second, or a hundredth of a short run. */
export function troubleWindow(duration: Duration, bucket: Duration): number {
  return Math.max(1, Math.round(Math.min(5e8, duration / 100) / bucket))
}

/** Tells the first trouble of each service: two windows in a row in which it was not well. */
export class TroubleWatch {
  private readonly before = new Set<string>()
  private readonly told = new Set<string>()

  /** Takes the next window of a service; answers whether its first trouble begins with it. */
  begins(service: string, health: Health): boolean {
    if (this.told.has(service)) return false
    if (health === 'ok') {
      this.before.delete(service)
      return false
    }
    if (!this.before.has(service)) {
      this.before.add(service)
      return false
    }
    this.told.add(service)
    return true
  }

  /** Whether the first trouble of a service has been told. */
  isTold(service: string): boolean {
    return this.told.has(service)
  }
}
