/** A bounded memory that forgets what was used least recently, or came first, in constant time. Plain data, so a checkpoint can copy it. */

interface Item<V> {
  readonly key: string
  value: V
  newer: Item<V> | undefined
  older: Item<V> | undefined
}

/** Values by key, linked in the order of their last use; with `firstIn` in that in which they were set. */
export class Lru<V> {
  private readonly firstIn: boolean
  private readonly items = new Map<string, Item<V>>()
  private newest: Item<V> | undefined = undefined
  private oldest: Item<V> | undefined = undefined

  constructor(firstIn = false) {
    this.firstIn = firstIn
  }

  get size(): number {
    return this.items.size
  }

  /** The value of a key, which counts as a use. */
  get(key: string): V | undefined {
    const item = this.items.get(key)
    if (item === undefined) return undefined
    if (!this.firstIn) this.use(item)
    return item.value
  }

  /** Remembers a value; forgets the least recently used while there are more than `capacity`. Says how many it forgot. */
  set(key: string, value: V, capacity: number): number {
    const known = this.items.get(key)
    if (known !== undefined) {
      known.value = value
      this.use(known)
      return 0
    }
    const item: Item<V> = { key, value, newer: undefined, older: undefined }
    this.items.set(key, item)
    this.append(item)
    return this.shrink(capacity)
  }

  clear(): void {
    this.items.clear()
    this.newest = this.oldest = undefined
  }

  private use(item: Item<V>): void {
    if (item === this.newest) return
    this.remove(item)
    this.append(item)
  }

  private append(item: Item<V>): void {
    item.older = this.newest
    if (this.newest === undefined) this.oldest = item
    else this.newest.newer = item
    this.newest = item
  }

  private remove(item: Item<V>): void {
    const { newer, older } = item
    if (newer === undefined) this.newest = older
    else newer.older = older
    if (older === undefined) this.oldest = newer
    else older.newer = newer
    item.newer = item.older = undefined
  }

  private shrink(capacity: number): number {
    let forgotten = 0
    for (; this.items.size > capacity && this.oldest !== undefined; forgotten++) {
      this.items.delete(this.oldest.key)
      this.remove(this.oldest)
    }
    return forgotten
  }
}
