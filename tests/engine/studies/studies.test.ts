import { describe, expect, it } from 'vitest'
import { comparison } from '../../../engine/studies/comparison.ts'
import { factorial } from '../../../engine/studies/factorial.ts'
import { metastability } from '../../../engine/studies/metastability.ts'
import {
  type Range,
  readRange,
  stepsBetween,
  valueAt,
  valuesOf,
} from '../../../engine/studies/range.ts'
import { sweep } from '../../../engine/studies/sweep.ts'
import { tipping } from '../../../engine/studies/tipping.ts'
import { worstSeed } from '../../../engine/studies/worst.ts'
import { BASE, line, luck, pretend, resultOf, SERVED } from './pretend.ts'

function range(text: string): Range {
  const read = readRange(text)
  if (!read.ok) throw new Error(read.why)
  return read.range
}

describe('a range', () => {
  it('moves the numbers of a value and leaves all else', () => {
    const arrivals = range('load.users.arrivals=poisson(100/s)..poisson(400/s):4')
    expect(valuesOf(arrivals)).toEqual([
      'poisson(100/s)',
      'poisson(200/s)',
      'poisson(300/s)',
      'poisson(400/s)',
    ])
    expect(valueAt(range('a=lognormal(10ms 0.5)..lognormal(20ms 1)'), 0.5)).toBe(
      'lognormal(15ms 0.75)',
    )
    expect(valuesOf(range('a=10%..20%:3'))).toEqual(['10%', '15%', '20%'])
  })

  it('stays with whole numbers between whole numbers', () => {
    expect(valuesOf(range('a=1..4'))).toEqual(['1', '2', '3', '4'])
    expect(valuesOf(range('a=1..3:9'))).toEqual(['1', '2', '3'])
    expect(valuesOf(range('a=1.0..2:3'))).toEqual(['1', '1.5', '2'])
    expect(stepsBetween(range('a=16..2'))).toBe(14)
  })

  it.each([
    ['a', 'is no range'],
    ['a=1', 'is no range'],
    ['=1..2', 'is no range'],
    ['a=1s..500ms', 'differ in more than numbers'],
    ['a=exponential(1ms)..uniform(1ms 2ms)', 'differ in more than numbers'],
    ['a=5..5', 'there is nothing to try'],
    ['a=x..x', 'there is nothing to try'],
    ['a=1..9:1', '1 values of a: it must be 2 to 200'],
    ['a=1..9:1000', '1000 values of a'],
  ])('%s: %s', (text, why) => {
    const read = readRange(text)
    expect(read.ok ? '' : read.why).toContain(why)
  })
})

describe('a comparison', () => {
  const plan = {
    base: BASE,
    variants: ['A', 'B'],
    from: 1,
    looks: [20, 40, 80],
    measures: [SERVED],
    deciding: [0],
    precision: () => ({ relative: 0.05 }),
  }
  /** B serves more; how much depends on luck. */
  const served =
    (spread: number) =>
    ({ variant, seed }: { variant: unknown; seed: unknown }) =>
      variant === 'A' ? 0.4 : 0.6 + spread * (luck(seed) - 0.5)

  it('ends at the first look at which it is narrow enough', () => {
    expect(pretend(comparison(plan), served(0.05)).tasks).toBe(40)
    const { updates, answer } = pretend(comparison(plan), served(0.3))
    expect(updates.map(({ seeds, isPrecise }) => [seeds.length, isPrecise])).toEqual([
      [20, false],
      [40, false],
      [80, true],
    ])
    expect(answer).toBe(updates.at(-1))
    const [difference] = answer!.rows[0]!.differences
    expect(difference).toMatchObject({ n: 80, missing: 0 })
    expect(difference!.high - difference!.mean).toBeLessThanOrEqual(0.02)
  })

  it.each([
    [1, undefined],
    [2, 2],
  ])('cancelled after %d whole pairs knows the difference of %s', (pairs, known) => {
    const study = comparison(plan)
    const step = study.next([])
    if (step.done || step.value.kind !== 'runs') throw new Error('it asks for no runs')
    const results = step.value.tasks.map((_, at) => (at < pairs * 2 ? resultOf(0.5) : undefined))
    let next = study.next(results)
    while (!next.done) next = study.next([])
    expect(next.value?.seeds.length).toBe(known)
  })

  it('ends after the last look, and says how many are missing', () => {
    const { answer } = pretend(comparison({ ...plan, looks: [20] }), served(0.3))
    expect(answer!.isPrecise).toBe(false)
    const { missing, high, mean } = answer!.rows[0]!.differences[0]!
    expect(missing).toBe(Math.ceil(20 * ((high - mean) / 0.02) ** 2) - 20)
  })
})

describe('a sweep', () => {
  it('moves the last range fastest and compares at every point', () => {
    const ranges = [range('a=1..2'), range('b=10ms..30ms:3')]
    const plan = { base: BASE, variants: ['A', 'B'], ranges, seeds: 3, from: 5, measures: [SERVED] }
    const { updates, answer, tasks } = pretend(sweep(plan), ({ set, variant, seed }) => {
      const better = variant === 'B' ? 0.1 : 0
      return Number(set['a']) / 10 + parseFloat(String(set['b'])) / 100 + better + luck(seed) / 100
    })
    expect(tasks).toBe(6 * 3 * 2)
    expect(updates).toEqual(answer)
    expect(answer.map(({ values }) => values.join())).toEqual([
      '1,10ms',
      '1,20ms',
      '1,30ms',
      '2,10ms',
      '2,20ms',
      '2,30ms',
    ])
    for (const { looked } of answer) {
      expect(looked.seeds).toEqual([5, 6, 7])
      expect(looked.rows[0]!.differences[0]!.mean).toBeCloseTo(0.1, 5)
    }
    expect(answer[4]!.looked.rows[0]!.intervals[0]!.mean).toBeCloseTo(
      0.4 + mean([5, 6, 7].map(luck)) / 100,
      5,
    )
  })
})

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length
}

describe('a tipping point', () => {
  const tree = line('mean(served(B)) > 90% over 20 seeds')
  const plan = { base: BASE, range: range('x=100/s..300/s'), tree, from: 1, seeds: 21 }
  /** Each seed tips at a place of its own, around `middle`. */
  const tips =
    (middle: number) =>
    ({ set, seed }: { set: object; seed: unknown }) =>
      parseFloat((set as { x: string }).x) < middle + 40 * (luck(seed) - 0.5) ? 1 : 0

  it('is that of the median seed, with the interval of medians', () => {
    const { answer, updates } = pretend(tipping(plan), tips(200))
    expect(updates).toEqual([2, 4, 8, 16, 32, 64].map((part) => 1 / part))
    const places = Array.from({ length: 21 }, (_, at) => 200 + 40 * (luck(at + 1) - 0.5)).toSorted(
      (a, b) => a - b,
    )
    const { way, always, interval } = answer!
    expect([way, always]).toEqual(['breaks', { broken: 0, held: 0, against: 0 }])
    const place = (share: number): number => 100 + 200 * share
    expect(Math.abs(place(interval!.mean) - places[10]!)).toBeLessThan(200 / 64)
    expect(Math.abs(place(interval!.low) - places[5]!)).toBeLessThan(200 / 64)
    expect(Math.abs(place(interval!.high) - places[15]!)).toBeLessThan(200 / 64)
  })

  it('may lie beyond the end for some seeds, and for its interval', () => {
    const { interval, always } = pretend(tipping(plan), tips(295)).answer!
    expect(always.held).toBeGreaterThan(3)
    expect(interval!.high).toBe(Infinity)
    expect(interval!.low).toBeLessThan(1)
    expect(pretend(tipping(plan), () => 1).answer!.always.held).toBe(21)
  })

  it('stops at neighbours of whole numbers', () => {
    const few = { ...plan, range: range('x=1..5'), seeds: 6 }
    const { answer, tasks } = pretend(tipping(few), ({ set }) => (Number(set['x']) <= 3 ? 1 : 0))
    expect(tasks).toBe(6 * (2 + 2))
    expect(answer!.interval).toMatchObject({ low: 0.625, high: 0.625 })
  })
})

describe('a factorial experiment', () => {
  it('finds the effects that were put in', () => {
    const plan = { base: BASE, patterns: ['a', 'b', 'c'], measure: SERVED, from: 1, seeds: 8 }
    const { answer, tasks } = pretend(factorial(plan), ({ on, seed }) => {
      const [a, b] = ['a', 'b'].map((id) => (on.includes(id) ? 1 : 0))
      return 0.3 + 0.2 * a! - 0.1 * b! + 0.12 * a! * b! + luck(seed) / 50
    })
    expect(tasks).toBe(8 * 8)
    const found = answer!.effects.map(({ patterns, interval }) => [patterns.join(), interval!.mean])
    expect(found.slice(0, 3).map(([name]) => name)).toEqual(['a', 'a,b', 'b'])
    const of = (name: string): number => found.find(([each]) => each === name)![1] as number
    // Half of the interaction goes with each level of the other pattern.
    expect(of('a')).toBeCloseTo(0.2 + 0.06, 4)
    expect(of('b')).toBeCloseTo(-0.1 + 0.06, 4)
    expect(of('a,b')).toBeCloseTo(0.06, 4)
    for (const name of ['c', 'a,c', 'b,c']) expect(of(name)).toBeCloseTo(0, 5)
    expect(answer!.subsets.map(({ on }) => on.join(''))).toEqual([
      '',
      'a',
      'b',
      'ab',
      'c',
      'ac',
      'bc',
      'abc',
    ])
  })
})

describe('the worst seed', () => {
  it('is found wherever it is, the first of equals', () => {
    const plan = { base: BASE, measure: SERVED, worse: 'low' as const, from: 1, seeds: 150 }
    const bad = new Map([
      [97, 0.1],
      [140, 0.1],
      [12, 0.2],
    ])
    const { answer, updates } = pretend(worstSeed(plan), ({ seed }) => bad.get(Number(seed)) ?? 0.9)
    expect(answer!.worst.slice(0, 3)).toEqual([
      { seed: 97, value: 0.1 },
      { seed: 140, value: 0.1 },
      { seed: 12, value: 0.2 },
    ])
    expect(updates.map(({ seed }) => seed)).toEqual([12, 97])
    expect(answer).toMatchObject({ n: 150, lacking: 0, median: 0.9, best: 0.9 })
    const high = pretend(worstSeed({ ...plan, worse: 'high' }), ({ seed }) =>
      seed === 77 ? 1 : 0.5,
    )
    expect(high.answer!.worst[0]!.seed).toBe(77)
  })
})

describe('a metastability map', () => {
  it('tells recovery, collapse and overload apart', () => {
    const plan = {
      base: BASE,
      variants: ['A'],
      load: range('load=1..3'),
      trigger: range('faults[0].for=1s..2s:2'),
      from: 1,
      seeds: 6,
      triggerEnds: () => 5000,
    }
    /** Load 1 comes back, load 2 only after a short trigger, load 3 never does. */
    const isDown = (set: Readonly<Record<string, unknown>>): boolean =>
      set['load'] === '3' || (set['load'] === '2' && set['faults[0].for'] === '2s')
    const buckets = Array.from({ length: 100 }, (_, at) => at)
    const { answer } = pretend(
      metastability(plan),
      () => 1,
      ({ set }) => {
        const isHit = (at: number): boolean => at >= 40 && (isDown(set) || at < 60)
        const ok = buckets.map((at) => (isHit(at) ? 0 : 10))
        const failed = ok.map((count) => 10 - count)
        const offered = buckets.map(() => 10)
        return { series: { offered, ok, failed }, bucketMs: 100, virtualMs: 10_000 }
      },
    )
    expect(
      answer.map(({ load, trigger = 'none', fate }) => [load, trigger, fate].join(' ')),
    ).toEqual([
      '1 none recovers',
      '1 1s recovers',
      '1 2s recovers',
      '2 none recovers',
      '2 1s recovers',
      '2 2s stuck',
      '3 none overloaded',
      '3 1s overloaded',
      '3 2s overloaded',
    ])
    const [first] = answer
    expect(first!.escape).toMatchObject({ mean: 1000, low: 1000, high: 1000, n: 6 })
    expect(answer[5]!.escape!.mean).toBe(Infinity)
    expect(answer[5]!.recovered).toMatchObject({ mean: 0, low: 0, n: 6 })
  })
})
