import type { Recorder } from './recorder.ts'

/** Counts that only grow, and their columns: a bucket's count is the difference between two moments. */
export class Book {
  /** Totals since the start, by position. Plain increments are all that an event costs. */
  readonly totals: Float64Array
  /** One column of bucket counts per total. */
  readonly columns: readonly Float32Array[]
  private readonly before: Float64Array

  constructor(recorder: Recorder, size: number) {
    this.totals = new Float64Array(size)
    this.before = new Float64Array(size)
    this.columns = recorder.block(size)
  }

  close(bucket: number): void {
    const { totals, before, columns } = this
    for (let at = 0; at < totals.length; at++) {
      columns[at]![bucket] = totals[at]! - before[at]!
      before[at] = totals[at]!
    }
  }

  save(): unknown {
    return { totals: this.totals.slice(), before: this.before.slice() }
  }
  load(saved: unknown): void {
    const { totals, before } = saved as { totals: Float64Array; before: Float64Array }
    this.totals.set(totals)
    this.before.set(before)
  }
}
