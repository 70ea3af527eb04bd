/** The sentence of every scenario of the library, as a person has read it. `UPDATE=1` writes them anew: read them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { patterns } from '../../engine/patterns/index.ts'
import { readScenario } from '../../engine/scenario/read.ts'
import { judgeOf, type Judge } from '../../ui/facts/judge.ts'
import { written } from '../../ui/facts/measure-words.ts'
import { seedLine } from '../../ui/facts/seed-words.ts'
import { learnSignals } from '../../ui/facts/signal-help.ts'
import { verdict } from '../../ui/facts/verdict.ts'
import { span } from '../../ui/format.ts'
import { loadLibrary } from '../../ui/library.ts'
import type { Runs } from '../../ui/runs.ts'
import { unchanged } from '../../ui/state.ts'
import { differenceOf, variantName } from '../../ui/switches.ts'
import { runOf } from './run-of.ts'

const library = await loadLibrary()

const file = new URL('./verdicts.json', import.meta.url)
const expected = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
const told: Record<string, string> = {}

/** Both runs of a scenario, as the page has them. */
function runsOf(name: string, text: string, seed?: number): Runs & { judge: Judge } {
  const opened = readScenario(text, name)
  if (!opened.ok) throw new Error(JSON.stringify(opened.errors))
  const [A, B] = (['A', 'B'] as const).map((side) =>
    runOf(text, { name, variant: variantName(opened.scenario, side), seed }),
  )
  const difference = differenceOf(opened, unchanged(name, text))
  const runs = { A: A!, B: B!, opened, difference, revision: 1 }
  return { ...runs, judge: judgeOf(runs)! }
}

function sentenceOf(runs: Runs): string {
  return verdict(runs)!
    .parts.map(({ text }) => text)
    .join('')
    .replaceAll('\u00a0', ' ')
}

beforeAll(() => learnSignals(patterns))

describe('the sentence about', () => {
  it.each(library.map(({ name, text }) => [name, text] as const))('%s', (name, text) => {
    const runs = runsOf(name, text)
    const sentence = sentenceOf(runs)
    told[name] = sentence
    expect(sentence).not.toMatch(/NaN|undefined|null|Infinity|never\b.*never|[$#]\s|\s\s|[–-] \./)
    expect(sentence).toMatch(/^\S.*: .*[.”]$/)
    expect(sentence.length).toBeLessThan(165)
    for (const number of numbersOf(runs)) expect(sentence).toContain(number)
    expect(seedLine(runs)).toBe(`1 seed (${runs.A!.layout.seed}).`)
    if (process.env.UPDATE === undefined) expect(sentence).toBe(expected[name])
  })

  it('every scenario stands in verdicts.json', () => {
    if (process.env.UPDATE !== undefined) writeFileSync(file, `${JSON.stringify(told, null, 2)}\n`)
    else
      expect(Object.keys(expected).toSorted()).toEqual(library.map(({ name }) => name).toSorted())
  })
})

/** What the sentence must say, read off the results. */
function numbersOf({ A, B, judge }: Runs & { judge: Judge }): string[] {
  const results = [A!.result!, B!.result!]
  const plain = (text: string): string => text.replaceAll('\u00a0', ' ')
  if (judge.about === 'recovery') {
    const times = results
      .map((result) => judge.standing(result))
      .filter(({ fate }) => fate === 'back')
    return times.map(({ recovery }) => plain(span(recovery)))
  }
  const { measure } = judge
  const values = results.map((result) => plain(written(measure.read(result), measure.unit)))
  return judge.about === 'same' ? values.slice(0, 1) : values
}

describe('another seed', () => {
  it('has another sentence, with its own numbers', () => {
    const { text } = library.find(({ name }) => name === 'crdt-likes')!
    const [first, second] = [7, 8].map((seed) => runsOf('crdt-likes', text, seed))
    expect(sentenceOf(first!)).not.toBe(sentenceOf(second!))
    for (const number of numbersOf(second!)) expect(sentenceOf(second!)).toContain(number)
    expect(seedLine(second!)).toBe('1 seed (8).')
  })
})

describe('a sentence', () => {
  it('says when both are the same run, of a file about recovering too', () => {
    const { name, text } = library.find((entry) => entry.name === 'retry-storm-minimal')!
    const { judge: _, ...runs } = runsOf(name, text)
    const same = { ...runs, A: runs.B, difference: { patterns: [], values: [] } }
    expect(sentenceOf(same)).toMatch(/back 2\.\d s after the fault\. A and B are the same run\.$/)
    expect(sentenceOf({ ...same, difference: runs.difference })).toMatch(
      /\. With a circuit breaker nothing changes\.$/,
    )
  })

  it('does not take a change of names for a gain: failures that turn into refusals help nobody', () => {
    const text = `
schema: 1
title: Turned away
duration: 20s
services: { db: { concurrency: 2, queue: 5, work: exponential(20ms) } }
load: { users: { to: db, arrivals: poisson(200/s) } }
patterns: { limit: { use: rate-limiter, where: [users -> db], rate: 95/s } }
compare: { A: { without: [limit] }, B: {} }
expect: ['mean(failed(A) - failed(B)) > 10% over 20 seeds']
`
    const runs = runsOf('turned-away', text)
    const { failed } = runs.A!.result!.requests
    expect(failed / runs.A!.result!.requests.offered).toBeGreaterThan(0.4)
    expect(sentenceOf(runs)).not.toMatch(/fail\. With/)
  })

  it('says in the same breath that fewer are served, where only those are faster', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const text = /```yaml\n([^]*?)```/.exec(readme)![1]!
    const runs = runsOf('one-slow-database', text)
    expect(sentenceOf(runs)).toMatch(
      /With a timeout: 31\.\d ms, but 7\.\d points fewer are served\.$/,
    )
    const tones = verdict(runs)!.parts.map(({ tone }) => tone ?? '')
    expect(tones).toEqual(['', 'bad', '', 'good', 'bad', ''])
    const swapped = { ...runs, A: runs.B, B: runs.A }
    expect(sentenceOf(swapped)).toMatch(/, but 7\.\d points more are served\.$/)
  })

  it('says so when nothing changes', () => {
    const text = `
schema: 1
title: Room enough
duration: 5s
services: { db: { concurrency: 50, work: exponential(2ms) } }
load: { users: { to: db, arrivals: poisson(50/s) } }
patterns: { limit: { use: rate-limiter, where: [users -> db], rate: 5000/s } }
compare: { A: { without: [limit] }, B: {} }
`
    expect(sentenceOf(runsOf('room', text))).toMatch(
      /^Room enough: .* served\. With a rate limiter (nothing changes|hardly anything changes)\.$/,
    )
  })
})
