import type { Target } from '../component.ts'
import { BY_REFERENCE } from '../core/snapshot.ts'
import type { CallFrame } from './call-frame.ts'
import { AT_DOOR, CALLING, HELD_DOWN, MOVING, ON_WIRE, QUEUED, WORKING } from './call-frame.ts'
import { DeferredEvents } from './deferred-events.ts'
import { NodeClock } from './node-clock.ts'
import type { Edge } from './edge.ts'
import { CANCELLED, ERROR, OVERLOAD, TIMEOUT, UNREACHABLE } from './failure.ts'
import { goDown, goUp, isForNobody } from './flow.ts'
import { crash, drain, leaveWhenEmpty, restart, started } from './instance-life.ts'
import { loadInstance, saveInstance } from './instance-state.ts'
import { ABANDON, COMPLETION, PHASE_COMPLETION, PHASE_TIMER } from './kinds.ts'
import { vanish } from './lost-visit.ts'
import { NodeStore } from './node-store.ts'
import { advance, dropCallees } from './plan-run.ts'
import { type Preemption, preemptionOf } from './preemption.ts'
import { SharedProcessor } from './processor-sharing.ts'
import type { Service } from './service.ts'
import type { Stack } from './stack.ts'
import type { Unit } from './unit.ts'
import { unfinishedWork } from './unfinished-work.ts'
import { WaitingLine } from './waiting-line.ts'
import type { World } from './world.ts'

/** One running copy of a service: slots, a queue, the work of visits and the calls they make. */
export class Instance implements Target {
  readonly world: World
  readonly home: Service
  readonly index: number
  readonly place: number
  readonly clock: NodeClock
  readonly store = new NodeStore()
  readonly line: WaitingLine
  readonly processor: SharedProcessor | null
  readonly preemption: Preemption | null
  stack!: Stack
  /** Ways to its callees, in the order of its service's edges. */
  edges = new Map<string, Edge>()
  /** The same, by position in its service's list of callees. */
  edgeList: Edge[] = []
  /** Components with messages, timers or starts of their own. */
  units: Unit[] = []
  listed: boolean
  up: boolean
  /** A fault keeps it down. */
  felled = false
  paused = 0
  draining = false
  /** A pending start. */
  starting = -1
  /** Visits that hold a slot; under processor sharing there may be more of them than slots. */
  busy = 0
  /** Visits that hold or wait for a slot, as the books of the service last heard. */
  booked = 0
  /** Product of all slowdowns at work. */
  slow = 1
  extraErrors = 0
  /** Time lost to pauses so far, and since when it is paused. */
  lostTime = 0
  pausedAt = 0
  refusesWhenDown = true
  readonly deferred = new DeferredEvents()
  readonly slots: number
  /** How many may work at once, and wait: processor sharing lets all of them work. */
  private readonly room: number
  private readonly places: number
  private readonly holds: boolean

  constructor(home: Service, index: number) {
    this.world = home.world
    this.home = home
    this.index = index
    this.place = this.world.places.add(`${home.name}#${index}`, this)
    this.clock = new NodeClock(this.world)
    this.listed = index < home.spec.instances
    this.up = this.listed
    this.slots = home.spec.concurrency
    this.holds = home.spec.slots === 'held'
    this.line = new WaitingLine(this.world, home.spec.discipline, `${home.name}#${index}`)
    this.processor = home.spec.discipline === 'processor-sharing' ? new SharedProcessor(this) : null
    this.preemption = preemptionOf(this)
    this.room = this.processor === null ? this.slots : this.slots + home.spec.queue
    this.places = this.processor === null ? home.spec.queue : 0
  }

  get [BY_REFERENCE](): true {
    return true
  }
  get service(): string {
    return this.home.name
  }
  get zone(): string {
    return this.home.spec.zone
  }
  get version(): number {
    return this.home.spec.version
  }

  get unfinished(): number {
    return unfinishedWork(this)
  }

  /** Visits that wait for a slot, or for their share of one. */
  get waiting(): number {
    return this.line.length + Math.max(0, this.busy - this.slots)
  }

  /** A request has come over the wire. */
  arrive(visit: CallFrame): void {
    const { columns } = this.home
    visit.arrivedAt = this.world.now
    this.world.tracer?.mark('arrive', visit)
    columns.arrive()
    if (!this.up) return this.nobodyHome(visit)
    if (this.paused > 0) return this.deferArrival(visit)
    visit.layer = -1
    visit.phase = MOVING
    goDown(visit)
  }

  /** Past the layers: a slot, a place in the line, or overload. */
  admit(visit: CallFrame): void {
    if (this.preemption !== null) this.preemption.admit(visit, this.workOf(visit))
    if (this.busy < this.room) this.begin(visit)
    else if (this.line.length < this.places) this.queueUp(visit)
    else {
      visit.failureCode = OVERLOAD
      return goUp(visit)
    }
    if (this.home.occupancy !== null) this.home.occupancy.moved(this)
  }

  private queueUp(visit: CallFrame): void {
    const { world, home } = this
    visit.phase = QUEUED
    world.tracer?.mark('queue', visit)
    home.columns.wait(1)
    const loser = this.preemption?.loserTo(visit)
    if (loser !== undefined) return this.interrupt(loser, visit)
    this.line.add(visit)
    if (home.patience === null) return
    const until = world.now + home.patience.duration(visit.path, visit.root)
    world.schedule(until, PHASE_TIMER, this.place, ABANDON, visit.slot, visit.generation)
    visit.event = world.scheduled
  }

  /** Puts work back into the line for a visit that goes before it. */
  private interrupt(loser: CallFrame, visit: CallFrame): void {
    this.preemption!.interrupt(loser)
    loser.holdsSlot = false
    this.occupy(-1)
    this.line.putBack(loser)
    this.begin(visit)
  }

  /** A visit has waited for a slot for as long as it would. */
  abandon(slot: number, life: number): void {
    const visit = this.world.frames[slot]!
    if (visit.generation !== life || visit.phase !== QUEUED) return
    if (this.defers(ABANDON, this.place, slot, life)) return
    visit.event = -1
    this.home.columns.abandoned(visit)
    this.leaveLine(visit)
    this.finish(visit, TIMEOUT)
  }

  private leaveLine(visit: CallFrame): void {
    if (visit.event >= 0) this.world.queue.cancel(visit.event)
    visit.event = -1
    this.line.remove(visit)
    this.home.columns.wait(-1)
    this.home.occupancy?.moved(this)
  }

  /** Own work at the pace of now, ns. */
  private workOf(visit: CallFrame): number {
    const { world, home } = this
    const work = home.workOf(visit)
    const pace = world.tenantsDiffer ? this.slow * world.tenantWork(visit) : this.slow
    return pace === 1 ? work : Math.round(work * pace)
  }

  private begin(visit: CallFrame): void {
    const { world, home } = this
    this.occupy(1)
    visit.holdsSlot = true
    visit.phase = WORKING
    world.tracer?.mark('work', visit)
    let until = 0
    if (this.preemption === null) {
      visit.workedFrom = world.now
      home.columns.waited(visit)
      const work = (visit.ownWork = this.workOf(visit))
      if (this.processor !== null) return this.processor.add(visit, work)
      visit.lostMark = this.lostTime
      until = visit.finishMark = world.now + work
    } else {
      if (!this.preemption.wasInterrupted(visit)) home.columns.waited(visit)
      until = this.preemption.begin(visit)
    }
    world.schedule(until, PHASE_COMPLETION, this.place, COMPLETION, visit.slot, 0)
    visit.event = world.scheduled
  }

  /** The own work of a visit is done. */
  complete(visit: CallFrame): void {
    const { world, home } = this
    if (this.paused > 0 || world.now < this.dueAt(visit)) return this.workOn(visit)
    visit.event = -1
    if (this.preemption !== null) this.preemption.end(visit)
    if (this.processor !== null) home.columns.stretched(visit, home.workOf(visit))
    const late = world.orphans + world.detached > 0 && isForNobody(visit)
    home.columns.worked(visit, late)
    world.tracer?.mark('worked', visit)
    if (home.spec.errors + this.extraErrors > 0 && this.fails(visit))
      return this.finish(visit, ERROR)
    const plan = home.planOf(visit.opIndex)
    if (plan.length === 1) return this.finish(visit, 0)
    if (!this.holds) this.freeSlot(visit)
    visit.phase = CALLING
    visit.pc = 0
    advance(this, visit, plan)
  }

  private fails(visit: CallFrame): boolean {
    const u = this.home.errorDice.uniform(visit.path, visit.root)
    return u < this.home.spec.errors + this.extraErrors
  }

  /** A visit is done with its work and its calls: the reply goes up through the layers. */
  finish(visit: CallFrame, code: number): void {
    visit.failureCode = code
    if (code !== 0) visit.degraded = false
    if (visit.holdsSlot) this.freeSlot(visit)
    visit.layer = visit.stack!.depth
    goUp(visit)
  }

  private freeSlot(visit: CallFrame): void {
    visit.holdsSlot = false
    this.occupy(-1)
    if (this.line.length > 0 && this.busy < this.room) this.takeNext()
    if (this.home.occupancy !== null) this.home.occupancy.moved(this)
  }

  private takeNext(): void {
    const next = this.line.take()
    if (next.event >= 0) this.world.queue.cancel(next.event)
    this.home.columns.wait(-1)
    this.begin(next)
  }

  /** A visit takes a slot or leaves one; in the books those beyond the slots wait, since they wait for their share. */
  private occupy(change: 1 | -1): void {
    const { columns } = this.home
    const isBeyond = change > 0 ? this.busy >= this.slots : this.busy > this.slots
    this.busy += change
    columns[isBeyond ? 'wait' : 'busy'](change)
  }

  /** A visit has left the server's layers: the reply goes out. */
  leave(visit: CallFrame): void {
    this.world.tracer?.mark('leave', visit)
    this.home.columns.leave(visit)
    if (visit.parent < 0) this.replyToNobody(visit)
    else visit.edge!.link.sendReply(visit)
    if (this.draining) leaveWhenEmpty(this)
  }

  private replyToNobody(visit: CallFrame): void {
    if (!visit.duplicate && visit.failureCode !== CANCELLED) visit.edge!.columns.late()
    this.world.orphans--
    this.world.pool.give(visit)
  }

  private nobodyHome(visit: CallFrame): void {
    visit.failureCode = UNREACHABLE
    this.home.columns.leave(visit)
    if (this.refusesWhenDown && visit.parent >= 0) return visit.edge!.link.sendReply(visit)
    vanish(visit)
  }

  /** The caller's message to stop has arrived. */
  cancelVisit(visit: CallFrame): void {
    if (visit.phase === ON_WIRE || !visit.live || visit.instance !== this) return
    if (visit.phase === QUEUED) this.leaveLine(visit)
    else if (visit.phase === HELD_DOWN) {
      visit.stack!.units[visit.layer]!.onCancel?.(visit)
      visit.failureCode = CANCELLED
      return goUp(visit)
    } else if (visit.phase === WORKING) this.stopWork(visit)
    else if (visit.phase === CALLING) dropCallees(visit, true)
    else return
    this.finish(visit, CANCELLED)
  }

  private stopWork(visit: CallFrame): void {
    if (this.preemption !== null) this.preemption.end(visit)
    if (this.processor !== null) this.processor.remove(visit)
    else this.world.queue.cancel(visit.event)
    visit.event = -1
  }

  /** The process dies: what it did is lost; its callers hear of it, or do not (silent). */
  crash(silent: boolean): void {
    crash(this, silent)
  }
  /** It may run again: it does if anyone counts on it. */
  restart(): void {
    restart(this)
  }
  /** It has finished starting (autoscaling). */
  started(): void {
    started(this)
  }
  /** Takes no new calls; leaves when the last one is done. */
  drain(): void {
    drain(this)
  }
  undrain(): void {
    this.draining = false
    this.listed = true
    this.home.relist()
  }

  /** Freezes: nothing runs, what arrives waits at the door (a garbage collection, a stopped virtual machine). */
  pause(): void {
    if (this.paused === 0) this.pausedAt = this.world.now
    this.changePace(() => void this.paused++)
  }
  /** Goes on: work in hand ends later by the pause, timers that came due fire now in their order. */
  resume(): void {
    if (this.paused === 0) return
    this.changePace(() => void this.paused--)
    if (this.paused > 0) return
    this.lostTime += this.world.now - this.pausedAt
    this.deferred.wake((kind, place, argument, extra) => {
      if (kind !== COMPLETION) this.world.dispatch(kind, place, argument, extra)
      else this.workOnAfterPause(this.world.frames[argument]!, place)
    })
  }
  private changePace(change: () => void): void {
    if (this.processor) this.processor.changeSpeed(change)
    else change()
  }
  /** Keeps an event for after the pause; says whether it did. */
  defers(kind: number, place: number, argument: number, extra: number): boolean {
    if (this.paused === 0) return false
    this.deferred.add(kind, place, argument, extra, this.world.queue.id)
    return true
  }
  /** A timer that came due while paused is cancelled before it was heard of. */
  forget(id: number): void {
    this.deferred.forget(id)
  }

  /** When a visit at work will be done, as far as is known: later by every pause since it began. */
  dueAt({ finishMark, lostMark }: CallFrame): number {
    return finishMark + this.lostTime - lostMark
  }
  /** Work that a pause interrupted would have been done by now: it is done later by what was lost. */
  private workOn(visit: CallFrame): void {
    if (this.defers(COMPLETION, visit.generation, visit.slot, 0)) return
    this.world.schedule(this.dueAt(visit), PHASE_COMPLETION, this.place, COMPLETION, visit.slot, 0)
    visit.event = this.world.scheduled
  }
  /** A message to stop may have come first. */
  private workOnAfterPause(visit: CallFrame, life: number): void {
    if (visit.generation === life && visit.phase === WORKING) this.workOn(visit)
  }
  private deferArrival(visit: CallFrame): void {
    visit.phase = AT_DOOR
    this.deferred.addArrival(visit.slot, this.place)
  }
  /** A request that waited at the door of a paused instance. */
  arriveAfterPause(visit: CallFrame): void {
    visit.layer = -1
    visit.phase = MOVING
    goDown(visit)
  }

  save(): unknown {
    return saveInstance(this)
  }
  load(saved: unknown): void {
    loadInstance(this, saved)
  }
}
