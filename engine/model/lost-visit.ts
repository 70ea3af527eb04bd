/** Visits that end because the instance they are at has died. */
import { isDetached, isPresent } from '../results/present.ts'
import type { CallFrame } from './call-frame.ts'
import { QUEUED } from './call-frame.ts'
import { UNREACHABLE } from './failure.ts'
import { endDetached } from './flow.ts'
import type { Instance } from './instance.ts'
import { dropCallees } from './plan-run.ts'

/** Loses every visit at an instance, in the order of their identities. */
export function loseVisits(instance: Instance, silent: boolean): void {
  const isHere = (frame: CallFrame): boolean => isPresent(frame) && frame.instance === instance
  for (const visit of instance.world.pool.inOrder(isHere)) {
    // One that is lost may have ended another of them.
    if (visit.live && isHere(visit)) loseVisit(visit, silent)
  }
  // Calls that went on when their visit had enough end with the process that made them.
  const isLeft = (frame: CallFrame): boolean => isDetached(frame) && frame.edge!.caller === instance
  for (const call of instance.world.pool.inOrder(isLeft)) {
    if (call.live && isLeft(call)) endDetached(call)
  }
}

/** Ends a visit whose server has died: its caller is told, or hears nothing any more. */
function loseVisit(visit: CallFrame, silent: boolean): void {
  const { world } = visit
  const { columns } = visit.instance!.home
  if (visit.phase === QUEUED) columns.wait(-1)
  if (visit.event >= 0) world.queue.cancel(visit.event)
  visit.event = -1
  visit.holdsSlot = false
  dropCallees(visit, false)
  visit.failureCode = UNREACHABLE
  visit.degraded = false
  columns.leave(visit)
  if (silent || visit.parent < 0) vanish(visit)
  else visit.edge!.link.sendReply(visit)
}

/** A visit is gone without a word: only a timeout tells its caller. */
export function vanish(visit: CallFrame): void {
  const { world } = visit
  if (visit.parent >= 0) world.frames[visit.parent]!.child = -1
  else world.orphans--
  world.pool.give(visit)
}
