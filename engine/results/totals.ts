import type { CallFrame } from '../model/call-frame.ts'
import { REFUSED } from '../model/failure.ts'
import type { World } from '../model/world.ts'
import { Book } from './book.ts'
import { classesOf, type RequestClasses } from './classes.ts'
import type { Ends } from './ends.ts'
import { openOf } from './ends.ts'
import { TOTAL_METRICS } from './frame.ts'
import { Histogram } from './histogram.ts'

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
  /** By load, tenant and priority; null where all requests are of one kind. */
  readonly classes: RequestClasses | null
  private readonly world: World
  private readonly book: Book
  private readonly totals: Float64Array

  constructor(world: World) {
    this.world = world
    this.book = new Book(world.recorder, COUNTED + LOST + 1)
    this.totals = this.book.totals
    this.classes = classesOf(world)
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
    if (request.startedAt < this.world.warmup) return
    this.totals[COUNTED + OFFERED]!++
    if (this.classes !== null) this.classes.start(request)
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
    if (this.classes !== null) this.classes.end(request, latency)
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
    return openOf(this.ends)
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
