/** A tab that nobody looks at computes as fast, to the same digests, and is up to date a second after somebody looks again. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright'
import { type ServedApp, serveBuilt } from '../support/app.ts'
import { openPage, type OpenPage } from '../support/browser.ts'
import { figures } from '../support/figures.ts'
import { canBeHidden, ended, hide, show } from '../support/hidden.ts'
import { root } from '../support/source.ts'
import { digestsOf, secondsOf } from '../support/visit.ts'

/** Of what a tab computes that is looked at. */
const SHARE = 0.8
/** Milliseconds after the return. */
const CURRENT = 1000
const SEEDS = [11, 12, 13]

const print = figures('seed', 'million events/s seen', 'and hidden', 'up to date after')
let served: ServedApp
const open: OpenPage[] = []
beforeAll(async () => {
  served = await serveBuilt(root)
}, 300_000)
afterAll(() => served.close())
afterEach(async () => {
  for (const { errors, close } of open.splice(0)) {
    expect(errors).toEqual([])
    await close()
  }
})

async function visit(fragment: string): Promise<Page> {
  const opened = await openPage({ offline: true })
  open.push(opened)
  await canBeHidden(opened.page)
  await opened.page.goto(served.app + fragment)
  await digestsOf(opened.page)
  return opened.page
}

/** Has both variants run under a seed; answers events per second once both have ended. */
async function run(page: Page, seed: number): Promise<number> {
  const before = (await ended(page)).length
  await page.evaluate((hash) => {
    location.hash = hash
  }, `s=retry-storm&seed=${seed}&set=duration%3D240s`)
  // Frames and timers of a hidden page stand still: the question comes from outside.
  const both = () => ended(page).then((all) => all.slice(before))
  await expect.poll(async () => (await both()).length, { timeout: 120_000 }).toBe(2)
  const runs = await both()
  const events = runs.reduce((sum, each) => sum + each.events, 0)
  const begun = Math.min(...runs.map(({ began }) => began))
  return (events * 1000) / (Math.max(...runs.map(({ at }) => at)) - begun)
}

async function runHidden(page: Page, seed: number): Promise<number> {
  await hide(page)
  return run(page, seed)
}

/** Looks at the page again; answers how long it takes until it shows these digests, ms. */
async function back(page: Page, expected: { a: string; b: string }): Promise<number> {
  const digests = () =>
    page.evaluate(() => ({
      a: document.body.dataset['digestA'],
      b: document.body.dataset['digestB'],
    }))
  expect(await digests()).not.toEqual(expected)
  const took = await show(page, expected)
  expect(await digests()).toEqual(expected)
  return took
}

/** Waits for the digests of the run that has just ended. */
async function shown(page: Page, before: { a: string; b: string }) {
  await expect.poll(async () => (await digestsOf(page)).a, { timeout: 20_000 }).not.toBe(before.a)
  return digestsOf(page)
}

it(
  'computes as fast, to the same digests, and is soon up to date',
  { timeout: 600_000 },
  async () => {
    const seen = await visit('#s=retry-storm&set=duration%3D20s')
    const hidden = await visit('#s=retry-storm&set=duration%3D20s')
    let [rate, hiddenRate] = [0, 0]
    for (const seed of SEEDS) {
      const before = await digestsOf(seen)
      const now = await run(seen, seed)
      const expected = await shown(seen, before)
      const nowHidden = await runHidden(hidden, seed)
      const took = await back(hidden, expected)
      print(seed, (now / 1e6).toFixed(2), (nowHidden / 1e6).toFixed(2), `${Math.round(took)} ms`)
      expect(took).toBeLessThan(CURRENT)
      rate += now
      hiddenRate += nowHidden
    }
    expect(hiddenRate / rate).toBeGreaterThan(SHARE)
  },
)

it('stops playing, and goes on from where it was', { timeout: 120_000 }, async () => {
  const page = await visit('#s=retry-storm&set=duration%3D55s&t=30')
  const play = page.getByRole('button', { name: 'Play', exact: true })
  await page.locator('body').press('Space')
  await expect.poll(() => secondsOf(page)).toBeGreaterThan(30.3)
  await hide(page)
  const left = await secondsOf(page)
  await page.waitForTimeout(3000)
  await show(page)
  await play.waitFor()
  const stopped = await secondsOf(page)
  expect(Math.abs(stopped - left)).toBeLessThan(0.5)
  await page.waitForTimeout(500)
  expect(await secondsOf(page)).toBe(stopped)
  await page.locator('body').press('Space')
  await expect.poll(() => secondsOf(page)).toBeGreaterThan(stopped)
  expect(await secondsOf(page)).toBeLessThan(stopped + 2)
})
