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
  const { processor, preemption, home, world } = instance
  const isWorking = visit.phase === WORKING
  if (!isWorking && !BEFORE_WORK.includes(visit.phase)) return 0
  if (isWorking && processor !== null) return processor.leftOf(visit)
  if (isWorking && preemption === null) return leftAtWork(visit, instance)
  const done = isWorking ? world.now - visit.workedFrom : (preemption?.workedBy(visit) ?? 0)
  return Math.max(0, home.workOf(visit) - done)
}

/** Of a visit that is worked on without a break: at the pace at which it began, and later by every pause. */
function leftAtWork(visit: CallFrame, instance: Instance): number {
  const { home, world, paused, pausedAt, lostTime } = instance
  const work = home.workOf(visit)
  const lost = lostTime - visit.lostMark + (paused > 0 ? world.now - pausedAt : 0)
  const left = Math.max(0, visit.finishMark + lost - world.now)
  const total = visit.finishMark - visit.workedFrom
  return total === work ? left : Math.min(work, (work * left) / Math.max(1, total))
}
