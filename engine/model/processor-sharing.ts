/** Processor sharing: everyone works at once, each at an equal share of the slots. */
import type { CallFrame } from './call-frame.ts'
import type { Instance } from './instance.ts'
import { COMPLETION, PHASE_COMPLETION } from './kinds.ts'

/**
 * Keeps a shared virtual time that advances at the speed one visit gets; a visit is done when it reaches the
 * mark it was given on arrival (Kleinrock's generalised processor sharing with equal weights). Up to
 * `concurrency` visits run at full speed, more share it, so `concurrency: 1` is the textbook M/M/1-PS.
 */
export class SharedProcessor {
  private readonly instance: Instance
  /** Frames at work, by finish mark: the earliest last. */
  private active: number[] = []
  private virtual = 0
  private since = 0
  private pending = -1

  constructor(instance: Instance) {
    this.instance = instance
  }

  add(visit: CallFrame, work: number): void {
    this.catchUp()
    visit.finishMark = this.virtual + work
    const { frames } = this.instance.world
    let at = this.active.length
    this.active.push(visit.slot)
    while (at > 0 && frames[this.active[at - 1]!]!.finishMark <= visit.finishMark) {
      this.active[at] = this.active[at - 1]!
      at--
    }
    this.active[at] = visit.slot
    this.plan()
  }

  remove(visit: CallFrame): void {
    this.catchUp()
    this.active = this.active.filter((slot) => slot !== visit.slot)
    this.plan()
  }

  /** The earliest mark is reached: hands the visit back. */
  finish(): CallFrame {
    this.catchUp()
    this.pending = -1
    const visit = this.instance.world.frames[this.active.pop()!]!
    this.virtual = Math.max(this.virtual, visit.finishMark)
    visit.finishMark = this.instance.world.now
    visit.lostMark = this.instance.lostTime
    this.plan()
    return visit
  }

  /** The instance is about to pause or has gone on: the books are closed at the old speed, the plan made anew. */
  changeSpeed(change: () => void): void {
    this.catchUp()
    change()
    this.plan()
  }

  /** Work of a visit that is left, ns at full speed. */
  leftOf(visit: CallFrame): number {
    this.catchUp()
    return visit.finishMark - this.virtual
  }

  clear(): void {
    this.instance.world.queue.cancel(this.pending)
    this.pending = -1
    this.active = []
  }

  save(): unknown {
    const { active, virtual, since, pending } = this
    return { active: active.slice(), virtual, since, pending }
  }
  load(saved: unknown): void {
    Object.assign(this, saved, { active: (saved as { active: number[] }).active.slice() })
  }

  /** Share of full speed that each visit gets. */
  private get speed(): number {
    if (this.instance.paused > 0) return 0
    const slots = this.instance.home.spec.concurrency
    return this.active.length <= slots ? 1 : slots / this.active.length
  }

  private catchUp(): void {
    const { now } = this.instance.world
    this.virtual += (now - this.since) * this.speed
    this.since = now
  }

  private plan(): void {
    const { world, place } = this.instance
    if (this.pending >= 0) world.queue.cancel(this.pending)
    this.pending = -1
    const next = this.active[this.active.length - 1]
    if (next === undefined || this.speed === 0) return
    const left = Math.max(0, world.frames[next]!.finishMark - this.virtual)
    world.schedule(
      world.now + Math.ceil(left / this.speed),
      PHASE_COMPLETION,
      place,
      COMPLETION,
      next,
      1,
    )
    this.pending = world.scheduled
  }
}
