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
  save(): unknown {
    return { values: this.values.slice(), lives: this.lives.slice() }
  }
  load(saved: unknown): void {
    const { values, lives } = saved as { values: Float64Array; lives: Int32Array }
    this.values = values.slice()
    this.lives = lives.slice()
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
