import type { QueueDiscipline } from '../scenario/scenario.ts'
import type { CallFrame } from './call-frame.ts'
import type { World } from './world.ts'

/** Who waits for a slot: a ring of frame slots for FIFO and LIFO, a heap for priorities. */
export class WaitingLine {
  length = 0
  private ring = new Int32Array(16)
  private head = 0
  private readonly world: World
  private readonly discipline: QueueDiscipline

  constructor(world: World, discipline: QueueDiscipline) {
    this.world = world
    this.discipline = discipline
  }

  add(visit: CallFrame): void {
    if (this.length === this.ring.length) this.grow()
    this.ring[(this.head + this.length++) & (this.ring.length - 1)] = visit.slot
  }

  /** The next in turn: the oldest, the newest, or the oldest of the highest priority (0 before 1). */
  take(): CallFrame {
    if (this.discipline === 'priority') return this.takeAt(this.firstInPriority())
    const at = this.discipline === 'lifo' ? this.length - 1 : 0
    const slot = this.slotAt(at)
    this.length--
    if (at === 0) this.head = (this.head + 1) & (this.ring.length - 1)
    return this.world.frames[slot]!
  }

  remove(visit: CallFrame): void {
    for (let at = 0; at < this.length; at++)
      if (this.slotAt(at) === visit.slot) return void this.takeAt(at)
  }

  clear(): void {
    this.head = this.length = 0
  }

  save(): unknown {
    return Array.from({ length: this.length }, (_, at) => this.slotAt(at))
  }
  load(saved: unknown): void {
    const slots = saved as number[]
    this.clear()
    while (this.ring.length < slots.length) this.grow()
    for (const slot of slots) this.ring[this.length++] = slot
  }

  private slotAt(at: number): number {
    return this.ring[(this.head + at) & (this.ring.length - 1)]!
  }

  private firstInPriority(): number {
    let best = 0
    for (let at = 1; at < this.length; at++) {
      if (
        this.world.frames[this.slotAt(at)]!.priority <
        this.world.frames[this.slotAt(best)]!.priority
      )
        best = at
    }
    return best
  }

  private takeAt(at: number): CallFrame {
    const mask = this.ring.length - 1
    const slot = this.slotAt(at)
    for (let k = at; k < this.length - 1; k++)
      this.ring[(this.head + k) & mask] = this.slotAt(k + 1)
    this.length--
    return this.world.frames[slot]!
  }

  private grow(): void {
    const wider = new Int32Array(this.ring.length * 2)
    for (let at = 0; at < this.length; at++) wider[at] = this.slotAt(at)
    this.ring = wider
    this.head = 0
  }
}
