/** The page and the command line come to the same, to the last event. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { InProcess } from '../../workers/in-process.ts'
import { nodeMachine } from '../../workers/node-machine.ts'
import { prepare } from '../../workers/prepare.ts'
import { runAll } from '../../workers/runner.ts'
import { findFirefox, launchFirefox, openPage, pageIn, type OpenPage } from '../support/browser.ts'
import { absent } from '../support/engines.ts'
import { root } from '../support/source.ts'

const NAME = 'retry-storm'
const SEEDS = ['7', 'a word']
const SHORT = '40s'

/** Digests of both variants in Node, for every seed. */
async function inNode(): Promise<string[][]> {
  const text = readFileSync(join(root, `scenarios/${NAME}.yaml`), 'utf8')
  const none = { off: [], on: [], inert: [], recording: 'none' } as const
  const tasks = SEEDS.flatMap((seed) =>
    ['A', 'B'].map((variant) => ({
      text,
      name: NAME,
      variant,
      seed,
      set: { duration: SHORT },
      ...none,
    })),
  )
  const outcomes = await runAll(new InProcess(nodeMachine, prepare), tasks)
  const digests = outcomes.map((each) => (each.ok ? each.result.digest : JSON.stringify(each)))
  return SEEDS.map((_, at) => digests.slice(at * 2, at * 2 + 2))
}

/** Digests that the page shows once both of its runs are complete. */
async function onPage({ page, close }: OpenPage): Promise<string[][]> {
  const digests: string[][] = []
  for (const seed of SEEDS) {
    const link = `s=${NAME}&seed=${encodeURIComponent(seed)}&set=duration%3D${SHORT}`
    await page.goto('about:blank')
    await page.goto(`${inject('app')}#${link}`)
    const body = page.locator('body[data-digest-a][data-digest-b]')
    await body.waitFor({ timeout: 50_000 })
    digests.push([
      (await body.getAttribute('data-digest-a'))!,
      (await body.getAttribute('data-digest-b'))!,
    ])
  }
  await close()
  return digests
}

const expected = inNode()

it('in Chromium', async () => {
  const page = await openPage()
  expect(await onPage(page)).toEqual(await expected)
  expect(page.errors).toEqual([])
})

it('in Firefox', async (test) => {
  const browser = await launchFirefox(findFirefox() ?? absent('Firefox', test))
  try {
    expect(await onPage(await pageIn(browser))).toEqual(await expected)
  } finally {
    await browser.close()
  }
})
