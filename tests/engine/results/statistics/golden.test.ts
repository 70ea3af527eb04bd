/**
 * What the statistics make of rows of numbers of every kind: drawn ones, skewed ones, equal ones, none.
 * `UPDATE=1 npx vitest run --project node tests/engine/results/statistics/golden.test.ts` takes in what is meant to change.
 */
import { expect, it } from 'vitest'
import { Dice, seedKey } from '../../../../engine/core/random.ts'
import { exp, ln } from '../../../../engine/core/math.ts'
import * as statistics from '../../../../engine/results/statistics.ts'
import { excludesZero } from '../../../../engine/results/statistics/interval.ts'
import { fingerprint, kept } from '../../../support/kept.ts'

const FILE = new URL('golden.json', import.meta.url)

const dice = new Dice(seedKey('statistics'))
const row = (n: number, make: (chance: number, at: number) => number, which: number): number[] =>
  Array.from({ length: n }, (_, at) => make(dice.uniform(which, at), at))

/** Pairs of rows. */
const ROWS: Readonly<Record<string, readonly [readonly number[], readonly number[]]>> = {
  none: [[], []],
  one: [[3], [4]],
  two: [
    [3, 5],
    [4, 9],
  ],
  three: [
    [1, 2, 4],
    [2, 2, 9],
  ],
  equal: [row(20, () => 7, 0), row(20, () => 7, 0)],
  constant: [row(20, (u) => u, 1), row(20, (u) => u + 2, 1)],
  plain: [row(20, (u) => 10 + u, 2), row(20, (u) => 11 + 2 * u, 3)],
  long: [row(400, (u) => u, 4), row(400, (u) => u * u, 5)],
  skewed: [row(40, (u) => exp(4 * u), 6), row(40, (u) => exp(5 * u), 7)],
  few: [row(12, (u) => -ln(1 - u), 8), row(12, (u) => -3 * ln(1 - u), 9)],
  yes: [row(60, (u) => (u < 0.4 ? 1 : 0), 10), row(60, (u) => (u < 0.7 ? 1 : 0), 10)],
  rare: [row(60, (u) => (u < 0.02 ? 1 : 0), 11), row(60, () => 0, 12)],
  rising: [row(200, (u, at) => at / 10 + u, 13), row(200, (u, at) => at / 20 + u, 14)],
  settling: [
    row(300, (u, at) => 5 * exp(-at / 20) + u, 15),
    row(300, (u, at) => 2 - exp(-at / 50) + u / 4, 16),
  ],
  missing: [
    [1, Number.NaN, 3, 4],
    [2, 5, Number.NaN, 6],
  ],
  endless: [
    [1, 2, Infinity],
    [1, Infinity, Infinity],
  ],
}

/** Everything that can be said of a row, and of a pair of them. */
function saidOf(a: readonly number[], b: readonly number[]): Readonly<Record<string, unknown>> {
  const levels = [0.8, 0.95, 0.99]
  const hits = (values: readonly number[]) => values.filter((value) => value > 1).length
  const yesNo = [a, b].every((values) => values.every((value) => value === 0 || value === 1))
  const first = statistics.meanInterval(b)
  return {
    mean: [a, b].map(statistics.mean),
    interval: levels.map((level) => statistics.meanInterval(a, level)),
    paired: levels.map((level) => statistics.pairedInterval(a, b, level)),
    moments: [a, b].flatMap((values) => [statistics.variance(values), statistics.skewness(values)]),
    saved: statistics.savedBy(a, b),
    batches: [undefined, 5, 10].map((count) => statistics.batchMeans(a, count)),
    neumann: statistics.vonNeumann(b),
    bootstrap: levels.map((level) => statistics.bootstrapT(a)?.(level)),
    corrected: levels.map((level) => statistics.skewCorrected(b)(level)),
    difference: levels.map((level) => statistics.differenceOf(a, b, yesNo, level)),
    differences: statistics.differencesOf(a, [b, a, b.map((value) => value * 1.1)], yesNo),
    factor: statistics.factorInterval(a, b),
    median: statistics.medianInterval(a),
    shares: levels.map((level) => statistics.pairedShares(a, b, level)),
    wilson: levels.map((level) => statistics.wilsonInterval(hits(a), a.length, level)),
    apart: statistics.shareDifference(
      { hits: hits(a), n: a.length },
      { hits: hits(b), n: b.length },
    ),
    quantile: [19_999, 20_000].map((count) =>
      statistics.quantileInterval(
        a,
        a.map(() => count),
        0.999,
      ),
    ),
    precise: [0.01, 1, 100].map((tolerance) => [
      statistics.isPrecise(first, tolerance),
      statistics.runsMissing(first, tolerance),
    ]),
    tolerance: statistics.toleranceOf(statistics.mean(a), { absolute: 0.1 }),
    zero: excludesZero(statistics.pairedInterval(a, b)),
    warmup: statistics.suggestWarmup(a),
  }
}

it('statistics say of rows of numbers what they said', () => {
  const said = Object.entries(ROWS).map(([name, [a, b]]) => {
    const hashes = Object.entries(saidOf(a, b)).map(([what, one]) => [what, fingerprint(one)])
    return [name, Object.fromEntries(hashes) as object] as const
  })
  const table = {
    ...Object.fromEntries(said),
    student: fingerprint(
      [1, 2, 3, 7, 19, 60, 1000].flatMap((freedom) =>
        [0.5, 0.8, 0.95, 0.99, 0.999].map((level) => statistics.studentT(freedom, level)),
      ),
    ),
    looks: fingerprint([1, 20, 21, 40, 100, 320, 500].map(statistics.looksUpTo)),
  }
  expect(table).toEqual(kept(FILE, table))
})
