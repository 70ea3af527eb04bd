/** Scratch: a value and its two words, on little-endian machines the low word first. */
const double = new Float64Array(1)
const words = new Int32Array(double.buffer)

/** Buckets to a power of two: the bucket of a value is at most 1/128 of it wide. */
const PER_OCTAVE = 128
/** The exponent and the first 7 bits of the mantissa stay when the high word is shifted by this. */
const SHIFT = 13

const COUNT = 0
const SUM = 1
const MINIMUM = 2
const MAXIMUM = 3
const ZEROS = 4
/** Values above 0 and below 1. */
const FRACTIONS = 5

/** A bucket that holds something: values of from <= v < to. */
export interface Bucket {
  readonly from: number
  readonly to: number
  readonly count: number
}

/** Whole state of a histogram; opaque, plain data. */
export interface HistogramSnapshot {
  readonly totals: Float64Array
  readonly counts: Float64Array
  readonly first: number
}

/**
 * Histogram of durations in ns, with buckets of equal relative width (as HdrHistogram's): 128 to
 * each power of two, so that a quantile is within 0.4 % of the recorded value. Number, minimum and
 * maximum are exact, and so is the sum up to 2^53. Merging adds counts, so its order is of no
 * consequence (to all but the sum's last bits beyond 2^53).
 *
 * The memory is 1 kB for each power of two between the smallest and the largest value recorded.
 */
export class Histogram {
  private readonly totals = Float64Array.of(0, 0, Infinity, 0, 0, 0)
  private counts = new Float64Array(0)
  /** Exponent and mantissa bits of the first bucket. */
  private first = 0

  /** Number of values recorded. */
  get count(): number {
    return this.totals[COUNT]!
  }

  /** Sum of the values, ns. */
  get sum(): number {
    return this.totals[SUM]!
  }

  /** Mean of the values, ns; 0 when there are none. */
  get mean(): number {
    return this.count === 0 ? 0 : this.sum / this.count
  }

  /** Share of the values that are 0; 0 when there are none. */
  get zeros(): number {
    return this.count === 0 ? 0 : this.totals[ZEROS]! / this.count
  }

  /** Variance of the values, ns², from the middles of the buckets: within 0.4 % of their spread. */
  get variance(): number {
    if (this.count === 0) return 0
    const { mean } = this
    let sum = 0
    for (const { from, to, count } of this.buckets()) {
      const off = this.within((from + to) / 2) - mean
      sum += count * off * off
    }
    return sum / this.count
  }

  /** Smallest value, ns; 0 when there are none. */
  get min(): number {
    return this.count === 0 ? 0 : this.totals[MINIMUM]!
  }

  /** Largest value, ns; 0 when there are none. */
  get max(): number {
    return this.totals[MAXIMUM]!
  }

  /** Memory held by the arrays, in bytes. */
  get bytes(): number {
    return this.counts.byteLength + this.totals.byteLength
  }

  /** Records a value of 0..2^53 ns. */
  record(value: number): void {
    const totals = this.totals
    totals[COUNT] = totals[COUNT]! + 1
    totals[SUM] = totals[SUM]! + value
    if (value < totals[MINIMUM]!) totals[MINIMUM] = value
    if (value > totals[MAXIMUM]!) totals[MAXIMUM] = value
    if (value < 1) {
      this.recordBelowOne(value)
      return
    }
    double[0] = value
    const { counts } = this
    const index = (words[1]! >> SHIFT) - this.first
    if (index >= 0 && index < counts.length) counts[index]!++
    else this.add(words[1]! >> SHIFT, 1)
  }

  /**
   * The smallest value v such that at least ceil(p * count) of the values are v or smaller, within
   * 0.4 %: the middle of its bucket, but within minimum and maximum. 0 when there are no values.
   */
  quantile(p: number): number {
    const rank = Math.max(1, Math.ceil(p * this.count))
    if (this.count === 0 || rank <= this.totals[ZEROS]!) return 0
    if (rank >= this.count) return this.max
    let seen = 0
    for (const bucket of this.buckets()) {
      seen += bucket.count
      if (seen >= rank) return this.within((bucket.from + bucket.to) / 2)
    }
    return this.max
  }

  /** Adds all values of another histogram. */
  merge(other: Histogram): void {
    if (other.count === 0) return
    const { totals } = this
    for (const index of [COUNT, SUM, ZEROS, FRACTIONS]) {
      totals[index] = totals[index]! + other.totals[index]!
    }
    totals[MINIMUM] = Math.min(totals[MINIMUM]!, other.totals[MINIMUM]!)
    totals[MAXIMUM] = Math.max(totals[MAXIMUM]!, other.totals[MAXIMUM]!)
    const { counts, first } = other
    for (let index = 0; index < counts.length; index++) {
      if (counts[index]! > 0) this.add(first + index, counts[index]!)
    }
  }

  /** Forgets all values, and keeps the memory. */
  clear(): void {
    this.totals.set([0, 0, Infinity, 0, 0, 0])
    this.counts.fill(0)
  }

  /** The buckets that hold something, in rising order; zero is a bucket of its own, and so is what is below 1. */
  *buckets(): Generator<Bucket> {
    const { counts, first, totals } = this
    if (totals[ZEROS]! > 0) yield { from: 0, to: 0, count: totals[ZEROS]! }
    if (totals[FRACTIONS]! > 0) yield { from: 0, to: 1, count: totals[FRACTIONS]! }
    for (let index = 0; index < counts.length; index++) {
      const count = counts[index]!
      if (count > 0) yield { from: boundary(first + index), to: boundary(first + index + 1), count }
    }
  }

  /** Copies the state. */
  save(): HistogramSnapshot {
    return { totals: this.totals.slice(), counts: this.counts.slice(), first: this.first }
  }

  /** Returns to a saved state. */
  load(saved: HistogramSnapshot): void {
    this.totals.set(saved.totals)
    this.counts = saved.counts.slice()
    this.first = saved.first
  }

  private recordBelowOne(value: number): void {
    const index = value === 0 ? ZEROS : FRACTIONS
    this.totals[index] = this.totals[index]! + 1
  }

  private within(value: number): number {
    return Math.min(Math.max(value, this.min), this.max)
  }

  private add(bucket: number, count: number): void {
    this.cover(bucket)
    const index = bucket - this.first
    this.counts[index] = this.counts[index]! + count
  }

  /** Extends the counts, by whole powers of two, so that they include the bucket. */
  private cover(bucket: number): void {
    const { counts, first } = this
    const octave = bucket - (bucket % PER_OCTAVE)
    const from = counts.length === 0 ? octave : Math.min(first, octave)
    const to = Math.max(first + counts.length, octave + PER_OCTAVE)
    if (from === first && to === first + counts.length) return
    this.counts = new Float64Array(to - from)
    this.counts.set(counts, counts.length === 0 ? 0 : first - from)
    this.first = from
  }
}

/** The smallest value of a bucket. */
function boundary(bucket: number): number {
  words[0] = 0
  words[1] = bucket << SHIFT
  return double[0]!
}
