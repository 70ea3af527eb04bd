import type { Call, PerCall } from '../component.ts'
import type { CallFrame } from './call-frame.ts'

/** A number per call, forgotten when the slot starts a new life. */
export class CallColumn implements PerCall {
  private readonly initial: number
  private values = new Float64Array(64)
  private lives = new Int32Array(64).fill(-1)

  constructor(initial: number) {
    this.initial = initial
  }
  get(call: Call): number {
    const { slot, generation } = call as CallFrame
    return this.lives[slot] === generation ? this.values[slot]! : this.initial
  }
  set(call: Call, value: number): void {
    const { slot, generation } = call as CallFrame
    if (slot >= this.values.length) this.grow(slot)
    this.values[slot] = value
    this.lives[slot] = generation
  }
  /** Only what calls in flight remember: everything else is forgotten anyway. */
  save(frames: readonly CallFrame[]): unknown {
    const { lives } = this
    const slots: number[] = []
    for (let slot = 0; slot < lives.length && slot < frames.length; slot++) {
      if (lives[slot] === -1) continue
      const { live, generation } = frames[slot]!
      if (live && lives[slot] === generation) slots.push(slot)
    }
    return {
      slots: Int32Array.from(slots),
      values: Float64Array.from(slots, (slot) => this.values[slot]!),
      lives: Int32Array.from(slots, (slot) => lives[slot]!),
    }
  }
  load(saved: unknown): void {
    const { slots, values, lives } = saved as Saved
    this.lives.fill(-1)
    slots.forEach((slot, at) => {
      if (slot >= this.values.length) this.grow(slot)
      this.values[slot] = values[at]!
      this.lives[slot] = lives[at]!
    })
  }
  private grow(slot: number): void {
    const size = Math.max(slot + 1, this.values.length * 2)
    const values = new Float64Array(size)
    values.set(this.values)
    this.values = values
    const lives = new Int32Array(size).fill(-1)
    lives.set(this.lives)
    this.lives = lives
  }
}

/** What calls in flight remembered at a checkpoint, by their slots. */
interface Saved {
  readonly slots: Int32Array
  readonly values: Float64Array
  readonly lives: Int32Array
}
