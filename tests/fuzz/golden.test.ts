/**
 * Drawn scenarios come to what they came to: every number of their results, every point of their curves, the causes
 * of their troubles, the ways of their requests, what the reader says of them when a word in them is wrong, and what
 * becomes of them when a machine changes them. A change that is meant to change some of it is to be looked at, then
 * `UPDATE=1 npx vitest run --project node tests/fuzz/golden.test.ts` takes it in.
 */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CauseFinder } from '../../engine/causes.ts'
import { hashText } from '../../engine/core/hash.ts'
import { patterns } from '../../engine/patterns/index.ts'
import { METRICS } from '../../engine/results/metrics.ts'
import type { VariantResult } from '../../engine/results/result.ts'
import { readScenario } from '../../engine/scenario/read.ts'
import type { Scenario } from '../../engine/scenario/scenario.ts'
import { scenarioText } from './draw/scenario.ts'
import { fingerprint, kept } from '../support/kept.ts'
import { edited } from './golden/editing.ts'
import { lookedUp } from './golden/looking.ts'
import { runOf } from './laws/law.ts'

const FILE = new URL('golden.json', import.meta.url)
/** Scenarios; a part of them is refused. */
const RUNS = 600
/** Every so many-th is asked for its causes, edited, looked at from all sides. */
const CAUSES = 3
const EDITED = 3
const LOOKED = 15

const texts = fc.sample(scenarioText(patterns), { numRuns: RUNS, seed: 11 })

/** What the reader says of a text. */
function readingOf(text: string) {
  const read = readScenario(text, 'golden')
  return read.ok ? { off: read.off, warnings: read.warnings } : { ...read }
}

/** The text with one of its words replaced. */
function spoilt(text: string): string {
  const words = [...text.matchAll(/[\w.%/#-]+/g)]
  const word = words[hashText(text) % words.length]!
  return `${text.slice(0, word.index)}zz9${text.slice(word.index + word[0].length)}`
}

/** All that a run tells. */
function runningOf(scenario: Scenario) {
  const run = runOf(scenario, true)
  const result = run.finish()
  const { values, transitions } = run.frame(true)
  const curves = createHash('sha256').update(values).digest('hex')
  return { result, curves, transitions: [...transitions], metrics: metricsOf(result) }
}

/** The numbers that take no arguments, or those of the first service and edge. */
function metricsOf(result: VariantResult): number[] {
  const [service] = Object.keys(result.services)
  const [edge] = Object.keys(result.edges)
  const signals = Object.entries(result.signals).flatMap(([unit, known]) =>
    Object.entries(known).map(([name, { seconds }]) => ({ path: `${unit}.${name}`, seconds })),
  )
  const signal = signals.find(({ seconds }) => seconds !== undefined) ?? signals[0]
  const known = {
    service,
    edge,
    time: 500,
    window: { from: 200, until: 900 },
    class: Object.keys(result.classes ?? {})[0] ?? '',
    signal: signal?.path ?? '',
    state: Object.keys(signal?.seconds ?? {}).at(-1) ?? '',
  } as const
  return METRICS.filter(({ args }) => args.every(({ kind }) => kind in known)).map(
    ({ args, compute }) =>
      compute(
        result,
        args.map(({ kind }) => known[kind as keyof typeof known]),
      ),
  )
}

function causesOf(scenario: Scenario) {
  const finder = new CauseFinder(scenario, { seed: scenario.seed, catalogue: patterns })
  return [...finder.finish()]
}

/** A line of the golden file: what was drawn, what is said of it, what it came to. */
function lineOf(text: string, at: number): string {
  const read = readScenario(text, 'golden')
  const says = fingerprint([
    readingOf(text),
    readingOf(spoilt(text)),
    at % EDITED === 1 && edited(text),
  ])
  if (!read.ok) return `${fingerprint(text)} ${says} refused`
  const causes = at % CAUSES === 0 ? ` ${fingerprint(causesOf(read.scenario))}` : ''
  const looked = at % LOOKED === 0 ? ` ${fingerprint(lookedUp(read.scenario))}` : ''
  return `${fingerprint(text)} ${says} ${fingerprint(runningOf(read.scenario))}${causes}${looked}`
}

it('drawn scenarios come to what they came to', () => {
  const lines = texts.map((text, at) => lineOf(text, at))
  const golden = kept(FILE, lines)
  const parted = lines.findIndex((line, at) => line !== golden[at])
  expect(parted < 0 ? [] : [lines[parted], texts[parted]]).toEqual(
    parted < 0 ? [] : [golden[parted], texts[parted]],
  )
  expect(golden).toHaveLength(RUNS)
}, 300_000)
