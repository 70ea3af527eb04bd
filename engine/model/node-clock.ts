import type { Time } from '../units.ts'
import type { World } from './world.ts'

/** What makes a clock wrong since a moment: how far it jumped then, and the seconds it gains per second. */
export interface Skew {
  readonly by: number
  readonly drift: number
  readonly from: Time
}

/** The clock of one node: the true time, off by a skew that can drift and jump. */
export class NodeClock {
  private readonly world: World
  private offset = 0
  /** Seconds gained per second since `since`. */
  private drift = 0
  private since: Time = 0

  constructor(world: World) {
    this.world = world
  }

  /** What the node believes the time to be, in whole ns. */
  get now(): Time {
    const { now } = this.world
    if (this.drift === 0) return now + this.offset
    return now + this.offset + Math.round((now - this.since) * this.drift)
  }

  /** Makes the clock wrong by all of these together; by none: right again. */
  set(skews: readonly Skew[]): void {
    const { now } = this.world
    this.offset = skews.reduce(
      (sum, { by, drift, from }) => sum + by + Math.round((now - from) * drift),
      0,
    )
    this.drift = skews.reduce((sum, { drift }) => sum + drift, 0)
    this.since = this.drift === 0 ? 0 : now
  }

  /** True time that passes while this clock counts `local` ns. One that (almost) stands still takes for ever. */
  toTrue(local: number): number {
    if (this.drift === 0) return local
    const most = Number.MAX_SAFE_INTEGER - this.world.now
    return Math.min(Math.round(local / Math.max(0, 1 + this.drift)), most)
  }

  save(): unknown {
    return { offset: this.offset, drift: this.drift, since: this.since }
  }
  load(saved: unknown): void {
    Object.assign(this, saved)
  }
}
