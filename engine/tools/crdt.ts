/** Counters that replicas change on their own and merge later. Plain data, so a checkpoint can copy it and a message can carry it. */

/** What one replica tells another. */
export interface CounterState {
  /** Additions and subtractions by replica. */
  readonly plus: readonly (readonly [replica: number, count: number])[]
  readonly minus: readonly (readonly [replica: number, count: number])[]
  /** Of a last-writer-wins register: its value, the time of the write and who wrote. */
  readonly value: number
  readonly stamp: number
  readonly by: number
}

/** A counter that can be merged with the state of another replica. */
export interface MergingCounter {
  readonly value: number
  /** Adds to the count of a replica at a time of its clock. */
  add(replica: number, by: number, now: number): void
  /** Takes in what another replica knows; answers how many of its additions were news. */
  merge(other: CounterState): number
  /** Whether a merge with the state of another replica would bring news. */
  lacks(other: CounterState): boolean
  /** Counts the changes, so that a listener can be told only what is new to it. */
  readonly version: number
  /** What changed after a version; everything after 0. */
  tell(after: number): CounterState
}

/** A grow-only counter, or with subtractions a PN-counter: per replica what it added, merged by maximum (Shapiro et al. 2011). */
export class VectorCounter implements MergingCounter {
  private readonly plus = new Map<number, number>()
  private readonly minus = new Map<number, number>()
  /** Version in which the counts of a replica last changed. */
  private readonly changedIn = new Map<number, number>()
  version = 0

  get value(): number {
    return sum(this.plus) - sum(this.minus)
  }

  add(replica: number, by: number): void {
    const side = by < 0 ? this.minus : this.plus
    side.set(replica, (side.get(replica) ?? 0) + Math.abs(by))
    this.changedIn.set(replica, ++this.version)
  }

  merge({ plus, minus }: CounterState): number {
    return this.raise(this.plus, plus) + this.raise(this.minus, minus)
  }

  lacks({ plus, minus }: CounterState): boolean {
    const isNews =
      (side: ReadonlyMap<number, number>) =>
      ([replica, count]: readonly [number, number]): boolean =>
        count > (side.get(replica) ?? 0)
    return plus.some(isNews(this.plus)) || minus.some(isNews(this.minus))
  }

  tell(after: number): CounterState {
    const told = (side: ReadonlyMap<number, number>) =>
      [...side].filter(([replica]) => this.changedIn.get(replica)! > after)
    return { plus: told(this.plus), minus: told(this.minus), value: 0, stamp: 0, by: 0 }
  }

  private raise(mine: Map<number, number>, theirs: CounterState['plus']): number {
    let learned = 0
    for (const [replica, count] of theirs) {
      const known = mine.get(replica) ?? 0
      if (count <= known) continue
      mine.set(replica, count)
      this.changedIn.set(replica, ++this.version)
      learned += count - known
    }
    return learned
  }
}

/** A number under last-writer-wins: of two writes at the same time one is lost, and a slow clock loses always. */
export class LastWriteCounter implements MergingCounter {
  value = 0
  version = 0
  private stamp = -1
  private by = -1

  add(replica: number, by: number, now: number): void {
    if (now > this.stamp || (now === this.stamp && replica >= this.by))
      this.take(this.value + by, now, replica)
  }

  merge(other: CounterState): number {
    const learned = other.value - this.value
    if (!this.lacks(other)) return 0
    this.take(other.value, other.stamp, other.by)
    return Math.abs(learned)
  }

  lacks({ stamp, by }: CounterState): boolean {
    return stamp > this.stamp || (stamp === this.stamp && by > this.by)
  }

  tell(): CounterState {
    const { value, stamp, by } = this
    return { plus: [], minus: [], value, stamp, by }
  }

  private take(value: number, stamp: number, by: number): void {
    this.value = value
    this.stamp = stamp
    this.by = by
    this.version++
  }
}

function sum(counts: ReadonlyMap<number, number>): number {
  let total = 0
  for (const count of counts.values()) total += count
  return total
}
