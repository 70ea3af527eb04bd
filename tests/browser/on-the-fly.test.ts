/** A new pattern is one new file: schema, command line, catalogue and page find it with no other file touched. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build, preview } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPage } from '../support/browser.ts'

const run = promisify(execFile)
const here = new URL('../../', import.meta.url).pathname
const NEW_PATTERN = `
import { component } from '../../component.ts'
import { duration, ratio } from '../../params.ts'
import { counter } from '../../signals.ts'

export default component({
  name: 'coin-toss',
  family: 'resilience',
  at: ['client'],
  about: 'Refuses a share of all calls by the toss of a coin.',
  source: 'a test',
  tradeOff: 'load on the callee vs calls refused',
  order: 450,
  params: {
    unluckyShare: ratio(0.25, 'Share of calls the coin refuses'),
    landingTime: duration('3ms', 'How long the coin is in the air'),
  },
  inert: { unluckyShare: 0 },
  signals: { tails: counter('Calls the coin refused') },
  create({ params, signals: { tails }, chance }) {
    const coin = chance('coin')
    return {
      onCall(call) {
        if (coin.forCall(call) >= params.unluckyShare) return call.pass()
        tails.add()
        return call.fail('refused')
      },
    }
  },
})
`
const SCENARIO = `
schema: 1
title: Coin
question: Does the coin refuse a quarter?
about: A coin.
tags: { patterns: [coin-toss], problem: chance, difficulty: beginner }
duration: 20s
seed: 7
services: { shop: { concurrency: 50, work: exponential(2ms) }, db: { concurrency: 50, work: exponential(2ms) } }
load: { users: { to: shop, arrivals: poisson(200/s) } }
patterns: { coin: { use: coin-toss, where: [users -> shop] } }
compare: { A: { title: Without, without: [coin] }, B: { title: With } }
`

describe('a component file added on the fly', () => {
  let copy = ''

  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), 'faultline-new-'))
    for (const room of ['engine', 'scenarios', 'ui', 'workers', 'cli', 'tests', 'docs'])
      await cp(join(here, room), join(copy, room), { recursive: true })
    for (const file of [
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'vite.config.ts',
      'scenario.schema.json',
      '.prettierrc',
    ])
      await cp(join(here, file), join(copy, file))
    await symlink(join(here, 'node_modules'), join(copy, 'node_modules'))
    await writeFile(join(copy, 'engine/patterns/resilience/coin-toss.ts'), NEW_PATTERN)
    await writeFile(join(copy, 'coin.yaml'), SCENARIO)
  })
  afterAll(() => rm(copy, { recursive: true, force: true }))

  const sim = async (...words: string[]) =>
    (await run('node', ['cli/sim.mjs', ...words], { cwd: copy, maxBuffer: 1e8 })).stdout

  it('is in the catalogue and the help of the command line', async () => {
    const help = await sim('patterns', 'coin-toss')
    expect(help).toContain('unluckyShare')
    expect(help).toContain('Share of calls the coin refuses')
    expect(await sim('patterns')).toContain('coin-toss')
  })

  it('works in a scenario', async () => {
    const { variants } = JSON.parse(await sim('run', 'coin.yaml', '--json'))
    expect(variants.A.requests.failedFast).toBe(0)
    const { failedFast, offered } = variants.B.requests
    expect(failedFast / offered).toBeGreaterThan(0.2)
    expect(failedFast / offered).toBeLessThan(0.3)
  })

  it('is refused with a way out when misspelt', async () => {
    await writeFile(join(copy, 'bad.yaml'), SCENARIO.replace('use: coin-toss', 'use: coin-tos'))
    const failure = await sim('validate', 'bad.yaml').catch(
      (error: { stderr: string; code: number }) => error,
    )
    expect(failure).toMatchObject({ code: 2 })
    expect((failure as { stderr: string }).stderr).toContain('coin-toss')
  })

  it('is in the published schema and the format reference', async () => {
    const words = [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--project',
      'node',
      'tests/engine/scenario/generated.test.ts',
    ]
    await run('node', words, { cwd: copy, env: { ...process.env, UPDATE: '1' }, maxBuffer: 1e8 })
    expect(await readFile(join(copy, 'scenario.schema.json'), 'utf8')).toContain('unluckyShare')
    expect(await readFile(join(copy, 'docs/scenario-format.md'), 'utf8')).toContain(
      'How long the coin is in the air',
    )
  })

  it('has its controls on the page', async () => {
    const shared = {
      root: join(copy, 'ui'),
      configFile: join(copy, 'vite.config.ts'),
      logLevel: 'error' as const,
      build: { outDir: join(copy, 'dist'), emptyOutDir: true },
    }
    await build(shared)
    const server = await preview({ ...shared, preview: { host: '127.0.0.1', port: 4373 } })
    const address = server.httpServer.address() as { port: number }
    const opened = await openPage()
    try {
      const { page } = opened
      await page.goto(`http://127.0.0.1:${address.port}/`)
      await page
        .getByRole('button', { name: /all \d+ patterns/ })
        .first()
        .click()
      await page.getByText('Coin toss').click()
      await page.getByText('Share of calls the coin refuses').waitFor({ timeout: 20_000 })
      await page.getByText('How long the coin is in the air').waitFor({ timeout: 20_000 })
    } finally {
      await opened.close()
      await server.close()
    }
  })
})
