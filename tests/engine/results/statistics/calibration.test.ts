/**
 * The quick part of the calibration gate: of nominal 95 % intervals, 92 to 98 % hold the truth, and intervals that are
 * wrong are found out by the same bounds. `sim calibrate` does this with runs of the simulator.
 */
import { describe, expect, it } from 'vitest'
import {
  batchMeans,
  differenceOf,
  isPrecise,
  looksUpTo,
  mean,
  meanInterval,
  medianInterval,
  pairedInterval,
  pairedShares,
  shareDifference,
  toleranceOf,
  wilsonInterval,
} from '../../../../engine/results/statistics.ts'
import { variance } from '../../../../engine/results/statistics/moments.ts'
import { coverage, lognormals, normals, waits } from './draws.ts'

const EXPERIMENTS = 1000
const row = (n: number, draw: (at: number) => number): number[] =>
  Array.from({ length: n }, (_, at) => draw(at))

function calibrated(share: number): void {
  expect(share).toBeGreaterThanOrEqual(0.92)
  expect(share).toBeLessThanOrEqual(0.98)
}

describe('an interval holds the truth in 92 to 98 % of all cases', () => {
  const normal = normals('normal')
  const skewed = lognormals('skewed', 1)

  it.each([3, 5, 20])('a mean of %i values', (n) => {
    calibrated(coverage(EXPERIMENTS, 0, (each) => meanInterval(row(n, (at) => normal(each, at)))))
  })

  it('a difference of pairs that share their luck', () => {
    const pair = (each: number): { low: number; high: number } => {
      const a = row(20, (at) => normal(each, at))
      const b = row(20, (at) => a[at]! + 1 + normal(each, 100 + at) / 4)
      return pairedInterval(a, b)
    }
    calibrated(coverage(EXPERIMENTS, 1, pair))
  })

  it('a difference that is skewed', () => {
    const methods = new Map<string, number>()
    const share = coverage(400, 1, (each) => {
      const b = row(40, (at) => skewed(each, at))
      const found = differenceOf(
        b.map(() => 0),
        b,
      )
      methods.set(found.method, (methods.get(found.method) ?? 0) + 1)
      return found
    })
    calibrated(share)
    expect(methods.get('bootstrap t')).toBeGreaterThan(200)
  })

  it('a difference in two clumps, one of them rare', () => {
    const methods = new Set<string>()
    // Of 80 pairs some are of the rare kind, but for one experiment in 4,600; of 20, one in eight has none to learn from.
    const share = coverage(400, 0.9, (each) => {
      const b = row(
        80,
        (at) => (normal(each, at) < -1.2815515655 ? 0 : 1) + normal(each, 200 + at) / 50,
      )
      const found = differenceOf(
        b.map(() => 0),
        b,
      )
      methods.add(found.method)
      return found
    })
    calibrated(share)
    expect([...methods]).toContain('skew-corrected t')
  })

  it('a median, even of values of which some are infinite', () => {
    const values = (each: number): number[] =>
      row(20, (at) => (normal(each, at) > 1 ? Infinity : normal(each, at)))
    calibrated(coverage(EXPERIMENTS, 0, (each) => medianInterval(values(each))!))
  })

  it('a difference that is looked at until it is narrow', () => {
    const lengths = new Set<number>()
    const share = coverage(EXPERIMENTS, 1, (each) => {
      for (const look of looksUpTo()) {
        const values = row(look, (at) => 1 + 2 * normal(each, at))
        const interval = meanInterval(values)
        lengths.add(look)
        if (isPrecise(interval, toleranceOf(6))) return interval
      }
      throw new Error('never narrow')
    })
    calibrated(share)
    expect(lengths.size).toBeGreaterThan(2)
  })

  it('batch means of a run that is long enough; the others are refused', () => {
    let refused = 0
    const all = Array.from({ length: 200 }, (_, each) => batchMeans(waits(each, 0.5, 8000)))
    const told = all.flatMap(({ interval }) => interval ?? (refused++, []))
    calibrated(coverage(told.length, 1, (at) => told[at]!))
    expect(refused).toBeLessThan(0.15 * all.length)
  })
})

/** Chances of 0 to n hits. */
function chancesOf(n: number, share: number): number[] {
  const chances = [(1 - share) ** n]
  for (let hits = 0; hits < n; hits++) {
    chances.push((chances[hits]! * (n - hits) * share) / ((hits + 1) * (1 - share)))
  }
  return chances
}

/** Coverage of a proportion, exactly: the sum over all outcomes of their chances. */
function exactly(n: number, share: number, heldAt: (hits: number) => number): number {
  return chancesOf(n, share).reduce((sum, chance, hits) => sum + chance * heldAt(hits), 0)
}

describe('a share', () => {
  const shares = Array.from({ length: 19 }, (_, at) => (at + 1) / 20)

  it('is held by Wilson on the average over all truths', () => {
    const held = shares.map((share) =>
      exactly(20, share, (hits) => {
        const { low, high } = wilsonInterval(hits, 20)
        return low <= share && share <= high ? 1 : 0
      }),
    )
    calibrated(mean(held))
  })

  it('less another one is held by Newcombe on the average over all truths', () => {
    const coarse = shares.filter((_, at) => at % 3 === 0)
    const held = coarse.flatMap((left) => coarse.map((right) => heldByNewcombe(left, right)))
    calibrated(mean(held))
    // Newcombe 1998a, table II, method 10: 56 of 70 and 48 of 80.
    const found = shareDifference({ hits: 48, n: 80 }, { hits: 56, n: 70 })
    expect(found.mean).toBeCloseTo(0.2, 12)
    expect(found.low).toBeCloseTo(0.0524, 4)
    expect(found.high).toBeCloseTo(0.3339, 4)
  })

  function heldByNewcombe(left: number, right: number): number {
    const n = 20
    const truth = right - left
    const chances = chancesOf(n, right)
    return exactly(n, left, (a) =>
      chances.reduce((sum, chance, b) => {
        const { low, high } = shareDifference({ hits: a, n }, { hits: b, n })
        return low <= truth && truth <= high ? sum + chance : sum
      }, 0),
    )
  }

  it('less another one of the same pairs is held by Newcombe with their correlation', () => {
    const normal = normals('pairs')
    const yes = (value: number): number => (value > 0 ? 1 : 0)
    const pairsOf = (each: number, noise: number, n: number): readonly [number[], number[]] => {
      const luck = row(n, (at) => normal(each, at))
      return [luck.map(yes), luck.map((value, at) => yes(value + noise * normal(each, 1000 + at)))]
    }
    const held = [0.3, 1, 3].map((noise) =>
      coverage(400, 0, (each) => pairedShares(...pairsOf(each, noise, 40))),
    )
    calibrated(mean(held))
    const [a, b] = pairsOf(1, 0.3, 40)
    const width = ({ low, high }: { low: number; high: number }): number => high - low
    const hits = (values: number[]) => ({ hits: mean(values) * 40, n: 40 })
    expect(width(pairedShares(a, b))).toBeLessThan(0.7 * width(shareDifference(hits(a), hits(b))))
  })
})

describe('the gate finds out', () => {
  const normal = normals('wrong')

  /** An interval with Student's t replaced by the quantile of the normal distribution. */
  const withoutStudent = (values: readonly number[]) => {
    const half = (1.96 * Math.sqrt(variance(values))) / Math.sqrt(values.length)
    return { low: mean(values) - half, high: mean(values) + half }
  }

  it('a wrong quantile of t', () => {
    const share = coverage(EXPERIMENTS, 0, (each) =>
      withoutStudent(row(5, (at) => normal(each, at))),
    )
    expect(share).toBeLessThan(0.92)
  })

  it('an interval over the requests of one run', () => {
    // Waiting at M/M/1 with load 0.8: mean 4. Neighbouring requests wait for the same queue.
    const share = coverage(100, 4, (each) => meanInterval(waits(each, 0.8, 8000).slice(3000)))
    expect(share).toBeLessThan(0.4)
  })

  it('looking until a difference shows', () => {
    const peeking = (each: number) => {
      const values = row(100, (at) => normal(each, at))
      for (let n = 5; n < 100; n += 5) {
        const interval = meanInterval(values.slice(0, n))
        if (interval.low > 0 || interval.high < 0) return interval
      }
      return meanInterval(values)
    }
    expect(coverage(EXPERIMENTS, 0, peeking)).toBeLessThan(0.85)
  })
})
