/** The way of a call: down a stack of layers, over the wire, and back up with its reply. */
import type { Verdict } from '../component.ts'
import { mix } from '../core/hash.ts'
import type { CallFrame } from './call-frame.ts'
import {
  BELOW,
  BRANCH,
  CLIENT,
  ENDED,
  FORKED,
  HELD_DOWN,
  HELD_UP,
  MOVING,
  PAUSED,
  VERDICT_FORK,
  VERDICT_HOLD,
  VERDICT_PASS,
  VERDICT_RESEND,
  VERDICT_TURN,
  VISIT,
} from './call-frame.ts'
import { EngineError } from './engine-error.ts'
import { CANCELLED, TIMEOUT, UNREACHABLE } from './failure.ts'
import { CALL_END, PHASE_TIMER, RESEND } from './kinds.ts'
import { calleeEnded } from './plan-run.ts'
import { DECISIONS } from './tracer.ts'

/** Goes on down from the layer the frame is at. */
export function goDown(frame: CallFrame): void {
  const { downs, depth } = frame.stack!
  const life = frame.generation
  let layer = frame.layer
  while (++layer < depth) {
    frame.layer = layer
    const onCall = downs[layer]!
    if (onCall === null) continue
    const verdict = onCall(frame)
    if (frame.generation !== life || frame.layer !== layer) return
    if (verdict !== VERDICT_PASS) return act(frame, layer, verdict, HELD_DOWN)
  }
  frame.layer = depth
  if (frame.side === VISIT) frame.instance!.admit(frame)
  else transmit(frame)
}

/** Goes on up with the reply, above the layer the frame is at. */
export function goUp(frame: CallFrame): void {
  const { ups } = frame.stack!
  const { base, generation: life } = frame
  let layer = frame.layer
  frame.phase = MOVING
  while (--layer > base) {
    frame.layer = layer
    const onReply = ups[layer]!
    if (onReply === null) continue
    const verdict = onReply(frame)
    // What it told others may have ended this very call: they were branches of one whole.
    if (frame.generation !== life || frame.layer !== layer) return
    if (verdict !== VERDICT_PASS && verdict !== VERDICT_TURN)
      return act(frame, layer, verdict, HELD_UP)
  }
  frame.layer = base
  leave(frame)
}

/** Carries out what a layer decided. */
function act(frame: CallFrame, layer: number, verdict: Verdict, held: number): void {
  frame.layer = layer
  frame.world.tracer?.mark(DECISIONS[verdict]!, frame)
  if (verdict === VERDICT_TURN) goUp(frame)
  else if (verdict === VERDICT_RESEND) pause(frame)
  else if (verdict === VERDICT_FORK) fork(frame, layer)
  else if (verdict === VERDICT_HOLD) frame.phase = held
  else throw new EngineError('a handler returned something that is no verdict', frame.world)
}

/** A verdict about a call that is held at a layer, or that runs below it (a timer of that layer fired). */
export function decide(frame: CallFrame, layer: number, verdict: Verdict): void {
  if (verdict === VERDICT_HOLD || verdict === undefined) return
  const held = frame.layer === layer && (frame.phase === HELD_DOWN || frame.phase === HELD_UP)
  if (verdict === VERDICT_PASS) {
    if (held) release(frame)
    return
  }
  if (frame.layer < layer) return
  if (verdict === VERDICT_FORK && frame.phase === FORKED && frame.layer === layer)
    return fork(frame, layer)
  if (verdict === VERDICT_TURN && frame.failureCode === TIMEOUT) frame.edge?.columns.timeout()
  if (!held && !withdraw(frame, layer)) return
  act(frame, layer, verdict, HELD_DOWN)
}

/** Takes a held call up again. */
export function release(frame: CallFrame): void {
  const up = frame.phase === HELD_UP
  frame.phase = MOVING
  if (up) goUp(frame)
  else goDown(frame)
}

function pause(frame: CallFrame): void {
  const { world } = frame
  frame.phase = PAUSED
  frame.failureCode = 0
  frame.degraded = false
  const place = frame.stack!.units[frame.layer]!.place
  world.schedule(world.now + frame.pause, PHASE_TIMER, place, RESEND, frame.slot, frame.generation)
  frame.event = world.scheduled
}

/** The pause before a resend is over; a node that stands still looks at it later, when the call may have ended or wait anew. */
export function resume(frame: CallFrame, life: number): void {
  if (frame.generation !== life || frame.phase !== PAUSED) return
  if (frame.world.queue.isPending(frame.event)) return
  const { site, place } = frame.stack!.units[frame.layer]!
  if (site.instance?.defers(RESEND, place, frame.slot, life)) return
  frame.event = -1
  frame.phase = MOVING
  const whole = root(frame)
  frame.attempt = ++whole.sends
  frame.targetInstance = null
  if (frame.edge) frame.edge.columns.retry()
  goDown(frame)
}

/** The frame that counts attempts: the call itself, above all forks. */
function root(frame: CallFrame): CallFrame {
  let whole = frame
  while (whole.side === BRANCH) whole = whole.world.frames[whole.parent]!
  return whole
}

function fork(frame: CallFrame, layer: number): void {
  const targets = frame.forkTargets
  frame.phase = FORKED
  frame.layer = layer
  frame.need = frame.join === 0 ? frame.running + targets.length : frame.join
  if (frame.kids < 0 && frame.running === 0) frame.succeeded = 0
  frame.running += targets.length
  const { generation } = frame
  for (let k = 0; k < targets.length; k++) {
    // A branch that ends at once may have decided the whole: then the rest is not sent.
    if (frame.generation !== generation || frame.phase !== FORKED) return
    branch(frame, layer, targets[k] as never)
  }
}

function branch(
  parent: CallFrame,
  layer: number,
  target: CallFrame['nextTarget'] | undefined,
): void {
  const { world } = parent
  const copy = world.pool.take()
  copyRequest(parent, copy)
  copy.side = BRANCH
  copy.enter(parent.stack!)
  copy.edge = parent.edge
  copy.base = layer
  copy.layer = layer
  copy.nextTarget = target ?? parent.nextTarget
  copy.avoidedInstance = parent.avoidedInstance
  parent.nextTarget = null
  // The first branch is the call's own attempt, so that its dice are those of a call without fork.
  copy.isCopy = parent.launching
  copy.attempt = copy.isCopy ? ++root(parent).sends : parent.attempt
  parent.launching = true
  copy.path = parent.path
  adopt(parent, copy)
  goDown(copy)
}

/** A branch came back to the layer that forked it. */
function join(branchFrame: CallFrame): void {
  const { world } = branchFrame
  const parent = world.frames[branchFrame.parent]!
  disown(parent, branchFrame)
  parent.running--
  if (branchFrame.failureCode === 0) parent.succeeded++
  const forkedAt = parent.layer
  const verdict =
    parent.stack!.units[forkedAt]!.handlers.onCopy?.(parent, branchFrame) ?? VERDICT_PASS
  const done = parent.succeeded >= parent.need || parent.succeeded + parent.running < parent.need
  if (verdict === VERDICT_PASS && (done || parent.running === 0)) copyReply(branchFrame, parent)
  world.pool.give(branchFrame)
  // The whole is being taken back: nothing is decided any more.
  if (parent.phase !== FORKED) return
  if (verdict !== VERDICT_PASS) return decide(parent, forkedAt, verdict)
  if (!done && parent.running > 0) return
  if (!withdraw(parent, forkedAt)) return
  parent.layer = forkedAt + 1
  goUp(parent)
}

/**
 * Takes everything back that runs below a layer: what was sent is orphaned, what waits is dropped, layers hear onCancel.
 * Answers whether the call lives on: a layer that hears of it may let another go first, and that may end the whole.
 */
export function withdraw(frame: CallFrame, layer: number): boolean {
  const { world, generation: life } = frame
  const wasPaused = frame.phase === PAUSED
  frame.phase = MOVING
  if (frame.child >= 0) orphan(frame)
  while (frame.kids >= 0 && frame.side !== VISIT) {
    const branchFrame = world.frames[frame.kids]!
    if (frame.cancelling) branchFrame.cancelling = true
    disown(frame, branchFrame)
    if (withdraw(branchFrame, branchFrame.base)) world.pool.give(branchFrame)
    if (frame.generation !== life) return false
  }
  frame.running = 0
  if (wasPaused) {
    world.queue.cancel(frame.event)
    frame.event = -1
  }
  const { units, depth } = frame.stack!
  for (let below = Math.min(frame.layer, depth - 1); below > layer; below--) {
    units[below]!.onCancel?.(frame)
    if (frame.generation !== life) return false
  }
  frame.layer = layer
  frame.cancelling = false
  frame.launching = false
  return true
}

function orphan(frame: CallFrame): void {
  const { world } = frame
  const visit = world.frames[frame.child]!
  world.tracer?.mark('abandon', visit)
  visit.parent = -1
  world.orphans++
  frame.child = -1
  if (frame.cancelling) frame.edge!.link.sendCancel(visit)
}

/** Sends a visit to the chosen instance. */
function transmit(frame: CallFrame): void {
  const { world } = frame
  const edge = frame.edge!
  const target = frame.nextTarget ?? edge.pick(frame)
  frame.nextTarget = null
  if (target === null) {
    frame.failureCode = UNREACHABLE
    return goUp(frame)
  }
  frame.targetInstance = target
  // The whole call knows where its latest copy went.
  for (let at = frame; at.side === BRANCH; at.targetInstance = target) at = world.frames[at.parent]!
  frame.phase = BELOW
  edge.columns.attempt()
  const visit = world.pool.take()
  copyRequest(frame, visit)
  visit.side = VISIT
  visit.enter(target.stack)
  visit.edge = edge
  visit.instance = target
  visit.attempt = frame.attempt
  visit.parent = frame.slot
  frame.child = visit.slot
  visit.path = mix(frame.path, frame.attempt)
  world.tracer?.mark('send', visit)
  edge.link.sendRequest(visit)
}

/** The reply of a visit has reached its caller. */
export function replied(visit: CallFrame): void {
  const { world } = visit
  world.tracer?.mark('reply', visit)
  const { parent } = visit
  if (parent < 0) {
    visit.edge!.columns.late()
    world.orphans--
    world.pool.give(visit)
    return
  }
  const frame = world.frames[parent]!
  frame.child = -1
  frame.failureCode = visit.failureCode
  frame.degraded = visit.degraded
  frame.body = visit.body
  world.pool.give(visit)
  frame.layer = frame.stack!.depth
  goUp(frame)
}

/** A frame has left its stack: the call, branch or visit is over. */
function leave(frame: CallFrame): void {
  if (frame.side === VISIT) frame.instance!.leave(frame)
  else if (frame.side === BRANCH) join(frame)
  else end(frame)
}

/** Ends a call: counts it, folds it into the outcome digest, tells its maker. */
export function end(frame: CallFrame): void {
  const { world } = frame
  const edge = frame.edge!
  world.tracer?.mark('end', frame)
  edge.columns.end(frame)
  world.outcomes.fold(
    world.now,
    edge.hash,
    CALL_END,
    frame.failureCode | (frame.degraded ? 128 : 0),
  )
  if (frame.load !== null) frame.load.ended(frame)
  else if (frame.unit !== null) {
    frame.phase = ENDED
    frame.unit.outcome(frame)
  } else if (frame.parent >= 0) {
    const visit = world.frames[frame.parent]!
    disown(visit, frame)
    calleeEnded(visit, frame)
  } else world.detached--
  world.pool.give(frame)
}

/** Takes back a call whose maker is gone: nobody is told of its end. */
export function takeBack(call: CallFrame): void {
  call.unit = null
  call.world.detached++
  endDetached(call)
}

/** Ends a call that nobody waits for. */
export function endDetached(call: CallFrame): void {
  if (!withdraw(call, call.base)) return
  call.failureCode = CANCELLED
  call.degraded = false
  end(call)
}

/** Makes a call from a visit, a load or a component. The caller sets who is told of its end. */
export function startCall(frame: CallFrame): void {
  frame.side = CLIENT
  frame.layer = -1
  frame.phase = MOVING
  frame.edge!.columns.start()
  frame.world.tracer?.mark('call', frame)
  goDown(frame)
}

/** What a request carries on to its next frame. */
export function copyRequest(from: CallFrame, to: CallFrame): void {
  to.root = from.root
  to.request = from.request
  to.opIndex = from.opIndex
  to.key = from.key
  to.tenant = from.tenant
  to.priority = from.priority
  to.bytes = from.bytes
  to.version = from.version
  to.deadline = from.deadline
  to.body = from.body
  to.startedAt = from.world.now
}

function copyReply(from: CallFrame, to: CallFrame): void {
  to.failureCode = from.failureCode
  to.degraded = from.degraded
  to.body = from.body
  to.targetInstance = from.targetInstance
}

/** Puts a frame into its maker's list. */
export function adopt(maker: CallFrame, kid: CallFrame): void {
  kid.parent = maker.slot
  kid.previousKid = -1
  kid.nextKid = maker.kids
  if (maker.kids >= 0) maker.world.frames[maker.kids]!.previousKid = kid.slot
  maker.kids = kid.slot
}

/** Takes a frame out of its maker's list. */
export function disown(maker: CallFrame, kid: CallFrame): void {
  const { frames } = maker.world
  if (kid.previousKid >= 0) frames[kid.previousKid]!.nextKid = kid.nextKid
  else maker.kids = kid.nextKid
  if (kid.nextKid >= 0) frames[kid.nextKid]!.previousKid = kid.previousKid
  kid.parent = -1
}

/** Whether everyone who could use the result of a visit has given up: its caller, or any caller above. */
export function isForNobody(visit: CallFrame): boolean {
  const { frames } = visit.world
  let at = visit
  while (at.parent >= 0) {
    at = frames[at.parent]!
    if (at.side === CLIENT && (at.load !== null || at.unit !== null)) return false
  }
  return true
}
