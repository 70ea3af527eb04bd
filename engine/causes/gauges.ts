/** Counts that go up and down, and what they come to over time. */
import type { Time } from '../units.ts'

/** A row of levels, each with its integral over time since the integrals were last taken. */
export class Gauges {
  private readonly levels: Float64Array
  private readonly areas: Float64Array
  private readonly since: Float64Array

  constructor(count: number) {
    this.levels = new Float64Array(count)
    this.areas = new Float64Array(count)
    this.since = new Float64Array(count)
  }

  /** Changes a level at a moment. */
  add(at: number, change: number, now: Time): void {
    this.catchUp(at, now)
    this.levels[at]! += change
  }

  /** The integrals (level times ns) since they were last taken; they begin anew. */
  take(now: Time): Float64Array {
    for (let at = 0; at < this.levels.length; at++) this.catchUp(at, now)
    const taken = this.areas.slice()
    this.areas.fill(0)
    return taken
  }

  private catchUp(at: number, now: Time): void {
    this.areas[at]! += this.levels[at]! * (now - this.since[at]!)
    this.since[at] = now
  }
}

/** Counts that only go up, until they are taken. */
export class Counts {
  private readonly counts: Float64Array

  constructor(count: number) {
    this.counts = new Float64Array(count)
  }

  add(at: number): void {
    this.counts[at]!++
  }

  /** The counts since they were last taken; they begin anew. */
  take(): Float64Array {
    const taken = this.counts.slice()
    this.counts.fill(0)
    return taken
  }
}

/** A small number for each call frame, by its slot; `resting` for those that have none. */
export class SlotColumn {
  private values = new Float64Array(256)
  private readonly resting: number

  constructor(resting: number) {
    this.resting = resting
    this.values.fill(resting)
  }

  get(slot: number): number {
    return slot < this.values.length ? this.values[slot]! : this.resting
  }

  set(slot: number, value: number): void {
    if (slot >= this.values.length) this.grow(slot)
    this.values[slot] = value
  }

  /** Forgets the number; answers what it was. */
  drop(slot: number): number {
    const value = this.get(slot)
    if (value !== this.resting) this.values[slot] = this.resting
    return value
  }

  private grow(slot: number): void {
    const longer = new Float64Array(Math.max(slot + 1, this.values.length * 2)).fill(this.resting)
    longer.set(this.values)
    this.values = longer
  }
}
