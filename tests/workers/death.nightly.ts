/**
 * How soon the loss of a worker is told and made good, with the patience of the page: the reason within a second (of one
 * that says nothing any more: within three), another worker within half a second, and the same result as ever.
 */
import { afterEach, expect, it } from 'vitest'
import { InProcess } from '../../workers/in-process.ts'
import { nodeMachine } from '../../workers/node-machine.ts'
import type { Pool } from '../../workers/pool.ts'
import { prepare } from '../../workers/prepare.ts'
import type { RunOutcome } from '../../workers/protocol.ts'
import { runAll } from '../../workers/runner.ts'
import { figures } from '../support/figures.ts'
import type { Grief } from './bad-worker.ts'
import { storm } from './files.ts'
import { badThreads, type Keeper, sharedNow } from './threads.ts'

/** Milliseconds until the reason is told, of a worker that can be heard to end, and of one that falls silent. */
const TOLD = 1000
const TOLD_OF_SILENCE = 3000
/** Milliseconds from then until the pool has as many workers as before. */
const REFILLED = 500
/** The new worker says its first word no later than a first worker, but for so much: the machine is busy now and then. */
const SLOWER = 3
const ROUNDS = 3

const SILENT = ['hang', 'sleep'] as const
const LOUD = ['throw', 'reject', 'overflow', 'uncaught', 'exit', 'memory', 'terminate'] as const
const print = figures(
  'worker',
  'told within',
  'refilled within',
  'first word of the new',
  'of the first',
)

const pools: Pool[] = []
afterEach(() => {
  for (const pool of pools.splice(0)) pool.close()
})

function bytes(outcome: RunOutcome): string {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome))
  return JSON.stringify(outcome.result)
}

/** One loss, and when what happened, ms. */
async function lose(grief: Grief) {
  const starts: number[] = []
  const words: number[] = []
  let [griefAt, toldAt] = [Infinity, Infinity]
  const keeper: Keeper = { onStart: (at) => starts.push(at), onGrief: (at) => void (griefAt = at) }
  const pool = await badThreads({ grief, bad: 1 }, 1, undefined, keeper)
  pools.push(pool)
  const outcome = await pool.run(storm(), {
    onTrouble: () => (toldAt = sharedNow()),
    onProgress: () => void (words[toldAt < Infinity ? 1 : 0] ??= sharedNow()),
  })
  expect(pool.workers).toBe(1)
  return {
    got: bytes(outcome),
    told: toldAt - griefAt,
    refilled: starts[1]! - toldAt,
    word: words[1]! - starts[1]!,
    firstWord: words[0]! - starts[0]!,
  }
}

it.each([...LOUD, ...SILENT])('%s', { timeout: 120_000 }, async (grief) => {
  const expected = bytes(await new InProcess(nodeMachine, prepare).run(storm()))
  const all: Awaited<ReturnType<typeof lose>>[] = []
  while (all.length < ROUNDS) all.push(await lose(grief))
  expect(all.map(({ got }) => got)).toEqual(Array(ROUNDS).fill(expected))
  const most = (what: 'told' | 'refilled' | 'word' | 'firstWord'): number =>
    Math.max(...all.map((loss) => loss[what]))
  const times = (['told', 'refilled', 'word', 'firstWord'] as const).map(most)
  print(grief, ...times.map((ms) => `${ms.toFixed(1)} ms`))
  const isSilent = SILENT.some((one) => one === grief)
  expect(most('told')).toBeLessThan(isSilent ? TOLD_OF_SILENCE : TOLD)
  expect(most('refilled')).toBeLessThan(REFILLED)
  expect(most('word')).toBeLessThan(most('firstWord') * SLOWER)
})

it('a batch comes to the same, whoever is lost on the way', { timeout: 120_000 }, async () => {
  const tasks = [1, 2, 3, 4, 5, 6].map((seed) => storm({ seed }))
  const expected = await runAll(new InProcess(nodeMachine, prepare), tasks)
  for (const grief of [...LOUD, ...SILENT]) {
    const pool = await badThreads({ grief, bad: 2 }, 2)
    pools.push(pool)
    const outcomes = await runAll(pool, tasks)
    expect(outcomes.map(bytes), grief).toEqual(expected.map(bytes))
    expect(pool.workers).toBe(2)
  }
})
