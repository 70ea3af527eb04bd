/** The books of a service, of an edge and of the users: exact totals always, columns per time bucket when recording. */
import type { CallFrame } from '../model/call-frame.ts'
import { OVERLOAD, REFUSED } from '../model/failure.ts'
import type { World } from '../model/world.ts'
import { Book } from './book.ts'
import { EDGE_METRICS, SERVICE_LEVELS, SERVICE_METRICS, TOTAL_METRICS } from './frame.ts'
import { Histogram } from './histogram.ts'

/** How calls at one place ended. offered = ok + degraded + refused + failed + those under way. */
export interface Ends {
  readonly offered: number
  readonly ok: number
  readonly degraded: number
  readonly refused: number
  readonly failed: number
}

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

/** A service's books. Levels are integrals over time, so that means are exact. */
export class ServiceColumns {
  readonly waits = new Histogram()
  readonly responses = new Histogram()
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
  private busyMax = 0
  private waitingMax = 0

  constructor(world: World) {
    this.world = world
    this.book = new Book(world.recorder, RESPONSE_TIME + 1)
    this.totals = this.book.totals
    this.levels = world.recorder.block(SERVICE_LEVELS)
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
    if (visit.arrivedAt >= this.world.warmup) this.waits.record(this.world.now - visit.arrivedAt)
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
    if (code === 0) {
      const took = this.world.now - visit.arrivedAt
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

  /** The warm-up is over: means count from here. */
  warmedUp(): void {
    this.catchUp()
    this.catchUpSlots()
    this.remember(this.warm)
  }

  /** Time-weighted means since the warm-up. */
  means(span: number): { busy: number; waiting: number; utilisation: number } {
    this.catchUp()
    this.catchUpSlots()
    const busy = this.busyArea - this.warm.busy
    const slots = this.slotsArea - this.warm.slots
    return {
      busy: busy / span,
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

const CALLS = 0
const ATTEMPTS = 1
const RETRIES = 2
const EDGE_OK = 3
const EDGE_FAILED = 4
const EDGE_REFUSED = 5
const TIMEOUTS = 6
const LATE = 7
/** Degraded answers are part of ok in the column and counted apart in the total. */
const EDGE_DEGRADED = EDGE_METRICS.length

/** An edge's books, shared by all instances of its caller. */
export class EdgeColumns {
  readonly book: Book
  private readonly totals: Float64Array

  constructor(world: World) {
    this.book = new Book(world.recorder, EDGE_DEGRADED + 1)
    this.totals = this.book.totals
  }

  get columns(): readonly Float32Array[] {
    return this.book.columns
  }
  get ends(): Ends {
    const { totals } = this
    const degraded = totals[EDGE_DEGRADED]!
    return {
      offered: totals[CALLS]!,
      ok: totals[EDGE_OK]! - degraded,
      degraded,
      refused: totals[EDGE_REFUSED]!,
      failed: totals[EDGE_FAILED]!,
    }
  }
  get attempts(): number {
    return this.totals[ATTEMPTS]!
  }
  get retries(): number {
    return this.totals[RETRIES]!
  }
  get timeouts(): number {
    return this.totals[TIMEOUTS]!
  }
  get lateReplies(): number {
    return this.totals[LATE]!
  }

  start(): void {
    this.totals[CALLS]!++
  }
  attempt(): void {
    this.totals[ATTEMPTS]!++
  }
  retry(): void {
    this.totals[RETRIES]!++
  }
  timeout(): void {
    this.totals[TIMEOUTS]!++
  }
  late(): void {
    this.totals[LATE]!++
  }

  end(call: CallFrame): void {
    const { totals } = this
    const code = call.failureCode
    if (code === 0) {
      totals[EDGE_OK]!++
      if (call.degraded) totals[EDGE_DEGRADED]!++
    } else totals[code === REFUSED ? EDGE_REFUSED : EDGE_FAILED]!++
  }

  close(bucket: number): void {
    this.book.close(bucket)
  }
  save(): unknown {
    return this.book.save()
  }
  load(saved: unknown): void {
    this.book.load(saved)
  }
}

const OFFERED = 0
const SERVED = 1
const SLOW = 2
const PARTIAL = 3
const TURNED_AWAY = 4
const LOST = 5
const WAITING = 6
const WORK = 7
const WASTE = 8
/** Where an outcome is counted once more for requests that arrived after the warm-up. */
const COUNTED = TOTAL_METRICS.length

/** The users' requests: outcomes, latencies by outcome, the heat map. */
export class Totals {
  readonly served = new Histogram()
  readonly failed = new Histogram()
  readonly refused = new Histogram()
  private readonly world: World
  private readonly book: Book
  private readonly totals: Float64Array

  constructor(world: World) {
    this.world = world
    this.book = new Book(world.recorder, COUNTED + LOST + 1)
    this.totals = this.book.totals
  }

  get columns(): readonly Float32Array[] {
    return this.book.columns
  }
  /** All requests. */
  get ends(): Ends {
    return this.endsFrom(0)
  }
  /** Requests that arrived after the warm-up. */
  get counted(): Ends {
    return this.endsFrom(COUNTED)
  }

  start(request: CallFrame): void {
    this.totals[OFFERED]!++
    if (request.startedAt >= this.world.warmup) this.totals[COUNTED + OFFERED]!++
  }

  end(request: CallFrame): void {
    const { world, totals } = this
    const latency = world.now - request.startedAt
    const code = request.failureCode
    let outcome = SERVED
    if (code !== 0) outcome = code === REFUSED ? TURNED_AWAY : LOST
    else if (request.degraded) outcome = PARTIAL
    else if (latency > world.slowLimit) outcome = SLOW
    totals[outcome]!++
    if (world.recorder.on) world.recorder.heat(code === 0 ? 0 : code === REFUSED ? 2 : 1, latency)
    if (request.startedAt < world.warmup) return
    totals[COUNTED + outcome]!++
    const histogram = code === 0 ? this.served : code === REFUSED ? this.refused : this.failed
    histogram.record(latency)
  }

  work(took: number): void {
    this.totals[WORK]! += took
  }
  waste(took: number): void {
    this.totals[WASTE]! += took
  }

  close(bucket: number): void {
    this.book.close(bucket)
    this.columns[WAITING]![bucket] = this.open
  }

  /** Requests under way. */
  get open(): number {
    const { offered, ok, degraded, refused, failed } = this.ends
    return offered - ok - degraded - refused - failed
  }

  save(): unknown {
    return this.book.save()
  }
  load(saved: unknown): void {
    this.book.load(saved)
  }

  private endsFrom(at: number): Ends {
    const total = (position: number): number => this.totals[at + position]!
    return {
      offered: total(OFFERED),
      ok: total(SERVED) + total(SLOW),
      degraded: total(PARTIAL),
      refused: total(TURNED_AWAY),
      failed: total(LOST),
    }
  }
}

/** Calls under way at a place. */
export function openOf({ offered, ok, degraded, refused, failed }: Ends): number {
  return offered - ok - degraded - refused - failed
}
