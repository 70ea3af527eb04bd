/** Work that may be interrupted: who goes before another takes its slot, and the other goes on later where it was. */
import type { CallFrame } from './call-frame.ts'
import { QUEUED } from './call-frame.ts'
import type { Instance } from './instance.ts'

/** Disciplines that interrupt (preemptive-resume; Kleinrock, Queueing Systems II, ch. 3). */
const PREEMPTIVE = ['lifo-preemptive', 'priority-preemptive', 'shortest-remaining'] as const
type Preemptive = (typeof PREEMPTIVE)[number]

/** Time worked so far of a visit that has not had a slot yet. */
const NEVER = -1

/**
 * The visits at work at an instance that may interrupt. While a visit works its `finishMark` is the moment at
 * which it will be done; while it waits, how much of its work is left, and `workedFrom` how long it has worked.
 */
export class Preemption {
  private readonly instance: Instance
  private readonly discipline: Preemptive
  /** Frames at work, in the order they got their slot. */
  private working: number[] = []

  constructor(instance: Instance, discipline: Preemptive) {
    this.instance = instance
    this.discipline = discipline
  }

  /** A visit comes with so much work, ns. */
  admit(visit: CallFrame, work: number): void {
    visit.ownWork = visit.finishMark = work
    visit.workedFrom = NEVER
  }

  /** Who must give up a slot for a newcomer: who is served last of those at work; undefined when it has to wait. */
  loserTo(newcomer: CallFrame): CallFrame | undefined {
    const { frames } = this.instance.world
    let loser: CallFrame | undefined
    let last = -Infinity
    for (const slot of this.working) {
      const visit = frames[slot]!
      const rank = this.rankOf(visit, this.leftOf(visit))
      if (rank < last) continue
      loser = visit
      last = rank
    }
    return last > this.rankOf(newcomer, newcomer.finishMark) ? loser : undefined
  }

  /** Whether a visit got its slot earlier and was interrupted. */
  wasInterrupted({ workedFrom }: CallFrame): boolean {
    return workedFrom !== NEVER
  }

  /** A visit gets a slot, again or for the first time. Answers when it will be done. */
  begin(visit: CallFrame): number {
    const { world, lostTime } = this.instance
    const worked = visit.workedFrom === NEVER ? 0 : visit.workedFrom
    visit.workedFrom = world.now - worked
    visit.finishMark += world.now
    visit.lostMark = lostTime
    this.working.push(visit.slot)
    return visit.finishMark
  }

  /** A visit loses its slot; it must be put into the line. */
  interrupt(visit: CallFrame): void {
    const { world } = this.instance
    world.queue.cancel(visit.event)
    visit.event = -1
    visit.finishMark = this.leftOf(visit)
    visit.workedFrom = world.now - visit.workedFrom
    visit.phase = QUEUED
    this.end(visit)
  }

  /** A visit does not work any more: it is done, or was stopped. */
  end(visit: CallFrame): void {
    this.working.splice(this.working.indexOf(visit.slot), 1)
  }

  clear(): void {
    this.working = []
  }
  save(): unknown {
    return this.working.slice()
  }
  load(saved: unknown): void {
    this.working = (saved as number[]).slice()
  }

  /** Work that is left of a visit at work, ns: what a pause took from it is still to be done. */
  private leftOf(visit: CallFrame): number {
    return this.instance.dueAt(visit) - this.instance.world.now
  }

  /** A visit of a lower rank is served before one of a higher rank; `left`: its work that is left, ns. */
  private rankOf(visit: CallFrame, left: number): number {
    if (this.discipline === 'lifo-preemptive') return -visit.arrivedAt
    return this.discipline === 'priority-preemptive' ? visit.priority : left
  }
}

/** What lets an instance interrupt; null where its discipline does not. */
export function preemptionOf(instance: Instance): Preemption | null {
  const { discipline } = instance.home.spec
  const preemptive = PREEMPTIVE.find((each) => each === discipline)
  return preemptive === undefined ? null : new Preemption(instance, preemptive)
}
