import { sortLatestFirst } from './event-sort.ts'
import type { EventStore } from './event-store.ts'

/** A list is short up to this length. */
export const SHORT = 48

const FIRST_CAPACITY = 64

/** The bottom of the ladder: the next events to fire, sorted, the earliest at the end. */
export class Bottom {
  slots: Int32Array = new Int32Array(FIRST_CAPACITY)
  /** Times of the events in `slots`, which saves looking them up. */
  times = new Float64Array(FIRST_CAPACITY)
  size = 0
  private readonly store: EventStore
  /** Room to sort in, as long as the others. */
  private spare: Int32Array = new Int32Array(0)

  constructor(store: EventStore) {
    this.store = store
  }

  /** Memory held by the arrays, in bytes. */
  get bytes(): number {
    return this.slots.byteLength + this.spare.byteLength + this.times.byteLength
  }

  /** Adds a slot that precedes all others, or whose place is yet to be found. */
  append(slot: number): void {
    if (this.size === this.slots.length) this.grow()
    this.slots[this.size] = slot
    this.times[this.size++] = this.store.times[slot * 2]!
  }

  /** Moves the event at that place among the later ones before it. */
  sink(from: number): void {
    const { slots, times, store } = this
    const slot = slots[from]!
    const time = times[from]!
    let place = from
    while (place > 0) {
      const otherTime = times[place - 1]!
      const other = slots[place - 1]!
      if (otherTime > time || (otherTime === time && store.precedesInTie(slot, other))) break
      times[place] = otherTime
      slots[place] = other
      place--
    }
    times[place] = time
    slots[place] = slot
  }

  /**
   * Takes in and sorts a list, when empty, and answers -1; or, when the list is not short, answers
   * its head. Cancelled events are taken out of the list and buried on the way.
   */
  takeShort(head: number): number {
    const { store } = this
    let first = -1
    let last = -1
    for (let slot = head; slot >= 0;) {
      const next = store.next(slot)
      if (!store.isLive(slot)) store.bury(slot)
      else {
        if (this.size === SHORT) return this.giveBack(first, last, slot)
        if (last < 0) first = slot
        else store.link(last, slot)
        last = slot
        this.append(slot)
      }
      slot = next
    }
    for (let place = 1; place < this.size; place++) this.sink(place)
    return -1
  }

  /** The list turns out not to be short: it goes on at `rest` after the slots from `first` to `last`. */
  private giveBack(first: number, last: number, rest: number): number {
    this.size = 0
    this.store.link(last, rest)
    return first
  }

  /** Takes in and sorts a list of any length, when empty. */
  takeLong(head: number): void {
    const { store } = this
    for (let slot = head; slot >= 0; slot = store.next(slot)) this.append(slot)
    const { slots, size } = this
    if (this.spare.length !== slots.length) this.spare = new Int32Array(slots.length)
    this.slots = sortLatestFirst(slots, this.spare, size, store)
    if (this.slots !== slots) this.spare = slots
    for (let place = 0; place < size; place++) {
      this.times[place] = store.times[this.slots[place]! * 2]!
    }
  }

  /** Puts all slots, and what `head` leads, into one list; returns its head. */
  unload(head: number): number {
    let first = head
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
      if (this.store.isLive(slot)) this.append(slot)
      else this.store.bury(slot)
    }
  }

  /** Copies the content. */
  save(): Int32Array {
    return this.slots.slice(0, this.size)
  }

  /** Sets the content, in a store that has already been loaded. */
  load(saved: Int32Array): void {
    this.size = 0
    for (const slot of saved) this.append(slot)
  }

  private grow(): void {
    const slots = new Int32Array(this.slots.length * 2)
    const times = new Float64Array(this.slots.length * 2)
    slots.set(this.slots)
    times.set(this.times)
    this.slots = slots
    this.times = times
  }
}
