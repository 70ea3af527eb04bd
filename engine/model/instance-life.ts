/** How an instance dies, starts, and leaves. */
import { ON_REPLY_WIRE, VISIT } from './call-frame.ts'
import type { Instance } from './instance.ts'
import { loseVisits } from './lost-visit.ts'

/** The process dies: what it did is lost; its callers hear of it, or do not (silent). */
export function crash(instance: Instance, silent: boolean): void {
  instance.felled = true
  if (!instance.up) return
  instance.up = false
  instance.draining = false
  instance.home.relist()
  instance.refusesWhenDown = !silent
  instance.line.clear()
  instance.processor?.clear()
  instance.preemption?.clear()
  instance.deferred.forgetPlans()
  loseVisits(instance, silent)
  const { columns, occupancy } = instance.home
  const beyond = Math.max(0, instance.busy - instance.slots)
  columns.busy(beyond - instance.busy)
  columns.wait(-beyond)
  instance.busy = 0
  occupancy?.moved(instance)
  for (const unit of instance.units) unit.crash()
}

/** It may run again: it does if anyone counts on it. */
export function restart(instance: Instance): void {
  instance.felled = false
  if (instance.up || !instance.listed) return
  instance.up = true
  for (const unit of instance.units) unit.restart()
}

/** It has finished starting (autoscaling). */
export function started(instance: Instance): void {
  instance.starting = -1
  instance.listed = true
  if (!instance.felled) restart(instance)
  instance.home.relist()
}

/** Takes no new calls; leaves when the last one is done. */
export function drain(instance: Instance): void {
  instance.world.queue.cancel(instance.starting)
  instance.starting = -1
  instance.listed = false
  instance.draining = instance.up
  instance.home.relist()
  if (instance.draining) leaveWhenEmpty(instance)
}

/** One that drains is gone when nobody is there any more. */
export function leaveWhenEmpty(instance: Instance): void {
  if (hasVisits(instance)) return
  instance.draining = false
  instance.up = false
  instance.home.relist()
  for (const unit of instance.units) unit.crash()
}

/** Whether a visit is here or on its way, with or without a slot. */
function hasVisits(instance: Instance): boolean {
  return instance.world.frames.some((frame) => {
    const isIts = frame.live && frame.side === VISIT && frame.instance === instance
    return isIts && frame.phase !== ON_REPLY_WIRE
  })
}
