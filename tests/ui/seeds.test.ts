import { afterEach, describe, expect, it, vi } from 'vitest'
import { readScenario } from '../../engine/scenario/read.ts'
import type { RunTask } from '../../engine/run.ts'
import { compareCommand } from '../../ui/facts/seed-command.ts'
import { library } from '../../ui/library.ts'
import { judgeOf } from '../../ui/facts/judge.ts'
import { differenceWords, factorWords, sureness } from '../../ui/facts/seed-scores.ts'
import { completePairs, seedRow, type SeedSet } from '../../ui/facts/seed-set.ts'
import { intervalOf, summaryOf } from '../../ui/facts/seed-summary.ts'
import {
  differenceAxis,
  luck,
  luckWords,
  proportion,
  range,
  seedLine,
  sized,
} from '../../ui/facts/seed-words.ts'
import { metric } from '../../ui/facts/standing.ts'
import { Conductor } from '../../ui/conductor.ts'
import { RunStore, type Runs } from '../../ui/runs.ts'
import { runSeedsUnasked, runsSeedsUnasked, Seeds } from '../../ui/seeds.ts'
import { initialState, unchanged, type State } from '../../ui/state.ts'
import { Store } from '../../ui/store.ts'
import { differenceOf } from '../../ui/switches.ts'
import { InProcess } from '../../workers/in-process.ts'
import { nodeMachine } from '../../workers/node-machine.ts'
import { prepare } from '../../workers/prepare.ts'
import type { RunOutcome } from '../../workers/protocol.ts'
import type { RunOptions } from '../../workers/runner.ts'
import { call, file } from '../cli/sim.ts'

const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

/** Overload that a limit turns away; two runs take a few milliseconds. */
const SMALL = `
schema: 1
title: small
duration: 4s
seed: 3
services: { db: { concurrency: 2, queue: 40, work: exponential(20ms) } }
load: { users: { to: db, arrivals: poisson(130/s) } }
patterns:
  limit: { use: rate-limiter, where: [users -> db], rate: 60/s }
compare:
  A: { without: [limit] }
  B: {}
`

interface Asked {
  readonly task: RunTask
  readonly options: RunOptions
  end(outcome?: RunOutcome): Promise<void>
}

/** A page without a page; `auto` runs what is asked for at once, else the test says when. */
async function stage(text = SMALL, { auto = false, workers = 3 } = {}) {
  const asked: Asked[] = []
  const store = new Store<State>(initialState(unchanged('small', text)), () => {})
  const runs = new RunStore()
  const real = new InProcess(nodeMachine, prepare)
  const runner = {
    run(task: RunTask, options: RunOptions = {}): Promise<RunOutcome> {
      if (auto) return real.run(task, options)
      return new Promise((resolve) => {
        const end = async (outcome?: RunOutcome): Promise<void> => {
          resolve(outcome ?? (await real.run(task, { ...options, signal: undefined })))
          await settled()
        }
        asked.push({ task, options, end })
      })
    },
  }
  const reader = {
    read: (source: string | Uint8Array, name: string, patch = {}) =>
      Promise.resolve(readScenario(source, name, patch)),
  }
  const conductor = new Conductor(store, runs, runner, reader)
  const seeds = new Seeds(store, runs, conductor, runner, workers)
  conductor.sync()
  await settled()
  return { asked, store, runs, seeds }
}

/** Lets promises settle. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Waits until nothing is under way and so many pairs are complete. */
async function complete(runs: RunStore, pairs: number): Promise<SeedSet> {
  for (let turn = 0; turn < 2000; turn++) {
    if (completePairs(runs.seeds).length >= pairs && !runs.seeds!.isRunning) return runs.seeds!
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`only ${completePairs(runs.seeds).length} pairs came`)
}

afterEach(() => void vi.unstubAllGlobals())

const seedsOf = (asked: readonly Asked[]) => asked.map(({ task }) => [task.variant, task.seed])

describe('a row of seeds', () => {
  it('begins with the seed of the file and stays while one goes from seed to seed', () => {
    const row = seedRow('7', '7', 20)
    expect([row[0], row.at(-1), row.length]).toEqual(['7', '26', 20])
    expect(seedRow('12', '7', 20)).toEqual(row)
    expect(seedRow('12', '7', 40).slice(0, 20)).toEqual(row)
    expect(seedRow('27', '7', 20)[0]).toBe('27')
    expect(seedRow('30', '7', 20)[0]).toBe('27')
  })

  it('has the given seed in it, whatever it is', () => {
    for (const [seed, file_] of [
      ['3', '7'],
      ['monday', '7'],
      ['7', 'monday'],
      ['monday-5', 'monday'],
      ['-4', '7'],
      ['9007199254740991', '7'],
    ] as const) {
      expect(seedRow(seed, file_, 20)).toContain(seed)
      expect(new Set(seedRow(seed, file_, 60)).size).toBe(60)
    }
    expect(seedRow('monday-5', 'monday', 20)[0]).toBe('monday')
  })
})

describe('other seeds', () => {
  it('wait until both runs are done, and leave one worker free', async () => {
    const { asked, runs } = await stage()
    expect(seedsOf(asked)).toEqual([
      ['A', undefined],
      ['B', undefined],
    ])
    await asked[0]!.end()
    expect(asked).toHaveLength(2)
    await asked[1]!.end()
    expect(seedsOf(asked.slice(2))).toEqual([
      ['A', 4],
      ['B', 4],
    ])
    expect(completePairs(runs.seeds).map(({ seed }) => seed)).toEqual(['3'])
    await asked[2]!.end()
    expect(seedsOf(asked.slice(4))).toEqual([['A', 5]])
    await asked[3]!.end()
    expect(completePairs(runs.seeds).map(({ seed }) => seed)).toEqual(['3', '4'])
    expect(asked.slice(2).every(({ options }) => options.onFrame === undefined)).toBe(true)
  })

  it('stop when the document changes, and what is known is not computed again', async () => {
    const { asked, store, runs } = await stage()
    await asked[0]!.end()
    await asked[1]!.end()
    await asked[2]!.end()
    await asked[3]!.end()
    const running = asked.slice(4)
    store.edit('switch', (draft) => {
      draft.switches.B = { limit: false }
    })
    expect(running.every(({ options }) => options.signal!.aborted)).toBe(true)
    for (const { end } of running) await end({ ok: false, why: 'cancelled', partial: undefined })
    const again = asked.slice(6)
    expect(seedsOf(again)).toEqual([['B', undefined]])
    expect(completePairs(runs.seeds)).toEqual([])
    await again[0]!.end()
    // A of seed 4 is known; what is missing is its B.
    expect(seedsOf(asked.slice(7))).toEqual([
      ['B', 4],
      ['A', 5],
    ])
  })

  it('are those of the row when another of its seeds is shown', async () => {
    const { store, runs } = await stage(SMALL, { auto: true })
    const before = await complete(runs, 20)
    store.edit('seed', (draft) => {
      draft.seed = '9'
    })
    const after = await complete(runs, 20)
    expect(after.current).toBe('9')
    expect(after.pairs.map(({ seed }) => seed)).toEqual(before.pairs.map(({ seed }) => seed))
    expect(after.pairs.map(({ A }) => A?.digest)).toEqual(before.pairs.map(({ A }) => A?.digest))
  })

  it('are none where nothing is compared', async () => {
    const { asked, runs } = await stage(SMALL.replace(/^compare:[^]*$/m, ''))
    for (const one of asked.splice(0)) await one.end()
    expect(asked).toEqual([])
    expect(completePairs(runs.seeds)).toHaveLength(1)
  })

  it('that are lost are left out', async () => {
    const { asked, runs } = await stage()
    await asked[0]!.end()
    await asked[1]!.end()
    await asked[2]!.end({ ok: false, why: 'problems', problems: [] })
    await asked[3]!.end()
    await asked[4]!.end()
    expect(seedsOf(asked.slice(2)).filter(([, seed]) => seed === 4)).toHaveLength(2)
    expect(completePairs(runs.seeds).map(({ seed }) => seed)).not.toContain('4')
  })

  it('come in as many as are asked for, up to 200', async () => {
    const { runs, seeds } = await stage(SMALL, { auto: true })
    await complete(runs, 20)
    seeds.more()
    expect((await complete(runs, 40)).pairs).toHaveLength(40)
    seeds.untilNarrow(true)
    const { pairs } = await complete(runs, 40)
    const interval = intervalOf(completePairs({ pairs }), (result) => metric(result, 'served'))!
    expect(interval.high - interval.low).toBeLessThan(0.04)
  }, 60_000)

  it('wait to be asked where somebody has chosen so', async () => {
    const words = new Map<string, string>()
    vi.stubGlobal('localStorage', {
      getItem: (name: string) => words.get(name) ?? null,
      setItem: (name: string, word: string) => words.set(name, word),
    })
    runSeedsUnasked(false)
    expect(runsSeedsUnasked()).toBe(false)
    const { asked, seeds, runs } = await stage()
    await asked[0]!.end()
    await asked[1]!.end()
    expect(asked).toHaveLength(2)
    expect(completePairs(runs.seeds).map(({ seed }) => seed)).toEqual(['3'])
    seeds.more()
    expect(seedsOf(asked.slice(2))).toEqual([
      ['A', 4],
      ['B', 4],
    ])
    expect(runs.seeds!.pairs).toHaveLength(20)
  })

  it('have the numbers of the command line', async () => {
    const { runs } = await stage(SMALL, { auto: true })
    const set = await complete(runs, 20)
    expect(set.command).toMatch(/ compare small\.yaml --seeds 20 --from 3$/)
    const path = file('small.yaml', SMALL)
    const { stdout } = await call([
      'compare',
      path,
      '--seeds',
      '20',
      '--from',
      '3',
      '--json',
      '--in-process',
    ])
    const { metrics } = JSON.parse(stdout) as {
      metrics: Record<string, { mean: Record<string, number>; difference: Record<string, unknown> }>
    }
    for (const name of ['served', 'refused', 'failed', 'p50', 'p99', 'events']) {
      const interval = intervalOf(completePairs(set), (result) => metric(result, name))
      expect(metrics[name]!.difference['B-A'], name).toMatchObject({ ...interval })
    }
  }, 60_000)
})

describe('the command for the same numbers', () => {
  const { name, text } = library.find((entry) => entry.name === 'retry-storm')!
  const opened = readScenario(text, name)
  if (!opened.ok) throw new Error('unreadable')
  const row = seedRow('7', '7', 20)
  const home = unchanged(name, text)
  const sim = 'npm run -s sim -- compare scenarios/retry-storm.yaml --seeds 20 --from 7'

  it('names file, seeds, switches and values', () => {
    expect(compareCommand(home, opened, row)).toBe(sim)
    const switches = { A: { retries: false }, B: { retries: false } }
    const set = { duration: '60s' }
    expect(compareCommand({ ...home, switches, set }, opened, row)).toBe(
      `${sim} --off retries --set 'duration=60s'`,
    )
  })

  it('is not given where no single one says it', () => {
    const switches = { A: {}, B: { breaker: false } }
    expect(compareCommand({ ...home, switches }, opened, row)).toBeUndefined()
    expect(compareCommand(home, opened, seedRow('monday', '7', 20))).toBeUndefined()
  })
})

describe('what seeds say', () => {
  it('is judged by the question of the runs on the screen', async () => {
    const { runs, store } = await stage(SMALL, { auto: true })
    const set = await complete(runs, 20)
    const { opened, document } = store.get()
    const shown: Runs = runs.view(opened, differenceOf(opened!, document))
    const judge = judgeOf(shown)!
    const summary = summaryOf(set, judge)
    expect(summary.n).toBe(20)
    const { A, B } = summary.marked
    expect(A.fine + A.limping + A.down).toBe(20)
    expect(B.fine + B.limping + B.down).toBe(20)
    expect(summary.differences.map(({ seed }) => seed)).toEqual(set.pairs.map(({ seed }) => seed))
    expect(plain(seedLine(shown))).toBe(
      `Seed 3. The same verdict holds in ${summary.same} of 20 seeds.`,
    )
    expect(plain(luckWords(shown)!)).toMatch(/95 % CI .* of 20 \(\d+ %, 95 % CI \d+–\d+ %\)\.$/)
    const first = { ...shown, seeds: { ...set, pairs: set.pairs.slice(0, 1) } }
    expect(seedLine(first)).toBe('1 seed (3).')
    expect(luckWords(first)).toBeUndefined()
    const none = summaryOf({ ...set, pairs: [] }, judge)
    expect(luck(none, { ...judge, about: 'recovery' }, shown)).toEqual([])
    expect(luck(none, { ...judge, about: 'measure' }, shown)).toEqual([])
  })

  it('has an interval for factors, too', async () => {
    const { runs } = await stage(SMALL, { auto: true })
    const pairs = completePairs(await complete(runs, 20))
    const read = (result: Parameters<typeof metric>[0]): number => metric(result, 'p99')
    const logs = pairs.map(({ A, B }) => Math.log(read(B) / read(A)))
    const { low, high } = sureness({ by: 'factor', read }, pairs)!
    const middle = Math.exp(logs.reduce((sum, one) => sum + one, 0) / logs.length)
    expect(low!).toBeLessThan(middle)
    expect(high!).toBeGreaterThan(middle)
    expect(low! * high!).toBeCloseTo(middle * middle, 6)
    expect(sureness({ by: 'factor', read }, pairs.slice(0, 4))).toBeUndefined()
  })

  it.each([
    [differenceWords(19.2, 48.3), '+19…+48'],
    [differenceWords(-44.2, -38.9), '−44…−39'],
    [differenceWords(-29, 42), '−29…+42'],
    [differenceWords(0, 2), '0…+2'],
    [differenceWords(2, 2), '+2.00'],
    [differenceWords(0, 0), ''],
    [differenceWords(-557, 1786), '−557…+1.8k'],
    [differenceWords(-5219, -5150), '−5.3k…−5.1k'],
    [differenceWords(29.04, 29.7), '+29…+30'],
    [differenceWords(-75.8, -74.81), '−76…−74'],
    [differenceWords(1.623, 1.851), '+1.6…+1.9'],
  ])('has the sign of every end of a difference: %o', ({ text }, expected) => {
    expect(text).toBe(expected)
  })

  it('keeps the digits that a short interval leaves out', () => {
    expect(differenceWords(-557, 1786).long).toBe('−557…+1,786')
    expect(differenceWords(-29, 42).long).toBeUndefined()
  })

  it.each([
    [factorWords(0.12, 1.1), '÷ 0.91–8.3'],
    [factorWords(0.12, 0.2), '÷ 5–8.3'],
    [factorWords(0.9, 2), '× 0.9–2'],
    [factorWords(1.5, 2), '× 1.5–2'],
    [factorWords(0.5, 0.5), '÷ 2'],
    [factorWords(1, 1), ''],
  ])('writes an interval of factors in the direction of the difference: %s', (said, expected) => {
    expect(plain(said)).toBe(expected)
  })

  it('names the unit of its axis', () => {
    const clause = '$ served'
    expect(differenceAxis({ unit: 'ms', clause })).toBe('B − A, milliseconds')
    expect(differenceAxis({ unit: 'share', clause })).toBe('B − A, points served')
    expect(differenceAxis({ unit: 'count', clause })).toBe('B − A, number')
  })

  it.each([
    [sized(34.6, 3.4), '35'],
    [sized(64.61, 0.15), '64.6'],
    [sized(0.0412, 0.004), '0.041'],
    [sized(-5235, 390), '−5,235'],
    [sized(0.01, 0.3), '0'],
    [range(31.2, 38.1, 3.4), '31–38'],
    [range(-2.4, 1.2, 1.8), '−2 to 1'],
    [plain(proportion(17, 20)), '85 %, 95 % CI 64–95 %'],
    [plain(proportion(0, 20)), '0 %, 95 % CI 0–16 %'],
  ])('has no more digits than it deserves: %s', (said, expected) => {
    expect(said).toBe(expected)
  })
})
