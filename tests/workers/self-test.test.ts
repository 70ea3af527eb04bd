/** The golden runs: what is in the file, and that threads come to the same, however they are made to run. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ENGINE_VERSION } from '../../engine/run.ts'
import {
  type GoldenFile,
  goldenLine,
  goldenRun,
  type GoldenRun,
  spread,
} from '../../workers/golden.ts'
import { InProcess } from '../../workers/in-process.ts'
import { nodeMachine } from '../../workers/node-machine.ts'
import type { Pool } from '../../workers/pool.ts'
import { prepare } from '../../workers/prepare.ts'
import type { Runner } from '../../workers/runner.ts'
import { selfTest, type SelfTestWay } from '../../workers/self-test.ts'
import { GOLDEN_FILE, makeGolden, scenarioNames, textOf } from './golden-plan.ts'
import { threads } from './threads.ts'

if (process.env['UPDATE'] !== undefined || !existsSync(GOLDEN_FILE)) {
  writeFileSync(GOLDEN_FILE, `${JSON.stringify(makeGolden(), null, 2)}\n`)
}
const file = JSON.parse(readFileSync(GOLDEN_FILE, 'utf8')) as GoldenFile
const runs = file.runs.map(goldenRun)
const few = spread(runs, scenarioNames.length)

let pool: Pool
beforeAll(async () => {
  pool = await threads(2)
})
afterAll(() => pool.close())

/** Rows that did not pass. */
async function failed(golden: readonly GoldenRun[], way: SelfTestWay, runner: Runner = pool) {
  const rows = await selfTest({ runner, runs: golden, textOf, way })
  expect(rows.map(({ run }) => run)).toEqual(golden)
  return rows.filter(({ passed }) => !passed)
}

describe('the golden runs', () => {
  it('are 200 of this version of the engine, of every scenario, and five large ones', () => {
    expect(file.engine).toBe(ENGINE_VERSION)
    expect(new Set(file.runs).size).toBe(200)
    expect([...new Set(runs.map(({ name }) => name))].toSorted()).toEqual(scenarioNames.toSorted())
    expect(file.large).toHaveLength(5)
    for (const { events } of file.large.map(goldenRun)) expect(events).toBeGreaterThanOrEqual(1e7)
    expect(runs.map(goldenLine)).toEqual(file.runs)
  })

  it('of which a few are taken are of every scenario, with seeds of every kind', () => {
    expect(few.map(({ name }) => name)).toEqual(scenarioNames)
    const seeds = few.map(({ seed }) => seed)
    expect(seeds).toEqual(expect.arrayContaining(['7', '0', '007', 'a word', 'Ünïcödé 💥']))
  })
})

describe('a self-test', () => {
  const patient = { timeout: 300_000 }

  it(
    'passes in small slices, and in threads, watched, and held again and again',
    patient,
    async () => {
      const here = new InProcess(nodeMachine, prepare)
      expect(await failed(few, { slice: 997 }, here)).toEqual([])
      expect(await failed(few.slice(0, 4), { recording: true, pauses: true })).toEqual([])
    },
  )

  it('holds the runs when it says so', async () => {
    const [row] = await selfTest({ runner: pool, runs: [few[0]!], textOf, way: { pauses: true } })
    expect(row!.held).toBeGreaterThan(0)
    expect(row!.passed).toBe(true)
  })

  it('fails when a digest is another one, and says which came out', async () => {
    const [run] = few.toSorted((a, b) => a.events - b.events)
    for (const change of [{ digest: 'f' }, { outcomes: 'f' }, { seed: 'else' }, { events: 1 }]) {
      const here = new InProcess(nodeMachine, prepare)
      const [row] = await selfTest({ runner: here, runs: [{ ...run!, ...change }], textOf })
      expect(row!.passed).toBe(false)
      expect(row!.got).toMatch(/^[0-9a-f]{32}$/)
    }
  })

  it('says why there is no digest', async () => {
    const strange = { ...few[0]!, variant: 'Z' }
    const [row] = await selfTest({ runner: pool, runs: [strange], textOf })
    expect(row).toMatchObject({ passed: false, events: 0, got: expect.stringContaining('"Z"') })
  })
})
