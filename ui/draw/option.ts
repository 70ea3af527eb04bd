/** A choice of how rows are drawn that several of them share: A and B are always drawn alike. */
export class Option<T> {
  private now: T
  private readonly watchers = new Set<(value: T) => void>()

  constructor(first: T) {
    this.now = first
  }

  get value(): T {
    return this.now
  }

  set(value: T): void {
    if (value === this.now) return
    this.now = value
    for (const watcher of this.watchers) watcher(value)
  }

  /** Tells now and whenever it changes; answers how to stop. */
  watch(watcher: (value: T) => void): () => void {
    watcher(this.now)
    this.watchers.add(watcher)
    return () => void this.watchers.delete(watcher)
  }
}

/** Hue of the only outcome that the outcome rows show; undefined: all of them. */
export const isolated = new Option<'ok' | 'slow' | 'fast' | 'fail' | undefined>(undefined)
/** Whether the outcome rows show shares of those that ended, rather than rates. */
export const asShares = new Option(false)
/** Whether heat maps hold failed and refused requests too, and count them in the percentiles. */
export const withFailures = new Option(false)
/** Whether heat maps show at which place within a period something happens, rather than how long it took. */
export const asOffset = new Option(false)
/** The count of requests that is drawn in the strongest colour of the heat maps. */
export const strongestCount = new Option(1)
