import { describe, expect, it } from 'vitest'
import { patterns } from '../../engine/patterns/index.ts'
import { readScenario } from '../../engine/scenario/read.ts'
import { ANYTHING, difficulties, found, problems } from '../../ui/facts/finding.ts'
import { loadLibrary } from '../../ui/library.ts'
import { sparkOf, SparkMaker, type Sparks } from '../../ui/sparks.ts'
import type { RunOutcome } from '../../workers/protocol.ts'
import type { RunTask } from '../../engine/run.ts'
import type { RunOptions } from '../../workers/runner.ts'
import { runOf } from './run-of.ts'

const library = await loadLibrary()

const families = new Map([...patterns].map(([name, { family }]) => [name, family]))
const names = (asked: Partial<typeof ANYTHING>): string[] =>
  found(library, { ...ANYTHING, ...asked }, families).map(({ name }) => name)

describe('the library', () => {
  it.each(library.map((entry) => [entry.name, entry] as const))(
    'says what %s is about, as the reader reads it',
    (name, { text, title, question, tags }) => {
      const reading = readScenario(text, name)
      if (!reading.ok) throw new Error(JSON.stringify(reading.errors))
      const { scenario } = reading
      expect({ title, question, tags }).toEqual({
        title: scenario.title,
        question: scenario.question,
        tags: scenario.tags,
      })
      expect(text).toMatch(/^tags: \{ patterns: \[/m)
      expect(tags.problem).not.toBe('')
      expect(['beginner', 'intermediate', 'advanced']).toContain(tags.difficulty)
      const used = [...scenario.patterns, ...reading.off].map(({ use }) => use)
      expect(used).toEqual(expect.arrayContaining([...tags.patterns]))
    },
  )
})

describe('finding a scenario', () => {
  it('goes by family, problem, difficulty and words, all at once', () => {
    expect(names({})).toHaveLength(library.length)
    expect(names({ family: 'coordination' })).toEqual(['the-lock-that-wasnt', 'travel-booking'])
    expect(names({ difficulty: 'beginner', words: 'retry storm' })).toEqual([
      'retry-storm',
      'retry-storm-minimal',
    ])
    expect(names({ problem: 'cascading failure', words: 'fifteen-second' })).toEqual([
      'retry-storm',
    ])
    expect(names({ family: 'scaling', words: 'circuit' })).toEqual([])
  })

  it('knows patterns by their names as people write them', () => {
    expect(names({ words: 'rate limiter' })).toContain('noisy-neighbour')
  })

  it('offers what there is, from easy to hard', () => {
    expect(difficulties(library)).toEqual(['beginner', 'intermediate', 'advanced'])
    expect(problems(library)).toContain('cascading failure')
    expect(problems(library)).not.toContain('')
  })
})

/** Both halves of a small system that breaks in the middle. */
const { result } = runOf(`
schema: 1
title: half
duration: 10s
services: { db: { concurrency: 4, work: constant(1ms) } }
load: { users: { to: db, arrivals: constant(100/s), timeout: 100ms } }
faults: [{ at: 5s, for: 5s, pause: db }]
`)

describe('a spark', () => {
  it('is the run in small: shares of what ended, and the share that was served', () => {
    const { slivers, served } = sparkOf(result!)
    expect(slivers).toHaveLength(45)
    expect(slivers[5]).toEqual({ served: 1, refused: 0, failed: 0 })
    expect(slivers[40]).toEqual({ served: 0, refused: 0, failed: 1 })
    const { ok, degraded, offered } = result!.requests
    expect(served).toBe((ok + degraded) / offered)
  })

  it('is computed once, one at a time, and not for a gallery that was closed', async () => {
    const { maker, asked, finish } = kitchen()
    const [first, second] = library.filter(({ name }) => /cache-st|noisy/.test(name))
    const told: Sparks[] = []
    const tell = (sparks: Sparks): void => void told.push(sparks)
    maker.ask(first!, tell)
    maker.ask(second!, tell)
    await settled()
    expect(asked).toEqual(['cache-stampede A'])
    await finish()
    await finish()
    expect(told).toEqual([{ A: sparkOf(result!), B: sparkOf(result!) }])
    expect(asked).toEqual(['cache-stampede A', 'cache-stampede B', 'noisy-neighbour A'])
    maker.stop()
    await settled()
    maker.ask(first!, tell)
    expect(told).toHaveLength(2)
    expect(asked).toHaveLength(3)
    maker.ask(second!, tell)
    await settled()
    expect(asked.at(-1)).toBe('noisy-neighbour A')
  })
})

/** A maker of sparks whose runs end when they are told to. */
function kitchen() {
  const asked: string[] = []
  let end: (outcome: RunOutcome) => void = () => {}
  const run = ({ name, variant }: RunTask, { signal }: RunOptions = {}): Promise<RunOutcome> =>
    new Promise((resolve) => {
      asked.push(`${name} ${variant}`)
      end = resolve
      signal?.addEventListener('abort', () =>
        resolve({ ok: false, why: 'cancelled', partial: undefined }),
      )
      if (signal?.aborted) resolve({ ok: false, why: 'cancelled', partial: undefined })
    })
  const maker = new SparkMaker({ run }, () => Promise.resolve(undefined))
  const finish = (): Promise<void> => {
    end({ ok: true, result: result!, warnings: [], cpuMs: 1 })
    return settled()
  }
  return { maker, asked, finish }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5))
}
