import { beforeAll, describe, expect, it } from 'vitest'
import { readScenario } from '../../engine/scenario/read.ts'
import { caption } from '../../ui/facts/caption.ts'
import { countsOf, percentileCurve } from '../../ui/facts/curve.ts'
import { happenings } from '../../ui/facts/happenings.ts'
import { edgeAt } from '../../ui/facts/edges.ts'
import { firstTroubles, serviceAt } from '../../ui/facts/health.ts'
import { quantile } from '../../ui/facts/quantiles.ts'
import { faultBegins, faultEnds } from '../../ui/facts/faults.ts'
import { ownScores, scores } from '../../ui/facts/scores.ts'
import { standing } from '../../ui/facts/standing.ts'
import { verdict } from '../../ui/facts/verdict.ts'
import { servedAt } from '../../ui/facts/window.ts'
import type { VariantRun } from '../../ui/runs.ts'
import { unchanged, type Opened } from '../../ui/state.ts'
import { differenceOf } from '../../ui/switches.ts'
import { retryStorm, runOf } from './run-of.ts'

const S = 1e9

function opened(text: string): Opened {
  const read = readScenario(text, 'test')
  if (!read.ok) throw new Error(JSON.stringify(read.errors))
  return read
}

describe('the home scenario in words', () => {
  let [a, b]: VariantRun[] = []
  const home = opened(retryStorm)
  const difference = differenceOf(home, unchanged('retry-storm', retryStorm))
  beforeAll(() => {
    a = runOf(retryStorm, { variant: 'A' })
    b = runOf(retryStorm, { variant: 'B' })
  }, 60_000)

  it('has a verdict that says what happened and what the pattern changed', () => {
    const { parts, below } = verdict({ A: a, B: b, opened: home, difference })!
    const sentence = parts.map(({ text }) => text).join('')
    expect(sentence).toMatch(
      /^Ledger-db slows down ×2\.7 for 15\ss: the system goes down and stays down\./,
    )
    expect(sentence).toMatch(/With a circuit breaker it is back [\d.]+\ss after the fault\.$/)
    expect(parts.map(({ tone }) => tone ?? '')).toEqual(['', 'bad', '', 'good', ''])
    expect(below).toContain('The only difference between A and B is one switch: circuit breaker.')
  })

  it('tells the same numbers in the verdict, the table and the list', () => {
    const { recovery } = standing(b!)!
    const row = scores(45 * S).find(({ id }) => id === 'recovery')!
    expect(row.read(b!.result!)).toBe(recovery)
    const opening = { opened: home, difference, revision: 1 }
    const all = happenings({ ...opening, A: a, B: b })
    const normal = all.find(({ words }) => words === 'normal again')!
    expect(normal).toMatchObject({ side: 'B', time: 45 * S + recovery })
    expect(all.map(({ time }) => time)).toEqual(
      all.map(({ time }) => time).toSorted((x, y) => x - y),
    )
    expect(all[0]).toMatchObject({
      time: 30 * S,
      side: undefined,
      words: 'ledger-db slows down ×2.7',
    })
  })

  it('finds who failed first', () => {
    const order = firstTroubles(a!).map(({ name }) => name)
    expect(order[0]).toBe('ledger-db')
    expect(order.slice().sort((x, y) => (x < y ? -1 : 1))).toEqual([
      'checkout',
      'gateway',
      'ledger-db',
      'payments',
    ])
  })

  it('tells refusing from failing', () => {
    expect(serviceAt(a!, 'gateway', 62 * S).health).toBe('failing')
    expect(serviceAt(b!, 'gateway', 62 * S).health).toBe('ok')
    const open = b!.transitions.find(({ word }) => word === 'open')!
    expect(serviceAt(b!, 'checkout', open.time + 2 * S).health).toBe('refusing')
    expect(servedAt(a!, 62 * S)).toBeLessThan(0.5)
    expect(servedAt(b!, 62 * S)).toBeGreaterThan(0.99)
  })

  it('sees the retries', () => {
    expect(edgeAt(a!, 'payments -> ledger-db', 20 * S).tries).toBeLessThan(1.05)
    expect(edgeAt(a!, 'payments -> ledger-db', 62 * S).tries).toBeGreaterThan(2.5)
  })

  it('captions the pictures', () => {
    expect(caption(a!, { time: 62 * S, range: undefined })).toMatch(
      /^The fault ended 17\ss ago\. .* for callers that gave up\.$/,
    )
    expect(caption(b!, { time: 62 * S, range: undefined })).toMatch(
      /Circuits closed at [\d.]+\ss\. Nothing waits anywhere\.$/,
    )
    expect(caption(a!, { time: 10 * S, range: undefined })).toBe('Nothing waits anywhere.')
  })

  it('draws percentiles that agree with the exact ones', () => {
    const counts = countsOf(b!, ['served'])
    const { p50, p99 } = b!.result!.latencyMs
    expect(quantile(counts, 0.5)! / 1e6 / p50).toBeCloseTo(1, 1)
    expect(quantile(counts, 0.99)! / 1e6 / p99).toBeCloseTo(1, 1)
    const latencies = percentileCurve(counts).map(({ latency }) => latency)
    expect(latencies).toEqual(latencies.toSorted((x, y) => x - y))
  })
})

describe('what happened', () => {
  it('tells of one variant nothing before the moment at which A and B part', () => {
    const text = `
schema: 1
title: One slow database
duration: 60s
seed: 7
services:
  api: { concurrency: 50, queue: 100, work: exponential(2ms), calls: [db] }
  db: { concurrency: 4, queue: 200, work: lognormal(8ms 0.5) }
load: { users: { to: api, arrivals: poisson(300/s), timeout: 5s } }
patterns: { timeouts: { use: timeout, where: { api -> db: 100ms } } }
faults: [{ at: 20s, for: 10s, slow: db, by: 5 }]
compare: { A: { without: [timeouts] }, B: {} }
`
    const [A, B] = ['A', 'B'].map((variant) => runOf(text, { variant }))
    const all = happenings({ A, B })
    const place = all.findIndex(({ words }) => words === 'A and B were identical until here')
    expect(place).toBeGreaterThan(0)
    expect(all.slice(0, place).filter(({ side }) => side !== undefined)).toEqual([])
    // Its window began before.
    const down = all.find(({ side, words }) => side === 'B' && words.startsWith('fewer than half'))!
    expect(down.time).toBe(all[place]!.time)
    expect(all.map(({ time }) => time)).toEqual(
      all.map(({ time }) => time).toSorted((x, y) => x - y),
    )
  })
})

describe('faults in words', () => {
  const fault = (verb: string, target: string, by = ''): VariantRun['layout']['faults'][number] => {
    return { label: `${verb} ${target}${by}`, verb, target, from: 0, until: S }
  }

  it.each([
    [fault('pause', 'db#0', ' ×0'), 'db#0 stands still', 'db#0 goes on'],
    [fault('spike', 'users', ' ×3'), 'users rises ×3', 'users is back to normal'],
    [
      fault('loss', 'a -> b', ' ×0.05'),
      'a\u00a0→\u00a0b loses messages',
      'a\u00a0→\u00a0b loses no more messages',
    ],
  ])('%j', (one, begins, ends) => {
    expect([faultBegins(one), faultEnds(one)]).toEqual([begins, ends])
  })
})

describe('what a file claims about', () => {
  const text = `
schema: 1
duration: 10s
services: { db: { concurrency: 1, queue: 5, work: exponential(20ms) } }
load: { users: { to: db, arrivals: poisson(60/s) } }
patterns: { limit: { use: rate-limiter, where: [users -> db], rate: 10/s } }
compare: { A: { without: [limit] }, B: {} }
`
  const claims = [
    'mean(signal(B, limit.refused)) > 1 over 20 seeds',
    'mean(utilisation(A, db) - utilisation(B, db)) > 5% and mean(served(B, 1s..2s)) > 1% over 20 seeds',
  ]

  it('has rows of its own', () => {
    const [a, b] = ['A', 'B'].map((variant) => runOf(text, { variant }).result!)
    const rows = ownScores(claims, a, b)
    expect(rows.map(({ name }) => name)).toEqual(['limit refused', 'utilisation db'])
    expect(rows.map(({ read, compare }) => compare(read(a!), read(b!)).isGood)).toEqual([
      undefined,
      undefined,
    ])
    expect(rows[0]!.read(a!)).toBe(0)
    expect(rows[0]!.read(b!)).toBeGreaterThan(100)
    expect(ownScores(claims, a, a)).toEqual([])
  })
})

describe('other verdicts', () => {
  const text = `
schema: 1
title: Quiet
duration: 10s
services: { db: { concurrency: 20, queue: 5, work: exponential(20ms) } }
load: { users: { to: db, arrivals: poisson(50/s) } }
`
  it('says when A and B are the same run', () => {
    const run = runOf(text)
    const quiet = opened(text)
    const { parts } = verdict({
      A: run,
      B: run,
      opened: quiet,
      difference: { patterns: [], values: [] },
    })!
    expect(parts.map((part) => part.text).join('')).toMatch(
      /^Quiet: .* served\. A and B are the same run\.$/,
    )
  })

  it('has no verdict before the end', () => {
    const run = runOf(text)
    run.result = undefined
    const difference = { patterns: [], values: [] }
    expect(verdict({ A: run, B: run, opened: opened(text), difference })).toBeUndefined()
  })
})
