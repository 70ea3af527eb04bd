/** Slots and lines of instances: nobody is served without work, no line is longer than allowed, timers belong to who waits. */
import type { CallFrame } from '../../../engine/model/call-frame.ts'
import { QUEUED, VISIT, WORKING } from '../../../engine/model/call-frame.ts'
import { ABANDON, COMPLETION } from '../../../engine/model/kinds.ts'
import type { Station } from '../../../engine/model/tracer.ts'
import type { World } from '../../../engine/model/world.ts'

/** Watches the instances of one world; `complaints` is what was wrong so far. */
export class Desks {
  readonly complaints: string[] = []
  /** Visits whose own work is done, by ticket. */
  private readonly worked = new Set<number>()
  private readonly world: World

  constructor(world: World) {
    this.world = world
  }

  mark(station: Station, frame: CallFrame): void {
    if (station === 'worked') this.worked.add(frame.ticket)
    else if (station === 'leave') this.leave(frame)
    else if (station === 'queue') this.queue(frame)
  }

  /** A layer may answer without work; where there is none, only work makes a success. */
  private leave(visit: CallFrame): void {
    const hasWorked = this.worked.delete(visit.ticket)
    if (visit.stack!.depth === 0 && visit.failureCode === 0 && !hasWorked)
      this.say(visit, 'served a call without any work')
  }

  private queue(visit: CallFrame): void {
    const { line, home } = visit.instance!
    const { queue } = home.spec
    if (line.length + 1 > queue)
      this.say(visit, `lets ${line.length + 1} wait in a queue of ${queue}`)
  }

  /** No timer is left behind by one who has gone on. */
  look(): readonly string[] {
    let [queued, working, abandons, completions] = [0, 0, 0, 0]
    this.world.pool.forEachLive(({ side, phase }) => {
      if (side !== VISIT) return
      if (phase === QUEUED) queued++
      else if (phase === WORKING) working++
    })
    this.world.queue.forEachPending((kind) => {
      if (kind === ABANDON) abandons++
      else if (kind === COMPLETION) completions++
    })
    return [
      ...(abandons > queued ? [`${abandons} may give up waiting, but ${queued} wait`] : []),
      ...(completions > working ? [`${completions} works will end, of ${working} at work`] : []),
    ]
  }

  private say({ instance }: CallFrame, complaint: string): void {
    const { home, index } = instance!
    this.complaints.push(`${home.name}#${index} ${complaint}`)
  }
}
