import type { EventStore } from './event-store.ts'
import { Rung } from './rung.ts'

/** Rungs at most; below the last one everything is sorted. */
const DEEPEST = 10
/** Buckets of a rung at most: as many list heads as stay in the processor's cache. */
const WIDEST = 1 << 16

/** Whole state of a rung; opaque, plain data. */
export interface RungSnapshot {
  readonly start: number
  readonly density: number
  readonly current: number
  readonly heads: Int32Array
}

/** The rungs of a ladder queue, the coarsest first, each finer one within a bucket of the last. */
export class Ladder {
  /** Rungs, of which the first `depth` are in use. */
  readonly rungs: Rung[] = []
  depth = 0
  /** Earliest time of the list that is to be dealt next, ns. */
  first = 0.5
  /** Latest time of that list, ns. */
  last = 0.5
  private readonly store: EventStore

  constructor(store: EventStore) {
    this.store = store
  }

  /** Memory held by the arrays, in bytes. */
  get bytes(): number {
    return this.rungs.reduce((bytes, rung) => bytes + rung.heads.byteLength, 0)
  }

  /** Finds `first` and `last` of a list; returns its length. */
  measure(head: number): number {
    const { times } = this.store
    let size = 0
    let first = Infinity
    let last = -Infinity
    for (let slot = head; slot >= 0; slot = this.store.next(slot)) {
      const time = times[slot * 2]!
      if (time < first) first = time
      if (time > last) last = time
      size++
    }
    this.first = first
    this.last = last
    return size
  }

  /** Whether a list of that length, measured before, has width and can be cut. */
  canDeal(size: number): boolean {
    const width = this.last - this.first
    return this.depth < DEEPEST && width > 0 && size / width < Infinity
  }

  /** Deals a list of that length, measured before, into a new rung. */
  deal(head: number, size: number): void {
    const { store, first } = this
    const buckets = Math.min(size, WIDEST)
    const rung = this.addRung()
    rung.span(first, buckets / (this.last - first), buckets + 1)
    const { heads } = rung
    let slot = head
    while (slot >= 0) {
      const next = store.next(slot)
      if (store.isLive(slot)) {
        const bucket = rung.bucketOf(store.times[slot * 2]!)
        store.link(slot, heads[bucket]!)
        heads[bucket] = slot
      } else store.bury(slot)
      slot = next
    }
  }

  /** Takes out the next bucket of the finest rung; -1 when there is none, and the rung has gone. */
  unload(): number {
    const rung = this.rungs[this.depth - 1]!
    const bucket = rung.nextOccupied()
    if (bucket >= 0) return rung.unload(bucket)
    this.depth--
    return -1
  }

  /** Buries the cancelled events. */
  sweep(): void {
    for (let level = 0; level < this.depth; level++) {
      const { heads, current, buckets } = this.rungs[level]!
      for (let bucket = current; bucket < buckets; bucket++) {
        if (heads[bucket]! >= 0) heads[bucket] = this.store.sweepList(heads[bucket]!)
      }
    }
  }

  /** Copies the rungs in use. */
  save(): RungSnapshot[] {
    return this.rungs.slice(0, this.depth).map(({ start, density, current, heads, buckets }) => {
      return { start, density, current, heads: heads.slice(0, buckets) }
    })
  }

  /** Returns to saved rungs. */
  load(saved: readonly RungSnapshot[]): void {
    this.depth = 0
    for (const { start, density, current, heads } of saved) {
      const rung = this.addRung()
      rung.span(start, density, heads.length)
      rung.heads.set(heads)
      rung.current = current
    }
  }

  private addRung(): Rung {
    if (this.depth === this.rungs.length) this.rungs.push(new Rung())
    return this.rungs[this.depth++]!
  }
}
