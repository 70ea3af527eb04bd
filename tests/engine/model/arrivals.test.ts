import { describe, expect, it } from 'vitest'
import { Sampler } from '../../../engine/core/sampler.ts'
import { deriveKey, seedKey } from '../../../engine/core/random.ts'
import { ArrivalClock } from '../../../engine/model/arrivals.ts'
import type { Arrivals } from '../../../engine/scenario/scenario.ts'
import { MILLISECOND, SECOND } from '../../../engine/units.ts'

const key = (purpose: string, seed = '1') => deriveKey(seedKey(seed), 'load x', purpose)
const clockOf = (spec: Arrivals, start = 0) =>
  new ArrivalClock(spec, key('gap'), key('stay'), start)

/** The first arrivals, in seconds. */
function first(count: number, spec: Arrivals, start = 0): number[] {
  const clock = clockOf(spec, start)
  return Array.from({ length: count }, (_, n) => clock.next(n) / SECOND)
}
/** All arrivals before a moment, in seconds. */
function until(end: number, spec: Arrivals): number[] {
  const clock = clockOf(spec)
  const times: number[] = []
  for (let n = 0; ; n++) {
    const at = clock.next(n) / SECOND
    if (at >= end) return times
    times.push(at)
  }
}
const within = (times: readonly number[], from: number, to: number) =>
  times.filter((at) => at >= from && at < to).length
/** Counts of the windows of a width, up to the last one that is complete. */
function countsOf(times: readonly number[], width: number): number[] {
  const counts = Array.from({ length: Math.floor(times.at(-1)! / width) }, () => 0)
  for (const at of times) if (at < counts.length * width) counts[Math.floor(at / width)]!++
  return counts
}
const gapsOf = (times: readonly number[]) => times.map((at, n) => at - (times[n - 1] ?? 0))
const meanOf = (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0) / list.length
function varianceOf(list: readonly number[]): number {
  const mean = meanOf(list)
  return list.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / list.length
}
/** Four standard deviations of a Poisson count. */
const spread = (expected: number) => 4 * Math.sqrt(expected)

describe('poisson arrivals', () => {
  const times = first(30_000, { kind: 'poisson', rate: 50 })

  it('have exponential gaps of the right mean', () => {
    const gaps = gapsOf(times)
    expect(Math.abs(meanOf(gaps) * 50 - 1)).toBeLessThan(4 / Math.sqrt(gaps.length))
    expect(Math.abs(varianceOf(gaps) * 2500 - 1)).toBeLessThan(4 * Math.sqrt(8 / gaps.length))
    const long = gaps.filter((gap) => gap > 1 / 50).length / gaps.length
    expect(Math.abs(long - 0.36788)).toBeLessThan(4 * Math.sqrt(0.2325 / gaps.length))
  })

  it('come independently of each other: counts of windows vary as much as their mean', () => {
    const counts = countsOf(times, 1)
    expect(Math.abs(varianceOf(counts) / meanOf(counts) - 1)).toBeLessThan(
      4 * Math.sqrt(2 / counts.length),
    )
  })

  it('are whole nanoseconds, in order', () => {
    const clock = clockOf({ kind: 'poisson', rate: 3e8 })
    let before = 0
    for (let n = 0; n < 1000; n++) {
      const at = clock.next(n)
      expect(Number.isInteger(at)).toBe(true)
      expect(at).toBeGreaterThanOrEqual(before)
      before = at
    }
  })

  it('keep their dice when the rate changes: twice the rate, half the times', () => {
    const faster = first(1000, { kind: 'poisson', rate: 100 })
    faster.forEach((at, n) => expect(at).toBeCloseTo(times[n]! / 2, 7))
  })

  it('are other ones under another seed', () => {
    const other = new ArrivalClock({ kind: 'poisson', rate: 50 }, key('gap', '2'), key('stay'), 0)
    expect(other.next(0) / SECOND).not.toBe(times[0])
  })
})

describe('constant arrivals', () => {
  it('come one gap apart and do not drift', () => {
    const times = first(30_000, { kind: 'constant', rate: 300 })
    for (const n of [0, 1, 299, 29_999]) expect(times[n]).toBeCloseTo((n + 1) / 300, 6)
  })

  it('begin a gap after their start', () => {
    expect(first(3, { kind: 'constant', rate: 2 }, 10 * SECOND)).toEqual([10.5, 11, 11.5])
  })
})

/** Rates that change: whatever their shape, the rate accumulated up to the n-th arrival is the n-th arrival of rate 1. */
describe('a changing rate', () => {
  const unit = (count: number) => {
    const sampler = new Sampler({ kind: 'exponential', mean: 1 }, key('gap'))
    let at = 0
    return Array.from({ length: count }, (_, n) => (at += sampler.value(n, 0)))
  }
  const shapes: [string, Arrivals, (t: number) => number, number][] = [
    [
      'ramp up',
      { kind: 'ramp', from: 10, to: 110, over: 100 * SECOND },
      (t) => (t < 100 ? 10 * t + (t * t) / 2 : 6000 + 110 * (t - 100)),
      1e-6,
    ],
    [
      'ramp down',
      { kind: 'ramp', from: 50, to: 20, over: 60 * SECOND },
      (t) => (t < 60 ? 50 * t - (t * t) / 4 : 2100 + 20 * (t - 60)),
      1e-6,
    ],
    [
      'spike',
      { kind: 'spike', rate: 20, peak: 200, at: 30 * SECOND, for: 10 * SECOND },
      (t) => 20 * t + 180 * Math.min(10, Math.max(0, t - 30)),
      1e-6,
    ],
    [
      'spike from the start',
      { kind: 'spike', rate: 20, peak: 200, at: 0, for: 10 * SECOND },
      (t) => 20 * t + 180 * Math.min(10, t),
      1e-6,
    ],
    // The sine is cut into straight pieces: up to 0.01 % of the amplitude off.
    [
      'diurnal',
      { kind: 'diurnal', mean: 40, amplitude: 30, period: 20 * SECOND },
      (t) => 40 * t + (300 / Math.PI) * (1 - Math.cos((Math.PI * t) / 10)),
      0.02,
    ],
  ]

  it.each(shapes)('%s follows its formula', (_name, spec, accumulated, tolerance) => {
    const expected = unit(5000)
    const off = first(5000, spec).map(
      (at, n) => Math.abs(accumulated(at) - expected[n]!) - 1e-6 * n,
    )
    expect(Math.max(...off)).toBeLessThan(tolerance)
  })

  it('of zero brings nobody', () => {
    const times = until(1000, { kind: 'ramp', from: 10, to: 0, over: 100 * SECOND })
    expect(Math.abs(times.length - 500)).toBeLessThan(spread(500))
    expect(times.at(-1)).toBeLessThan(100)
    expect(
      first(1, { kind: 'spike', rate: 0, peak: 10, at: 5 * SECOND, for: SECOND })[0],
    ).toBeGreaterThan(5)
  })

  it('below zero counts as zero', () => {
    const times = until(2000, { kind: 'diurnal', mean: 0, amplitude: 30, period: 20 * SECOND })
    const phases = times.map((at) => at % 20)
    expect(within(phases, 10.2, 19.8)).toBe(0)
    // Half a sine: 30 · 20/π per period.
    expect(Math.abs(times.length - (100 * 600) / Math.PI)).toBeLessThan(spread(19_100))
  })

  it('may be started later', () => {
    const times = first(1000, { kind: 'ramp', from: 1, to: 101, over: 10 * SECOND }, 50 * SECOND)
    expect(times[0]).toBeGreaterThan(50)
    expect(Math.abs(within(times, 50, 60) - 510)).toBeLessThan(spread(510))
  })
})

describe('bursts', () => {
  const spec: Arrivals = {
    kind: 'bursty',
    quiet: 2,
    busy: 40,
    quietFor: 5 * SECOND,
    busyFor: SECOND,
  }
  const cycles = 1000
  const times = until(cycles * 6, spec)

  it('have the long-run rate of their states', () => {
    // Variance per cycle: Poisson (50) plus that of the exponential stays (10² + 40²) against a cycle's length.
    const expected = cycles * 50
    const deviation = Math.sqrt(cycles * (50 + (25 * 6.33 * 6.33) / 1 + 31.67 * 31.67))
    expect(Math.abs(times.length - expected)).toBeLessThan(4 * deviation)
  })

  it('come in bursts: counts vary far more than their mean', () => {
    const counts = countsOf(times, 0.5)
    expect(varianceOf(counts) / meanOf(counts)).toBeGreaterThan(5)
  })

  it('stay in a state for an exponential time: without arrivals in the quiet one that is what one sees', () => {
    const silent: Arrivals = {
      kind: 'bursty',
      quiet: 0,
      busy: 1000,
      quietFor: 5 * SECOND,
      busyFor: SECOND,
    }
    const pauses = gapsOf(until(1200, silent)).filter((gap) => gap > 0.05)
    expect(Math.abs(pauses.length - 200 * 0.99)).toBeLessThan(4 * Math.sqrt(400))
    expect(Math.abs(meanOf(pauses) - 5.05)).toBeLessThan((4 * 5) / Math.sqrt(pauses.length))
    expect(Math.abs(Math.sqrt(varianceOf(pauses)) - 5)).toBeLessThan(
      (4 * 5 * Math.sqrt(2)) / Math.sqrt(pauses.length),
    )
  })
})

describe('a trace', () => {
  const spec: Arrivals = { kind: 'trace', times: [1, 5, 5, 9].map((at) => at * SECOND) }

  it('is followed to the letter, then nobody comes', () => {
    expect(first(6, spec)).toEqual([1, 5, 5, 9, Infinity, Infinity])
  })

  it('leaves out what is before the start', () => {
    expect(first(4, spec, 5 * SECOND)).toEqual([5, 5, 9, Infinity])
  })
})

describe('renewal arrivals', () => {
  it('have independent gaps of their distribution', () => {
    const gaps = gapsOf(
      first(20_000, { kind: 'renewal', gap: { kind: 'gamma', mean: 20 * MILLISECOND, shape: 4 } }),
    ).map((gap) => gap * 50)
    expect(Math.abs(meanOf(gaps) - 1)).toBeLessThan(4 * Math.sqrt(0.25 / gaps.length))
    expect(Math.abs(varianceOf(gaps) - 0.25)).toBeLessThan(0.02)
    const neighbours = meanOf(gaps.slice(1).map((gap, n) => (gap - 1) * (gaps[n]! - 1)))
    expect(Math.abs(neighbours)).toBeLessThan((4 * 0.25) / Math.sqrt(gaps.length))
  })
})

describe('a heavier load', () => {
  it.each([
    { kind: 'poisson', rate: 10 },
    { kind: 'constant', rate: 10 },
    { kind: 'renewal', gap: { kind: 'exponential', mean: 100 * MILLISECOND } },
  ] as const)(
    'divides the gaps of $kind arrivals, and what is left of the one that is on',
    (spec) => {
      const plain = clockOf(spec)
      const heavy = clockOf(spec)
      for (let n = 0; n < 10; n++) expect(heavy.next(n)).toBe(plain.next(n))
      const [last, next] = [plain.next(10), plain.next(11)]
      heavy.next(10)
      heavy.next(11)
      const quarter = last + Math.round((next - last) / 4)
      expect(heavy.scale(4, quarter)).toBeCloseTo(quarter + (next - quarter) / 4, -1)
      const half = quarter + Math.round((next - quarter) / 8)
      expect(heavy.scale(1, half)).toBeCloseTo(half + (next - quarter) / 2, -1)
      expect(heavy.scale(4, half)).toBeCloseTo(half + (next - quarter) / 8, -1)
      const after = plain.next(12) - next
      expect(heavy.next(12) - heavy.scale(4, 0)).toBe(0)
      expect(heavy.next(13) - heavy.next(12)).not.toBe(after)
    },
  )

  it.each([
    [{ kind: 'poisson', rate: 0.5 }, 1.5],
    [{ kind: 'ramp', from: 0, to: 1, over: 4 * SECOND }, 15 / 8],
    [{ kind: 'spike', rate: 0.25, peak: 1, at: 2 * SECOND, for: 2 * SECOND }, 2.25],
  ] as const)(
    'brings five times as many from the first second to the fourth: %j',
    (spec, usual) => {
      const runs = 4000
      let came = 0
      for (let seed = 1; seed <= runs; seed++) came += heavySeconds(spec, `${seed}`)
      expect(Math.abs(came / runs - 5 * usual)).toBeLessThan(4 * Math.sqrt((5 * usual) / runs))
    },
  )
})

/** How many come from the first second to the fourth, when the load is five times as heavy in that time. */
function heavySeconds(spec: Arrivals, seed: string): number {
  const clock = new ArrivalClock(spec, key('gap', seed), key('stay', seed), 0)
  let ordinal = 0
  let at = clock.next(ordinal)
  while (at < SECOND) at = clock.next(++ordinal)
  const before = ordinal
  at = clock.scale(5, SECOND)
  while (at < 4 * SECOND) at = clock.next(++ordinal)
  return ordinal - before
}

describe('a checkpoint of arrivals', () => {
  it.each([
    { kind: 'diurnal', mean: 40, amplitude: 30, period: 20 * SECOND },
    { kind: 'bursty', quiet: 2, busy: 40, quietFor: 5 * SECOND, busyFor: SECOND },
    { kind: 'spike', rate: 20, peak: 200, at: 3 * SECOND, for: 10 * SECOND },
  ] as const)('goes on as if nothing had happened: $kind', (spec) => {
    const clock = clockOf(spec)
    for (let n = 0; n < 100; n++) clock.next(n)
    const saved = clock.save()
    const once = Array.from({ length: 500 }, (_, n) => clock.next(100 + n))
    clock.load(saved)
    expect(Array.from({ length: 500 }, (_, n) => clock.next(100 + n))).toEqual(once)
  })
})
