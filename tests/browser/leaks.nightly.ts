/**
 * Nothing is left of a run that is over: five hundred times a scenario is opened, run and replaced by another, and five
 * hundred pools are started, used and ended; the heap grows by less than a kilobyte each time. `LEAK_CYCLES=20` is a
 * quick look: it prints the slopes, which so few cannot tell from noise.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright'
import { type ServedApp, serveBuilt } from '../support/app.ts'
import { openPage, type OpenPage } from '../support/browser.ts'
import { figures } from '../support/figures.ts'
import { type Held, slope, weigher } from '../support/heap.ts'
import { root } from '../support/source.ts'
import { digestsOf } from '../support/visit.ts'
import { serveWorkbench, type ServedWorkbench } from '../support/workbench.ts'
import type { Workbench } from '../support/workbench/workbench.ts'

const CYCLES = Number(process.env['LEAK_CYCLES'] ?? 500)
/** From so many on the slope is judged. */
const ENOUGH = 200
/** So many cycles make a sample. */
const STRIDE = 10
/** Caches fill and code is compiled in the first part of all. */
const WARM_UP = 0.3
/** Bytes that the heap may grow in a cycle. */
const GROWTH = 1024
const AN_HOUR = 3_600_000

const TURNS = ['s=retry-storm-minimal&set=duration%3D10s', 's=poison-message&set=duration%3D10s']

const print = figures('what', 'cycles', 'heap', 'per cycle', 'nodes', 'listeners')
let served: ServedApp
let bench: ServedWorkbench
let open: OpenPage
beforeAll(async () => {
  served = await serveBuilt(root)
  bench = await serveWorkbench()
}, 300_000)
afterAll(async () => {
  await served.close()
  await bench.close()
})
afterEach(async () => {
  expect(open.errors).toEqual([])
  await open.close()
})

/** Lives through all cycles and weighs the page now and then; answers what it found after the warm-up. */
async function live(page: Page, cycle: (n: number) => Promise<void>, what: string): Promise<void> {
  const weigh = await weigher(page)
  const found: (readonly [number, Held])[] = []
  for (let n = 1; n <= CYCLES; n++) {
    await cycle(n)
    if (n % STRIDE === 0 && n >= CYCLES * WARM_UP) found.push([n, await weigh()])
  }
  const grows = slope(found.map(([n, { bytes }]) => [n, bytes]))
  const [first, last] = [found[0]![1], found.at(-1)![1]]
  const heap = [first, last].map(({ bytes }) => (bytes / 1e6).toFixed(2)).join(' → ')
  const counts = [`${first.nodes} → ${last.nodes}`, `${first.listeners} → ${last.listeners}`]
  print(what, CYCLES, `${heap} MB`, `${Math.round(grows)} B`, ...counts)
  if (CYCLES >= ENOUGH) expect(grows).toBeLessThan(GROWTH)
}

/** Opens a scenario in the page that is open, and waits until its runs are done. */
async function turnTo(page: Page, fragment: string): Promise<void> {
  const before = await digestsOf(page)
  await page.evaluate((hash) => location.replace(`#${hash}`), fragment)
  const areNew = page.waitForFunction(({ a, b }) => {
    const { digestA, digestB } = document.body.dataset
    return digestA && digestB && digestA !== a && digestB !== b
  }, before)
  await areNew.catch(async (error: unknown) => {
    const seen = { url: page.url(), status: await page.locator('.status').allTextContents() }
    throw new Error(`${fragment} was not run: ${JSON.stringify(seen)}`, { cause: error })
  })
}

it('scenario after scenario in the page', { timeout: AN_HOUR }, async () => {
  open = await openPage({ offline: true })
  const { page } = open
  await page.goto(`${served.app}#${TURNS[0]}`)
  await digestsOf(page)
  await live(page, (n) => turnTo(page, TURNS[n % TURNS.length]!), 'scenarios')
  await page.goto('about:blank')
  await expect.poll(() => page.workers().length).toBe(0)
})

it('pool after pool', { timeout: AN_HOUR }, async () => {
  open = await openPage({ offline: true })
  const { page } = open
  await page.goto(bench.address)
  const seen = new Set<string>()
  const cycle = async (): Promise<void> => {
    const digests = await page.evaluate(() =>
      (globalThis as unknown as { workbench: Workbench }).workbench.cycle(1),
    )
    for (const digest of digests) seen.add(digest)
    await expect.poll(() => page.workers().length).toBe(0)
  }
  await live(page, cycle, 'pools')
  expect([...seen].map((digest) => /^[0-9a-f]{32}$/.test(digest))).toEqual([true, true])
})
