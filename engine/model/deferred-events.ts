import { MESSAGE, REPLY } from './kinds.ts'

/** Numbers kept of each event: kind, argument, extra, place, identity. */
const WIDTH = 5
const FORGOTTEN = -2
/** A request that waits at the door: no event, kept among them for its turn. */
const AT_THE_DOOR = -1

/** What came due while a node stood still, in order: it looks at it when it goes on. Plain numbers, so a checkpoint can copy it. */
export class DeferredEvents {
  private waiting: number[] = []
  /** What is being looked at now. */
  private waking: number[] = []

  add(kind: number, place: number, argument: number, extra: number, id: number): void {
    this.waiting.push(kind, argument, extra, place, id)
  }
  addArrival(slot: number, place: number): void {
    this.add(AT_THE_DOOR, place, slot, 0, -1)
  }

  /** Hands everything over in its order; what comes due meanwhile waits for the next time. */
  wake(look: (kind: number, place: number, argument: number, extra: number) => void): void {
    const events = this.waiting
    this.waking = events
    this.waiting = []
    for (let k = 0; k < events.length; k += WIDTH) {
      if (events[k] !== FORGOTTEN) look(events[k]!, events[k + 3]!, events[k + 1]!, events[k + 2]!)
    }
    this.waking = []
  }

  /** A timer is cancelled before it was heard of. */
  forget(id: number): void {
    for (const events of [this.waiting, this.waking]) {
      for (let k = 0; k < events.length; k += WIDTH) {
        if (events[k + WIDTH - 1] === id) events[k] = FORGOTTEN
      }
    }
  }

  /** A process that died keeps none of its plans; what came over the wire is still there. */
  forgetPlans(): void {
    const before = this.waiting
    this.waiting = []
    for (let k = 0; k < before.length; k += WIDTH) {
      const fromWire = before[k] === REPLY || before[k] === MESSAGE
      if (fromWire) this.waiting.push(...before.slice(k, k + WIDTH))
    }
  }

  save(): unknown {
    return this.waiting.slice()
  }
  load(saved: unknown): void {
    this.waiting = (saved as number[]).slice()
  }
}
