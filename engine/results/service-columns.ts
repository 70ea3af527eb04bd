import type { CallFrame } from '../model/call-frame.ts'
import { OVERLOAD, REFUSED } from '../model/failure.ts'
import type { World } from '../model/world.ts'
import { Book } from './book.ts'
import type { Ends } from './ends.ts'
import { SERVICE_LEVELS, SERVICE_METRICS } from './frame.ts'
import { Histogram } from './histogram.ts'

const ARRIVALS = 0
const OK = 1
const DEGRADED = 2
const FAILED = 3
const REFUSALS = 4
const OVERLOADS = 5
const WASTED = 6
/** Behind the columns: totals that have none. */
const COMPLETED = SERVICE_METRICS.length - SERVICE_LEVELS
const RESPONSE_TIME = COMPLETED + 1
/** Time spent here by all who have left, however they left. */
const TIME_SPENT = RESPONSE_TIME + 1

/** A service's books. Levels are integrals over time, so that means are exact. */
export class ServiceColumns {
  readonly waits = new Histogram()
  readonly responses = new Histogram()
  /** Time in the queue of those that left it unserved. */
  readonly abandons = new Histogram()
  /** Time in the queue by priority; empty where there is but one. */
  readonly waitsByPriority: readonly Histogram[]
  /** Time at a shared processor over the time it would take alone: sum and number. */
  private stretch = 0
  private stretches = 0
  private readonly world: World
  private readonly book: Book
  private readonly levels: readonly Float32Array[]
  private readonly totals: Float64Array
  private busyNow = 0
  private waitingNow = 0
  private slotsNow = 0
  private since = 0
  private busyArea = 0
  private waitingArea = 0
  private slotsArea = 0
  private slotsSince = 0
  /** Integrals at the start of the current bucket and at the end of the warm-up. */
  private readonly mark = { busy: 0, waiting: 0, slots: 0 }
  private readonly warm = { busy: 0, waiting: 0, slots: 0 }
  /** Time spent here by the end of the warm-up. */
  private warmSpent = 0
  private busyMax = 0
  private waitingMax = 0

  constructor(world: World) {
    this.world = world
    this.book = new Book(world.recorder, TIME_SPENT + 1)
    this.totals = this.book.totals
    this.levels = world.recorder.block(SERVICE_LEVELS)
    const loads = Object.values(world.scenario.load)
    const priorities = Math.max(1, ...loads.map((load) => load.priorities.length))
    const lines = priorities === 1 ? 0 : priorities
    this.waitsByPriority = Array.from({ length: lines }, () => new Histogram())
  }

  /** Columns in the order of SERVICE_METRICS. */
  get columns(): readonly Float32Array[] {
    return [...this.book.columns.slice(0, COMPLETED), ...this.levels]
  }
  get ends(): Ends {
    const { totals } = this
    return {
      offered: totals[ARRIVALS]!,
      ok: totals[OK]!,
      degraded: totals[DEGRADED]!,
      refused: totals[REFUSALS]!,
      failed: totals[FAILED]!,
    }
  }
  get overload(): number {
    return this.totals[OVERLOADS]!
  }
  get wasted(): number {
    return this.totals[WASTED]!
  }
  get completed(): number {
    return this.totals[COMPLETED]!
  }
  get waitingCount(): number {
    return this.waitingNow
  }
  get busyCount(): number {
    return this.busyNow
  }

  arrive(): void {
    this.totals[ARRIVALS]!++
  }

  busy(change: number): void {
    this.catchUp()
    this.busyNow += change
    if (this.busyNow > this.busyMax) this.busyMax = this.busyNow
  }

  wait(change: number): void {
    this.catchUp()
    this.waitingNow += change
    if (this.waitingNow > this.waitingMax) this.waitingMax = this.waitingNow
  }

  /** The number of slots that take traffic has changed. */
  slots(now: number): void {
    this.catchUpSlots()
    this.slotsNow = now
  }

  /** A visit got a slot. */
  waited(visit: CallFrame): void {
    if (visit.arrivedAt < this.world.warmup) return
    const wait = this.world.now - visit.arrivedAt
    this.waits.record(wait)
    if (this.waitsByPriority.length > 0) this.waitsByPriority[visit.priority]?.record(wait)
  }

  /** A visit has left the queue unserved. */
  abandoned(visit: CallFrame): void {
    if (visit.arrivedAt >= this.world.warmup) this.abandons.record(this.world.now - visit.arrivedAt)
  }

  /** A shared processor is done with a visit that would have taken `alone` ns by itself. */
  stretched(visit: CallFrame, alone: number): void {
    if (visit.arrivedAt < this.world.warmup || alone <= 0) return
    this.stretch += (this.world.now - visit.workedFrom) / alone
    this.stretches++
  }

  /** Mean of time at a shared processor over the time alone; undefined where there was none. */
  get slowdown(): number | undefined {
    return this.stretches > 0 ? this.stretch / this.stretches : undefined
  }

  /** Slot-time (ns) since the warm-up. */
  get slotTime(): number {
    this.catchUpSlots()
    return this.slotsArea - this.warm.slots
  }

  /** The own work of a visit is done; `late`: nobody wants it any more. */
  worked(visit: CallFrame, late: boolean): void {
    const took = this.world.now - visit.workedFrom
    this.totals[COMPLETED]!++
    this.world.totals.work(took)
    if (!late) return
    this.totals[WASTED]!++
    this.world.totals.waste(took)
  }

  /** A visit has left. */
  leave(visit: CallFrame): void {
    const { totals } = this
    const code = visit.failureCode
    const took = this.world.now - visit.arrivedAt
    totals[TIME_SPENT]! += took
    if (code === 0) {
      totals[RESPONSE_TIME]! += took
      if (visit.arrivedAt >= this.world.warmup) this.responses.record(took)
      totals[visit.degraded ? DEGRADED : OK]!++
    } else if (code === REFUSED) totals[REFUSALS]!++
    else {
      totals[FAILED]!++
      if (code === OVERLOAD) totals[OVERLOADS]!++
    }
  }

  /** Closes a bucket: counts, and levels as means and maxima over it. */
  close(bucket: number, width: number): void {
    this.book.close(bucket)
    this.catchUp()
    this.catchUpSlots()
    const { levels, mark } = this
    levels[0]![bucket] = (this.busyArea - mark.busy) / width
    levels[1]![bucket] = this.busyMax
    levels[2]![bucket] = (this.waitingArea - mark.waiting) / width
    levels[3]![bucket] = this.waitingMax
    levels[4]![bucket] = (this.slotsArea - mark.slots) / width
    this.remember(mark)
    this.busyMax = this.busyNow
    this.waitingMax = this.waitingNow
  }

  /** The warm-up is over: means count from here. `ages`: what the visits now present have spent here. */
  warmedUp(ages: number): void {
    this.catchUp()
    this.catchUpSlots()
    this.remember(this.warm)
    this.warmSpent = this.totals[TIME_SPENT]! + ages
  }

  /** Time-weighted means since the warm-up; zero before its end. */
  means(ages: number): { present: number; waiting: number; utilisation: number } {
    const span = this.world.now - this.world.warmup
    if (span <= 0) return { present: 0, waiting: 0, utilisation: 0 }
    this.catchUp()
    this.catchUpSlots()
    const busy = this.busyArea - this.warm.busy
    const slots = this.slotsArea - this.warm.slots
    return {
      // The integral of the number present is the time spent by all of them.
      present: (this.totals[TIME_SPENT]! + ages - this.warmSpent) / span,
      waiting: (this.waitingArea - this.warm.waiting) / span,
      utilisation: slots > 0 ? busy / slots : 0,
    }
  }

  /** Counters as the simulated monitoring reads them. */
  sample() {
    this.catchUp()
    this.catchUpSlots()
    const { offered, ok, degraded, refused, failed } = this.ends
    return {
      at: this.world.now,
      busy: this.busyArea,
      slots: this.slotsArea,
      arrivals: offered,
      failed: failed + refused,
      waiting: this.waitingNow,
      response: this.totals[RESPONSE_TIME]!,
      completed: ok + degraded + refused + failed,
    }
  }

  save(): unknown {
    const {
      busyNow,
      waitingNow,
      slotsNow,
      since,
      busyArea,
      waitingArea,
      slotsArea,
      slotsSince,
      busyMax,
      waitingMax,
      warmSpent,
      stretch,
      stretches,
    } = this
    return {
      plain: {
        busyNow,
        waitingNow,
        slotsNow,
        since,
        busyArea,
        waitingArea,
        slotsArea,
        slotsSince,
        busyMax,
        waitingMax,
        warmSpent,
        stretch,
        stretches,
      },
      book: this.book.save(),
      mark: { ...this.mark },
      warm: { ...this.warm },
    }
  }
  load(saved: unknown): void {
    const { plain, book, mark, warm } = saved as Record<'plain' | 'book' | 'mark' | 'warm', object>
    Object.assign(this, plain)
    this.book.load(book)
    Object.assign(this.mark, mark)
    Object.assign(this.warm, warm)
  }

  private catchUp(): void {
    const span = this.world.now - this.since
    if (span === 0) return
    this.busyArea += this.busyNow * span
    this.waitingArea += this.waitingNow * span
    this.since = this.world.now
  }

  private catchUpSlots(): void {
    this.slotsArea += this.slotsNow * (this.world.now - this.slotsSince)
    this.slotsSince = this.world.now
  }

  private remember(mark: { busy: number; waiting: number; slots: number }): void {
    mark.busy = this.busyArea
    mark.waiting = this.waitingArea
    mark.slots = this.slotsArea
  }
}
