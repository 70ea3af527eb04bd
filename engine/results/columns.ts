/** The books of a service and of an edge: exact totals always, columns per time bucket when recording. */
import type { CallFrame } from '../model/call-frame.ts'
import { OVERLOAD, REFUSED } from '../model/failure.ts'
import type { World } from '../model/world.ts'
import { Histogram } from './histogram.ts'
import { EDGE_METRICS, SERVICE_METRICS, TOTAL_METRICS } from './frame.ts'

/** How calls at one place ended. */
export class Ends {
  offered = 0
  ok = 0
  degraded = 0
  refused = 0
  failed = 0

  get ended(): number {
    return this.ok + this.degraded + this.refused + this.failed
  }
}

type Column = Float32Array

/** A service's books. Levels are integrals over time, so that means are exact. */
export class ServiceColumns {
  readonly ends = new Ends()
  overload = 0
  completed = 0
  wasted = 0
  wastedTime = 0
  workTime = 0
  readonly waits = new Histogram()
  readonly responses = new Histogram()
  responseSum = 0
  private readonly world: World
  private busyNow = 0
  private waitingNow = 0
  private slotsNow = 0
  private since = 0
  private busyArea = 0
  private waitingArea = 0
  private slotsArea = 0
  /** Integrals at the start of the current bucket and at the end of the warm-up. */
  private readonly mark = { busy: 0, waiting: 0, slots: 0 }
  private readonly warm = { busy: 0, waiting: 0, slots: 0 }
  private busyMax = 0
  private waitingMax = 0
  private readonly columns: Column[]

  constructor(world: World) {
    this.world = world
    this.columns = world.recorder.block(SERVICE_METRICS.length)
  }

  arrive(visit: CallFrame): void {
    this.ends.offered++
    if (visit.side >= 0) this.columns[0]![this.world.bucket]!++
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
    this.catchUp()
    this.slotsNow = now
  }

  /** A visit got a slot. */
  waited(visit: CallFrame): void {
    if (visit.arrivedAt >= this.world.warmup) this.waits.record(this.world.now - visit.arrivedAt)
  }

  /** The own work of a visit is done; `late`: nobody wants it any more. */
  worked(visit: CallFrame, late: boolean): void {
    const took = this.world.now - visit.workedFrom
    const { bucket, totals } = this.world
    this.completed++
    this.workTime += took
    totals.work(took)
    if (!late) return
    this.wasted++
    this.wastedTime += took
    this.columns[6]![bucket]!++
    totals.waste(took)
  }

  /** A visit has left. */
  leave(visit: CallFrame): void {
    const { ends, columns } = this
    const { bucket, now } = this.world
    if (visit.failureCode === 0) {
      const took = now - visit.arrivedAt
      this.responseSum += took
      if (visit.arrivedAt >= this.world.warmup) this.responses.record(took)
      if (visit.degraded) {
        ends.degraded++
        columns[2]![bucket]!++
      } else {
        ends.ok++
        columns[1]![bucket]!++
      }
    } else if (visit.failureCode === REFUSED) {
      ends.refused++
      columns[4]![bucket]!++
    } else {
      ends.failed++
      columns[3]![bucket]!++
      if (visit.failureCode === OVERLOAD) {
        this.overload++
        columns[5]![bucket]!++
      }
    }
  }

  /** Closes a bucket: levels as means and maxima over it. */
  close(bucket: number, width: number): void {
    this.catchUp()
    const { columns, mark } = this
    columns[7]![bucket] = (this.busyArea - mark.busy) / width
    columns[8]![bucket] = this.busyMax
    columns[9]![bucket] = (this.waitingArea - mark.waiting) / width
    columns[10]![bucket] = this.waitingMax
    columns[11]![bucket] = (this.slotsArea - mark.slots) / width
    this.remember(mark)
    this.busyMax = this.busyNow
    this.waitingMax = this.waitingNow
  }

  /** The warm-up is over: means count from here. */
  warmedUp(): void {
    this.catchUp()
    this.remember(this.warm)
  }

  /** Time-weighted means since the warm-up. */
  means(span: number): { busy: number; waiting: number; utilisation: number } {
    this.catchUp()
    const busy = this.busyArea - this.warm.busy
    const slots = this.slotsArea - this.warm.slots
    return { busy: busy / span, waiting: (this.waitingArea - this.warm.waiting) / span, utilisation: slots > 0 ? busy / slots : 0 }
  }

  /** Counters as the simulated monitoring reads them. */
  sample() {
    this.catchUp()
    const { ends } = this
    return {
      at: this.world.now,
      busy: this.busyArea,
      slots: this.slotsArea,
      arrivals: ends.offered,
      failed: ends.failed + ends.refused,
      waiting: this.waitingNow,
      response: this.responseSum,
      completed: ends.ended,
    }
  }

  get waitingCount(): number {
    return this.waitingNow
  }

  save(): unknown {
    const { overload, completed, wasted, wastedTime, workTime, responseSum, busyNow, waitingNow, slotsNow, since } = this
    const { busyArea, waitingArea, slotsArea, busyMax, waitingMax } = this
    const plain = { overload, completed, wasted, wastedTime, workTime, responseSum, busyNow, waitingNow, slotsNow, since }
    return {
      plain: { ...plain, busyArea, waitingArea, slotsArea, busyMax, waitingMax },
      ends: { ...this.ends },
      mark: { ...this.mark },
      warm: { ...this.warm },
    }
  }
  load(saved: unknown): void {
    const { plain, ends, mark, warm } = saved as Record<'plain' | 'ends' | 'mark' | 'warm', object>
    Object.assign(this, plain)
    Object.assign(this.ends, ends)
    Object.assign(this.mark, mark)
    Object.assign(this.warm, warm)
  }

  private catchUp(): void {
    const span = this.world.now - this.since
    if (span === 0) return
    this.busyArea += this.busyNow * span
    this.waitingArea += this.waitingNow * span
    this.slotsArea += this.slotsNow * span
    this.since = this.world.now
  }

  private remember(mark: { busy: number; waiting: number; slots: number }): void {
    mark.busy = this.busyArea
    mark.waiting = this.waitingArea
    mark.slots = this.slotsArea
  }
}

/** An edge's books, shared by all instances of its caller. */
export class EdgeColumns {
  readonly ends = new Ends()
  attempts = 0
  retries = 0
  timeouts = 0
  lateReplies = 0
  private readonly world: World
  private readonly columns: Column[]

  constructor(world: World) {
    this.world = world
    this.columns = world.recorder.block(EDGE_METRICS.length)
  }

  start(): void {
    this.ends.offered++
    this.columns[0]![this.world.bucket]!++
  }
  attempt(): void {
    this.attempts++
    this.columns[1]![this.world.bucket]!++
  }
  retry(): void {
    this.retries++
    this.columns[2]![this.world.bucket]!++
  }
  timeout(): void {
    this.timeouts++
    this.columns[6]![this.world.bucket]!++
  }
  late(): void {
    this.lateReplies++
    this.columns[7]![this.world.bucket]!++
  }

  end(call: CallFrame): void {
    const { ends, columns } = this
    const { bucket } = this.world
    if (call.failureCode === 0) {
      if (call.degraded) ends.degraded++
      else ends.ok++
      columns[3]![bucket]!++
    } else if (call.failureCode === REFUSED) {
      ends.refused++
      columns[5]![bucket]!++
    } else {
      ends.failed++
      columns[4]![bucket]!++
    }
  }

  save(): unknown {
    const { attempts, retries, timeouts, lateReplies } = this
    return { plain: { attempts, retries, timeouts, lateReplies }, ends: { ...this.ends } }
  }
  load(saved: unknown): void {
    const { plain, ends } = saved as { plain: object; ends: object }
    Object.assign(this, plain)
    Object.assign(this.ends, ends)
  }
}

/** The users' requests: outcomes, latencies by outcome, the heat map. */
export class Totals {
  readonly ends = new Ends()
  /** Requests that arrived after the warm-up. */
  readonly counted = new Ends()
  readonly served = new Histogram()
  readonly failed = new Histogram()
  readonly refused = new Histogram()
  private readonly world: World
  private readonly columns: Column[]

  constructor(world: World) {
    this.world = world
    this.columns = world.recorder.block(TOTAL_METRICS.length)
  }

  start(request: CallFrame): void {
    this.ends.offered++
    if (request.startedAt >= this.world.warmup) this.counted.offered++
    this.columns[0]![this.world.bucket]!++
  }

  end(request: CallFrame): void {
    const { world } = this
    const latency = world.now - request.startedAt
    const code = request.failureCode
    const kind = code === 0 ? 0 : code === REFUSED ? 2 : 1
    if (world.recorder.on) world.recorder.heat(kind, latency)
    this.countBucket(request, kind, latency)
    this.count(this.ends, request, kind)
    if (request.startedAt < world.warmup) return
    this.count(this.counted, request, kind)
    if (kind === 0) this.served.record(latency)
    else if (kind === 1) this.failed.record(latency)
    else this.refused.record(latency)
  }

  work(took: number): void {
    this.columns[7]![this.world.bucket]! += took
  }
  waste(took: number): void {
    this.columns[8]![this.world.bucket]! += took
  }

  close(bucket: number): void {
    this.columns[6]![bucket] = this.ends.offered - this.ends.ended
  }

  /** Column of a whole-world metric, by its position in TOTAL_METRICS. */
  column(position: number): Column {
    return this.columns[position]!
  }

  save(): unknown {
    return {
      ends: { ...this.ends },
      counted: { ...this.counted },
    }
  }
  load(saved: unknown): void {
    const { ends, counted } = saved as { ends: object; counted: object }
    Object.assign(this.ends, ends)
    Object.assign(this.counted, counted)
  }

  private countBucket(request: CallFrame, kind: number, latency: number): void {
    const { columns } = this
    const { bucket } = this.world
    if (kind === 1) columns[5]![bucket]!++
    else if (kind === 2) columns[4]![bucket]!++
    else if (request.degraded) columns[3]![bucket]!++
    else if (latency > this.world.slowLimit) columns[2]![bucket]!++
    else columns[1]![bucket]!++
  }

  private count(ends: Ends, request: CallFrame, kind: number): void {
    if (kind === 1) ends.failed++
    else if (kind === 2) ends.refused++
    else if (request.degraded) ends.degraded++
    else ends.ok++
  }
}
