/** A bounded memory that keeps what is asked for most often. Plain data, so a checkpoint can copy it. */

/**
 * Values by key, and how often every key was asked for since the beginning, kept or not (perfect LFU). Who comes new is
 * kept only when it was asked for at least as often as the rarest of those kept (the admission rule of TinyLFU,
 * Einziger et al. 2017, with exact counts).
 */
export class Lfu<V> {
  private readonly asked = new Map<string, number>()
  private readonly values = new Map<string, V>()
  /** Keys that are kept, by how often they were asked for; of equals the first goes first. */
  private readonly ranks = new Map<number, Set<string>>()
  /** No key that is kept was asked for less often. */
  private least = 0

  get size(): number {
    return this.values.size
  }

  /** The value of a key; counts as asking for it. */
  get(key: string): V | undefined {
    const before = this.asked.get(key) ?? 0
    this.asked.set(key, before + 1)
    if (!this.values.has(key)) return undefined
    this.leave(key, before)
    this.enter(key, before + 1)
    return this.values.get(key)
  }

  /** Remembers a value if it is worth it. Says how many were dropped, itself included. */
  set(key: string, value: V, capacity: number): number {
    const count = this.asked.get(key) ?? 0
    if (this.values.has(key)) {
      this.values.set(key, value)
      return 0
    }
    let dropped = 0
    for (; this.values.size >= capacity; dropped++) {
      if (count < this.rarest()) return dropped + 1
      this.drop()
    }
    this.values.set(key, value)
    this.enter(key, count)
    return dropped
  }

  /** Forgets the values; what was asked for remains known. */
  clear(): void {
    this.values.clear()
    this.ranks.clear()
  }

  private enter(key: string, count: number): void {
    if (this.ranks.size === 0 || count < this.least) this.least = count
    const rank = this.ranks.get(count)
    if (rank === undefined) this.ranks.set(count, new Set([key]))
    else rank.add(key)
  }

  private leave(key: string, count: number): void {
    const rank = this.ranks.get(count)!
    rank.delete(key)
    if (rank.size === 0) this.ranks.delete(count)
  }

  /** How often the rarest of those kept was asked for. */
  private rarest(): number {
    while (!this.ranks.has(this.least)) this.least++
    return this.least
  }

  private drop(): void {
    const count = this.rarest()
    const [first] = this.ranks.get(count)!
    this.leave(first!, count)
    this.values.delete(first!)
  }
}
