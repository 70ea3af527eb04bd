import { EventHeap } from './event-heap.ts'
import { sortLatestFirst } from './event-sort.ts'
import { EventStore, GENERATION, NEXT, SLOT_LIMIT } from './event-store.ts'
import { Rung } from './rung.ts'

/**
 * Handle of a pending event, an exact integer of at most 53 bits: generation * 2^24 + slot. Never 0,
 * and not given out again soon, so that it may be asked about long after its event has fired.
 */
export type EventId = number

/** What is seen of a pending event by `EventQueue.forEachPending`. */
export type PendingVisitor = (
  kind: number,
  actor: number,
  argument: number,
  extra: number,
  time: number,
) => void

/** Whole state of a queue; opaque, plain data. */
export interface QueueSnapshot {
  readonly scalars: Float64Array
  readonly times: Float64Array
  readonly keys: Float64Array
  readonly bottom: Int32Array
  readonly heap: Int32Array
  readonly rungs: readonly RungSnapshot[]
}

interface RungSnapshot {
  readonly start: number
  readonly density: number
  readonly current: number
  readonly heads: Int32Array
}

/** While there are fewer events than this, all are kept in the bottom. */
const FEW = 16
/** Lists up to this long are sorted straight into the bottom. */
const SHORT = 48
const FIRST_CAPACITY = 64
/** Rungs at most; below the last one everything is sorted. */
const DEEPEST = 10
/** Cancelled events that may wait for their turn besides as many as are pending. */
const SPARE_DEAD = 4096
/** Buckets of a rung at most: as many list heads as stay in the processor's cache. */
const WIDEST = 1 << 16

/**
 * The pending events of a simulation, given out in the order (time, order, sequence).
 *
 * A ladder queue (Tang, Goh, Thng: Ladder queue, ACM TOMACS 15(3), 2005). Events far ahead lie
 * unsorted in the top; when their time comes they are dealt into the buckets of a rung, a crowded
 * bucket into a finer rung, and a bucket of a few events is sorted into the bottom, from which
 * they fire. So an event is moved a few times whatever the number of pending ones. Beside the
 * bottom stands a heap for what has no width to be cut: crowds of events of one time.
 *
 * Everything in bottom and heap comes before everything in the rungs, a finer rung before a
 * coarser one, the rungs before the top; events of one time are always in the same one of these.
 *
 * Cancelled events stay where they are, marked, and are swept out when they outnumber the pending.
 * No operation allocates, unless an array must grow.
 */
export class EventQueue {
  /** Time of the event last taken by `next`, ns; -1 before the first. */
  time = -1
  /** Order of the event last taken. */
  order = 0
  /** Kind of the event last taken, 0..255. */
  kind = 0
  /** Actor of the event last taken, 0..2^24-1. */
  actor = 0
  /** Argument of the event last taken, an int32. */
  argument = 0
  /** Second argument of the event last taken, an int32. */
  extra = 0

  /** In: time, order and sequence of the event that `plan` adds. Out: its identity. */
  readonly doubles = new Float64Array(4)
  private readonly store = new EventStore()
  private live = 0
  private dead = 0

  /** The bottom: slots with their times, the earliest at the end. */
  private bottom: Int32Array = new Int32Array(FIRST_CAPACITY)
  private bottomTimes = new Float64Array(FIRST_CAPACITY)
  private bottomSize = 0
  /** Room to sort the bottom in. */
  private spare: Int32Array = new Int32Array(0)
  private readonly heap = new EventHeap(this.store)
  /** Size of the heap at which to try to cut its content into a rung. */
  private splitAt = SHORT

  /** The rungs, the coarsest first; the first `depth` are in use. */
  private readonly rungs: Rung[] = []
  private depth = 0

  /** The top: a list of all events later than `topStart`. */
  private topStart = -Infinity
  private topHead = -1
  private topSize = 0
  private topFirst = Infinity
  private topLast = -Infinity

  /** Earliest and latest time of the list that is about to be dealt into a rung. */
  private readonly range = new Float64Array(2)

  /** Number of pending events. */
  get size(): number {
    return this.live
  }

  /** Memory held by the arrays of the queue, in bytes. */
  get bytes(): number {
    let bytes = this.store.bytes + this.heap.slots.byteLength
    bytes += this.bottom.byteLength + this.spare.byteLength + this.bottomTimes.byteLength
    for (const rung of this.rungs) bytes += rung.heads.byteLength
    return bytes
  }

  /**
   * Adds an event. Events of one time fire by order, those of one order by sequence.
   *
   * @param time when it fires, ns; may be the current time
   * @param order rank among the events of its time: phase * 2^32 + hash of the place
   * @param sequence rank within the order, an integer of 0..2^53
   * @param kind what to do, 0..255
   * @param actor who does it, 0..2^24-1
   * @param argument with what, an int32
   * @param extra and with what else, an int32
   */
  schedule(
    time: number,
    order: number,
    sequence: number,
    kind: number,
    actor: number,
    argument: number,
    extra: number,
  ): EventId {
    this.doubles[0] = time
    this.doubles[1] = order
    this.doubles[2] = sequence
    this.plan(kind, actor, argument, extra)
    return this.doubles[3]!
  }

  /**
   * The same without a box: time, order and sequence are taken from `doubles`, the identity is left
   * there, because a double handed to or returned by a function that is not inlined is allocated.
   */
  plan(kind: number, actor: number, argument: number, extra: number): void {
    const { store, doubles } = this
    const slot = store.take()
    store.times[slot * 2] = doubles[0]!
    const { keys, data, links } = store
    keys[slot * 4] = doubles[1]!
    keys[slot * 4 + 1] = doubles[2]!
    const at = slot * 8
    data[at + 4] = (kind << 24) | actor
    data[at + 5] = argument
    data[at + 6] = extra
    const generation = links[slot * 4 + GENERATION]! + 1
    links[slot * 4 + GENERATION] = generation
    doubles[3] = generation * SLOT_LIMIT + slot
    this.place(slot)
    this.live++
  }

  /** Takes back an event; false when it has already fired or been cancelled. */
  cancel(id: EventId): boolean {
    const slot = this.store.find(id)
    if (slot < 0) return false
    this.store.turn(slot)
    this.live--
    if (++this.dead > this.live + SPARE_DEAD) this.sweep()
    return true
  }

  /** Whether the event is still to fire. */
  isPending(id: EventId): boolean {
    return this.store.find(id) >= 0
  }

  /**
   * Takes out the earliest event and shows it in the fields `time` to `extra`; false, and nothing
   * happens, when there is none up to the time `until`.
   */
  next(until: number): boolean {
    const slot = this.earliest()
    if (slot < 0) return false
    const { store } = this
    const time = store.times[slot * 2]!
    if (time > until) return false
    this.time = time
    this.order = store.keys[slot * 4]!
    const { data } = store
    const at = slot * 8
    const who = data[at + 4]!
    this.kind = who >>> 24
    this.actor = who & 0xff_ffff
    this.argument = data[at + 5]!
    this.extra = data[at + 6]!
    this.live--
    store.turn(slot)
    this.discard(slot)
    return true
  }

  /** Time of the earliest pending event, ns; Infinity when there is none. */
  peekTime(): number {
    const slot = this.earliest()
    return slot < 0 ? Infinity : this.store.times[slot * 2]!
  }

  /** Visits all pending events, in no particular but a reproducible order. */
  forEachPending(visit: PendingVisitor): void {
    const { store } = this
    for (let slot = 0; slot < store.used; slot++) {
      if (!store.isLive(slot)) continue
      const at = slot * 8
      const who = store.data[at + 4]!
      const time = store.times[slot * 2]!
      visit(who >>> 24, who & 0xff_ffff, store.data[at + 5]!, store.data[at + 6]!, time)
    }
  }

  /** Copies the state, so that `load` brings back the same events under the same identities. */
  save(): QueueSnapshot {
    const { store, heap } = this
    return {
      scalars: this.saveScalars(),
      times: store.times.slice(0, store.used * 2),
      keys: store.keys.slice(0, store.used * 4),
      bottom: this.bottom.slice(0, this.bottomSize),
      heap: heap.slots.slice(0, heap.size),
      rungs: this.rungs.slice(0, this.depth).map(saveRung),
    }
  }

  /** Returns to a saved state, of this queue or of another. */
  load(saved: QueueSnapshot): void {
    this.loadScalars(saved)
    this.heap.reserve(saved.heap.length)
    this.heap.slots.set(saved.heap)
    this.heap.size = saved.heap.length
    this.bottomSize = 0
    for (const slot of saved.bottom) this.appendToBottom(slot)
    this.depth = 0
    for (const rung of saved.rungs) loadRung(this.addRung(), rung)
  }

  private saveScalars(): Float64Array {
    const { store } = this
    const shown = [this.time, this.order, this.kind, this.actor, this.argument, this.extra]
    const top = [this.topStart, this.topHead, this.topSize, this.topFirst, this.topLast]
    const rest = [this.live, this.dead, this.splitAt, store.used, store.free]
    return Float64Array.of(...shown, ...top, ...rest)
  }

  private loadScalars(saved: QueueSnapshot): void {
    const at = saved.scalars
    this.time = at[0]!
    this.order = at[1]!
    this.kind = at[2]!
    this.actor = at[3]!
    this.argument = at[4]!
    this.extra = at[5]!
    this.topStart = at[6]!
    this.topHead = at[7]!
    this.topSize = at[8]!
    this.topFirst = at[9]!
    this.topLast = at[10]!
    this.live = at[11]!
    this.dead = at[12]!
    this.splitAt = at[13]!
    this.store.load(saved.times, saved.keys, at[14]!, at[15]!)
  }

  /**
   * Files a slot under top, rung or bottom, by its time.
   *
   * A long function on purpose. Compilers do not take it into `schedule`, which therefore stays
   * short enough to be taken into its callers; so no time, order or identity, being doubles, need
   * be put into a box on the heap to be handed over.
   */
  private place(slot: number): void {
    const { links, times } = this.store
    const time = times[slot * 2]!
    if (!(time < Infinity)) throw new RangeError(`an event cannot fire at ${time}`)
    if (time > this.topStart) {
      if (this.topSize === 0 && this.depth === 0 && this.bottomSize + this.heap.size < FEW) {
        // So few events are pending that it is best to keep them all sorted.
        this.topStart = time
      } else {
        links[slot * 4 + NEXT] = this.topHead
        this.topHead = slot
        this.topSize++
        if (time < this.topFirst) this.topFirst = time
        if (time > this.topLast) this.topLast = time
        return
      }
    }
    for (let level = 0; level < this.depth; level++) {
      const rung = this.rungs[level]!
      const bucket = rung.bucketOf(time)
      if (bucket < 0) continue
      links[slot * 4 + NEXT] = rung.heads[bucket]!
      rung.heads[bucket] = slot
      return
    }
    const size = this.bottomSize
    if (size >= SHORT) {
      this.placeInHeap(slot)
      return
    }
    const { bottom, bottomTimes } = this
    let at = size
    while (at > 0) {
      const other = bottom[at - 1]!
      const otherTime = bottomTimes[at - 1]!
      if (otherTime > time || (otherTime === time && this.store.precedesInTie(slot, other))) break
      bottomTimes[at] = otherTime
      bottom[at] = other
      at--
    }
    bottomTimes[at] = time
    bottom[at] = slot
    this.bottomSize = size + 1
  }

  private placeInHeap(slot: number): void {
    this.heap.push(slot)
    if (this.heap.size >= this.splitAt) this.splitHeap()
  }

  /** The slot of the earliest pending event, which is then first in bottom or heap; or -1. */
  private earliest(): number {
    for (;;) {
      let slot = this.bottomSize > 0 ? this.bottom[this.bottomSize - 1]! : -1
      if (this.heap.size > 0) slot = this.earlierInHeap(slot)
      if (slot >= 0) {
        if (this.store.isLive(slot)) return slot
        this.dead--
        this.discard(slot)
      } else if (!this.refill()) return -1
    }
  }

  private earlierInHeap(slot: number): number {
    const root = this.heap.slots[0]!
    return slot < 0 || this.store.precedes(root, slot) ? root : slot
  }

  /** Frees the slot that `earliest` has found. */
  private discard(slot: number): void {
    const { heap, store } = this
    if (heap.size === 0 || heap.slots[0] !== slot) this.bottomSize--
    else heap.removeRoot()
    store.links[slot * 4 + NEXT] = store.free
    store.free = slot
  }

  /** Brings the next list of events down when bottom and heap are empty. */
  private refill(): boolean {
    this.splitAt = SHORT
    while (this.bottomSize === 0 && this.heap.size === 0) {
      if (this.depth > 0) this.unloadRung()
      else if (this.topSize > 0) this.unloadTop()
      else {
        this.topStart = -Infinity
        return false
      }
    }
    return true
  }

  private unloadTop(): void {
    const head = this.topHead
    const size = this.topSize
    this.range[0] = this.topFirst
    this.range[1] = this.topLast
    this.topStart = this.topLast
    this.topHead = -1
    this.topSize = 0
    this.topFirst = Infinity
    this.topLast = -Infinity
    this.bringDown(head, size)
  }

  private unloadRung(): void {
    const rung = this.rungs[this.depth - 1]!
    const bucket = rung.nextOccupied()
    if (bucket < 0) {
      this.depth--
      return
    }
    const head = rung.unload(bucket)
    if (!this.sortShort(head)) this.bringDown(head, this.measure(head))
  }

  /** Sorts a list into the empty bottom; or does nothing, when it is not short. */
  private sortShort(head: number): boolean {
    const { store } = this
    let slot = head
    while (slot >= 0) {
      if (this.bottomSize === SHORT) {
        this.bottomSize = 0
        return false
      }
      this.appendToBottom(slot)
      slot = store.next(slot)
    }
    for (let place = 1; place < this.bottomSize; place++) this.sinkInBottom(place)
    return true
  }

  /** Finds the length of a list, and its range of times. */
  private measure(head: number): number {
    const { store } = this
    let size = 0
    let first = Infinity
    let last = -Infinity
    for (let slot = head; slot >= 0; slot = store.next(slot)) {
      const time = store.times[slot * 2]!
      if (time < first) first = time
      if (time > last) last = time
      size++
    }
    this.range[0] = first
    this.range[1] = last
    return size
  }

  /** Deals a list, whose times are within `range`, into a rung; or sorts it. */
  private bringDown(head: number, size: number): void {
    if (size <= SHORT && this.sortShort(head)) return
    if (this.canDeal(size)) this.deal(head, size)
    else this.sortLong(head)
  }

  private canDeal(size: number): boolean {
    const width = this.range[1]! - this.range[0]!
    return this.depth < DEEPEST && width > 0 && width < Infinity && size / width < Infinity
  }

  private deal(head: number, size: number): void {
    const { store } = this
    const start = this.range[0]!
    const buckets = Math.min(size, WIDEST)
    const rung = this.addRung()
    rung.span(start, buckets / (this.range[1]! - start), buckets + 1)
    const heads = rung.heads
    let slot = head
    while (slot >= 0) {
      const next = store.next(slot)
      if (store.isLive(slot)) {
        const bucket = rung.bucketOf(store.times[slot * 2]!)
        store.link(slot, heads[bucket]!)
        heads[bucket] = slot
      } else this.bury(slot)
      slot = next
    }
  }

  private addRung(): Rung {
    if (this.depth === this.rungs.length) this.rungs.push(new Rung())
    return this.rungs[this.depth++]!
  }

  /** Sorts a list of any length into the empty bottom. */
  private sortLong(head: number): void {
    const { store } = this
    for (let slot = head; slot >= 0; slot = store.next(slot)) this.appendToBottom(slot)
    const { bottom, bottomSize } = this
    if (this.spare.length !== bottom.length) this.spare = new Int32Array(bottom.length)
    this.bottom = sortLatestFirst(bottom, this.spare, bottomSize, store)
    if (this.bottom !== bottom) this.spare = bottom
    for (let place = 0; place < bottomSize; place++) {
      this.bottomTimes[place] = store.times[this.bottom[place]! * 2]!
    }
  }

  /** Deals bottom and heap into a rung, when they have grown long and are not all of one time. */
  private splitHeap(): void {
    this.splitAt = this.heap.size * 2
    const size = this.bottomSize + this.heap.size
    this.measureBelow()
    if (!this.canDeal(size)) return
    this.splitAt = SHORT
    this.deal(this.listBelow(), size)
  }

  private measureBelow(): void {
    const { heap, store, range } = this
    let last = this.bottomTimes[0]!
    for (let place = 0; place < heap.size; place++) {
      last = Math.max(last, store.times[heap.slots[place]! * 2]!)
    }
    range[0] = store.times[this.earlierInHeap(this.bottom[this.bottomSize - 1]!) * 2]!
    range[1] = last
  }

  /** Empties bottom and heap into a list. */
  private listBelow(): number {
    const { heap, store } = this
    let head = -1
    while (heap.size > 0) {
      const slot = heap.slots[--heap.size]!
      store.link(slot, head)
      head = slot
    }
    while (this.bottomSize > 0) {
      const slot = this.bottom[--this.bottomSize]!
      store.link(slot, head)
      head = slot
    }
    return head
  }

  private appendToBottom(slot: number): void {
    if (this.bottomSize === this.bottom.length) this.growBottom()
    this.bottom[this.bottomSize] = slot
    this.bottomTimes[this.bottomSize++] = this.store.times[slot * 2]!
  }

  private growBottom(): void {
    const bottom = new Int32Array(this.bottom.length * 2)
    const times = new Float64Array(this.bottom.length * 2)
    bottom.set(this.bottom)
    times.set(this.bottomTimes)
    this.bottom = bottom
    this.bottomTimes = times
  }

  /** Moves the event at that place of the bottom down among the later ones before it. */
  private sinkInBottom(from: number): void {
    const { bottom, bottomTimes, store } = this
    const slot = bottom[from]!
    const time = bottomTimes[from]!
    let place = from
    while (place > 0) {
      const otherTime = bottomTimes[place - 1]!
      const other = bottom[place - 1]!
      if (otherTime > time || (otherTime === time && store.precedesInTie(slot, other))) break
      bottomTimes[place] = otherTime
      bottom[place] = other
      place--
    }
    bottomTimes[place] = time
    bottom[place] = slot
  }

  private bury(slot: number): void {
    this.dead--
    this.store.release(slot)
  }

  /** Removes all cancelled events. */
  private sweep(): void {
    this.topSize = 0
    this.topHead = this.sweepList(this.topHead)
    for (let slot = this.topHead; slot >= 0; slot = this.store.next(slot)) this.topSize++
    for (let level = 0; level < this.depth; level++) {
      const { heads, current, buckets } = this.rungs[level]!
      for (let bucket = current; bucket < buckets; bucket++) {
        if (heads[bucket]! >= 0) heads[bucket] = this.sweepList(heads[bucket]!)
      }
    }
    this.sweepBottom()
    this.sweepHeap()
  }

  /** Removes the cancelled events of a list; returns its new head. */
  private sweepList(head: number): number {
    const { store } = this
    let kept = -1
    let slot = head
    while (slot >= 0) {
      const next = store.next(slot)
      if (store.isLive(slot)) {
        store.link(slot, kept)
        kept = slot
      } else this.bury(slot)
      slot = next
    }
    return kept
  }

  private sweepBottom(): void {
    const size = this.bottomSize
    this.bottomSize = 0
    for (let place = 0; place < size; place++) {
      const slot = this.bottom[place]!
      if (this.store.isLive(slot)) this.appendToBottom(slot)
      else this.bury(slot)
    }
  }

  private sweepHeap(): void {
    const { heap } = this
    const size = heap.size
    heap.size = 0
    for (let place = 0; place < size; place++) {
      const slot = heap.slots[place]!
      if (this.store.isLive(slot)) heap.append(slot)
      else this.bury(slot)
    }
    heap.arrange()
  }
}

function saveRung(rung: Rung): RungSnapshot {
  const { start, density, current } = rung
  return { start, density, current, heads: rung.heads.slice(0, rung.buckets) }
}

function loadRung(rung: Rung, saved: RungSnapshot): void {
  rung.span(saved.start, saved.density, saved.heads.length)
  rung.heads.set(saved.heads)
  rung.current = saved.current
}
