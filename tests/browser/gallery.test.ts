import { afterEach, describe, expect, it } from 'vitest'
import type { Page } from 'playwright'
import type { OpenPage } from '../support/browser.ts'
import {
  axeFinds,
  desktop,
  digestsAfter,
  digestsOf,
  phone,
  SHORT,
  visitPage,
} from '../support/visit.ts'

let open: OpenPage | undefined

afterEach(async () => {
  expect(open?.errors ?? []).toEqual([])
  await open?.close()
  open = undefined
})

async function visit(options = desktop): Promise<Page> {
  open = await visitPage(SHORT, options)
  return open.page
}

const gallery = (page: Page) => page.getByRole('dialog', { name: 'Scenarios' })
const cards = (page: Page) => gallery(page).locator('.scene')
const focused = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['scenario'])

describe('the gallery', () => {
  it('shows how scenarios end, finds by kind and words, and opens one by pointer', async () => {
    const page = await visit()
    const before = await digestsOf(page)
    await page.getByRole('button', { name: /^Scenario:/ }).click()
    const home = cards(page).filter({ hasText: 'Retry storm at checkout' })
    await home.locator('.spark').nth(1).waitFor({ timeout: 30_000 })
    expect(await home.locator('.spark').allTextContents()).toEqual([
      expect.stringMatching(/^A\d+\s% served$/),
      expect.stringMatching(/^B\d+\s% served$/),
    ])
    expect(await axeFinds(page)).toEqual([])
    const all = await cards(page).count()
    await gallery(page).getByRole('combobox', { name: 'Difficulty' }).selectOption('beginner')
    const easy = await cards(page).count()
    expect(easy).toBeLessThan(all)
    await gallery(page).getByRole('combobox', { name: 'Patterns' }).selectOption('messaging')
    expect(await cards(page).count()).toBe(1)
    await gallery(page).getByRole('searchbox').fill('nothing like it')
    await gallery(page).getByText('No scenario is about “nothing like it” like that.').waitFor()
    expect(await cards(page).count()).toBe(0)
    await gallery(page).getByRole('searchbox').fill('poison')
    await cards(page).click()
    await page.getByRole('button', { name: 'Scenario: The poison message' }).waitFor()
    await digestsAfter(page, before)
    await page.waitForURL(/s=poison-message/)
  })

  it('finds on when the library is fetched again meanwhile', async () => {
    const page = await visit()
    await page.keyboard.press('Shift+G')
    await gallery(page).waitFor()
    const all = await cards(page).count()
    await page.evaluate(() => {
      location.hash = 's=nothing-like-it'
    })
    await page.getByText('There is no scenario called “nothing-like-it”').waitFor()
    await gallery(page).getByRole('combobox', { name: 'Difficulty' }).selectOption('beginner')
    const easy = await cards(page).count()
    expect(easy).toBeGreaterThan(0)
    expect(easy).toBeLessThan(all)
    await gallery(page).getByRole('combobox', { name: 'Difficulty' }).selectOption('')
    expect(await cards(page).count()).toBe(all)
  })

  it('is walked by keyboard', async () => {
    const page = await visit()
    await page.keyboard.press('Shift+G')
    await gallery(page).waitFor()
    expect(await focused(page)).toBe('retry-storm')
    await page.keyboard.press('ArrowRight')
    const second = await focused(page)
    expect(second).not.toBe('retry-storm')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    expect(await focused(page)).toBe(second)
    await page.keyboard.press('End')
    expect(await focused(page)).toBe('mmc')
    await page.keyboard.press('Escape')
    await gallery(page).waitFor({ state: 'detached' })
    await page.keyboard.press('Shift+G')
    await gallery(page).waitFor()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.waitForURL(new RegExp(`s=${second}`))
  })

  it('fits a phone', async () => {
    const page = await visit(phone)
    await page.getByRole('button', { name: /^Scenario:/ }).click()
    await cards(page).first().waitFor()
    const wide = await gallery(page).evaluate((one) => one.scrollWidth - one.clientWidth)
    expect(wide).toBeLessThanOrEqual(0)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  })
})

describe('the palette', () => {
  it('finds an action or a scenario by a few letters', async () => {
    const page = await visit()
    const before = await digestsOf(page)
    await page.keyboard.press('Control+k')
    const field = page.getByRole('combobox', { name: 'Find an action' })
    await field.fill('next se')
    const options = page.locator('#palette-list [role=option]')
    expect(await options.allTextContents()).toEqual(['Next seedN'])
    await page.keyboard.press('Enter')
    await digestsAfter(page, before)
    expect(await page.getByRole('textbox', { name: 'Seed' }).inputValue()).toBe('8')
    await page.keyboard.press('Control+k')
    await field.fill('qqq')
    await page.getByText('Nothing is called that.').waitFor()
    await field.fill('mm1')
    await field.fill('M/M/1')
    await options.first().click()
    await page.waitForURL(/s=mm1/)
  })

  it('has every action, and arrows go through them', async () => {
    const page = await visit()
    await page.keyboard.press('Control+k')
    const options = page.locator('#palette-list [role=option]')
    await options.filter({ hasText: 'Light or dark' }).waitFor({ state: 'attached' })
    const selected = page.locator('[role=option][aria-selected=true]')
    const first = await selected.textContent()
    await page.keyboard.press('ArrowDown')
    expect(await selected.textContent()).not.toBe(first)
    await page.keyboard.press('ArrowUp')
    expect(await selected.textContent()).toBe(first)
    expect(await axeFinds(page)).toEqual([])
  })
})

describe('keys of a single character', () => {
  it('can be switched off in the help, for good', async () => {
    const page = await visit()
    await page.keyboard.press('?')
    const help = page.getByRole('dialog', { name: 'Keys and help' })
    await help
      .getByRole('row', { name: /next seed/ })
      .first()
      .waitFor()
    await help.getByRole('checkbox', { name: /single character/ }).uncheck()
    await page.keyboard.press('Escape')
    await page.reload()
    await digestsOf(page)
    await page.keyboard.press('n')
    await page.keyboard.press('?')
    await page.waitForTimeout(200)
    expect(await page.getByRole('textbox', { name: 'Seed' }).inputValue()).toBe('7')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog', { name: 'Find an action' }).waitFor()
  })
})
