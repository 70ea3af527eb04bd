import { describe, expect, it } from 'vitest'
import type { Frame, Layout } from '../../engine/results/frame.ts'
import { RunStore, VariantRun } from '../../ui/runs.ts'
import { runOf } from './run-of.ts'

const layout: Layout = {
  scenario: 'small',
  variant: 'A',
  seed: '1',
  duration: 4e9,
  warmup: 0,
  bucket: 1e9,
  buckets: 4,
  bytes: 160,
  columns: [
    { scope: 'total', name: '', metric: 'offered', kind: 'count' },
    { scope: 'service', name: 'db', metric: 'busy', kind: 'level' },
  ],
  services: [
    { name: 'db', instances: 1, concurrency: 2, queue: 9, zone: '', domain: '', at: undefined },
  ],
  loads: [{ name: 'users', to: 'db' }],
  edges: [{ name: 'users -> db', from: 'users', to: 'db' }],
  units: [
    {
      path: 'breaker@users -> db',
      pattern: 'breaker',
      use: 'circuit-breaker',
      place: 'users -> db',
      states: [{ signal: 'circuit', words: ['closed', 'open'] }],
      gauges: [],
    },
  ],
  faults: [],
}

function frame(from: number, to: number, values: number[], transitions: number[] = []): Frame {
  return {
    from,
    to,
    now: to * 1e9,
    events: to,
    values: new Float32Array(values),
    transitions: new Float64Array(transitions),
  }
}

describe('the bucket store', () => {
  it('puts frames side by side', () => {
    const run = new VariantRun(layout)
    run.take(frame(0, 1, [5, 0.5]))
    run.take(frame(1, 3, [6, 7, 1, 2]))
    expect([...run.total('offered')]).toEqual([5, 6, 7, 0])
    expect([...run.column('service', 'db', 'busy')]).toEqual([0.5, 1, 2, 0])
    expect(run).toMatchObject({ filled: 3, now: 3e9, isDone: false })
    expect([...run.column('service', 'nobody', 'busy')]).toEqual([0, 0, 0, 0])
  })

  it('tells transitions in words, and the state at a moment', () => {
    const run = new VariantRun(layout)
    run.take(frame(0, 4, [1, 1, 1, 1, 0, 0, 0, 0], [1.5e9, 0, 1, 3e9, 0, 0]))
    const stateAt = (time: number): string => run.stateAt('breaker@users -> db', 'circuit', time)
    expect([0, 1.4e9, 1.5e9, 2.9e9, 3e9].map(stateAt)).toEqual([
      'closed',
      'closed',
      'open',
      'open',
      'closed',
    ])
  })

  it('shows the run before where the new one has not come to yet', () => {
    const store = new RunStore()
    store.begin('A', layout)
    store.take('A', frame(0, 4, [1, 1, 1, 1, 0, 0, 0, 0]))
    store.begin('A', layout)
    store.take('A', frame(0, 2, [8, 9, 0, 0]))
    expect([...store.of('A')!.total('offered')]).toEqual([8, 9, 1, 1])
    store.begin('A', { ...layout, scenario: 'another' })
    expect([...store.of('A')!.total('offered')]).toEqual([0, 0, 0, 0])
  })

  it('counts in its columns what the result counts', () => {
    const run = runOf(`
schema: 1
title: small
duration: 5s
services: { db: { concurrency: 2, queue: 5, work: exponential(20ms) } }
load: { users: { to: db, arrivals: poisson(120/s) } }
`)
    const total = (metric: string): number =>
      run.total(metric).reduce((sum, count) => sum + count, 0)
    const { requests, latencyMs } = run.result!
    expect(total('offered')).toBe(requests.offered)
    expect(total('ok') + total('slow')).toBe(requests.ok)
    expect(total('failed')).toBe(requests.failed)
    const heat = run.heat('served').reduce((sum, row) => sum + row.reduce((a, b) => a + b, 0), 0)
    expect(heat).toBe(latencyMs.count)
  })

  it('is the same at any size of slice', () => {
    const text = `
schema: 1
title: small
duration: 3s
services: { db: { concurrency: 2, queue: 5, work: exponential(20ms) } }
load: { users: { to: db, arrivals: poisson(120/s) } }
`
    const [fine, coarse] = [runOf(text, {}, 7), runOf(text, {}, 1e6)]
    for (const { scope, name, metric } of fine.layout.columns) {
      expect(fine.column(scope, name, metric)).toEqual(coarse.column(scope, name, metric))
    }
  })
})
