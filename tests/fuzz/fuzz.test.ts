/** A few drawn scenarios in every test run, and all that ever broke a law. `npm run -s fuzz` draws many more. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { patterns } from '../../engine/patterns/index.ts'
import { FAULT_VERBS } from '../../engine/scenario/schema/faults.ts'
import { unpackText } from '../../ui/pack.ts'
import { scenarioText } from './draw/scenario.ts'
import { hunt } from './hunt.ts'
import { judge } from './judge.ts'
import type { Law } from './laws/law.ts'
import { summary, told } from './report.ts'
import { sometimesOf } from './sometimes.ts'

/** Few, since every test run pays for them. */
const RUNS = 20

const kept = import.meta.glob<string>('./regressions/*.yaml', {
  eager: true,
  query: '?raw',
  import: 'default',
})

describe('drawn scenarios', () => {
  const { tally, quarry } = hunt({ runs: RUNS, seed: 20, most: 2, catalogue: patterns })

  it('break no law', async () => {
    expect(quarry === undefined ? 'nothing' : await told(quarry, 'unsaved')).toBe('nothing')
    expect(tally.runs).toBe(RUNS)
  })

  it('are taken by the reader, all but a few', () => {
    expect(tally.refused / tally.runs).toBeLessThan(0.2)
  })

  it('run: requests are served, fail, wait and are lost', () => {
    const seen = ['ok', 'failure timeout', 'failure error', 'abandoned', 'station hold', 'orphan']
    for (const what of seen) expect([what, tally.happened[what] ?? 0]).not.toEqual([what, 0])
  })

  it('are told with their figures', () => {
    const names = [...patterns.keys()]
    const text = summary(tally, { cpuSeconds: 2, names, sometimes: sometimesOf(patterns) })
    expect(text).toMatch(/^20 scenarios, 10\.0 a second of processor time, \d+ events each\n/)
    for (const name of names) expect(text).toContain(`  ${name} `)
  })
})

describe('the drawing', () => {
  const texts = fc.sample(scenarioText(patterns), { numRuns: 150, seed: 4 })
  const files = texts.map((text) => parse(text) as { patterns: object; faults: object[] })

  it('puts every component in: between a quarter and three quarters of the scenarios', () => {
    for (const name of patterns.keys()) {
      const share = files.filter((file) => `the-${name}` in file.patterns).length / files.length
      expect([name, share > 0.25 && share < 0.75]).toEqual([name, true])
    }
  })

  it('uses every verb of a fault', () => {
    const verbs = FAULT_VERBS.filter((verb) =>
      files.some(({ faults }) => faults.some((fault) => verb in fault)),
    )
    expect(verbs).toEqual(FAULT_VERBS)
  })

  it('is the same for the same seed', () => {
    expect(fc.sample(scenarioText(patterns), { numRuns: 5, seed: 4 })).toEqual(texts.slice(0, 5))
  })
})

/** A law that is false on purpose: it must be reported, or nothing would be. */
const canary: Law = {
  name: 'canary: nobody ever waits for nothing',
  check: ({ straight: { edges } }) =>
    Object.entries(edges).flatMap(([name, { timeouts }]) =>
      timeouts > 0 ? [`${name}: ${timeouts} timeouts`] : [],
    ),
}

describe('a law that does not hold', () => {
  const found = hunt({ runs: 100, seed: 1, catalogue: patterns, laws: [canary], shrinkFor: 2500 })

  it('is found, and its scenario gets small', () => {
    expect(found.quarry?.law).toBe(canary.name)
    const file = parse(found.quarry!.text) as { services: object; load: object; patterns: object }
    expect(Object.keys(file.services).length).toBeLessThanOrEqual(3)
    expect(Object.keys(file.patterns).length).toBeLessThanOrEqual(2)
    expect(judge(found.quarry!.text, { laws: [canary] }).events).toBe(0)
  })

  it('is told with a link that opens it on the page', async () => {
    const text = await told(found.quarry!, 'some.yaml')
    expect(text).toContain('npm run -s fuzz -- --file some.yaml')
    const packed = /#s=([^&]+)&n=fuzz/.exec(text)?.[1]
    expect(await unpackText(packed!)).toBe(found.quarry!.text)
  })
})

describe('what once broke a law', () => {
  it.each(Object.keys(kept))('%s holds', (path) => {
    const { broken, refusal } = judge(kept[path]!)
    expect([broken, refusal]).toEqual([undefined, undefined])
  })
})
