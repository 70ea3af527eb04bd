import type { Target } from '../component.ts'
import { mix } from '../core/hash.ts'
import { BY_REFERENCE } from '../core/snapshot.ts'
import type { CallFrame } from './call-frame.ts'
import {
  AT_DOOR,
  CALLING,
  HELD_DOWN,
  MOVING,
  ON_REPLY_WIRE,
  ON_WIRE,
  QUEUED,
  VISIT,
  WORKING,
} from './call-frame.ts'
import { isPresent } from '../results/present.ts'
import { NodeClock } from './node-clock.ts'
import type { Edge } from './edge.ts'
import { CANCELLED, ERROR, OVERLOAD, propagated, UNREACHABLE } from './failure.ts'
import {
  adopt,
  copyRequest,
  disown,
  end,
  goDown,
  goUp,
  isForNobody,
  startCall,
  withdraw,
} from './flow.ts'
import { COMPLETION, MESSAGE, PHASE_COMPLETION, REPLY } from './kinds.ts'
import { NodeStore } from './node-store.ts'
import type { Instruction } from './plan.ts'
import { SharedProcessor } from './processor-sharing.ts'
import type { Service } from './service.ts'
import type { Stack } from './stack.ts'
import type { Unit } from './unit.ts'
import { WaitingLine } from './waiting-line.ts'
import type { World } from './world.ts'

/** Numbers that say what event was deferred. */
const DEFERRED = 5
/** In place of the kind of one that was cancelled. */
const FORGOTTEN = 0

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
  /** Product of all slowdowns at work. */
  slow = 1
  extraErrors = 0
  /** Time lost to pauses so far, and since when it is paused. */
  lostTime = 0
  pausedAt = 0
  refusesWhenDown = true
  /** Events that came due while paused: kind, argument, extra, place, identity, in order. */
  private deferred: number[] = []
  /** Those among them that are being worked off. */
  private waking: number[] = []
  private readonly slots: number
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
    this.line = new WaitingLine(this.world, home.spec.discipline)
    this.processor = home.spec.discipline === 'processor-sharing' ? new SharedProcessor(this) : null
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
    if (this.paused > 0) {
      this.deferArrival(visit)
      return
    }
    visit.layer = -1
    visit.phase = MOVING
    goDown(visit)
  }

  /** Past the layers: a slot, a place in the line, or overload. */
  admit(visit: CallFrame): void {
    if (this.busy < this.room) return this.begin(visit)
    if (this.line.length >= this.places) {
      visit.failureCode = OVERLOAD
      return goUp(visit)
    }
    visit.phase = QUEUED
    this.world.tracer?.mark('queue', visit)
    this.home.columns.wait(1)
    this.line.add(visit)
  }

  private begin(visit: CallFrame): void {
    const { world, home } = this
    this.occupy(1)
    visit.holdsSlot = true
    visit.phase = WORKING
    visit.workedFrom = world.now
    world.tracer?.mark('work', visit)
    home.columns.waited(visit)
    let work = home.workOf(visit)
    if (this.slow !== 1 || world.tenantsDiffer)
      work = Math.round(work * this.slow * world.tenantWork(visit))
    if (this.processor !== null) return this.processor.add(visit, work)
    visit.lostMark = this.lostTime
    const until = world.now + work
    world.schedule(until, PHASE_COMPLETION, this.place, COMPLETION, visit.slot, 0)
    visit.event = world.scheduled
  }

  /** The own work of a visit is done. */
  complete(visit: CallFrame): void {
    const { world, home } = this
    if (this.paused > 0 || visit.lostMark < this.lostTime) return this.workOn(visit, world.now)
    visit.event = -1
    const late = world.orphans + world.detached > 0 && isForNobody(visit)
    home.columns.worked(visit, late)
    world.tracer?.mark('worked', visit)
    if (home.spec.errors + this.extraErrors > 0 && this.fails(visit))
      return this.finish(visit, ERROR)
    const plan = home.planOf(visit.opIndex)
    if (plan[0]!.kind === 'end') return this.finish(visit, 0)
    if (!this.holds) this.freeSlot(visit)
    visit.phase = CALLING
    visit.pc = 0
    this.advance(visit, plan)
  }

  private fails(visit: CallFrame): boolean {
    const u = this.home.errorDice.uniform(visit.path, visit.root)
    return u < this.home.spec.errors + this.extraErrors
  }

  /** Carries out instructions until one has to wait. */
  private advance(visit: CallFrame, plan: readonly Instruction[]): void {
    for (;;) {
      const step = plan[visit.pc]!
      if (step.kind === 'end') return this.finish(visit, 0)
      if (step.kind === 'jump') visit.pc = step.goTo
      else if (step.kind === 'choose') visit.pc = this.choose(visit, step)
      else {
        visit.pc++
        this.launch(visit, step)
        if (visit.running > 0) return
        if (visit.succeeded < visit.need) return this.finish(visit, propagated(visit.stepFailure))
      }
    }
  }

  private choose(visit: CallFrame, step: Instruction & { kind: 'choose' }): number {
    const u = this.home.chooseDice.uniform(mix(visit.path, step.ordinal), visit.root)
    for (let k = 0; k < step.upTo.length; k++) if (u < step.upTo[k]!) return step.goTo[k]!
    return step.goTo[step.goTo.length - 1]!
  }

  private launch(visit: CallFrame, step: Instruction & { kind: 'calls' }): void {
    visit.running = step.calls.length
    visit.succeeded = 0
    visit.need = step.need
    visit.possible = step.required
    visit.stepFailure = 0
    visit.launching = true
    for (const call of step.calls) {
      const op = call.op < 0 ? visit.opIndex : call.op
      this.call(visit, this.edgeList[call.edge]!, op, call.ordinal, call.required)
    }
    visit.launching = false
    // A quorum may be complete, or out of reach, before the last call went out.
    if (visit.running > 0 && this.settled(visit)) this.dropRest(visit)
  }

  private call(visit: CallFrame, edge: Edge, op: number, ordinal: number, required: boolean): void {
    const { world } = this
    const call = world.pool.take()
    copyRequest(visit, call)
    call.opIndex = op
    call.edge = edge
    call.stack = edge.stack
    call.required = required
    call.path = mix(visit.path, edge.hash + ordinal)
    adopt(visit, call)
    startCall(call)
  }

  /** A call that a visit made is over. */
  calleeEnded(visit: CallFrame, call: CallFrame): void {
    visit.running--
    if (call.failureCode === 0) {
      if (call.degraded) visit.degraded = true
      if (call.required) visit.succeeded++
    } else if (call.required) {
      visit.possible--
      if (visit.stepFailure === 0) visit.stepFailure = call.failureCode
    } else visit.degraded = true
    if (visit.launching) return
    if (visit.running > 0 && !this.settled(visit)) return
    this.dropRest(visit)
    if (visit.succeeded < visit.need) return this.finish(visit, propagated(visit.stepFailure))
    this.advance(visit, this.home.planOf(visit.opIndex))
  }

  /** Whether the outcome of the step is known although calls are still out. Optional calls are waited for. */
  private settled(visit: CallFrame): boolean {
    return (
      visit.possible < visit.need || (visit.succeeded >= visit.need && visit.need < visit.possible)
    )
  }

  /** Calls of a settled step go on without us: nobody is told of their end. */
  private dropRest(visit: CallFrame): void {
    for (; visit.kids >= 0; this.world.detached++) disown(visit, this.world.frames[visit.kids]!)
    visit.running = 0
  }

  private finish(visit: CallFrame, code: number): void {
    visit.failureCode = code
    if (code !== 0) visit.degraded = false
    if (visit.holdsSlot) this.freeSlot(visit)
    visit.layer = visit.stack!.depth
    goUp(visit)
  }

  private freeSlot(visit: CallFrame): void {
    visit.holdsSlot = false
    this.occupy(-1)
    if (this.line.length === 0 || this.busy >= this.room) return
    const next = this.line.take()
    this.home.columns.wait(-1)
    this.begin(next)
  }

  /** A visit takes a slot or leaves one; in the books those beyond the slots wait, since they wait for their share. */
  private occupy(change: 1 | -1): void {
    const { columns } = this.home
    const isBeyond = change > 0 ? this.busy >= this.slots : this.busy > this.slots
    this.busy += change
    if (isBeyond) columns.wait(change)
    else columns.busy(change)
  }

  /** A visit has left the server's layers: the reply goes out. */
  leave(visit: CallFrame): void {
    this.world.tracer?.mark('leave', visit)
    this.home.columns.leave(visit)
    if (visit.parent < 0) this.replyToNobody(visit)
    else visit.edge!.link.sendReply(visit)
    if (this.draining) this.emptied()
  }

  private replyToNobody(visit: CallFrame): void {
    if (!visit.duplicate) visit.edge!.columns.late()
    this.world.orphans--
    this.world.pool.give(visit)
  }

  private nobodyHome(visit: CallFrame): void {
    visit.failureCode = UNREACHABLE
    this.home.columns.leave(visit)
    if (this.refusesWhenDown && visit.parent >= 0) return visit.edge!.link.sendReply(visit)
    this.vanish(visit)
  }

  private vanish(visit: CallFrame): void {
    if (visit.parent >= 0) this.world.frames[visit.parent]!.child = -1
    else this.world.orphans--
    this.world.pool.give(visit)
  }

  /** The caller's message to stop has arrived. */
  cancelVisit(visit: CallFrame): void {
    if (visit.phase === ON_WIRE || !visit.live || visit.instance !== this) return
    if (visit.phase === QUEUED) {
      this.line.remove(visit)
      this.home.columns.wait(-1)
    } else if (visit.phase === HELD_DOWN) {
      visit.stack!.units[visit.layer]!.onCancel?.(visit)
      visit.failureCode = CANCELLED
      return goUp(visit)
    } else if (visit.phase === WORKING) this.stopWork(visit)
    else if (visit.phase === CALLING) this.dropCallees(visit, true)
    else return
    this.finish(visit, CANCELLED)
  }

  private stopWork(visit: CallFrame): void {
    if (this.processor !== null) this.processor.remove(visit)
    else this.world.queue.cancel(visit.event)
    visit.event = -1
  }

  /** Takes back the calls of a visit that is no more. */
  private dropCallees(visit: CallFrame, tell: boolean): void {
    const { world } = this
    while (visit.kids >= 0) {
      const call = world.frames[visit.kids]!
      disown(visit, call)
      world.detached++
      call.cancelling = tell
      withdraw(call, -1)
      call.failureCode = CANCELLED
      end(call)
    }
    visit.running = 0
  }

  /** The process dies: what it did is lost, its callers hear of it (refuse) or do not (silent). */
  crash(silent: boolean): void {
    this.felled = true
    if (!this.up) return
    this.up = false
    this.draining = false
    this.refusesWhenDown = !silent
    this.line.clear()
    this.processor?.clear()
    this.forgetPlans()
    const isHere = (frame: CallFrame): boolean => isPresent(frame) && frame.instance === this
    for (const visit of this.world.pool.inOrder(isHere)) {
      // One that is lost may have ended another of them.
      if (visit.live && isHere(visit)) this.lose(visit, silent)
    }
    const beyond = Math.max(0, this.busy - this.slots)
    this.home.columns.busy(beyond - this.busy)
    this.home.columns.wait(-beyond)
    this.busy = 0
    for (const unit of this.units) unit.crash()
  }

  private lose(visit: CallFrame, silent: boolean): void {
    if (visit.phase === QUEUED) this.home.columns.wait(-1)
    if (visit.event >= 0) this.world.queue.cancel(visit.event)
    visit.event = -1
    visit.holdsSlot = false
    this.dropCallees(visit, false)
    visit.failureCode = UNREACHABLE
    visit.degraded = false
    this.home.columns.leave(visit)
    if (silent || visit.parent < 0) this.vanish(visit)
    else visit.edge!.link.sendReply(visit)
  }

  /** It may run again: it does if anyone counts on it. */
  restart(): void {
    this.felled = false
    if (this.up || !this.listed) return
    this.up = true
    for (const unit of this.units) unit.restart()
  }

  /** It has finished starting (autoscaling). */
  started(): void {
    this.starting = -1
    this.listed = true
    if (!this.felled) this.restart()
    this.home.relist()
  }

  /** Takes no new calls; leaves when the last one is done. */
  drain(): void {
    this.world.queue.cancel(this.starting)
    this.starting = -1
    this.listed = false
    this.draining = this.up
    this.home.relist()
    if (this.draining) this.emptied()
  }
  undrain(): void {
    this.draining = false
    this.listed = true
    this.home.relist()
  }
  private emptied(): void {
    if (this.hasVisits()) return
    this.draining = false
    this.up = false
    for (const unit of this.units) unit.crash()
  }

  /** Whether a visit is here or on its way, with or without a slot. */
  private hasVisits(): boolean {
    return this.world.frames.some((frame) => {
      const isMine = frame.live && frame.side === VISIT && frame.instance === this
      return isMine && frame.phase !== ON_REPLY_WIRE
    })
  }

  /** Freezes: nothing runs, what arrives waits at the door (a garbage collection, a stopped virtual machine). */
  pause(): void {
    const freeze = () => void this.paused++
    if (this.paused === 0) this.pausedAt = this.world.now
    if (this.processor) this.processor.changeSpeed(freeze)
    else freeze()
  }
  /** Goes on: work in hand ends later by the pause, timers that came due fire now in their order. */
  resume(): void {
    if (this.paused === 0) return
    const thaw = () => void this.paused--
    if (this.processor) this.processor.changeSpeed(thaw)
    else thaw()
    if (this.paused > 0) return
    this.lostTime += this.world.now - this.pausedAt
    const waiting = this.deferred
    this.waking = waiting
    this.deferred = []
    for (let k = 0; k < waiting.length; k += DEFERRED) {
      const kind = waiting[k]!
      if (kind === FORGOTTEN) continue
      const last = waiting[k + 3]!
      if (kind !== COMPLETION) this.world.dispatch(kind, last, waiting[k + 1]!, waiting[k + 2]!)
      else this.workOnAfterPause(this.world.frames[waiting[k + 1]!]!, last, waiting[k + 2]!)
    }
    this.waking = []
  }
  /** Keeps an event for after the pause; says whether it did. */
  defers(kind: number, place: number, argument: number, extra: number): boolean {
    if (this.paused === 0) return false
    this.deferred.push(kind, argument, extra, place, this.world.queue.id)
    return true
  }
  /** A timer that came due while paused is cancelled before it was heard of. */
  forget(id: number): void {
    for (const events of [this.deferred, this.waking]) {
      for (let k = 0; k < events.length; k += DEFERRED) {
        if (events[k + DEFERRED - 1] === id) events[k] = FORGOTTEN
      }
    }
  }

  /** Work that a pause interrupted would have been done at `due`: it is done later by what was lost. */
  private workOn(visit: CallFrame, due: number): void {
    if (this.defers(COMPLETION, visit.generation, visit.slot, due)) return
    const until = due + this.lostTime - visit.lostMark
    visit.lostMark = this.lostTime
    this.world.schedule(until, PHASE_COMPLETION, this.place, COMPLETION, visit.slot, 0)
    visit.event = this.world.scheduled
  }
  /** A message to stop may have come first. */
  private workOnAfterPause(visit: CallFrame, life: number, due: number): void {
    if (visit.live && visit.generation === life && visit.phase === WORKING) this.workOn(visit, due)
  }
  /** A process that died while it was paused keeps none of its plans; what came over the wire is still there. */
  private forgetPlans(): void {
    const before = this.deferred
    this.deferred = []
    for (let k = 0; k < before.length; k += DEFERRED) {
      if (before[k] === REPLY || before[k] === MESSAGE)
        this.deferred.push(...before.slice(k, k + DEFERRED))
    }
  }
  private deferArrival(visit: CallFrame): void {
    visit.phase = AT_DOOR
    this.deferred.push(-1, visit.slot, 0, this.place, -1)
  }
  /** A request that waited at the door of a paused instance. */
  arriveAfterPause(visit: CallFrame): void {
    visit.layer = -1
    visit.phase = MOVING
    goDown(visit)
  }

  save(): unknown {
    const {
      listed,
      up,
      felled,
      paused,
      draining,
      starting,
      busy,
      slow,
      extraErrors,
      lostTime,
      pausedAt,
      refusesWhenDown,
    } = this
    return {
      plain: {
        listed,
        up,
        felled,
        paused,
        draining,
        starting,
        busy,
        slow,
        extraErrors,
        lostTime,
        pausedAt,
        refusesWhenDown,
      },
      deferred: this.deferred.slice(),
      line: this.line.save(),
      processor: this.processor?.save(),
      clock: this.clock.save(),
      store: this.store.save(),
    }
  }
  load(saved: unknown): void {
    const from = saved as {
      plain: object
      deferred: number[]
      line: unknown
      processor: unknown
      clock: unknown
      store: unknown
    }
    Object.assign(this, from.plain)
    this.deferred = from.deferred.slice()
    this.line.load(from.line)
    this.processor?.load(from.processor)
    this.clock.load(from.clock)
    this.store.load(from.store)
  }
}
