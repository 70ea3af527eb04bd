/** Which event planned which: the chain of events that led to one, found by going through the run again. */
import type { FiredEvent, Replay } from './replay.ts'

/** What is known of a stretch of a run: its events by number, and by identity the event that planned each. */
interface Stretch {
  readonly fired: Map<number, FiredEvent & { readonly id: number }>
  readonly planner: Map<number, number>
}

/** Events in the first stretch that is looked at; each further one, before it, is twice as long. */
const FIRST = 4096

/**
 * The events that led to one, it last: each was planned by the one before it.
 *
 * @param most events in the chain
 * @param reach events that are gone through at most; a chain that leads further back begins where they end
 */
export function lineageOf(
  replay: Replay,
  number: number,
  most = 12,
  reach = 100_000,
): FiredEvent[] {
  const chain: FiredEvent[] = []
  const known: Stretch = { fired: new Map(), planner: new Map() }
  let from = number
  let length = FIRST
  for (let wanted: number | undefined = number; wanted !== undefined && chain.length < most;) {
    while (!isKnown(known, wanted) && from > 0 && number - from < reach) {
      const before = Math.max(0, from - length)
      record(replay, before, from, known)
      from = before
      length *= 2
    }
    const event = known.fired.get(wanted)
    if (!event) break
    const { id, ...plain } = event
    chain.unshift(plain)
    wanted = known.planner.get(id)
  }
  return chain
}

/** Whether an event is known, and who planned it. */
function isKnown({ fired, planner }: Stretch, number: number): boolean {
  const event = fired.get(number)
  return event !== undefined && planner.has(event.id)
}

/** Fires the events after `from`, up to and including `until`, and writes down who plans what. */
function record(replay: Replay, from: number, until: number, { fired, planner }: Stretch): void {
  const { world } = replay
  const { queue, digest } = world
  replay.seekEvent(from)
  // An event is folded into the digest after it is taken and before it acts; the queue is told of all that are planned.
  digest.fold = (time, hash, kind, outcome) => {
    const { events: number } = world
    const place = world.places.paths[queue.actor]!
    fired.set(number, { number, time, place, kind, outcome, id: queue.id })
    Reflect.apply(folding, digest, [time, hash, kind, outcome])
  }
  queue.plan = (...event) => {
    Reflect.apply(planning, queue, event)
    planner.set(queue.doubles[3]!, world.events)
  }
  const { fold: folding } = Object.getPrototypeOf(digest) as typeof digest
  const { plan: planning } = Object.getPrototypeOf(queue) as typeof queue
  try {
    replay.advance(Infinity, until - from)
  } finally {
    Reflect.deleteProperty(digest, 'fold')
    Reflect.deleteProperty(queue, 'plan')
  }
}
