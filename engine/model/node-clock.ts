import type { Time } from '../units.ts'
import type { World } from './world.ts'

/** What makes a clock wrong since a moment: how far it jumped then, and the seconds it gains per second. */
export interface Skew {
  readonly by: number
  readonly drift: number
  readonly from: Time
}

/** The clock of one node: the true time, off by skews that can drift and jump. */
export class NodeClock {
  private readonly world: World
  private offset = 0
  /** Seconds gained per second, by all skews together. */
  private drift = 0
  /** Those that drift. Each is rounded by itself, since its own beginning: another that comes or goes moves none. */
  private drifting: readonly Skew[] = []

  constructor(world: World) {
    this.world = world
  }

  /** What the node believes the time to be, in whole ns. */
  get now(): Time {
    const { now } = this.world
    let local = now + this.offset
    // Nearly always; asked with every call.
    if (this.drifting.length === 0) return local
    for (const { drift, from } of this.drifting) local += Math.round((now - from) * drift)
    return local
  }

  /** Makes the clock wrong by all of these together; by none: right again. */
  set(skews: readonly Skew[]): void {
    this.drifting = skews.filter(({ drift }) => drift !== 0)
    this.offset = skews.reduce((sum, { by }) => sum + by, 0)
    this.drift = this.drifting.reduce((sum, { drift }) => sum + drift, 0)
  }

  /** True time that passes while this clock counts `local` ns. One that (almost) stands still takes for ever. */
  toTrue(local: number): number {
    if (this.drift === 0) return local
    const most = Number.MAX_SAFE_INTEGER - this.world.now
    return Math.min(Math.round(local / Math.max(0, 1 + this.drift)), most)
  }

  save(): unknown {
    return { offset: this.offset, drift: this.drift, drifting: this.drifting }
  }
  load(saved: unknown): void {
    Object.assign(this, saved)
  }
}
