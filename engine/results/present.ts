import type { CallFrame } from '../model/call-frame.ts'
import { CLIENT, ON_REPLY_WIRE, ON_WIRE, VISIT } from '../model/call-frame.ts'
import type { World } from '../model/world.ts'

/** Whether a frame is a visit that has arrived and not left. */
export function isPresent(frame: CallFrame): boolean {
  return frame.side === VISIT && frame.phase !== ON_REPLY_WIRE && frame.phase !== ON_WIRE
}

/** Whether a call's maker has gone on without it, or is gone. */
export function isDetached({ side, load, unit, parent, edge }: CallFrame): boolean {
  return side === CLIENT && edge !== null && load === null && unit === null && parent < 0
}

/** How long the visits now present at each service have been there, in all; a service without any is left out. */
export function agesOfVisits(world: World): ReadonlyMap<string, number> {
  const ages = new Map<string, number>()
  world.pool.forEachLive((frame) => {
    if (!isPresent(frame)) return
    const { name } = frame.instance!.home
    ages.set(name, (ages.get(name) ?? 0) + world.now - frame.arrivedAt)
  })
  return ages
}
