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

function leftOf(visit: CallFrame, { processor, preemption, home, world }: Instance): number {
  const isWorking = visit.phase === WORKING
  if (!isWorking && !BEFORE_WORK.includes(visit.phase)) return 0
  if (isWorking && processor !== null) return processor.leftOf(visit)
  const done = isWorking ? world.now - visit.workedFrom : (preemption?.workedBy(visit) ?? 0)
  return Math.max(0, home.workOf(visit) - done)
}
