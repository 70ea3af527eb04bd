import { beforeAll, describe, expect, it } from 'vitest'
import { HEAT } from '../../engine/results/frame.ts'
import { heatRow } from '../../engine/results/recorder.ts'
import { readScenario } from '../../engine/scenario/read.ts'
import { placesFor } from '../../ui/draw/percentile-plot.ts'
import {
  countsIn,
  countsOf,
  countWithin,
  ninesOf,
  percentileCurve,
  shareAt,
  shareBeyond,
} from '../../ui/facts/curve.ts'
import { plotTable, ratioAtP99, readout } from '../../ui/facts/percentile-words.ts'
import { distributions, meeting } from '../../ui/facts/percentiles.ts'
import { scoreRows } from '../../ui/facts/score-rows.ts'
import { ownScores } from '../../ui/facts/scores.ts'
import { csvOf } from '../../ui/facts/table.ts'
import { tableOf } from '../../ui/views/scoreboard.ts'
import { headlines, happenings } from '../../ui/facts/happenings.ts'
import type { Runs, VariantRun } from '../../ui/runs.ts'
import { unchanged } from '../../ui/state.ts'
import { differenceOf } from '../../ui/switches.ts'
import { retryStorm, runOf } from './run-of.ts'

const S = 1e9
const SERVED = { withFailures: false, range: undefined }
const ALL = { withFailures: true, range: undefined }
const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

/** Requests that took so many ns each, by row. */
function counted(latencies: readonly number[]): Float64Array {
  const counts = new Float64Array(HEAT.rows)
  for (const latency of latencies) counts[heatRow(latency)]!++
  return counts
}

describe('a percentile curve', () => {
  const latencies = Array.from({ length: 2000 }, (_, at) => 1e6 * (1 + at / 20))
  const counts = counted(latencies)

  it('lies on the latencies within the width of a row', () => {
    for (const { share, latency } of percentileCurve(counts)) {
      const exact = latencies[Math.min(1999, Math.floor(share * 2000))]!
      expect(latency / exact).toBeGreaterThan(0.8)
      expect(latency / exact).toBeLessThan(1.25)
    }
  })

  it('is thin where fewer than ten requests lie beyond, and ends at the last one', () => {
    const curve = percentileCurve(counts)
    for (const { share, isThin } of curve) expect(isThin).toBe(2000 * (1 - share) < 10)
    expect(curve.filter(({ isThin }) => isThin).length).toBeGreaterThan(10)
    expect(2000 * (1 - curve.at(-1)!.share)).toBeGreaterThanOrEqual(1)
    expect(percentileCurve(counted([5e6]))).toEqual([])
  })

  it('counts how many are faster than a promise', () => {
    expect(countWithin(counts, 1e12)).toBe(2000)
    expect(countWithin(counts, 1e5)).toBe(0)
    expect(countWithin(counts, 51e6) / 2000).toBeCloseTo(0.5, 1)
    expect(shareBeyond(counts, 51e6)).toBeCloseTo(0.5, 1)
    expect(shareBeyond(new Float64Array(HEAT.rows), 1)).toBeNaN()
  })

  it('has an axis of nines', () => {
    expect([0.9, 0.99, 0.999].map(ninesOf).map((nines) => Math.round(nines * 1e6) / 1e6)).toEqual([
      1, 2, 3,
    ])
    expect(shareAt(2)).toBeCloseTo(0.99, 10)
    const size = { width: 300, height: 200 }
    for (const axes of ['percentiles', 'tail'] as const) {
      const places = placesFor(percentileCurve(counts), 1e9, axes, size)
      const steps = [0.9, 0.99, 0.999].map((share) => places.at(share, 5e7))
      const along = axes === 'tail' ? 1 : 0
      const [first, second] = [
        steps[1]![along] - steps[0]![along],
        steps[2]![along] - steps[1]![along],
      ]
      expect(first).toBeCloseTo(second, 6)
      const [x, y] = places.at(0.97, 5e7)
      expect(places.shareUnder(x, y)).toBeCloseTo(0.97, 6)
      expect(places.latencyUnder(x, y)).toBeCloseTo(5e7, -1)
    }
  })
})

describe('the home scenario', () => {
  let runs: Runs & { A: VariantRun; B: VariantRun }
  beforeAll(() => {
    const opened = readScenario(retryStorm, 'retry-storm')
    if (!opened.ok) throw new Error('unreadable')
    const [A, B] = ['A', 'B'].map((variant) => runOf(retryStorm, { variant }))
    const difference = differenceOf(opened, unchanged('retry-storm', retryStorm))
    runs = { A: A!, B: B!, opened, difference, revision: 1 }
  }, 60_000)

  it('has other percentiles with failures than without', () => {
    const [served, all] = [distributions(runs, SERVED), distributions(runs, ALL)]
    expect(all.A!.p99! / served.A!.p99!).toBeGreaterThan(1.5)
    expect(all.B!.p99! / served.B!.p99!).toBeGreaterThan(1.1)
    const { requests } = runs.A.result!
    expect(all.A!.total).toBe(
      requests.ok + requests.degraded + requests.failed + requests.failedFast,
    )
    expect(served.A!.unfinished).toBe(requests.unfinished)
  })

  it('has the exact 99th percentile where it is known', () => {
    expect(distributions(runs, SERVED).A!.p99).toBe(runs.A.result!.latencyMs.p99 * 1e6)
  })

  it('counts only what ended in a range', () => {
    const range = { from: 40 * S, until: 52 * S }
    const part = distributions(runs, { withFailures: true, range })
    const sums = countsIn(runs.A, ['served', 'failed', 'refused'], { from: 400, to: 520 })
    expect(part.A!.total).toBe(sums.reduce((all, one) => all + one, 0))
    expect(part.A!.total).toBeLessThan(distributions(runs, ALL).A!.total / 5)
    const halves = [0, 600].map((from) =>
      countsIn(runs.B, ['served'], { from, to: from + 600 }).reduce((all, one) => all + one, 0),
    )
    expect(halves[0]! + halves[1]!).toBe(
      countsOf(runs.B, ['served']).reduce((all, one) => all + one),
    )
  })

  it('keeps a promise only to those who were served in time', () => {
    const { requests } = runs.A.result!
    const served = (requests.ok + requests.degraded) / requests.offered
    expect(meeting(runs.A, 1e12, undefined)).toBeCloseTo(served, 6)
    expect(meeting(runs.A, 5e8, undefined)!).toBeLessThan(0.4)
    expect(meeting(runs.B, 5e8, undefined)!).toBeGreaterThan(0.9)
    expect(meeting(runs.B, 1e3, undefined)).toBe(0)
  })

  it('states a ratio with its interval or as one seed', () => {
    const both = distributions(runs, SERVED)
    const alone = ratioAtP99(both, runs, SERVED)!
    expect(plain(alone.text)).toMatch(/^÷ 8\.\d at p99$/)
    expect(alone).toMatchObject({ sure: '1 seed', tone: undefined })
    const [A, B] = [runs.A.result, runs.B.result]
    const pairs = Array.from({ length: 6 }, (_, seed) => ({ seed: String(seed), A, B }))
    const seeds = {
      pairs,
      current: '0',
      isRunning: false,
      isUntilNarrow: false,
      command: undefined,
    }
    const sure = ratioAtP99(both, { ...runs, seeds }, SERVED)!
    expect(plain(sure.sure)).toMatch(/^95 % CI ÷ 8\.\d, 6 seeds$/)
    expect(sure.tone).toBe('good')
    expect(plain(sure.short)).toMatch(/^CI ÷ 8\.\d, N 6$/)
    expect(ratioAtP99(both, { ...runs, seeds }, ALL)!.sure).toBe('1 seed')
    expect(plain(readout(both, 0.99, runs, SERVED))).toMatch(
      /^99 % within A 2\.\d s, B \d+ ms, ÷ [\d.]+ \(1 seed: 7\)$/,
    )
    expect(plain(readout(both, undefined, runs, SERVED))).toBe(
      `Served requests; ▨ unfinished: A ${A!.requests.unfinished}, B ${B!.requests.unfinished}.`,
    )
  })

  it('has its numbers as a table', () => {
    const { caption, rows, columns } = plotTable(runs, SERVED)!
    expect(caption).toContain('from the intended start')
    expect(rows.every((row) => row.length === columns.length)).toBe(true)
    const a = rows.map((row) => Number(row[1]))
    expect(a).toEqual(a.toSorted((x, y) => x - y))
  })

  it('has a scoreboard of a range, and says what is of the whole run', () => {
    const range = { from: 60 * S, until: 120 * S }
    const [whole, part] = [scoreRows(runs, undefined), scoreRows(runs, range)]
    const of = (rows: typeof whole, id: string) => rows.find((row) => row.id === id)!
    expect(of(part, 'served').values.A!).toBeLessThan(0.4)
    expect(of(part, 'served').values.B!).toBeGreaterThan(0.99)
    expect(of(whole, 'served').values.A).toBeCloseTo(0.541, 2)
    expect(part.filter(({ isWhole }) => isWhole).map(({ id }) => id)).toEqual([
      'recovery',
      'objective',
    ])
    expect(of(part, 'recovery').cells).toEqual(of(whole, 'recovery').cells)
    expect(of(part, 'amplification').values.A!).toBeGreaterThan(
      of(whole, 'amplification').values.A!,
    )
    expect(of(part, 'wasted').values.A!).toBeGreaterThan(0.1)
    // Nothing is coloured before there are seeds.
    expect([...whole, ...part].map(({ tone }) => tone ?? '').join('')).toBe('')
  })

  it('colours only what is beyond noise', () => {
    const [A, B] = [runs.A.result!, runs.B.result!]
    const same = Array.from({ length: 6 }, (_, at) => ({ seed: String(7 + at), A, B }))
    const mixed = same.map((pair, at) => (at % 2 === 0 ? pair : { ...pair, A: B, B: A }))
    const set = { current: '7', isRunning: false, isUntilNarrow: false, command: undefined }
    const tones = (pairs: typeof same) =>
      Object.fromEntries(
        scoreRows({ ...runs, seeds: { ...set, pairs } }, undefined).map((row) => [
          row.id,
          row.tone,
        ]),
      )
    expect(tones(same)).toMatchObject({
      served: 'good',
      refused: 'bad',
      failed: 'good',
      p99: 'good',
      recovery: 'good',
    })
    expect(Object.values(tones(mixed)).every((tone) => tone === undefined)).toBe(true)
    // Seeds of another run say nothing of this one.
    const other = scoreRows({ ...runs, seeds: { ...set, current: '9', pairs: same } }, undefined)
    expect(other.every(({ tone, sure }) => tone === undefined && sure === undefined)).toBe(true)
  })

  it('has a table of numbers, each in one unit, with its interval beside it', () => {
    const [A, B] = [runs.A.result!, runs.B.result!]
    const pairs = Array.from({ length: 6 }, (_, at) => ({ seed: String(7 + at), A, B }))
    const set = { current: '7', isRunning: false, isUntilNarrow: false, command: undefined }
    const { columns, rows } = tableOf({ ...runs, seeds: { ...set, pairs } }, undefined)!
    const cell = (row: string, column: string) =>
      rows.find(([name]) => name === row)![columns.indexOf(column)]
    const texts = ['metric', 'A', 'B', 'unit of the numbers']
    for (const row of rows) {
      expect(row).toHaveLength(columns.length)
      for (const [at, one] of row.entries())
        if (!texts.includes(columns[at]!)) expect(typeof one).not.toBe('string')
    }
    expect(csvOf({ caption: '', columns, rows })).not.toContain("'")
    expect(cell('Served', 'unit of the numbers')).toBe('share')
    expect(cell('Served', 'B − A')).toBeCloseTo(0.411, 3)
    expect(cell('Served', 'mean B − A: CI low')).toBeCloseTo(0.411, 3)
    expect(cell('Served', 'mean B / A: CI low')).toBeUndefined()
    expect(cell('99th pct.', 'unit of the numbers')).toBe('ms')
    expect(cell('99th pct.', 'mean B − A: CI low')).toBeUndefined()
    expect(cell('99th pct.', 'mean B / A: CI low')).toBeCloseTo(
      cell('99th pct.', 'B / A') as number,
      6,
    )
  })

  it('compares times of a service as times', () => {
    const [score] = ownScores(['wait(A, ledger-db) > 0'], runs.A.result, runs.B.result)
    expect(score?.by).toBe('time')
    expect(plain(score!.compare(900, 600).text)).toBe('−300 ms')
  })

  it('has at most twelve headlines, in the order of time, out of a longer list', () => {
    const [few, all] = [headlines(runs), happenings(runs)]
    expect(few.length).toBeLessThanOrEqual(12)
    expect(all.length).toBeGreaterThan(20)
    expect(few.every((one) => all.includes(one))).toBe(true)
    expect(few.map(({ time }) => time)).toEqual(
      few.map(({ time }) => time).toSorted((a, b) => a - b),
    )
    const words = (side: 'A' | 'B') =>
      all.filter((one) => one.side === side).map((one) => one.words)
    expect(words('A')).toContain('fewer than half are served')
    expect(words('A')).toContain('each call is sent more than 1.5 times')
    expect(words('A')).toContain('the first request fails')
    expect(words('A')).not.toContain('the last request fails')
    expect(words('B')).toContain('the last request is turned away')
    expect(words('B')).toContain('95 % are served again')
  })
})
