import fc from 'fast-check'
import { build } from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import { mix } from '../../../engine/core/hash.ts'
import { Histogram } from '../../../engine/results/histogram.ts'

const TOLERANCE = 0.004
const points = [0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1]

function histogramOf(values: Iterable<number>): Histogram {
  const histogram = new Histogram()
  for (const value of values) histogram.record(value)
  return histogram
}

/** By the definition: the smallest value that at least ceil(p n) values do not exceed. */
function quantileOf(sorted: readonly number[], p: number): number {
  return sorted[Math.max(1, Math.ceil(p * sorted.length)) - 1]!
}

function fraction(index: number): number {
  return ((mix(index, 1) >>> 0) + 0.5) / 2 ** 32
}

const latency = fc.oneof(
  fc.nat(10),
  fc.nat(100_000),
  fc.nat(2 ** 31 - 1),
  fc.integer({ min: 0, max: 2 ** 53 - 1 }),
  fc.double({ min: 0, max: 1e9, noNaN: true }),
)

describe('the histogram', () => {
  it('has the quantiles of the sorted values, within 0.4 %', () => {
    const property = fc.property(fc.array(latency, { minLength: 1, maxLength: 200 }), (values) => {
      const histogram = histogramOf(values)
      const sorted = values.toSorted((a, b) => a - b)
      for (const p of points) {
        const exact = quantileOf(sorted, p)
        const error = Math.abs(histogram.quantile(p) - exact)
        // Below 1 ns there is but one bucket.
        expect(error).toBeLessThanOrEqual(
          Math.max(TOLERANCE * exact, exact > 0 && exact < 1 ? 0.5 : 0),
        )
      }
      expect(histogram.count).toBe(values.length)
      expect(histogram.min).toBe(sorted[0])
      expect(histogram.max).toBe(sorted.at(-1))
    })
    fc.assert(property, { seed: 6, numRuns: 300 })
  })

  it.each<[string, (u: number) => number]>([
    ['exponential', (u) => Math.round(-2e7 * Math.log(u))],
    ['heavy-tailed', (u) => Math.round(1e6 / u ** 1.5)],
    ['of two modes', (u) => Math.round(u < 0.9 ? 1e6 * (1 + u) : 5e9 * u)],
  ])('agrees with HdrHistogram on values that are %s', (_, valueOf) => {
    const ours = new Histogram()
    const theirs = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: 2 ** 53 - 1,
      numberOfSignificantValueDigits: 4,
      useWebAssembly: false,
    })
    for (let index = 0; index < 50_000; index++) {
      const value = valueOf(fraction(index))
      ours.record(value)
      theirs.recordValue(value)
    }
    for (const p of points.slice(1)) {
      expect(ours.quantile(p) / theirs.getValueAtPercentile(p * 100)).toBeCloseTo(1, 2)
    }
    expect(ours.mean / theirs.mean).toBeCloseTo(1, 3)
    expect(ours.count).toBe(theirs.totalCount)
  })

  it('counts exactly: number, sum, mean, smallest and largest value', () => {
    const histogram = histogramOf([5, 7, 1_000_000_007, 2 ** 53 - 1 - 1_000_000_019])
    expect(histogram).toMatchObject({ count: 4, sum: 2 ** 53 - 1, min: 5 })
    expect(histogram.max).toBe(2 ** 53 - 1 - 1_000_000_019)
    expect(histogram.mean).toBe((2 ** 53 - 1) / 4)
  })

  it('is empty at first', () => {
    const empty = new Histogram()
    expect(empty).toMatchObject({ count: 0, sum: 0, mean: 0, min: 0, max: 0 })
    expect(points.map((p) => empty.quantile(p))).toEqual(points.map(() => 0))
    expect([...empty.buckets()]).toEqual([])
    empty.merge(new Histogram())
    expect(empty.count).toBe(0)
  })

  it('has zero for a bucket of its own', () => {
    const histogram = histogramOf([0, 0, 0, 100])
    expect(histogram.quantile(0.75)).toBe(0)
    expect(histogram.quantile(0.76)).toBe(100)
    expect([...histogram.buckets()][0]).toEqual({ from: 0, to: 0, count: 3 })
  })

  it('has every value between 1 and 128 for a bucket of its own', () => {
    for (let value = 1; value < 128; value++) {
      const [bucket] = histogramOf([value]).buckets()
      expect(bucket!.from).toBe(value)
      expect(bucket!.to).toBeLessThanOrEqual(value + 1)
    }
  })

  it('has buckets that contain their values and are at most 1/128 wide', () => {
    const property = fc.property(fc.integer({ min: 1, max: 2 ** 53 - 1 }), (value) => {
      const buckets = [...histogramOf([value]).buckets()]
      expect(buckets).toHaveLength(1)
      const { from, to } = buckets[0]!
      expect(from <= value && value < to).toBe(true)
      expect((to - from) / from).toBeLessThanOrEqual(1 / 128)
    })
    fc.assert(property, { seed: 7, numRuns: 500 })
  })

  it('merges as if all values had been recorded in one, in whatever order', () => {
    const lists = fc.array(fc.array(latency.map(Math.floor), { maxLength: 30 }), { maxLength: 5 })
    const property = fc.property(lists, (parts) => {
      const whole = histogramOf(parts.flat())
      const forwards = new Histogram()
      const backwards = new Histogram()
      for (const part of parts) forwards.merge(histogramOf(part))
      for (const part of parts.toReversed()) backwards.merge(histogramOf(part))
      for (const merged of [forwards, backwards]) {
        expect([...merged.buckets()]).toEqual([...whole.buckets()])
        expect([merged.count, merged.min, merged.max]).toEqual([whole.count, whole.min, whole.max])
        expect(merged.sum).toBeCloseTo(whole.sum, -3)
      }
    })
    fc.assert(property, { seed: 8, numRuns: 200 })
  })

  it('goes on from where it was saved, and the saved state stays as it was', () => {
    const histogram = histogramOf([3, 500, 70_000])
    const saved = histogram.save()
    const buckets = [...histogram.buckets()]
    for (let round = 0; round < 2; round++) {
      histogram.record(9e9)
      histogram.record(500)
      // Below what was there: the buckets begin further down.
      histogram.record(1)
      histogram.load(saved)
      expect([...histogram.buckets()]).toEqual(buckets)
      expect(histogram).toMatchObject({ count: 3, sum: 70_503, min: 3, max: 70_000 })
    }
  })

  it('forgets everything when cleared', () => {
    const histogram = histogramOf([0, 0.5, 3, 500])
    histogram.clear()
    expect(histogram).toMatchObject({ count: 0, sum: 0, min: 0, max: 0 })
    histogram.record(40)
    expect([...histogram.buckets()]).toHaveLength(1)
    expect(histogram).toMatchObject({ count: 1, min: 40, max: 40 })
  })

  it('takes 40 kB for values from a nanosecond to a quarter of an hour', () => {
    expect(histogramOf([1, 15 * 60e9]).bytes).toBeLessThan(42_000)
    expect(histogramOf([1e6, 1e9]).bytes).toBeLessThan(12_000)
  })
})
