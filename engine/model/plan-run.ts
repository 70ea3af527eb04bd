/** Carries out what a service does after its own work: its calls, in sequence and side by side. */
import { mix } from '../core/hash.ts'
import type { CallFrame } from './call-frame.ts'
import type { Edge } from './edge.ts'
import { propagated } from './failure.ts'
import { adopt, copyRequest, disown, endDetached, startCall } from './flow.ts'
import type { Instance } from './instance.ts'
import type { CallInstruction, Instruction } from './plan.ts'

/** Carries out instructions until one has to wait. */
export function advance(instance: Instance, visit: CallFrame, plan: readonly Instruction[]): void {
  for (;;) {
    const step = plan[visit.pc]!
    if (step.kind === 'calls') {
      visit.pc++
      launch(instance, visit, step)
      if (visit.running > 0) return
      if (visit.succeeded < visit.need) return instance.finish(visit, propagated(visit.stepFailure))
    } else if (step.kind === 'end') return instance.finish(visit, 0)
    else if (step.kind === 'jump') visit.pc = step.goTo
    else visit.pc = choose(instance, visit, step)
  }
}

function choose(
  instance: Instance,
  visit: CallFrame,
  step: Instruction & { kind: 'choose' },
): number {
  const u = instance.home.chooseDice.uniform(mix(visit.path, step.ordinal), visit.root)
  for (let k = 0; k < step.upTo.length; k++) if (u < step.upTo[k]!) return step.goTo[k]!
  return step.goTo[step.goTo.length - 1]!
}

function launch(instance: Instance, visit: CallFrame, step: Instruction & { kind: 'calls' }): void {
  visit.running = step.calls.length
  visit.succeeded = 0
  visit.need = step.need
  visit.possible = step.required
  visit.stepFailure = 0
  visit.launching = true
  const { calls } = step
  for (let n = 0; n < calls.length; n++) {
    const each = calls[n]!
    startOne(visit, instance.edgeList[each.edge]!, each)
  }
  visit.launching = false
  // A quorum may be complete, or out of reach, before the last call went out.
  if (visit.running > 0 && isSettled(visit)) dropRest(visit)
}

function startOne(visit: CallFrame, edge: Edge, step: CallInstruction): void {
  const call = visit.world.pool.take()
  copyRequest(visit, call)
  if (step.op >= 0) call.opIndex = step.op
  call.edge = edge
  call.enter(edge.stack)
  call.required = step.required
  call.path = mix(visit.path, edge.hash + step.ordinal)
  adopt(visit, call)
  startCall(call)
}

/** A call that a visit made is over. */
export function calleeEnded(visit: CallFrame, call: CallFrame): void {
  visit.running--
  countEnd(visit, call)
  if (visit.launching) return
  if (visit.running > 0 && !isSettled(visit)) return
  dropRest(visit)
  const instance = visit.instance!
  if (visit.succeeded < visit.need) return instance.finish(visit, propagated(visit.stepFailure))
  advance(instance, visit, instance.home.planOf(visit.opIndex))
}

function countEnd(visit: CallFrame, call: CallFrame): void {
  if (call.failureCode === 0) {
    if (call.degraded) visit.degraded = true
    if (call.required) visit.succeeded++
  } else if (call.required) {
    visit.possible--
    if (visit.stepFailure === 0) visit.stepFailure = call.failureCode
  } else visit.degraded = true
}

/** Whether the outcome of the step is known although calls are still out. Optional calls are waited for. */
function isSettled(visit: CallFrame): boolean {
  return (
    visit.possible < visit.need || (visit.succeeded >= visit.need && visit.need < visit.possible)
  )
}

/** Calls of a settled step go on without us: nobody is told of their end. */
function dropRest(visit: CallFrame): void {
  const { world } = visit
  for (; visit.kids >= 0; world.detached++) disown(visit, world.frames[visit.kids]!)
  visit.running = 0
}

/** Takes back the calls of a visit that is no more. */
export function dropCallees(visit: CallFrame, tell: boolean): void {
  const { world } = visit
  const calls: { readonly call: CallFrame; readonly life: number }[] = []
  while (visit.kids >= 0) {
    const call = world.frames[visit.kids]!
    disown(visit, call)
    world.detached++
    call.cancelling = tell
    calls.push({ call, life: call.generation })
  }
  visit.running = 0
  // All are struck off first: the end of one may let another go on, and that must not end the visit once more.
  for (const { call, life } of calls) if (call.generation === life) endDetached(call)
}
