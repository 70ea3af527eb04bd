import type { Time } from '../units.ts'
import type { World } from './world.ts'

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

  /** Puts the clock forward (or back, below zero) at once. */
  jump(by: number): void {
    this.offset += by
  }

  /** Makes the clock run fast (0.01: 1 % too fast) or slow from now on. What it has gained stays. */
  run(drift: number): void {
    const { now } = this.world
    this.offset += Math.round((now - this.since) * this.drift)
    this.since = now
    this.drift = drift
  }

  /** True time that passes while this clock counts `local` ns. */
  toTrue(local: number): number {
    return this.drift === 0 ? local : Math.round(local / (1 + this.drift))
  }

  save(): unknown {
    return { offset: this.offset, drift: this.drift, since: this.since }
  }
  load(saved: unknown): void {
    Object.assign(this, saved)
  }
}
