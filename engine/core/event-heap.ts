import type { EventStore } from './event-store.ts'

const FIRST_CAPACITY = 64

/**
 * A 4-ary heap of slots, earliest event at the root. The event queue keeps in it what it cannot
 * sort cheaply any other way: events that come while a long run of one time is being fired.
 */
export class EventHeap {
  slots = new Int32Array(FIRST_CAPACITY)
  size = 0
  private readonly store: EventStore

  constructor(store: EventStore) {
    this.store = store
  }

  /** Adds an event. */
  push(slot: number): void {
    this.reserve(this.size + 1)
    this.rise(this.size++, slot)
  }

  /** Takes out the earliest event. */
  removeRoot(): void {
    const last = this.slots[--this.size]!
    if (this.size > 0) this.sink(0, last)
  }

  private reserve(size: number): void {
    if (size <= this.slots.length) return
    let capacity = this.slots.length
    while (capacity < size) capacity *= 2
    const slots = new Int32Array(capacity)
    slots.set(this.slots)
    this.slots = slots
  }

  /** The latest of `time` and the times of all events. */
  latestTime(time: number): number {
    const { times } = this.store
    let latest = time
    for (let place = 0; place < this.size; place++) {
      latest = Math.max(latest, times[this.slots[place]! * 2]!)
    }
    return latest
  }

  /** Puts all slots into a list; returns its head. */
  unload(): number {
    let first = -1
    while (this.size > 0) {
      const slot = this.slots[--this.size]!
      this.store.link(slot, first)
      first = slot
    }
    return first
  }

  /** Buries the cancelled events. */
  sweep(): void {
    const { size } = this
    this.size = 0
    for (let place = 0; place < size; place++) {
      const slot = this.slots[place]!
      if (this.store.isLive(slot)) this.slots[this.size++] = slot
      else this.store.bury(slot)
    }
    for (let place = (this.size - 2) >> 2; place >= 0; place--) this.sink(place, this.slots[place]!)
  }

  /** Copies the content. */
  save(): Int32Array {
    return this.slots.slice(0, this.size)
  }

  /** Sets the content. */
  load(saved: Int32Array): void {
    this.reserve(saved.length)
    this.slots.set(saved)
    this.size = saved.length
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
