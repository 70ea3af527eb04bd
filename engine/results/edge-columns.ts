import type { CallFrame } from '../model/call-frame.ts'
import { REFUSED } from '../model/failure.ts'
import type { World } from '../model/world.ts'
import { Book } from './book.ts'
import type { Ends } from './ends.ts'
import { EDGE_METRICS } from './frame.ts'

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
  private readonly world: World
  /** When a caller last stopped waiting, ns; -1: never. */
  lastTimeout = -1

  constructor(world: World) {
    this.world = world
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
    this.lastTimeout = this.world.now
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
    return { book: this.book.save(), lastTimeout: this.lastTimeout }
  }
  load(saved: unknown): void {
    const { book, lastTimeout } = saved as { book: unknown; lastTimeout: number }
    this.book.load(book)
    this.lastTimeout = lastTimeout
  }
}
