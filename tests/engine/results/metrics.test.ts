import { describe, expect, it } from 'vitest'
import { METRICS, parseMetric } from '../../../engine/results/metrics.ts'
import type { VariantResult } from '../../../engine/results/result.ts'
import { edgeOf, resultOf, serviceOf } from './support.ts'

const latencyMs = {
  count: 9,
  mean: 5,
  variance: 25,
  zeros: 0,
  p50: 4,
  p90: 8,
  p95: 12,
  p99: 20,
  p999: 30,
  max: 40,
}
const result = resultOf({
  events: 1234,
  virtualMs: 10_000,
  requests: { offered: 100, ok: 60, degraded: 10, failedFast: 5, failed: 15, unfinished: 10 },
  latencyMs,
  services: {
    api: serviceOf({
      utilisation: 0.5,
      meanQueue: 2,
      meanInSystem: 3,
      arrivals: 100,
      ok: 70,
      completed: 90,
    }),
    db: serviceOf({
      overload: 7,
      wasted: 20,
      completed: 60,
      waitMs: latencyMs,
      responseMs: latencyMs,
    }),
  },
  edges: {
    'users -> api': edgeOf({ calls: 100, attempts: 300 }),
    'api -> db': edgeOf({ calls: 100, attempts: 150, retries: 50, timeouts: 30, late: 20 }),
  },
  signals: {
    'breaker@api -> db': {
      circuit: { value: 'open', seconds: { open: 3, closed: 7 }, entered: { open: 2 } },
      refused: { value: 11, seconds: {}, entered: {} },
    },
    'breaker@api -> db#1': { refused: { value: 4, seconds: {}, entered: {} } },
    'breakers@x': { refused: { value: 100, seconds: {}, entered: {} } },
  },
  series: {
    offered: [10, 10, 10, 10, 10, 10, 10, 10, 10, 10],
    ok: [10, 10, 10, 2, 2, 8, 9, 10, 10, 10],
    slow: [0, 0, 0, 1, 1, 0, 0, 0, 0, 0],
    degraded: [0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
    refused: [0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
    failed: [0, 0, 0, 6, 6, 2, 1, 0, 0, 0],
  },
})

const value = (text: string, of: VariantResult = result): number => {
  const parsed = parseMetric(text)
  if (!parsed) throw new Error(`no metric: ${text}`)
  return parsed.metric.compute(of, parsed.args)
}

describe('a metric', () => {
  it.each([
    ['served', 0.7],
    ['served(3s..5s)', 7 / 20],
    ['degraded', 0.1],
    ['degraded(3s..4s)', 1 / 10],
    ['failed', 0.15],
    ['failed(0s..3s)', 0],
    ['refused', 0.05],
    ['refused(4s..5s)', 1 / 10],
    ['unfinished', 0.1],
    ['offered', 100],
    ['offered(2s..4s)', 20],
    ['goodput', 8.4],
    ['goodput(7s..9s)', 10],
    ['mean', 5],
    ['p50', 4],
    ['p90', 8],
    ['p99', 20],
    ['p999', 30],
    ['max', 40],
    ['amplification', 1.5],
    ['attempts', 450],
    ['attempts(api -> db)', 150],
    ['attempts(api->db)', 150],
    ['calls(api -> db)', 100],
    ['retries', 50],
    ['timeouts(api -> db)', 30],
    ['late', 20],
    ['wasted', 20 / 150],
    ['wasted(db)', 1 / 3],
    ['utilisation(api)', 0.5],
    ['queue(api)', 2],
    ['inSystem(api)', 3],
    ['wait(db)', 5],
    ['response(db)', 5],
    ['arrivals(api)', 100],
    ['ok(api)', 70],
    ['overload(db)', 7],
    ['signal(breaker.refused)', 15],
    ['signal(breaker@api -> db.refused)', 11],
    ['seconds(breaker.circuit, open)', 3],
    ['entered(breaker.circuit, open)', 2],
    ['events', 1234],
  ])('%s is %d', (text, number) => {
    expect(value(text)).toBeCloseTo(number, 12)
  })

  it('has one name, and a help for people', () => {
    expect(new Set(METRICS.map(({ name }) => name)).size).toBe(METRICS.length)
    for (const { help } of METRICS) expect(help.length).toBeGreaterThan(10)
  })

  it('of something that is not there is not a number', () => {
    expect(value('queue(cart)')).toBeNaN()
    expect(value('queue(constructor)')).toBeNaN()
    expect(value('attempts(a -> b)')).toBeNaN()
    expect(value('wasted(cart)')).toBeNaN()
    expect(value('signal(none.refused)')).toBe(0)
  })

  it('of a run without requests is a number', () => {
    const still = resultOf({})
    for (const text of [
      'served',
      'failed',
      'amplification',
      'wasted',
      'goodput',
      'served(0s..1s)',
    ]) {
      expect(Number.isFinite(value(text, still))).toBe(true)
    }
  })

  it.each([
    '',
    'srved',
    'queue',
    'queue()',
    'queue(a, b)',
    'served(5)',
    'served(5s',
    'recovered(5s)',
  ])('%j is none', (text) => {
    expect(parseMetric(text)).toBe(undefined)
  })
})

describe('recovery', () => {
  /** A run whose buckets of a second serve these shares of 100 requests. */
  const runOf = (shares: readonly number[], waiting: readonly number[] = []): VariantResult =>
    resultOf({
      virtualMs: shares.length * 1000,
      requests: { ...result.requests },
      series: {
        offered: shares.map(() => 100),
        ok: shares.map((share) => Math.max(0, share) * 100),
        failed: shares.map((share) => (share < 0 ? 0 : (1 - share) * 100)),
        waiting,
      },
    })
  const many = (count: number, share: number): number[] =>
    Array.from({ length: count }, () => share)

  it('is when the served share is back and stays', () => {
    const run = runOf([...many(30, 1), ...many(15, 0.2), ...many(8, 0.5), ...many(47, 1)])
    expect(value('recoveryTime(45s)', run)).toBe(8000)
    expect(value('recovered(45s, 10s)', run)).toBe(1)
    expect(value('recovered(45s, 7s)', run)).toBe(0)
    expect(value('collapsed', run)).toBe(0)
  })

  it('is at once when nothing was lost', () => {
    expect(value('recoveryTime(45s)', runOf(many(100, 1)))).toBe(0)
  })

  it('is not there when the share falls again', () => {
    const run = runOf([...many(30, 1), ...many(15, 0.2), ...many(40, 1), ...many(15, 0.3)])
    expect(value('recoveryTime(45s)', run)).toBe(Infinity)
    expect(value('recovered(45s, 50s)', run)).toBe(0)
    expect(value('collapsed', run)).toBe(1)
  })

  it('is measured against the level before, not against perfection', () => {
    const run = runOf([...many(30, 0.8), ...many(15, 0.2), ...many(55, 0.77)])
    expect(value('recovered(45s, 1s)', run)).toBe(1)
  })

  it('knows nothing of what came after the moment, were it better', () => {
    const run = runOf([...many(45, 0.8), ...many(10, 1), ...many(45, 0.8)])
    expect(value('recoveryTime(45s)', run)).toBe(0)
  })

  it('is not there while everybody waits and nothing ends', () => {
    const shares = [...many(30, 1), ...many(70, -1)]
    const waiting = shares.map((share) => (share < 0 ? 50 : 0))
    const stuck = runOf(shares, waiting)
    const quiet = runOf(shares, many(100, 0))
    expect(value('recovered(45s, 10s)', stuck)).toBe(0)
    expect(value('collapsed', stuck)).toBe(1)
    expect(value('recovered(45s, 10s)', quiet)).toBe(1)
    expect(value('collapsed', quiet)).toBe(0)
  })
})
