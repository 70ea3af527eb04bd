/** At which place within a period things happen: what happens in step shows as a row. */
import { describe, expect, it } from 'vitest'
import type { Runs, VariantRun } from '../../ui/runs.ts'
import { offsetWords, periodOf, seriesOf, strongestOf, subjectOf } from '../../ui/facts/offsets.ts'
import { retryStorm, runOf } from './run-of.ts'

const run = runOf(retryStorm.replace('duration: 120s', 'duration: 45s'), { variant: 'A' })
const runs = { A: run, B: undefined } as unknown as Runs
const layoutOf = (bucket: number) => ({ layout: { bucket } }) as unknown as VariantRun

describe('offsets within a period', () => {
  it('take a second for the period where buckets allow, else twenty buckets', () => {
    expect(periodOf(layoutOf(100e6))).toBe(1e9)
    expect(periodOf(layoutOf(10e6))).toBe(1e9)
    expect(periodOf(layoutOf(500e6))).toBe(10e9)
    expect(periodOf(layoutOf(1e6))).toBe(20e6)
  })

  it('count every retry of the run, once', () => {
    expect(subjectOf(runs)).toBe('retries')
    const edges = run.layout.edges.map(({ name }) => run.column('edge', name, 'retries'))
    const all = edges.reduce((sum, column) => sum + column.reduce((a, b) => a + b, 0), 0)
    const series = seriesOf(run, 'retries')
    expect(all).toBeGreaterThan(100)
    expect(series.reduce((a, b) => a + b, 0)).toBe(all)
    expect(series).toHaveLength(run.layout.buckets)
  })

  it('are drawn strongest at the 98.5th percentile of what is not zero', () => {
    const counts = Float64Array.from({ length: 400 }, (_, at) => (at < 200 ? 0 : at - 199))
    expect(strongestOf([counts])).toBe(197)
    expect(strongestOf([new Float64Array(5)])).toBe(1)
  })

  it('are told in words', () => {
    const cell = { count: 12, from: 200e6, until: 300e6 }
    expect(offsetWords('retries', cell)).toBe('12 retries 200–300 ms into the period')
    expect(offsetWords('retries', { ...cell, count: 1 })).toMatch(/^1 retry /)
  })
})
