/** Most slots a store can have, and the weight of the generation in an event's identity. */
export const SLOT_LIMIT = 16_777_216

const FIRST_CAPACITY = 256
const GENERATION_MASK = 0x1fff_ffff
/** Where in the four words of a record in `links` the next slot of its list stands. */
export const NEXT = 2
/** Where in the four words of a record in `links` the generation stands. */
export const GENERATION = 3

/**
 * The records of pending events, in two slabs of typed arrays: what is touched while events are
 * sorted (time, link to the next record, generation; 16 bytes) and what is not (32 bytes).
 *
 * A record's generation is odd while its event is pending and even when it has fired, was
 * cancelled or is free; it is part of the event's identity, so that an old identity never speaks
 * of the slot's next tenant (the count repeats after 2^28 tenants).
 */
export class EventStore {
  /** Record of slot s: [2s] the time; the words of `links` fill the rest. */
  times = new Float64Array(0)
  /** Record of slot s: [4s+2] the next slot of the list the record is in, [4s+3] generation. */
  links = new Int32Array(0)
  /** Record of slot s: [4s] the order, [4s+1] the sequence. */
  keys = new Float64Array(0)
  /** Record of slot s: [8s+4] kind and actor, [8s+5] argument, [8s+6] extra. */
  data = new Int32Array(0)
  /** Slots that were ever taken. */
  used = 0
  /** First slot of the free list, -1 when it is empty. */
  free = -1
  /** Cancelled events whose slots have not been given back yet. */
  dead = 0

  constructor() {
    this.grow(FIRST_CAPACITY)
  }

  /** Finds a free slot; its event is not pending yet. */
  take(): number {
    const slot = this.free
    if (slot < 0) return this.extend()
    this.free = this.links[slot * 4 + NEXT]!
    return slot
  }

  /** Gives the slot back. */
  release(slot: number): void {
    this.links[slot * 4 + NEXT] = this.free
    this.free = slot
  }

  /** Moves the slot to its next generation: from free to pending, or from pending to ended. */
  turn(slot: number): number {
    const generation = (this.links[slot * 4 + GENERATION]! + 1) & GENERATION_MASK
    this.links[slot * 4 + GENERATION] = generation
    return generation
  }

  /** Whether the slot's event is still to fire. */
  isLive(slot: number): boolean {
    return (this.links[slot * 4 + GENERATION]! & 1) === 1
  }

  /** The slot of a pending event with that identity, or -1. */
  find(id: number): number {
    const slot = id & (SLOT_LIMIT - 1)
    const generation = (id - slot) / SLOT_LIMIT
    if (slot >= this.used || (generation & 1) === 0) return -1
    return this.links[slot * 4 + GENERATION] === generation ? slot : -1
  }

  /** Gives back the slot of a cancelled event. */
  bury(slot: number): void {
    this.dead--
    this.release(slot)
  }

  /** The slot that follows in the list. */
  next(slot: number): number {
    return this.links[slot * 4 + NEXT]!
  }

  /** Puts the slot at the head of a list; the caller keeps the new head. */
  link(slot: number, head: number): void {
    this.links[slot * 4 + NEXT] = head
  }

  /** The total order of events: time, then order, then sequence. */
  precedes(a: number, b: number): boolean {
    const timeA = this.times[a * 2]!
    const timeB = this.times[b * 2]!
    return timeA !== timeB ? timeA < timeB : this.precedesInTie(a, b)
  }

  /** The order of two events of the same time. */
  precedesInTie(a: number, b: number): boolean {
    const keys = this.keys
    const orderA = keys[a * 4]!
    const orderB = keys[b * 4]!
    return orderA !== orderB ? orderA < orderB : keys[a * 4 + 1]! < keys[b * 4 + 1]!
  }

  /** Buries the cancelled events of a list; returns its new head. */
  sweepList(head: number): number {
    let kept = -1
    let slot = head
    while (slot >= 0) {
      const next = this.next(slot)
      if (this.isLive(slot)) {
        this.link(slot, kept)
        kept = slot
      } else this.bury(slot)
      slot = next
    }
    return kept
  }

  /** Memory held by the arrays, in bytes. */
  get bytes(): number {
    return this.times.buffer.byteLength + this.keys.buffer.byteLength
  }

  /** Sets the content; the arrays are slices of a saved store of `used` slots. */
  load(times: Float64Array, keys: Float64Array, used: number, free: number): void {
    const capacity = this.times.length / 2
    if (capacity < used) this.grow(roundUp(used, capacity))
    this.times.set(times)
    this.keys.set(keys)
    this.used = used
    this.free = free
  }

  private extend(): number {
    const capacity = this.times.length / 2
    if (this.used === capacity) this.grow(capacity * 2)
    const slot = this.used++
    // A slot that was in use before an older state was loaded starts afresh.
    this.links[slot * 4 + GENERATION] = 0
    return slot
  }

  private grow(capacity: number): void {
    if (capacity > SLOT_LIMIT) throw new RangeError('more than 16.7 million pending events')
    const times = new Float64Array(capacity * 2)
    const keys = new Float64Array(capacity * 4)
    times.set(this.times)
    keys.set(this.keys)
    this.times = times
    this.keys = keys
    this.links = new Int32Array(times.buffer)
    this.data = new Int32Array(keys.buffer)
  }
}

function roundUp(needed: number, capacity: number): number {
  let size = capacity
  while (size < needed) size *= 2
  return size
}
