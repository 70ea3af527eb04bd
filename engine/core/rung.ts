const FIRST_CAPACITY = 64

/**
 * One rung of the ladder: a span of time cut into buckets of equal width, each an unsorted list.
 * Which bucket a time belongs to never decreases with the time, so that lists follow each other
 * in time whatever rounding does; times before the first or after the last bucket count as theirs.
 */
export class Rung {
  /** First slot of each bucket's list, -1 when it is empty. */
  heads = new Int32Array(FIRST_CAPACITY)
  /** Number of buckets in use. */
  buckets = 0
  /** First bucket that has not been emptied yet. */
  current = 0
  /** Lower bound of the first bucket, ns. */
  start = 0.5
  /** Buckets per ns. */
  density = 0.5

  /** Takes a new span, with all buckets empty. */
  span(start: number, density: number, buckets: number): void {
    this.start = start
    this.density = density
    this.open(buckets)
  }

  /** The bucket for an event of that time, or -1 when it comes before what the rung still holds. */
  bucketOf(time: number): number {
    const position = (time - this.start) * this.density
    const last = this.buckets - 1
    // Compared as doubles: the position of a time far outside has no integer representation.
    if (position >= last) return this.current <= last ? last : -1
    return position >= this.current ? position | 0 : -1
  }

  /** Finds the next bucket with events, passing over the empty ones; -1 when there is none. */
  nextOccupied(): number {
    const heads = this.heads
    const buckets = this.buckets
    let bucket = this.current
    while (bucket < buckets && heads[bucket]! < 0) bucket++
    this.current = bucket
    return bucket < buckets ? bucket : -1
  }

  /** Takes the list out of the current bucket, which is past from now on. */
  unload(bucket: number): number {
    const head = this.heads[bucket]!
    this.heads[bucket] = -1
    this.current = bucket + 1
    return head
  }

  private open(buckets: number): void {
    if (buckets > this.heads.length) {
      let capacity = this.heads.length
      while (capacity < buckets) capacity *= 2
      this.heads = new Int32Array(capacity)
    }
    this.heads.fill(-1, 0, buckets)
    this.buckets = buckets
    this.current = 0
  }
}
