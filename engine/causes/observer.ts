/** Measures what services spend their slots on, and why their calls fail, while a world runs. */
import type { CallFrame } from '../model/call-frame.ts'
import { CLIENT, VISIT } from '../model/call-frame.ts'
import { CANCELLED, OVERLOAD, REFUSED } from '../model/failure.ts'
import type { Station, Tracer } from '../model/tracer.ts'
import type { World } from '../model/world.ts'
import { Counts, Gauges, SlotColumn } from './gauges.ts'
import type { Positions } from './positions.ts'
import { Standstill } from './standstill.ts'

/**
 * What was measured over a window, over all services and edges. Times are slot-nanoseconds. Services
 * and edges go by their positions, pairs by `service * edges + edge`.
 */
export interface Measured {
  /** Waiting for the callee, while holding a slot: by outgoing edge. */
  readonly wait: Float64Array
  /** Own work at full speed, for calls that nobody repeated: by incoming edge. */
  readonly first: Float64Array
  /** Own work at full speed, for repeated calls, or for calls within them: by service and the edge that repeats. */
  readonly repeated: Float64Array
  /** How many calls the work in `first` was begun for. */
  readonly firstCalls: Float64Array
  /** What faults that slow it down added to its own work, stood still, or took of its slots: by service. */
  readonly slowed: Float64Array
  readonly paused: Float64Array
  /** Own work at full speed for calls that came while it stood still. */
  readonly heldUp: Float64Array
  readonly lost: Float64Array
  /** Calls that failed, or were turned away, because a call over this edge did: by outgoing edge. */
  readonly failedBy: Float64Array
  readonly refusedBy: Float64Array
  /** Calls that failed for want of room, by an own error, or at an instance that was down; or were turned away here. */
  readonly overload: Float64Array
  readonly erred: Float64Array
  readonly down: Float64Array
  readonly refused: Float64Array
}

/** Looks on at every call. It never draws, never schedules, and changes nothing. */
export class CauseObserver implements Tracer {
  private readonly world: World
  private readonly positions: Positions
  private readonly wait: Gauges
  private readonly first: Gauges
  private readonly repeated: Gauges
  private readonly slowed: Gauges
  private readonly heldUp: Gauges
  private readonly firstCalls: Counts
  private readonly failedBy: Counts
  private readonly refusedBy: Counts
  private readonly overload: Counts
  private readonly erred: Counts
  private readonly down: Counts
  private readonly refused: Counts
  /** By the slot of a call: whether its maker holds a slot for it. */
  private readonly holding = new SlotColumn(0)
  /** By the slot of a visit: how many times slower than normal it works, who repeats it, which call failed it. */
  private readonly pace = new SlotColumn(0)
  private readonly repeater = new SlotColumn(-1)
  private readonly blame = new SlotColumn(-1)
  /** By the slot of a visit: whether it came while its instance stood still. */
  private readonly late = new SlotColumn(0)
  /** Failed calls that components made, by outgoing edge. */
  private readonly failedByUnit: Counts
  private readonly standstill: Standstill

  constructor(world: World, positions: Positions) {
    this.world = world
    this.positions = positions
    this.standstill = new Standstill(world)
    const [services, edges] = [positions.services.length, positions.edges.length]
    this.wait = new Gauges(edges)
    this.first = new Gauges(edges)
    this.repeated = new Gauges(services * edges)
    this.slowed = new Gauges(services)
    this.heldUp = new Gauges(services)
    this.firstCalls = new Counts(edges)
    this.failedByUnit = new Counts(edges)
    this.failedBy = new Counts(edges)
    this.refusedBy = new Counts(edges)
    this.overload = new Counts(services)
    this.erred = new Counts(services)
    this.down = new Counts(services)
    this.refused = new Counts(services)
  }

  mark(station: Station, frame: CallFrame): void {
    switch (station) {
      case 'call':
        return this.call(frame)
      case 'end':
        return this.end(frame)
      case 'send':
        return this.send(frame)
      case 'arrive':
        return this.arrive(frame)
      case 'work':
        return this.work(frame)
      case 'worked':
        return this.stopWork(frame)
      case 'leave':
        this.stopWork(frame)
        return this.leave(frame)
      case 'gone':
        return this.gone(frame)
      case 'queue':
      case 'reply':
      case 'abandon':
      case 'pass':
      case 'turn':
      case 'resend':
      case 'fork':
      case 'hold':
        return undefined
    }
  }

  /** What was measured since it was last taken. */
  take(): Measured {
    const { now } = this.world
    return {
      wait: this.wait.take(now),
      first: this.first.take(now),
      firstCalls: this.firstCalls.take(),
      repeated: this.repeated.take(now),
      slowed: this.slowed.take(now),
      heldUp: this.heldUp.take(now),
      ...this.standstill.take(),
      ...this.takeFailures(),
      refusedBy: this.refusedBy.take(),
      overload: this.overload.take(),
      down: this.down.take(),
      refused: this.refused.take(),
    }
  }

  /**
   * A component makes its calls beside the visit it serves: as many of the errors of its service as it had calls that
   * failed are put down to them.
   */
  private takeFailures(): Pick<Measured, 'failedBy' | 'erred'> {
    const { services, edges } = this.positions
    const failedBy = this.failedBy.take()
    const erred = this.erred.take()
    const byUnit = this.failedByUnit.take()
    services.forEach(({ name }, service) => {
      const own = edges.flatMap(({ from }, edge) => (from === name ? [edge] : []))
      const all = own.reduce((sum, edge) => sum + byUnit[edge]!, 0)
      if (all === 0) return
      const explained = Math.min(all, erred[service]!)
      erred[service]! -= explained
      for (const edge of own) failedBy[edge]! += (byUnit[edge]! / all) * explained
    })
    return { failedBy, erred }
  }

  /** The visit that makes a call; undefined for calls of users and of components. */
  private makerOf({ parent, load, unit }: CallFrame): CallFrame | undefined {
    return parent < 0 || load !== null || unit !== null ? undefined : this.world.frames[parent]
  }

  private call(call: CallFrame): void {
    if (this.makerOf(call)?.holdsSlot !== true) return
    this.holding.set(call.slot, 1)
    this.wait.add(this.edgeOf(call), 1, this.world.now)
  }

  private end(call: CallFrame): void {
    this.stopHolding(call)
    if (call.failureCode === 0) return
    if (call.unit !== null) this.failedByUnit.add(this.edgeOf(call))
    const maker = this.makerOf(call)
    // The first required call of a step that fails is the one that fails the visit.
    if (maker !== undefined && call.required && maker.stepFailure === 0)
      this.blame.set(maker.slot, this.edgeOf(call))
  }

  private send(visit: CallFrame): void {
    const { frames } = this.world
    let call = frames[visit.parent]!
    while (call.side !== CLIENT) call = frames[call.parent]!
    const maker = this.makerOf(call)
    const inherited = maker ? this.repeater.get(maker.slot) : -1
    this.repeater.set(visit.slot, visit.attempt > 1 ? this.edgeOf(visit) : inherited)
  }

  private arrive(visit: CallFrame): void {
    const { up, paused } = visit.instance!
    if (!up) this.down.add(this.serviceOf(visit))
    else if (paused > 0) this.late.set(visit.slot, 1)
  }

  private work(visit: CallFrame): void {
    const pace = Math.max(1, visit.instance!.slow)
    this.pace.set(visit.slot, pace)
    this.count(visit, pace, 1)
    if (this.repeater.get(visit.slot) < 0) this.firstCalls.add(this.edgeOf(visit))
  }

  private stopWork(visit: CallFrame): void {
    const pace = this.pace.drop(visit.slot)
    if (pace > 0) this.count(visit, pace, -1)
  }

  /** A visit begins (1) or ends (-1) to work: so much of each moment is work, the rest is slowness. */
  private count(visit: CallFrame, pace: number, change: 1 | -1): void {
    const { now } = this.world
    const service = this.serviceOf(visit)
    const repeater = this.repeater.get(visit.slot)
    const share = change / pace
    if (this.late.get(visit.slot) > 0) this.heldUp.add(service, share, now)
    else if (repeater < 0) this.first.add(this.edgeOf(visit), share, now)
    else this.repeated.add(service * this.positions.edges.length + repeater, share, now)
    if (pace > 1) this.slowed.add(service, change - share, now)
  }

  private leave(visit: CallFrame): void {
    const code = visit.failureCode
    if (code === 0) return
    const service = this.serviceOf(visit)
    const blamed = this.blame.get(visit.slot)
    if (code === REFUSED && blamed < 0) this.refused.add(service)
    else if (code === REFUSED) this.refusedBy.add(blamed)
    else if (code === OVERLOAD || code === CANCELLED) this.overload.add(service)
    else if (blamed < 0) this.erred.add(service)
    else this.failedBy.add(blamed)
  }

  private gone(frame: CallFrame): void {
    const { slot } = frame
    if (frame.side === CLIENT) return this.stopHolding(frame)
    if (frame.side !== VISIT) return
    this.stopWork(frame)
    for (const column of [this.repeater, this.blame, this.late]) column.drop(slot)
  }

  private stopHolding(call: CallFrame): void {
    if (this.holding.drop(call.slot) > 0) this.wait.add(this.edgeOf(call), -1, this.world.now)
  }

  private edgeOf({ edge }: CallFrame): number {
    return this.positions.edgeAt.get(edge!.columns)!
  }

  private serviceOf({ instance }: CallFrame): number {
    return this.positions.serviceAt.get(instance!.home)!
  }
}
