import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { mixed } from '../../ui/draw/colours.ts'
import { periodOf, spacing } from '../../ui/draw/dots.ts'
import { placesOf } from '../../ui/draw/graph.ts'
import { quantile } from '../../ui/facts/quantiles.ts'
import { HEAT, heatEdge } from '../../engine/results/frame.ts'
import { retryStorm, runOf } from './run-of.ts'

type Shape = Parameters<typeof placesOf>[0]

function shape(loads: Record<string, string>, calls: Record<string, string[]>): Shape {
  const names = [...new Set([...Object.keys(calls), ...Object.values(calls).flat()])]
  const plain = { instances: 1, concurrency: 1, queue: 1, zone: '', domain: '', at: undefined }
  return {
    services: names.map((name) => ({ name, ...plain })),
    loads: Object.entries(loads).map(([name, to]) => ({ name, to })),
    edges: [
      ...Object.entries(loads),
      ...Object.entries(calls).flatMap(([from, all]) => all.map((to) => [from, to])),
    ].map(([from = '', to = '']) => ({ name: `${from} -> ${to}`, from, to })),
  }
}

describe('the places of services', () => {
  it('go from callers to callees, each in a place of its own', () => {
    const { layout } = runOf(retryStorm.replace('duration: 120s', 'duration: 50s'), {
      variant: 'A',
    })
    const places = placesOf(layout)
    for (const { from, to } of layout.edges) {
      expect(places.get(from)!.x).toBeLessThan(places.get(to)!.x)
    }
    const spots = [...places.values()]
    for (const [at, one] of spots.entries()) {
      for (const other of spots.slice(at + 1)) {
        expect(
          Math.hypot(one.x - other.x, one.y - other.y),
          `${one.name}, ${other.name}`,
        ).toBeGreaterThan(20)
      }
    }
    expect(places.get('ledger-db')).toMatchObject({ x: 880, y: 300, isLeaf: true })
  })

  it('end, whatever circles the calls go in', () => {
    const places = placesOf(
      shape({ users: 'a' }, { a: ['b'], b: ['c', 'a'], c: ['b', 'c'], lone: [] }),
    )
    expect(places.size).toBe(5)
    for (const { x, y } of places.values()) expect([x, y].every(Number.isFinite)).toBe(true)
  })

  it('are the same again', () => {
    const one = shape({ users: 'a', jobs: 'b' }, { a: ['b', 'c'], b: ['c'], c: ['d'] })
    expect(placesOf(one)).toEqual(placesOf(structuredClone(one)))
  })
})

describe('dots', () => {
  it('show every outcome there is, as often as it is', () => {
    const shares = fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    )
    fc.assert(
      fc.property(shares, ([fast, other]) => {
        const fail = other * (1 - fast)
        const period = periodOf({ ok: 1 - fast - fail, fast, fail })
        const amount = (hue: string): number => period.filter((one) => one === hue).length
        expect(period).toHaveLength(8)
        if (fail > 0.011) expect(amount('fail')).toBeGreaterThan(0)
        expect(Math.abs(amount('fast') / 8 - fast)).toBeLessThan(0.13)
      }),
    )
  })

  it('come closer with more calls, but not too close', () => {
    const gaps = [0.5, 10, 50, 1000, 1e6].map((rate) => spacing(rate, 100))
    expect(gaps).toEqual(gaps.toSorted((a, b) => b - a))
    expect(gaps.at(-1)).toBe(6)
    expect(spacing(0, 100)).toBe(Infinity)
  })
})

describe('percentiles out of rows', () => {
  it('lie in the row that holds them', () => {
    const counts = fc.array(fc.nat(50), { minLength: HEAT.rows, maxLength: HEAT.rows })
    fc.assert(
      fc.property(counts, fc.double({ min: 0.01, max: 1, noNaN: true }), (rows, share) => {
        const total = rows.reduce((a, b) => a + b, 0)
        fc.pre(total > 0)
        const found = quantile(rows, share)!
        let seen = 0
        const row = rows.findIndex((here) => (seen += here) >= share * total && here > 0)
        expect(found).toBeGreaterThanOrEqual(heatEdge(row) * 0.999)
        expect(found).toBeLessThanOrEqual(heatEdge(row + 1) * 1.001)
      }),
    )
    expect(quantile(new Float64Array(HEAT.rows), 0.5)).toBeUndefined()
  })
})

describe('colours', () => {
  it('are mixed between stops', () => {
    const stops = [
      [0, 0, 0],
      [100, 0, 0],
      [100, 200, 0],
    ] as const
    expect([0, 0.25, 0.5, 1].map((at) => mixed(stops, at))).toEqual([
      [0, 0, 0],
      [50, 0, 0],
      [100, 0, 0],
      [100, 200, 0],
    ])
  })

  it('are all said in the theme: no other sheet has a colour of its own', () => {
    for (const sheet of ['layout', 'parts', 'lists', 'pictures', 'topology', 'phone']) {
      const css = readFileSync(new URL(`../../ui/css/${sheet}.css`, import.meta.url), 'utf8')
      expect(css.match(/#[0-9a-f]{3,8}\b(?=[;,) ])/gi) ?? [], sheet).toEqual([])
    }
  })
})
