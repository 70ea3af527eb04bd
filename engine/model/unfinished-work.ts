/** The work that an instance still has to do. */
import type { CallFrame } from './call-frame.ts'
import { AT_DOOR, MOVING, ON_WIRE, QUEUED, VISIT, WORKING } from './call-frame.ts'
import type { Instance } from './instance.ts'

/** Where a visit has its own work before it. */
const BEFORE_WORK: readonly number[] = [ON_WIRE, AT_DOOR, MOVING, QUEUED]

/** Own work, ns at full speed, of visits that are on their way to an instance, wait there, or work. */
export function unfinishedWork(instance: Instance): number {
  let sum = 0
  for (const frame of instance.world.frames) {
    const isIts = frame.live && frame.side === VISIT && frame.instance === instance
    if (isIts) sum += leftOf(frame, instance)
  }
  return sum
}

function leftOf(visit: CallFrame, instance: Instance): number {
  const isWorking = visit.phase === WORKING
  if (!isWorking && !BEFORE_WORK.includes(visit.phase)) return 0
  const work = instance.home.workOf(visit)
  const isAdmitted = visit.phase === QUEUED && instance.preemption !== null
  if (!isWorking && !isAdmitted) return work
  const left = isWorking ? leftAtWork(visit, instance) : visit.finishMark
  const { ownWork } = visit
  return ownWork === work ? left : Math.min(work, (work * left) / Math.max(1, ownWork))
}

/** Of a visit at work, ns at the pace at which it began: later by every pause, also by the one that is on. */
function leftAtWork(visit: CallFrame, instance: Instance): number {
  const { processor, world, paused, pausedAt } = instance
  if (processor !== null) return processor.leftOf(visit)
  return Math.max(0, instance.dueAt(visit) - (paused > 0 ? pausedAt : world.now))
}
