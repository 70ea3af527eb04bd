/** Slots and lines of instances: nobody is served without work, no line is longer than allowed, timers belong to who waits. */
import type { CallFrame } from '../../../engine/model/call-frame.ts'
import { PAUSED, QUEUED, WORKING } from '../../../engine/model/call-frame.ts'
import { ABANDON, COMPLETION, RESEND } from '../../../engine/model/kinds.ts'
import type { Station } from '../../../engine/model/tracer.ts'
import type { World } from '../../../engine/model/world.ts'

/** What a call in a phase waits for. */
const TIMERS = [
  [ABANDON, QUEUED, 'wait in a line'],
  [COMPLETION, WORKING, 'are worked on'],
  [RESEND, PAUSED, 'will be sent again'],
] as const

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
    const phases = new Map<number, number>()
    const kinds = new Map<number, number>()
    this.world.pool.forEachLive(({ phase }) => count(phases, phase))
    this.world.queue.forEachPending((kind) => count(kinds, kind))
    return TIMERS.flatMap(([kind, phase, whose]) => {
      const [timers = 0, calls = 0] = [kinds.get(kind), phases.get(phase)]
      return timers > calls ? [`${timers} timers of ${calls} calls that ${whose}`] : []
    })
  }

  private say({ instance }: CallFrame, complaint: string): void {
    const { home, index } = instance!
    this.complaints.push(`${home.name}#${index} ${complaint}`)
  }
}

function count(counts: Map<number, number>, what: number): void {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}
