/** One request in both variants: from a cell of the heat map in three clicks, by keyboard, by its number, by a link. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Page } from 'playwright'
import type { OpenPage, PageOptions } from '../support/browser.ts'
import { axeFinds, desktop, phone, secondsOf, visitPage } from '../support/visit.ts'

/** Long enough for requests that fail in A and are served in B. */
const RUN = '#s=retry-storm&set=duration%3D52s'

let open: OpenPage | undefined

afterEach(async () => {
  expect(open?.errors ?? []).toEqual([])
  await open?.close()
  open = undefined
})

async function visit(fragment: string, options: PageOptions = desktop): Promise<Page> {
  open = await visitPage(fragment, options)
  return open.page
}

const panel = (page: Page) => page.locator('#request')
const lines = (page: Page) => page.locator('.request-lines .request-line')
const rows = (page: Page, side: 'A' | 'B') => page.locator(`.wf-row[data-side=${side}]`)
const headline = (page: Page) => page.locator('.request-headline')

/** Waits for the waterfall of both variants. */
async function bothDrawn(page: Page): Promise<void> {
  await rows(page, 'A').first().waitFor({ timeout: 30_000 })
  await rows(page, 'B').first().waitFor({ timeout: 30_000 })
}

/** Waits until the address names a request, or none; answers it. */
async function requestInAddress(page: Page, isThere = true): Promise<string | undefined> {
  await page.waitForFunction((wanted) => location.hash.includes('&r=') === wanted, isThere, {
    timeout: 20_000,
  })
  return /[&]r=(\d+)/.exec(await page.evaluate(() => location.hash))?.[1]
}

/** Clicks into the lane of failures of a heat map, where the run is at a second. */
async function clickFailures(page: Page, second: number): Promise<void> {
  const plot = page.locator('#latency-a .plot')
  const { width } = (await plot.boundingBox())!
  await plot.click({ position: { x: (second / 52) * width, y: 3 } })
}

describe('following a request', () => {
  it('takes two clicks from the heat map to the waterfall of both, and goes on by keyboard', async () => {
    const page = await visit(RUN)
    await clickFailures(page, 50.5)
    await lines(page).first().waitFor({ timeout: 30_000 })
    await lines(page).first().click()
    await bothDrawn(page)

    expect(await headline(page).textContent()).toMatch(
      /^A: failed after .* B: (served|turned away)/,
    )
    const first = await requestInAddress(page)
    expect(await page.locator('.request-line[aria-selected=true] code').textContent()).toBe(first)

    await page.keyboard.press('ArrowDown')
    await page.waitForFunction((before) => !location.hash.includes(`&r=${before}`), first)
    expect(await requestInAddress(page)).not.toBe(first)
    await bothDrawn(page)

    await page.keyboard.press('Escape')
    await panel(page).waitFor({ state: 'hidden' })
    expect(await requestInAddress(page, false)).toBeUndefined()
  })

  it('shows tries, folds, the critical path, what went on for nobody; a click goes to the moment', async () => {
    const page = await visit(`${RUN}&r=14000`)
    await bothDrawn(page)
    const unlucky = await someUnlucky(page)
    await page.keyboard.press('Shift+R')
    await page.locator('#request-number').fill(unlucky)
    await page.keyboard.press('Enter')
    await page.locator('.wf-idle').first().waitFor({ timeout: 30_000 })
    await bothDrawn(page)
    expect(await page.locator('.wf-try', { hasText: 'try 2' }).count()).toBeGreaterThan(0)
    expect(await page.locator('.request-header small').textContent()).toBe(
      'same arrival and same dice in A and B',
    )

    await rows(page, 'A').first().focus()
    const folded = await rows(page, 'A').count()
    await page.keyboard.press(']')
    await page.waitForFunction(
      (n) => document.querySelectorAll('.wf-row[data-side=A]').length > n,
      folded,
    )
    const all = await rows(page, 'A').count()
    const calls = Number(/with (\d+) calls/.exec((await headline(page).textContent())!)![1])
    expect(all).toBe(calls)
    await page.keyboard.press('c')
    expect(await page.locator('.wf-path').count()).toBeGreaterThan(3)
    expect(await headline(page).textContent()).toMatch(/Where the time went: .* in the queue of/)

    await page.keyboard.press('/')
    await page.keyboard.type('queue full')
    await page.waitForFunction(
      (n) => document.querySelectorAll('.wf-row[data-side=A]').length < n,
      all,
    )
    await page.keyboard.press('Escape')
    await page.waitForFunction(
      (n) => document.querySelectorAll('.wf-row[data-side=A]').length === n,
      all,
    )

    const before = await secondsOf(page)
    const row = (await rows(page, 'A').nth(1).boundingBox())!
    await page.mouse.click(row.x + row.width * 0.6, row.y + row.height / 2)
    await page.waitForFunction(
      (was) => Number(document.getElementById('cursor')!.getAttribute('aria-valuenow')) !== was,
      before,
    )
    expect(await page.locator('.request-detail dt').allTextContents()).toContain('sent')
    expect(await page.locator('.wf-cursor').count()).toBeGreaterThan(0)
  })

  it('says in words which numbers there are, and follows any of them', async () => {
    const page = await visit(RUN)
    await page.keyboard.press('Shift+R')
    const field = page.locator('#request-number')
    await field.fill('first')
    await field.press('Enter')
    await page.getByText('“first” is not a number').waitFor()
    await field.fill('999,999')
    await field.press('Enter')
    await page.getByText(/^There were [\d,]+ requests; 0 to [\d,]+ exist\.$/).waitFor()
    await field.fill('0')
    await field.press('Enter')
    await bothDrawn(page)
    expect(await headline(page).textContent()).toMatch(/^A: served in .* B: served in /)
    expect(await page.locator('.request-problem').isVisible()).toBe(false)
    expect(await requestInAddress(page)).toBe('0')
    expect(await axeFinds(page)).toEqual([])
  })
})

describe('how trouble came to a service', () => {
  it('is told step by step when it is chosen, each step a way to its moment', async () => {
    const page = await visit(`${RUN}&service=gateway`)
    const steps = page.locator('.chain-steps button')
    await steps.nth(4).waitFor({ timeout: 30_000 })
    const told = await steps.allTextContents()
    expect(told[0]).toContain('ledger-db slows down ×2.7')
    expect(told.map((step) => /(ledger-db|payments|checkout|gateway)/.exec(step)![0])).toEqual([
      'ledger-db',
      'ledger-db',
      'payments',
      'checkout',
      'gateway',
    ])
    await page.getByText('How it got there: ledger-db').first().waitFor()
    await steps.first().click()
    await page.waitForSelector("#cursor[aria-valuenow='30']")
  })
})

describe('on a phone', () => {
  it('a link opens the request as a sheet over the whole page', async () => {
    const page = await visit(`${RUN}&r=14000`, phone)
    await bothDrawn(page)
    const box = (await panel(page).boundingBox())!
    expect([box.x, box.y, box.width, box.height]).toEqual([0, 0, 390, 844])
    const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(scrollWidth).toBeLessThanOrEqual(390)
    await page.waitForSelector('.request-busy', { state: 'hidden', timeout: 30_000 })
    const targets = await page
      .locator('#request button:visible, #request .wf-row')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height))
    expect(Math.min(...targets)).toBeGreaterThanOrEqual(43.9)
    await page.getByRole('button', { name: '‹ All requests' }).tap()
    await lines(page).nth(1).tap()
    await bothDrawn(page)
    await page.getByRole('button', { name: 'Close (Esc)' }).tap()
    await panel(page).waitFor({ state: 'hidden' })
  })
})

/** A request around the one that is open which failed in A with many calls. */
async function someUnlucky(page: Page): Promise<string> {
  await page.evaluate(() => {
    const cell = { side: 'A', from: 50e9, until: 51.5e9, lowest: 2e9, highest: Infinity }
    const detail = { ...cell, outcome: 'failed' }
    document.dispatchEvent(new CustomEvent('cell', { detail }))
  })
  const busy = page.locator('.request-line', { has: page.locator('b.failed') })
  await busy.first().waitFor({ timeout: 30_000 })
  const all = await busy.evaluateAll((found) =>
    found.map((one) => ({
      calls: Number(one.querySelector('small')!.textContent),
      request: (one as HTMLElement).dataset['request']!,
    })),
  )
  return all.toSorted((a, b) => b.calls - a.calls)[0]!.request
}
