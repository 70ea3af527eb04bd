import type { EventStore } from './event-store.ts'

const FIRST_CAPACITY = 64

/**
 * A 4-ary heap of slots, earliest event at the root. The event queue keeps in it what it cannot
 * sort cheaply any other way: long runs of events of one time.
 */
export class EventHeap {
  slots = new Int32Array(FIRST_CAPACITY)
  size = 0
  private readonly store: EventStore

  constructor(store: EventStore) {
    this.store = store
  }

  push(slot: number): void {
    this.reserve(this.size + 1)
    this.rise(this.size++, slot)
  }

  /** Appends without ordering; `arrange` must follow. */
  append(slot: number): void {
    this.reserve(this.size + 1)
    this.slots[this.size++] = slot
  }

  /** Orders the whole heap, in linear time. */
  arrange(): void {
    for (let place = (this.size - 2) >> 2; place >= 0; place--) this.sink(place, this.slots[place]!)
  }

  removeRoot(): void {
    const last = this.slots[--this.size]!
    if (this.size > 0) this.sink(0, last)
  }

  /** Makes room for that many slots. */
  reserve(size: number): void {
    if (size <= this.slots.length) return
    let capacity = this.slots.length
    while (capacity < size) capacity *= 2
    const slots = new Int32Array(capacity)
    slots.set(this.slots)
    this.slots = slots
  }

  private rise(from: number, slot: number): void {
    const slots = this.slots
    let place = from
    while (place > 0) {
      const parent = (place - 1) >> 2
      if (!this.store.precedes(slot, slots[parent]!)) break
      slots[place] = slots[parent]!
      place = parent
    }
    slots[place] = slot
  }

  private sink(from: number, slot: number): void {
    const slots = this.slots
    let place = from
    for (;;) {
      const child = this.firstChild(place)
      if (child < 0 || !this.store.precedes(slots[child]!, slot)) break
      slots[place] = slots[child]!
      place = child
    }
    slots[place] = slot
  }

  /** The child whose event is the earliest, or -1. */
  private firstChild(place: number): number {
    const slots = this.slots
    let best = place * 4 + 1
    if (best >= this.size) return -1
    const end = Math.min(best + 4, this.size)
    for (let child = best + 1; child < end; child++) {
      if (this.store.precedes(slots[child]!, slots[best]!)) best = child
    }
    return best
  }
}
