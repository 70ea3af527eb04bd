import { beforeAll, describe, expect, it } from 'vitest'
import { HEAT } from '../../engine/results/frame.ts'
import type { StripColours } from '../../ui/draw/strip-pixels.ts'
import { paintStrip } from '../../ui/draw/strip-pixels.ts'
import { binning, type Binning } from '../../ui/draw/time-scale.ts'
import { stepArea, stepLine } from '../../ui/draw/steps.ts'
import { amplificationOf, innerEdges } from '../../ui/facts/amplification.ts'
import { diverging, heatDifference, outcomeDifference } from '../../ui/facts/difference.ts'
import { heatSentence, heatTable, outcomeSentence } from '../../ui/facts/difference-words.ts'
import { firstTroubles, serviceIn } from '../../ui/facts/health.ts'
import { retrySentence, retryTable } from '../../ui/facts/retry-words.ts'
import { folded, saturation, type Lane } from '../../ui/facts/saturation.ts'
import { saturationSentence, saturationTable } from '../../ui/facts/saturation-words.ts'
import { metric } from '../../ui/facts/standing.ts'
import { STATES, stripBands, stripOf, stripRows, type Strip } from '../../ui/facts/strip.ts'
import { stripSentence, stripTable } from '../../ui/facts/strip-words.ts'
import { csvOf } from '../../ui/facts/table.ts'
import { entriesOf, shownRows, type Arrangement } from '../../ui/rows.ts'
import type { Runs, VariantRun } from '../../ui/runs.ts'
import { initialState, unchanged, type View } from '../../ui/state.ts'
import { contrast, difference, EYES, lab, linear, seen, token } from '../support/eyes.ts'
import { retryStorm, runOf } from './run-of.ts'

const text = retryStorm.replace('duration: 120s', 'duration: 60s')

function wholeOf(run: VariantRun): Binning {
  return binning(run, { from: 0, until: run.layout.duration }, 240)
}

function runsOf(A: VariantRun | undefined, B: VariantRun | undefined): Runs {
  const difference = { patterns: [], values: [] }
  return { revision: 1, opened: undefined, difference, A, B }
}

function total(values: ArrayLike<number>): number {
  return Array.from(values).reduce((all, one) => all + one, 0)
}

let a: VariantRun
let b: VariantRun
beforeAll(() => {
  a = runOf(text, { variant: 'A' })
  b = runOf(text, { variant: 'B' })
}, 60_000)

describe('the row of retries', () => {
  it('sums up to the edges of the result', () => {
    for (const run of [a, b]) {
      const facts = amplificationOf(run, wholeOf(run))
      const edges = innerEdges(run).map((name) => run.result!.edges[name]!)
      const sum = (read: (edge: (typeof edges)[number]) => number): number =>
        total(edges.map((edge) => read(edge)))
      expect(facts.total).toEqual({
        calls: sum(({ calls }) => calls),
        attempts: sum(({ attempts }) => attempts),
        retries: sum(({ retries }) => retries),
        late: sum(({ late }) => late),
      })
      expect(total(facts.calls)).toBe(facts.total.calls)
      const ratio = facts.total.attempts / facts.total.calls
      expect(ratio).toBeCloseTo(metric(run.result!, 'amplification'), 10)
    }
  })

  it('names the edge that was sent the most again', () => {
    const { worst } = amplificationOf(a, wholeOf(a))
    const edges = Object.entries(a.result!.edges)
    const most = edges.toSorted(([, one], [, other]) => other.retries - one.retries)[0]!
    expect(worst?.name).toBe(most[0])
    expect(worst?.ratio).toBeCloseTo(most[1].attempts / most[1].calls, 10)
  })

  it('leaves out the calls of users, and has no ratio where there are too few calls', () => {
    expect(innerEdges(a)).not.toContain('shoppers -> gateway')
    expect(a.layout.edges.map(({ name }) => name)).toContain('shoppers -> gateway')
    const { ratio, calls } = amplificationOf(a, binning(a, { from: 0, until: 1e9 }, 10))
    for (const [bin, one] of ratio.entries()) expect(Number.isNaN(one)).toBe(calls[bin]! < 5)
  })

  it('counts work for nobody by its time', () => {
    const facts = amplificationOf(a, wholeOf(a))
    const share = total(a.total('wasted')) / total(a.total('work'))
    expect(facts.wastedShare).toBeCloseTo(share, 6)
    expect(facts.wastedShare).toBeGreaterThan(amplificationOf(b, wholeOf(b)).wastedShare)
  })

  it('says the same in words and in its table', () => {
    const facts = { A: amplificationOf(a, wholeOf(a)), B: amplificationOf(b, wholeOf(b)) }
    expect(retrySentence(facts)).toMatch(
      /In A [\d,]+ calls, [\d,]+ tries again, the most from .+ to /,
    )
    const table = retryTable(facts, runsOf(a, b))!
    const column = table.columns.indexOf('attempts B')
    expect(total(table.rows.map((row) => row[column] as number))).toBe(facts.B.total.attempts)
    expect(csvOf(table).split('\r\n')).toHaveLength(table.rows.length + 2)
  })
})

describe('the cascade strip', () => {
  it('is in the order of the first troubles, then of the file', () => {
    const strip = stripOf(a)
    const names = stripRows(a, strip, 'trouble').map((row) => strip.services[row])
    const troubles = firstTroubles(a).map(({ name }) => name)
    expect(troubles.length).toBeGreaterThan(2)
    expect(names.slice(0, troubles.length)).toEqual(troubles)
    const rest = a.layout.services.map(({ name }) => name).filter((one) => !troubles.includes(one))
    expect(names.slice(troubles.length)).toEqual(rest)
    expect(stripRows(a, strip, 'domain')).toEqual(strip.services.map((_, row) => row))
  })

  it('has the state that the one rule of health gives, and turns where a trouble begins', () => {
    const strip = stripOf(a)
    for (const [row, name] of strip.services.entries()) {
      for (const column of [0, 30, 64, 65, 66, 100]) {
        const stretch = { from: column * strip.step, to: (column + 1) * strip.step }
        const code = strip.states[row * strip.columns + column]!
        expect(STATES[code]).toBe(serviceIn(a, name, stretch).health)
      }
    }
    const [first] = strip.troubles
    const column = first!.time / a.layout.bucket / strip.step
    expect(strip.states[strip.services.indexOf(first!.name) * strip.columns + column]).not.toBe(0)
  })

  it('gives rows that matter room for a name, and the others a pixel', () => {
    const bands = stripBands([true, true, true, ...Array<boolean>(47).fill(false)], 86)
    expect(bands.slice(0, 3).map(({ height }) => height)).toEqual([13, 13, 13])
    expect(bands.slice(3).every(({ height }) => height >= 1 && height < 2)).toBe(true)
    expect(bands.filter(({ hasLabel }) => hasLabel)).toHaveLength(3)
    const end = bands.at(-1)!
    expect(end.top + end.height).toBeCloseTo(86, 6)
    const many = stripBands(Array<boolean>(500).fill(true), 1000)
    expect(many.every(({ height }) => height === 2)).toBe(true)
    expect(many.filter(({ hasLabel }) => hasLabel).length).toBeLessThanOrEqual(100)
  })

  it.each([
    [50, 12],
    [500, 2],
  ])('paints %d rows of %d pixels at once, hatched where there is room', (rows, height) => {
    const columns = 240
    const states = Uint8Array.from({ length: rows * columns }, (_, at) => Math.floor(at / 60) % 4)
    const services = Array.from({ length: rows }, (_, row) => `s${row}`)
    const strip: Strip = { services, step: 5, columns, states, troubles: [] }
    const colours: StripColours = { plain: [1, 2, 3, 4], line: [1, 2, 13, 14] }
    const bands = services.map((_, row) => ({ top: row * height, height, hasLabel: false }))
    const picture = {
      width: 720,
      height: rows * height,
      ratio: 1,
      columnAt: (x: number) => Math.floor(x / 3),
      rows: services.map((_, row) => row),
      bands,
    }
    const begun = performance.now()
    const { data, width } = paintStrip(strip, colours, picture)
    expect(performance.now() - begun).toBeLessThan(400)
    const seen = new Set(data)
    expect(seen.has(14)).toBe(height >= 10)
    expect(seen.has(13)).toBe(height >= 10)
    // Row 0, third quarter: refusing, with or without the lines that double its hue.
    expect([3, 13]).toContain(data[400])
    expect(data[width * height]).toBe(1)
  })

  it('says who was first, and has a line for each service in its table', () => {
    const strip = stripOf(a)
    expect(stripSentence(a, strip, true)).toContain(`${strip.troubles[0]!.name} (30.`)
    const { rows, columns } = stripTable(a, strip)
    expect(rows.map(([name]) => name)).toEqual(
      stripRows(a, strip, 'trouble').map((row) => strip.services[row]),
    )
    const spent = rows[0]!.slice(2) as number[]
    expect(columns).toHaveLength(2 + spent.length)
    expect(total(spent)).toBeCloseTo(60, 6)
  })
})

describe('the rows of saturation', () => {
  const lanesOf = (runs: Runs): readonly Lane[] => saturation(runs, (run) => wholeOf(run))

  it('put the fullest service first, with the slots as capacity', () => {
    const lanes = lanesOf(runsOf(a, b))
    expect(lanes[0]!.service).toBe('ledger-db')
    expect(lanes[0]!.share).toBeGreaterThan(0.99)
    expect(Math.max(...lanes[0]!.of.A!.capacity!)).toBeCloseTo(5, 6)
    const shares = lanes.map(({ share }) => Math.round(share * 100))
    expect(shares).toEqual(shares.toSorted((one, other) => other - one))
  })

  it('fold what has no room into words that hold', () => {
    const lanes = lanesOf(runsOf(a, b))
    const { shown, rest } = folded(lanes, 4)
    expect(shown).toHaveLength(4)
    const bound = Number(/^9 more, never above (\d+)\s%$/.exec(rest)![1]) / 100
    expect(lanes.slice(4).every(({ share }) => share <= bound)).toBe(true)
    expect(folded(lanes, 99).rest).toBe('')
    expect(folded([], 3)).toEqual({ shown: [], rest: '' })
  })

  it('show what patterns count, with the limit where they tell one', () => {
    const scaled = `
schema: 1
title: Scaled
question: Does it grow?
about: One service that grows.
tags: { patterns: [autoscaler], problem: load, difficulty: beginner }
duration: 120s
seed: 7
services: { shop: { concurrency: 4, queue: 100, work: exponential(100ms), instances: 2 } }
load: { users: { to: shop, arrivals: spike(20/s 120/s 20s 60s) } }
patterns: { scaler: { use: autoscaler, where: [shop], min: 2, max: 8 } }
compare: { A: { title: Without, without: [scaler] }, B: { title: With } }
`
    const runs = runsOf(runOf(scaled, { variant: 'A' }), runOf(scaled, { variant: 'B' }))
    const lanes = lanesOf(runs)
    const ready = lanes.find(({ name }) => name.endsWith(', ready'))!
    expect(ready.unit).toBe('instances')
    expect(ready.of.A).toBeUndefined()
    expect(ready.of.B!.capacity).toBeDefined()
    expect(lanes.some(({ name }) => name.endsWith(', metric'))).toBe(false)
    const { shown } = folded(lanes, 2)
    expect(shown.map(({ name }) => name)).toEqual(['shop', ready.name])
    expect(saturationSentence({ shown, rest: '' })).toContain('shop 100')
    const table = saturationTable(lanes, runs)!
    expect(table.columns).toContain(`${ready.name} B (instances)`)
    expect(table.rows[0]).toHaveLength(table.columns.length)
  })
})

describe('the difference', () => {
  it('is drawn on a scale that is the same on both sides of nothing', () => {
    expect(diverging(0, 10)).toBe(0)
    for (const size of [1, 2, 5, 10, 11, 400]) {
      expect(diverging(-size, 10)).toBe(-diverging(size, 10))
      expect(diverging(size, 10)).toBeLessThanOrEqual(1)
    }
    expect(diverging(1, 4000)).toBeGreaterThan(0.1)
    expect(diverging(3, 10)).toBeLessThan(diverging(4, 10))
  })

  it('sums up to the requests of both runs', () => {
    const { served, refused, failed } = outcomeDifference(a, b, wholeOf(a))
    const of = (run: VariantRun, ...metrics: string[]): number =>
      total(metrics.map((name) => total(run.total(name))))
    const both = (...metrics: string[]): number => of(b, ...metrics) - of(a, ...metrics)
    expect(total(served)).toBe(both('ok', 'slow', 'degraded'))
    expect(total(refused)).toBe(both('refused'))
    expect(total(failed)).toBe(both('failed'))
    const heat = heatDifference(a, b, wholeOf(a))
    expect(total(heat.deltas)).toBe(total(served))
    expect(heatTable(heat, a).rows.every((row) => row[3] !== 0)).toBe(true)
  })

  it('of a run and itself is nothing, and the words say how little one seed is', () => {
    const heat = heatDifference(a, a, wholeOf(a))
    expect(heat.deltas.every((delta) => delta === 0)).toBe(true)
    expect(heat.strongest).toBe(1)
    expect(heat.highest - heat.lowest).toBeGreaterThan(4)
    expect(heat.highest).toBeLessThan(HEAT.rows)
    for (const sentence of [
      heatSentence(heatDifference(a, b, wholeOf(a))),
      outcomeSentence(outcomeDifference(a, b, wholeOf(a))),
    ]) {
      expect(sentence).toMatch(/One seed: this is no proof\.$/)
    }
  })
})

describe.each(['dark', 'light'] as const)('the diverging scale in the %s theme', (theme) => {
  it.each(Object.keys(EYES))('tells more from less, and both from nothing, for %s eyes', (eye) => {
    const look = (name: string) => seen(token(name, theme), EYES[eye]!)
    const [more, less, none] = [look('more'), look('less'), look('panel')]
    /** Part of the way from nothing to the full colour. */
    const part = (full: typeof more, share: number) =>
      lab(
        [0, 1, 2].map(
          (at) => none[at]! + (full[at]! - none[at]!) * share,
        ) as unknown as typeof more,
      )
    expect(difference(lab(more), lab(less))).toBeGreaterThan(25)
    for (const full of [more, less]) expect(difference(lab(full), lab(none))).toBeGreaterThan(30)
    expect(difference(part(more, 0.3), part(less, 0.3))).toBeGreaterThan(8)
  })

  it('is as light on both sides, and can be seen', () => {
    const [more, less] = ['more', 'less'].map((name) => token(name, theme)) as [never, never]
    expect(Math.abs(lab(linear(more))[0] - lab(linear(less))[0])).toBeLessThan(6)
    for (const one of [more, less]) {
      expect(contrast(one, token('panel', theme))).toBeGreaterThanOrEqual(3)
    }
  })
})

describe('steps', () => {
  it('are level over their bins, and have gaps where there is no number', () => {
    const edges = [0, 10, 20, 30, 40]
    const heights = [5, 6, Number.NaN, 7]
    expect(stepLine(edges, (bin) => heights[bin]!)).toBe('M0,5H10V6H20M30,7H40')
    const area = stepArea(
      edges,
      () => 9,
      (bin) => heights[bin]!,
    )
    expect(area).toBe('M0,5H10V6H20V9H10V9H0ZM30,7H40V9H30Z')
  })
})

describe('the rows of the stack', () => {
  const look = (change: Partial<View> = {}): View => ({
    ...initialState(unchanged('x', '')).view,
    ...change,
  })
  const idsOf = (arrangement: Arrangement, change: Partial<View> = {}): string[] =>
    shownRows({ view: look(change) }, arrangement).map(({ id }) => id)

  it('are those of both variants in Compare, and of one in Run', () => {
    const compare = ['requests-a', 'requests-b', 'latency-a', 'latency-b', 'circuits', 'queue']
    expect(idsOf('compare')).toEqual(compare)
    const run = idsOf('run', { mode: 'run', side: 'B' })
    expect(run).toEqual(
      'requests-b latency-b cascade-b retries saturation circuits queue'.split(' '),
    )
    expect(idsOf('phone')).toEqual(expect.arrayContaining(['cascade-a', 'cascade-b', 'saturation']))
  })

  it('make room for the difference and for B over A', () => {
    const difference = idsOf('compare', { isDifference: true })
    expect(difference).toContain('latency-difference')
    expect(difference).toContain('outcomes-difference')
    expect(difference).not.toContain('latency-a')
    expect(difference).toContain('requests-a')
    const overlay = idsOf('compare', { isOverlay: true })
    expect(overlay[0]).toBe('served')
    expect(overlay).not.toContain('requests-b')
    expect(idsOf('run', { mode: 'run', isDifference: true })).not.toContain('latency-difference')
  })

  it('come and go as somebody chooses, for one arrangement alone; pinned ones are first', () => {
    const [first] = entriesOf(look(), 'compare')
    const change = { rows: { [first!.key]: false }, pinned: ['queue'] }
    expect(idsOf('compare', change).slice(0, 2)).toEqual(['queue', 'requests-b'])
    expect(idsOf('run', { ...change, mode: 'run' })).toContain('requests-a')
    const shown = entriesOf(look({ rows: { 'compare cascade-b': true } }), 'compare')
    expect(shown.filter(({ name, isOn }) => isOn && name === 'Cascade in B')).toHaveLength(1)
  })
})
