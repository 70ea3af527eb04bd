import { Bottom, SHORT } from './bottom.ts'
import { EventHeap } from './event-heap.ts'
import { EventStore, GENERATION, NEXT, SLOT_LIMIT } from './event-store.ts'
import { Ladder, type RungSnapshot } from './ladder.ts'

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

/** While there are fewer events than this, all are kept in the bottom. */
const FEW = 16
/** Cancelled events that may wait for their turn besides as many as are pending. */
const SPARE_DEAD = 4096
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
  private taken = -1

  /** In: time, order and sequence of the event that `plan` adds. Out: its identity. */
  readonly doubles = new Float64Array(4)
  private readonly store = new EventStore()
  private readonly bottom = new Bottom(this.store)
  private readonly heap = new EventHeap(this.store)
  private readonly ladder = new Ladder(this.store)
  private live = 0
  /** Size of the heap at which to try to cut its content into a rung. */
  private splitAt = SHORT

  /** The top: a list of all events later than `topStart`. */
  private topStart = -Infinity
  private topHead = -1
  private topSize = 0
  private topFirst = Infinity
  private topLast = -Infinity

  /** Number of pending events. */
  get size(): number {
    return this.live
  }

  /** Memory held by the arrays of the queue, in bytes. */
  get bytes(): number {
    const { store, bottom, heap, ladder } = this
    return store.bytes + bottom.bytes + heap.slots.byteLength + ladder.bytes
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
    if (++this.store.dead > this.live + SPARE_DEAD) this.sweep()
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
    this.taken = slot
    store.turn(slot)
    this.discard(slot)
    return true
  }

  /** Identity of the event last taken; to be asked for before another is planned. */
  get id(): EventId {
    return this.store.links[this.taken * 4 + GENERATION]! * SLOT_LIMIT - SLOT_LIMIT + this.taken
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
    const { store } = this
    return {
      scalars: this.saveScalars(),
      times: store.times.slice(0, store.used * 2),
      keys: store.keys.slice(0, store.used * 4),
      bottom: this.bottom.save(),
      heap: this.heap.save(),
      rungs: this.ladder.save(),
    }
  }

  /** Returns to a saved state, of this queue or of another. */
  load(saved: QueueSnapshot): void {
    this.loadScalars(saved)
    this.bottom.load(saved.bottom)
    this.heap.load(saved.heap)
    this.ladder.load(saved.rungs)
  }

  private saveScalars(): Float64Array {
    const { store } = this
    const shown = [this.time, this.order, this.kind, this.actor, this.argument, this.extra]
    const top = [this.topStart, this.topHead, this.topSize, this.topFirst, this.topLast]
    const rest = [this.live, store.dead, this.splitAt, store.used, store.free]
    return Float64Array.of(...shown, ...top, ...rest)
  }

  private loadScalars(saved: QueueSnapshot): void {
    const [time, order, kind, actor, argument, extra, ...at] = saved.scalars
    const [topStart, topHead, topSize, topFirst, topLast] = at
    Object.assign(this, { time, order, kind, actor, argument, extra })
    Object.assign(this, { topStart, topHead, topSize, topFirst, topLast })
    this.live = at[5]!
    this.store.dead = at[6]!
    this.splitAt = at[7]!
    this.store.load(saved.times, saved.keys, at[8]!, at[9]!)
  }

  /**
   * Files a slot under top, rung or bottom, by its time.
   *
   * A long function on purpose. Compilers do not take it into `schedule`, which therefore stays
   * short enough to be taken into its callers; so no time, order or identity, being doubles, need
   * be put into a box on the heap to be handed over.
   */
  private place(slot: number): void {
    const { bottom, ladder, store } = this
    const { links, times } = store
    const time = times[slot * 2]!
    if (!(time < Infinity)) throw new RangeError(`an event cannot fire at ${time}`)
    if (time > this.topStart) {
      if (this.topSize > 0 || ladder.depth > 0 || bottom.size + this.heap.size >= FEW) {
        links[slot * 4 + NEXT] = this.topHead
        this.topHead = slot
        this.topSize++
        if (time < this.topFirst) this.topFirst = time
        if (time > this.topLast) this.topLast = time
        return
      }
      // So few events are pending that it is best to keep them all sorted.
      this.topStart = time
    }
    for (let level = 0; level < ladder.depth; level++) {
      const rung = ladder.rungs[level]!
      // As in Rung.bucketOf.
      const position = (time - rung.start) * rung.density
      const last = rung.buckets - 1
      const bucket = position >= last ? last : position | 0
      if (position < rung.current || bucket < rung.current) continue
      links[slot * 4 + NEXT] = rung.heads[bucket]!
      rung.heads[bucket] = slot
      return
    }
    if (bottom.size >= SHORT) {
      this.heap.push(slot)
      if (this.heap.size >= this.splitAt) this.splitHeap()
      return
    }
    const bottomSlots = bottom.slots
    const bottomTimes = bottom.times
    let at = bottom.size
    while (at > 0) {
      const other = bottomSlots[at - 1]!
      const otherTime = bottomTimes[at - 1]!
      if (otherTime > time || (otherTime === time && store.precedesInTie(slot, other))) break
      bottomTimes[at] = otherTime
      bottomSlots[at] = other
      at--
    }
    bottomTimes[at] = time
    bottomSlots[at] = slot
    bottom.size++
  }

  /** The slot of the earliest pending event, which is then first in bottom or heap; or -1. */
  private earliest(): number {
    const { bottom } = this
    if (this.heap.size === 0 && bottom.size > 0) {
      const slot = bottom.slots[bottom.size - 1]!
      if (this.store.isLive(slot)) return slot
    }
    return this.search()
  }

  /** The same where it takes more than a look. */
  private search(): number {
    const { bottom, heap, store } = this
    for (;;) {
      let slot = bottom.size > 0 ? bottom.slots[bottom.size - 1]! : -1
      if (heap.size > 0) slot = this.earlierInHeap(slot)
      if (slot >= 0) {
        if (store.isLive(slot)) return slot
        store.dead--
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
    if (heap.size === 0 || heap.slots[0] !== slot) this.bottom.size--
    else heap.removeRoot()
    store.links[slot * 4 + NEXT] = store.free
    store.free = slot
  }

  /** Brings the next list of events down when bottom and heap are empty. */
  private refill(): boolean {
    const { bottom, ladder } = this
    this.splitAt = SHORT
    while (bottom.size === 0) {
      if (ladder.depth > 0) {
        const head = bottom.takeShort(ladder.unload())
        if (head >= 0) this.bringDown(head, ladder.measure(head))
      } else if (this.topSize > 0) this.unloadTop()
      else {
        this.topStart = -Infinity
        return false
      }
    }
    return true
  }

  private unloadTop(): void {
    const { ladder, topHead, topSize } = this
    ladder.first = this.topFirst
    ladder.last = this.topLast
    this.topStart = this.topLast
    this.topHead = -1
    this.topSize = 0
    this.topFirst = Infinity
    this.topLast = -Infinity
    if (topSize > SHORT) this.bringDown(topHead, topSize)
    else this.bottom.takeShort(topHead)
  }

  /** Deals a list that has been measured into a rung, or sorts it when that cannot be. */
  private bringDown(head: number, size: number): void {
    if (this.ladder.canDeal(size)) this.ladder.deal(head, size)
    else this.bottom.takeLong(head)
  }

  /** Deals bottom and heap into a rung, when they have grown long and are not all of one time. */
  private splitHeap(): void {
    const { bottom, heap, ladder, store } = this
    const size = bottom.size + heap.size
    ladder.first = store.times[this.earlierInHeap(bottom.slots[bottom.size - 1]!) * 2]!
    ladder.last = heap.latestTime(bottom.times[0]!)
    this.splitAt = heap.size * 2
    if (!ladder.canDeal(size)) return
    this.splitAt = SHORT
    ladder.deal(bottom.unload(heap.unload()), size)
  }

  /** Removes all cancelled events. */
  private sweep(): void {
    const { store } = this
    this.topSize = 0
    this.topHead = store.sweepList(this.topHead)
    for (let slot = this.topHead; slot >= 0; slot = store.next(slot)) this.topSize++
    this.ladder.sweep()
    this.bottom.sweep()
    this.heap.sweep()
  }
}
