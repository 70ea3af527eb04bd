import { Dice } from '../core/random.ts'
import type { QueueDiscipline } from '../scenario/scenario.ts'
import type { CallFrame } from './call-frame.ts'
import type { World } from './world.ts'

/** Disciplines whose next in turn is at neither end of the line. */
const PICKING: readonly QueueDiscipline[] = [
  'priority',
  'priority-preemptive',
  'shortest-remaining',
  'random-order',
]

/** Who waits for a slot of an instance: a ring of frame slots, looked through where the next is at neither end. */
export class WaitingLine {
  length = 0
  private ring = new Int32Array(16)
  private head = 0
  private readonly world: World
  private readonly discipline: QueueDiscipline
  private readonly picks: boolean
  private readonly newestFirst: boolean
  private readonly dice: Dice

  constructor(world: World, discipline: QueueDiscipline, place: string) {
    this.world = world
    this.discipline = discipline
    this.picks = PICKING.includes(discipline)
    this.newestFirst = discipline === 'lifo' || discipline === 'lifo-preemptive'
    this.dice = new Dice(world.keyFor(place, 'turn'))
  }

  add(visit: CallFrame): void {
    if (this.length === this.ring.length) this.grow()
    this.ring[(this.head + this.length++) & (this.ring.length - 1)] = visit.slot
  }

  /** One whose work was interrupted: it comes before all who wait, but where the newest is served first. */
  putBack(visit: CallFrame): void {
    if (this.newestFirst) return this.add(visit)
    if (this.length === this.ring.length) this.grow()
    this.head = (this.head - 1) & (this.ring.length - 1)
    this.ring[this.head] = visit.slot
    this.length++
  }

  /** The next in turn, by the discipline. */
  take(): CallFrame {
    if (this.picks) return this.takeAt(this.picked())
    const at = this.newestFirst ? this.length - 1 : 0
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

  private picked(): number {
    if (this.discipline === 'random-order') return this.drawn()
    if (this.discipline === 'shortest-remaining') return this.first(leftOf)
    return this.first(priorityOf)
  }

  /** The oldest of those whose rank is the lowest. */
  private first(rankOf: (visit: CallFrame) => number): number {
    const { frames } = this.world
    let best = 0
    let lowest = rankOf(frames[this.slotAt(0)]!)
    for (let at = 1; at < this.length; at++) {
      const rank = rankOf(frames[this.slotAt(at)]!)
      if (rank >= lowest) continue
      best = at
      lowest = rank
    }
    return best
  }

  /** Anyone, each with the same chance; the moment and the length of the line are what is drawn for. */
  private drawn(): number {
    const { now } = this.world
    return this.dice.below(this.length, (now ^ (this.length << 20)) | 0, (now / 4294967296) | 0)
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

const priorityOf = ({ priority }: CallFrame): number => priority
/** Of those who wait `finishMark` is the work that is left. */
const leftOf = ({ finishMark }: CallFrame): number => finishMark
