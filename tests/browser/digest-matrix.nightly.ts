/**
 * The digest matrix: `npm run -s selftest`. First every golden run on every engine (and those of ten million events);
 * then twenty of them with everything changed that must change nothing.
 */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { patterns } from '../../engine/patterns/index.ts'
import { Replay } from '../../engine/replay.ts'
import { readTask } from '../../engine/scenario/read.ts'
import { type GoldenFile, goldenRun, goldenTask, spread } from '../../workers/golden.ts'
import { InProcess } from '../../workers/in-process.ts'
import { nodeMachine } from '../../workers/node-machine.ts'
import { prepare } from '../../workers/prepare.ts'
import { selfTest, type SelfTestWay } from '../../workers/self-test.ts'
import { type ServedApp, serveBuilt } from '../support/app.ts'
import { ENGINES, openEngine } from '../support/engines.ts'
import { figures, inSeconds } from '../support/figures.ts'
import { failuresOf, type SelfTestResult, selfTestIn } from '../support/self-test-page.ts'
import { root } from '../support/source.ts'
import { GOLDEN_FILE, textOf } from '../workers/golden-plan.ts'
import { threads } from '../workers/threads.ts'

const file = JSON.parse(readFileSync(GOLDEN_FILE, 'utf8')) as GoldenFile
const ALL = file.runs.length
const TWENTY = spread(file.runs.map(goldenRun), 20)
const MINUTES = 60_000
const LONG = 30 * MINUTES

/** Half an hour off the hour, and a language whose small I is another letter. */
const ELSEWHERE = { TZ: 'Asia/Kolkata', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }

const print = figures('engine', 'what', 'runs', 'same', 'events', 'time')
let served: ServedApp
beforeAll(async () => {
  served = await serveBuilt(root)
})
afterAll(() => served.close())

function judge(where: string, what: string, result: SelfTestResult): void {
  const failures = failuresOf(result)
  const { length } = result.rows
  const events = `${(result.events / 1e6).toFixed(1)}M`
  print(where, what, length, length - failures.length, events, inSeconds(result.took))
  expect(failures).toEqual([])
  expect(result.passed).toBe(true)
}

/** The command line's self-test in a Node of its own. */
function inNode(flags: string[], args: string[], env: NodeJS.ProcessEnv = {}) {
  const command = [...flags, 'cli/sim.mjs', 'selftest', '--json', ...args]
  const options = { cwd: root, maxBuffer: 1e9, env: { ...process.env, ...env } }
  return new Promise<SelfTestResult>((resolve, reject) => {
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      if (error && error.code !== 1) return reject(new Error(`${error.message}\n${stderr}`))
      const result = JSON.parse(stdout) as SelfTestResult
      resolve({ ...result, events: result.rows.reduce((sum, row) => sum + row.events, 0) })
    })
  })
}

describe('every golden run', () => {
  it('in threads of Node', { timeout: LONG }, async () => {
    judge('Node', `all ${ALL}, and the large ones`, await inNode([], ['--large']))
  })

  it('in Node without a compiler', { timeout: LONG }, async () => {
    judge('Node --jitless', '20 of them', await inNode(['--jitless'], ['--runs', '20']))
  })

  it.each(ENGINES)('in $name', { timeout: LONG }, async (engine) => {
    const page = await openEngine(engine)
    try {
      const fragment = `runs=${ALL}&large&workers=2`
      judge(
        engine.name,
        `all ${ALL}, and the large ones`,
        await selfTestIn(page, served.app, fragment, LONG),
      )
    } finally {
      await page.close()
    }
  })
})

describe('what must change nothing, in Node', () => {
  const ways: readonly (readonly [workers: number, way: SelfTestWay])[] = [1, 2, 4].flatMap(
    (workers) =>
      [7, 4096, 1e6].flatMap((slice) => [
        [workers, { slice, recording: false }] as const,
        [workers, { slice, recording: true }] as const,
      ]),
  )

  it.each(ways)('%d workers, %j', { timeout: LONG }, async (workers, way) => {
    const what = `${workers} workers, slices of ${way.slice}, ${way.recording ? '' : 'not '}recorded`
    judge('Node', what, await inThreads(workers, way))
  })

  it('slices of a single event', { timeout: LONG }, async () => {
    judge('Node', 'slices of 1', await inThreads(2, { slice: 1 }))
  })

  it('held again and again', { timeout: LONG }, async () => {
    const result = await inThreads(2, { slice: 2000, recording: true, pauses: true })
    judge('Node', `held ${result.rows.reduce((sum, { held }) => sum + held, 0)} times`, result)
  })

  it('gone through back and forth, and step by step', { timeout: LONG }, () => {
    judge('Node', 'seek and step', sought())
  })

  it('again after another run in the same thread: A, B, A', { timeout: LONG }, async () => {
    const runner = new InProcess(nodeMachine, prepare)
    const runs = TWENTY.flatMap((run, at) => [run, TWENTY[(at + 1) % TWENTY.length]!, run])
    const begun = performance.now()
    const rows = await selfTest({ runner, runs, textOf })
    judge('Node', 'A, B, A', resultOf(rows, begun))
  })

  it('another place and time on earth', { timeout: LONG }, async () => {
    judge('Node', 'Kolkata, in Turkish', await inNode([], ['--runs', '20'], ELSEWHERE))
  })
})

describe('what must change nothing, in browsers', () => {
  const FRAGMENTS = [
    'workers=1&slice=7',
    'workers=2&slice=4096&recording',
    'workers=4&slice=1000000',
    'workers=4&slice=7&recording',
    'workers=2&slice=2000&recording&pauses',
    'seek',
  ]
  it.each(ENGINES)('$name', { timeout: LONG }, async (engine) => {
    const page = await openEngine(engine)
    try {
      for (const fragment of FRAGMENTS) {
        const result = await selfTestIn(page, served.app, `runs=20&${fragment}`, LONG)
        judge(engine.name, fragment, result)
      }
    } finally {
      await page.close()
    }
  })
})

describe('another place and time on earth, in browsers', () => {
  const here = { ...process.env }
  afterEach(() => {
    for (const name of Object.keys(ELSEWHERE)) delete process.env[name]
    Object.assign(process.env, here)
  })

  it.each(ENGINES)('$name', { timeout: LONG }, async (engine) => {
    Object.assign(process.env, ELSEWHERE)
    const page = await openEngine(engine)
    try {
      const result = await selfTestIn(page, served.app, 'runs=20&workers=2', LONG)
      expect(await page.evaluate('return new Date().getTimezoneOffset()')).toBe(-330)
      judge(engine.name, 'Kolkata, in Turkish', result)
    } finally {
      await page.close()
    }
  })
})

async function inThreads(workers: number, way: SelfTestWay): Promise<SelfTestResult> {
  const runner = await threads(workers)
  const begun = performance.now()
  const rows = await selfTest({ runner, runs: TWENTY, textOf, way })
  runner.close()
  return resultOf(rows, begun)
}

function resultOf(rows: SelfTestResult['rows'], begun: number): SelfTestResult {
  const took = performance.now() - begun
  const events = rows.reduce((sum, row) => sum + row.events, 0)
  return { passed: rows.every((row) => row.passed), engine: file.engine, took, events, rows }
}

/** Every run forward, back, by single steps both ways, and then to the end. */
function sought(): SelfTestResult {
  const begun = performance.now()
  const rows = TWENTY.map((run) => {
    const read = readTask(goldenTask(run, textOf(run.name), 'none'))
    if (!read.ok) throw new Error(read.errors[0]?.message)
    const { scenario } = read
    const options = { seed: scenario.seed, catalogue: patterns, spacing: 5000 }
    const replay = new Replay(scenario, options)
    const third = Math.floor(run.events / 3)
    for (const number of [third * 2, third, run.events - 1]) replay.seekEvent(number)
    for (let step = 0; step < 20; step++) replay.stepBack()
    for (let step = 0; step < 35; step++) replay.fire()
    replay.seekTime(scenario.duration * 0.4)
    replay.fire()
    replay.seekTime(scenario.duration)
    const { digests, events } = replay
    const passed = digests.events === run.digest && digests.outcomes === run.outcomes
    return { run, passed, got: digests.events, events, held: 0 }
  })
  return resultOf(rows, begun)
}
