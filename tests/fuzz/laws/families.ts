/**
 * Calls under way are families: every kid knows its parent, every parent its kids, and a fork waits for those that
 * run, and nobody calls who is down.
 */
import type { CallFrame } from '../../../engine/model/call-frame.ts'
import { BRANCH, FORKED, VISIT } from '../../../engine/model/call-frame.ts'
import type { World } from '../../../engine/model/world.ts'

/** What is wrong with the families of a world between two events. */
export function strays(world: World): readonly string[] {
  const found: string[] = []
  world.pool.forEachLive((frame) => {
    const { slot, child, phase, running, side } = frame
    const kids = kidsOf(frame)
    const say = (what: string): void => void found.push(`call ${slot}: ${what}`)
    if (kids === undefined) return say('its list of kids has no end')
    for (const kid of kids) if (!kid.live || kid.parent !== slot) say(`lost its kid ${kid.slot}`)
    if (child >= 0 && world.frames[child]!.parent !== slot) say(`what it sent is not its own`)
    if (side !== VISIT && phase === FORKED && running !== kids.length)
      say(`waits for ${running} branches, and ${kids.length} run`)
    if (side !== VISIT && frame.edge?.caller?.up === false) say('who makes it is down')
    if (side === BRANCH && !isKidOf(frame)) say('its parent has forgotten it')
  })
  return found
}

/** In the order of the list; undefined when it goes on for ever. */
function kidsOf({ kids, world: { frames } }: CallFrame): CallFrame[] | undefined {
  const list: CallFrame[] = []
  for (let at = kids; at >= 0; at = frames[at]!.nextKid) {
    if (list.length > frames.length) return undefined
    list.push(frames[at]!)
  }
  return list
}

function isKidOf(branch: CallFrame): boolean {
  const parent = branch.world.frames[branch.parent]
  return parent !== undefined && (kidsOf(parent)?.includes(branch) ?? true)
}
