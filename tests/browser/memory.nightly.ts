/** Files that could fill the memory do not: no tab crashes, and its process stays below 1.5 GiB. */
import { chromium, type Browser } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ServedApp, serveBuilt } from '../support/app.ts'
import { READ, REFUSED } from '../support/bad-inputs.ts'
import { findChromium, type OpenPage, pageIn } from '../support/browser.ts'
import { figures } from '../support/figures.ts'
import { mostMemory } from '../support/renderer.ts'
import { root } from '../support/source.ts'
import { digestsAfter, digestsOf, dropFile } from '../support/visit.ts'

const MEBIBYTE = 1024 * 1024
const MOST = 1536 * MEBIBYTE
/** Rows of the corpus that are about memory: what is refused, and what is read and run. */
const HEAVY = ['B28', 'B41', 'B42', 'B43', 'B44', 'B45', 'B45-json', 'B46', 'B56', 'B57']
const RUN = ['B56-run', 'B58']
/** Ten thousand calls a second that nobody ever answers: it ends where its budget of memory does. */
const ENDLESS = `schema: 1
services:
  api: { concurrency: 1, queue: unbounded, work: 100s }
load:
  users: { to: api, arrivals: poisson(10000/s) }
duration: 1h
`

const print = figures('file', 'most memory of the process')
let served: ServedApp
let browser: Browser
let open: OpenPage
let crashes = 0
beforeAll(async () => {
  served = await serveBuilt(root)
  const { executablePath, args } = await findChromium()
  browser = await chromium.launch({ executablePath, args: [...args] })
  open = await pageIn(browser)
  open.page.on('crash', () => crashes++)
  await open.page.goto(`${served.app}#s=retry-storm-minimal&set=duration%3D10s`)
  await digestsOf(open.page)
}, 300_000)
afterAll(async () => {
  await browser.close()
  await served.close()
})

/** Does something and says how much memory it took at most. */
async function within(name: string, happens: () => Promise<unknown>): Promise<void> {
  const { bytes } = await mostMemory(browser, happens)
  print(name, `${Math.round(bytes / MEBIBYTE)} MiB`)
  expect(bytes).toBeGreaterThan(0)
  expect(bytes).toBeLessThan(MOST)
  expect(crashes).toBe(0)
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

it.each(REFUSED.filter(({ name }) => HEAVY.includes(name)))('$name', async ({ name, bytes }) => {
  const { page } = open
  await within(name, async () => {
    await dropFile(page, `${name}.yaml`, text(bytes))
    await page.getByText(`${name}.yaml was not opened`).waitFor()
    await page.getByRole('button', { name: 'Dismiss' }).first().click()
  })
})

it.each(RUN)('%s', async (name) => {
  const { page } = open
  await within(name, async () => {
    const before = await digestsOf(page)
    await dropFile(page, `${name}.yaml`, text(READ.get(name)!))
    await digestsAfter(page, before)
  })
})

it('a run that never stops growing', { timeout: 300_000 }, async () => {
  const { page } = open
  await within('endless', async () => {
    await dropFile(page, 'endless.yaml', ENDLESS)
    const told = page.getByText(/It ended before its time \(memory: /)
    await told.first().waitFor({ timeout: 240_000 })
    await page.waitForSelector('body[data-digest-a][data-digest-b]', { timeout: 240_000 })
  })
})
