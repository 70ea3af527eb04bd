import type { Call, Target, Verdict } from '../component.ts'
import { BY_REFERENCE } from '../core/snapshot.ts'
import type { Duration, Time } from '../units.ts'
import type { Edge } from './edge.ts'
import type { Failure } from './failure.ts'
import { failureCode, failureOf } from './failure.ts'
import type { Instance } from './instance.ts'
import type { Stack } from './stack.ts'
import type { Unit } from './unit.ts'
import type { Workload } from './workload.ts'
import type { World } from './world.ts'

/** A frame is the caller's side of a call, one of its forked branches, or its visit at a server. */
export const CLIENT = 0
export const BRANCH = 1
export const VISIT = 2

/** Where a frame is. */
export const MOVING = 0
export const BELOW = 1
export const HELD_DOWN = 2
export const HELD_UP = 3
export const PAUSED = 4
export const FORKED = 5
/** Visits only: */
export const ON_WIRE = 6
export const QUEUED = 7
export const WORKING = 8
export const CALLING = 9
export const ON_REPLY_WIRE = 10
export const AT_DOOR = 11
/** A call of a component that is over: its maker is being told. */
export const ENDED = 12

export const VERDICT_PASS = 0 as Verdict
export const VERDICT_TURN = 1 as Verdict
export const VERDICT_RESEND = 2 as Verdict
export const VERDICT_FORK = 3 as Verdict
export const VERDICT_HOLD = 4 as Verdict

const NO_TARGETS: readonly (Target | undefined)[] = []
/** A ticket is generation * 2^26 + slot: exact, since a generation has 24 bits. */
export const TICKET_SLOTS = 67_108_864

/** The record behind a Call: pooled, one shape, plain fields. Components see it through the Call interface. */
export class CallFrame implements Call {
  readonly world: World
  /** Position in the pool. */
  readonly slot: number
  /** Counts the lives of this slot. */
  generation = 0
  live = false
  side = CLIENT
  phase = MOVING

  /** Identity: where in its request's tree of calls it is, and which request. Keys all its chance. */
  path = 0
  root = 0
  request = -1
  attempt = 1
  /** Attempts begun so far, over all layers. */
  sends = 1
  opIndex = 0
  key = 0
  tenant = 0
  priority = 0
  bytes = 0
  version = 0
  startedAt: Time = 0
  deadline: Time = Infinity

  failureCode = 0
  degraded = false
  body: unknown = undefined
  /** What a turn, resend or fork asked for, until the engine has read it. */
  pause = 0
  join = 0
  forkTargets: readonly (Target | undefined)[] = NO_TARGETS
  nextTarget: Instance | null = null
  targetInstance: Instance | null = null
  avoidedInstance: Instance | null = null
  cancelling = false

  stack: Stack | null = null
  /** What the layers of the stack keep of this call. Begins with a fraction so that it is made for doubles. */
  cells: number[] = [0.5]
  /** The layer this frame leaves its stack at: -1, or the layer that forked it. */
  base = -1
  /** Deepest layer entered. */
  layer = -1
  edge: Edge | null = null
  instance: Instance | null = null
  load: Workload | null = null
  unit: Unit | null = null
  token = 0
  /** Whether the visit that made this call needs it to succeed. */
  required = true

  /** CLIENT: the visit that made it; BRANCH: the forked frame; VISIT: the frame that sent it. -1: nobody (any more). */
  parent = -1
  /** CLIENT, BRANCH: the visit under way. */
  child = -1
  /** Head of the list of calls (of a visit) or branches (of a fork), and the list's links. */
  kids = -1
  nextKid = -1
  previousKid = -1
  /** Branches still running and succeeded; of a visit: calls of the current step. */
  running = 0
  succeeded = 0
  need = 0
  possible = 0
  /** First required failure of the current step. */
  stepFailure = 0
  launching = false
  isCopy = false
  /** A resend, or the work of a visit, as a pending event. */
  event = -1
  /** When the user of a request gives up, as a pending event. */
  patience = -1

  pc = 0
  arrivedAt: Time = 0
  workedFrom: Time = 0
  /** Own work in all, ns at the pace at which it began. */
  ownWork: Duration = 0
  /** Node time lost to pauses when the work was begun. */
  lostMark = 0
  holdsSlot = false
  duplicate = false
  /** When the work will be done if no pause comes; under processor sharing in its own virtual time. */
  finishMark = 0

  constructor(world: World, slot: number) {
    this.world = world
    this.slot = slot
  }

  /** Comes to the layers it has to pass; the caller sets the layer. */
  enter(stack: Stack): void {
    this.stack = stack
    const { cells } = this
    const { initials } = stack
    if (cells.length < initials.length) this.widen(initials.length)
    for (let at = 0; at < initials.length; at++) cells[at] = initials[at]!
  }
  /** Makes room for that many cells. */
  widen(size: number): void {
    while (this.cells.length < size) this.cells.push(0.5)
  }

  get [BY_REFERENCE](): true {
    return true
  }
  get op(): string {
    return this.world.operations[this.opIndex]!
  }
  get ok(): boolean {
    return this.failureCode === 0
  }
  get failure(): Failure | undefined {
    return failureOf(this.failureCode)
  }
  get target(): Target | undefined {
    return this.nextTarget ?? this.targetInstance ?? undefined
  }
  get avoided(): Target | undefined {
    return this.avoidedInstance ?? undefined
  }
  get ticket(): number {
    return this.generation * TICKET_SLOTS + this.slot
  }

  pass(): Verdict {
    return VERDICT_PASS
  }
  passTo(target: Target): Verdict {
    this.nextTarget = target as Instance
    return VERDICT_PASS
  }
  answer(body?: unknown, how: 'full' | 'degraded' = 'full'): Verdict {
    this.failureCode = 0
    this.degraded = how === 'degraded'
    this.body = body
    return VERDICT_TURN
  }
  fail(why: Failure): Verdict {
    this.failureCode = failureCode(why)
    this.degraded = false
    return VERDICT_TURN
  }
  resend(after: number, target?: Target): Verdict {
    this.pause = after
    this.nextTarget = (target as Instance | undefined) ?? null
    return VERDICT_RESEND
  }
  fork(targets: readonly (Target | undefined)[], join: 'first' | 'all' | number): Verdict {
    this.forkTargets = targets
    this.join = join === 'first' ? 1 : join === 'all' ? 0 : join
    return VERDICT_FORK
  }
  hold(): Verdict {
    return VERDICT_HOLD
  }
  cancelBelow(): void {
    this.cancelling = true
  }
  carry(body: unknown): void {
    this.body = body
  }
  limit(deadline: Time): Time {
    const before = this.deadline
    if (deadline < before) this.deadline = deadline
    return before
  }
  relax(deadline: Time): void {
    this.deadline = deadline
  }
  avoid(target: Target | undefined): void {
    this.avoidedInstance = (target as Instance | undefined) ?? null
  }
}
