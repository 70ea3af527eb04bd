/**
 * A worker of the page is lost, in every way there is: the page says so within a second (of one that says nothing any
 * more: within three), has another within half a second, and comes to the same digests as ever.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { InProcess } from '../../workers/in-process.ts'
import { nodeMachine } from '../../workers/node-machine.ts'
import { prepare } from '../../workers/prepare.ts'
import { runAll } from '../../workers/runner.ts'
import { type ServedApp, serveBuilt } from '../support/app.ts'
import { type EnginePage, ENGINES, openEngine } from '../support/engines.ts'
import { figures } from '../support/figures.ts'
import { type GriefLog, LOUD, type PageGrief, plantGrief, SILENT } from '../support/grief.ts'
import { root } from '../support/source.ts'

const NAME = 'retry-storm'
/** Milliseconds until the page says what has happened. */
const TOLD = 1000
const TOLD_OF_SILENCE = 3000
/** Milliseconds from the loss until there are as many workers as before. */
const REFILLED = 500
/** Less than the calls take that are under way in the storm. */
const LITTLE = '1MB'

const SAYS: Record<PageGrief, string> = {
  throw: 'threw: a wheel came off',
  reject: 'rejected: nobody waited for this',
  overflow: 'threw: ',
  uncaught: 'died: ',
  hang: 'hung: nothing was heard of the worker',
  sleep: 'hung: nothing was heard of the worker',
  close: 'hung: nothing was heard of the worker',
  terminate: 'hung: nothing was heard of the worker',
}

const print = figures('browser', 'worker', 'told after', 'next started after', 'and at work after')
let served: ServedApp
beforeAll(async () => {
  served = await serveBuilt(root)
  plantGrief(served.built)
}, 300_000)
afterAll(() => served.close())

/** Digests of both variants in Node. */
async function inNode(set: Record<string, string>): Promise<string[]> {
  const text = readFileSync(join(root, `scenarios/${NAME}.yaml`), 'utf8')
  const rest = { text, name: NAME, seed: undefined, off: [], on: [], inert: [] }
  const tasks = ['A', 'B'].map((variant) => ({ ...rest, variant, set, recording: 'none' as const }))
  const outcomes = await runAll(new InProcess(nodeMachine, prepare), tasks)
  return outcomes.map((each) => (each.ok ? each.result.digest : JSON.stringify(each)))
}

describe.each(ENGINES)('in $name', (engine) => {
  let page: EnginePage | undefined
  afterEach(async () => {
    await page?.close()
    page = undefined
  })

  /** Opens the page, and waits until both runs are done; answers their digests, and what was seen. */
  async function visit(grief: string, set: string): Promise<{ digests: string[]; log: GriefLog }> {
    page = await openEngine(engine)
    await page.goto(`${served.app}?grief=${grief}#s=${NAME}&set=${encodeURIComponent(set)}`)
    await page.waitFor('return document.body.dataset.digestA && document.body.dataset.digestB')
    const seen = await page.evaluate(
      `const { digestA, digestB } = document.body.dataset
       return JSON.stringify({ digests: [digestA, digestB], log: griefLog })`,
    )
    return JSON.parse(String(seen)) as { digests: string[]; log: GriefLog }
  }

  it.each([...LOUD, ...SILENT])('%s', { timeout: 120_000 }, async (grief) => {
    const { digests, log } = await visit(grief, 'duration=55s')
    const { griefAt = NaN, toldAt = NaN, said, started, born } = log
    const startedAt = started.find((at) => at > griefAt) ?? NaN
    const bornAt = born.find((at) => at > startedAt) ?? NaN
    const times = [toldAt - griefAt, startedAt - griefAt, bornAt - startedAt]
    print(engine.name, grief, ...times.map((ms) => `${Math.round(ms)} ms`))
    expect(digests).toEqual(await inNode({ duration: '55s' }))
    expect(said).toContain('was lost and started again')
    expect(said).toContain(SAYS[grief])
    const isSilent = SILENT.some((one) => one === grief)
    expect(toldAt - griefAt).toBeLessThan(isSilent ? TOLD_OF_SILENCE : TOLD)
    expect(startedAt - toldAt).toBeLessThan(REFILLED)
    if (!isSilent) expect(startedAt - griefAt).toBeLessThan(REFILLED)
  })

  it(
    'a run over its budget of memory says so, and keeps what it has',
    { timeout: 120_000 },
    async () => {
      const { digests, log } = await visit('', `budget.memory=${LITTLE}`)
      const { toldAt = NaN, said, ended } = log
      print(engine.name, 'budget', `${Math.round(toldAt - ended[0]!)} ms`, '', '')
      expect(said).toMatch(/ended before its time \(memory: .+\)/)
      expect(digests).toEqual(await inNode({ 'budget.memory': LITTLE }))
      expect(toldAt - ended[0]!).toBeLessThan(TOLD)
    },
  )
})
