/** Copies call frames for checkpoints. Field by field: loops over names would take ten times as long. */
import { copyOf } from '../core/snapshot.ts'
import type { CallFrame } from './call-frame.ts'

/** Gives a frame the state of another: all but its place in the pool. */
export function copyFrame(from: CallFrame, to: CallFrame): void {
  copyLife(from, to)
  copyRequestOf(from, to)
  copyReplyOf(from, to)
  copyWiring(from, to)
  copyRelations(from, to)
  copyVisit(from, to)
}

function copyLife(from: CallFrame, to: CallFrame): void {
  to.generation = from.generation
  to.live = from.live
  to.side = from.side
  to.phase = from.phase
  to.layer = from.layer
  to.base = from.base
  to.event = from.event
  to.patience = from.patience
}

function copyRequestOf(from: CallFrame, to: CallFrame): void {
  to.path = from.path
  to.root = from.root
  to.request = from.request
  to.attempt = from.attempt
  to.sends = from.sends
  to.opIndex = from.opIndex
  to.key = from.key
  to.tenant = from.tenant
  to.priority = from.priority
  to.bytes = from.bytes
  to.version = from.version
  to.startedAt = from.startedAt
  to.deadline = from.deadline
  to.token = from.token
  to.required = from.required
}

function copyReplyOf(from: CallFrame, to: CallFrame): void {
  to.failureCode = from.failureCode
  to.degraded = from.degraded
  to.body = copyOf(from.body)
  to.pause = from.pause
  to.join = from.join
  to.forkTargets = from.forkTargets
  to.nextTarget = from.nextTarget
  to.targetInstance = from.targetInstance
  to.avoidedInstance = from.avoidedInstance
  to.cancelling = from.cancelling
}

function copyWiring(from: CallFrame, to: CallFrame): void {
  to.stack = from.stack
  to.cells = from.cells.slice()
  to.edge = from.edge
  to.instance = from.instance
  to.load = from.load
  to.unit = from.unit
}

function copyRelations(from: CallFrame, to: CallFrame): void {
  to.parent = from.parent
  to.child = from.child
  to.kids = from.kids
  to.nextKid = from.nextKid
  to.previousKid = from.previousKid
  to.running = from.running
  to.succeeded = from.succeeded
  to.need = from.need
  to.possible = from.possible
  to.stepFailure = from.stepFailure
  to.launching = from.launching
  to.isCopy = from.isCopy
}

function copyVisit(from: CallFrame, to: CallFrame): void {
  to.pc = from.pc
  to.arrivedAt = from.arrivedAt
  to.workedFrom = from.workedFrom
  to.ownWork = from.ownWork
  to.lostMark = from.lostMark
  to.holdsSlot = from.holdsSlot
  to.duplicate = from.duplicate
  to.finishMark = from.finishMark
}
