/** The address of the page and what it shows go together, whoever changes which, and when. */
import type { Page } from 'playwright'
import { afterEach, expect, inject, it } from 'vitest'
import { type OpenPage, openPage } from '../support/browser.ts'
import { desktop, visitPage } from '../support/visit.ts'

/** How long the page waits before it writes the address, ms. */
const PAUSE = 300

let open: OpenPage | undefined
afterEach(async () => {
  expect(open?.errors ?? []).toEqual([])
  await open?.close()
  open = undefined
})

/** Waits until a scenario is open; else says what the page shows instead. */
async function shown(page: Page, title: string): Promise<void> {
  const wanted = page.getByRole('button', { name: `Scenario: ${title}` }).waitFor()
  await wanted.catch(async (error: unknown) => {
    const texts = await page.locator('header, [role="alert"], [role="status"]').allTextContents()
    throw new Error(`“${title}” was not opened: ${page.url()}, ${texts.join(' | ')}`, {
      cause: error,
    })
  })
}

it('that somebody changes just as the page is about to write it is followed', async () => {
  open = await visitPage()
  const { page } = open
  await page.evaluate((pause) => {
    const { setTimeout } = window
    const held: (() => void)[] = []
    const hold = (act: () => void, ms?: number): unknown =>
      ms === pause ? held.push(act) : setTimeout(act, ms)
    Object.assign(window, { setTimeout: hold, held })
  }, PAUSE)
  await page.locator('body').press('ArrowRight')
  await page.waitForFunction(() => (window as unknown as { held: unknown[] }).held.length > 0)
  await page.evaluate(() => {
    location.hash = 's=retry-storm-minimal'
    for (const write of (window as unknown as { held: (() => void)[] }).held.splice(0)) write()
  })
  await page.getByRole('button', { name: 'Scenario: The smallest retry storm' }).waitFor()
  expect(page.url()).toContain('s=retry-storm-minimal')
})

it('leads to another scenario, whoever has the focus', async () => {
  open = await visitPage()
  const { page } = open
  for (const side of ['a', 'b']) {
    await page.evaluate(() => {
      location.hash = 's=retry-storm&set=duration%3D20s'
    })
    await page.getByRole('button', { name: 'Scenario: Retry storm at checkout' }).waitFor()
    await page.locator(`#topology-${side} [data-service]`).last().focus()
    await page.evaluate(() => {
      location.hash = 's=poison-message&set=duration%3D20s'
    })
    await shown(page, 'The poison message')
    await page.locator('#topology-b [data-service="parser"]').waitFor()
  }
})

it('that is changed while the page still loads is followed', async () => {
  open = await openPage(desktop)
  const { page } = open
  let letGo: () => void = () => {}
  const held = new Promise<void>((resolve) => (letGo = resolve))
  const isAsked = page.waitForRequest('**/library-files*')
  await page.route('**/library-files*', async (route) => {
    await held
    await route.continue()
  })
  await page.goto(`${inject('app')}#s=poison-message&set=duration%3D20s`)
  await isAsked
  await page.evaluate(() => {
    location.hash = 's=retry-storm-minimal'
  })
  letGo()
  await shown(page, 'The smallest retry storm')
})
