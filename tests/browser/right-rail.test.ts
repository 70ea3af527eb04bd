import { createRequire } from 'node:module'
import { afterEach, describe, expect, inject, it } from 'vitest'
import type Axe from 'axe-core'
import type { Page } from 'playwright'
import { openPage, type OpenPage, type PageOptions } from '../support/browser.ts'

const desktop: PageOptions = { width: 1440, height: 900, colorScheme: 'dark', seeds: true }
const phone: PageOptions = { width: 390, height: 844, colorScheme: 'light', touch: true }
/** Two runs of it take a quarter of a second. */
const QUICK = '#s=crdt-likes&t=40'
const BREAKER = '#s=retry-storm-minimal'

let open: OpenPage | undefined

afterEach(async () => {
  expect(open?.errors ?? []).toEqual([])
  await open?.close()
  open = undefined
})

/** Opens the page at a fragment and waits for both runs. */
async function visit(fragment: string, options = desktop, script?: string): Promise<Page> {
  open = await openPage(options)
  const { page } = open
  if (script !== undefined) await page.addInitScript({ path: script })
  await page.goto(`${inject('app')}${fragment}`)
  await page.waitForSelector('body[data-digest-a][data-digest-b]', { timeout: 45_000 })
  return page
}

/** Waits until the runs on the screen are of a seed. */
async function seedIs(page: Page, seed: string): Promise<void> {
  await page.waitForFunction(
    (wanted) =>
      document.body.dataset['digestA'] !== undefined &&
      document.querySelector<HTMLInputElement>('input[name=seed]')?.value === wanted &&
      document.querySelector('#verdict p')?.textContent?.includes(`eed ${wanted}`),
    seed,
    { timeout: 45_000 },
  )
}

const allSeeds = (page: Page) =>
  page.getByText('20 seeds', { exact: true }).waitFor({ timeout: 50_000 })
const time = (page: Page) => page.locator('#cursor').getAttribute('aria-valuenow')
const scoreOf = (page: Page, name: string) =>
  page.locator('#scores tbody tr').filter({ hasText: name }).first().locator('td')
const plotSays = async (page: Page): Promise<string> =>
  (await page.locator('#percentiles svg[role=img]').getAttribute('aria-label')) ?? ''

describe('the seeds', () => {
  it('fill up on their own; a square loads its seed and keeps the time', async () => {
    const page = await visit(QUICK)
    await allSeeds(page)
    const below = page.locator('#verdict p')
    expect(await below.textContent()).toMatch(
      /^Seed 7\. The same verdict holds in \d+ of 20 seeds\./,
    )
    expect(await page.locator('.luck-words').textContent()).toMatch(/95\sCI|95\s% CI/)
    const squares = (): Promise<string[]> =>
      page
        .locator('#seeds .square')
        .evaluateAll((all) =>
          all.map((one) => `${one.getAttribute('data-seed')} ${one.getAttribute('class')}`),
        )
    const before = await squares()
    expect(before).toHaveLength(40)
    await page.locator("#seeds .square[data-seed='10']").nth(1).click()
    await seedIs(page, '10')
    expect(await time(page)).toBe('40')
    expect(await squares()).toEqual(before)
    await page.waitForURL(/seed=10/)
    await page.locator('body').press('n')
    await seedIs(page, '11')
    expect(await time(page)).toBe('40')
  })

  it('are chosen by keyboard', async () => {
    const page = await visit(QUICK)
    const squares = page.getByRole('listbox', { name: /^Seeds/ })
    await squares.locator('.square').first().waitFor()
    await squares.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    expect(await squares.getAttribute('aria-activedescendant')).toBe('seed-9')
    expect(await page.locator('#seed-9').getAttribute('aria-label')).toMatch(/^Seed 9: A .*, B /)
    await page.keyboard.press('Enter')
    await seedIs(page, '9')
    expect(await time(page)).toBe('40')
  })

  it('share their place with the services', async () => {
    const page = await visit(QUICK)
    await page.getByRole('tab', { name: 'Is it luck?' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.locator('#services').getByText('likes').waitFor()
    expect(await page.locator('#seeds').isVisible()).toBe(false)
  })
})

describe('a range', () => {
  it('changes scoreboard and percentiles, and Escape brings the whole run back', async () => {
    const page = await visit(BREAKER)
    const served = (): Promise<string[]> => scoreOf(page, 'Served').allTextContents()
    const [whole, plot] = [await served(), await plotSays(page)]
    await page.locator('#scores').evaluate((host) => {
      const detail = { range: { from: 20e9, until: 30e9 } }
      host.dispatchEvent(new CustomEvent('choose', { bubbles: true, detail }))
    })
    await page.getByRole('heading', { name: /^20–30\ss only$/ }).waitFor()
    const part = await served()
    expect(part[0]).not.toBe(whole[0])
    expect(part[1]).toMatch(/^(100|99\.\d)\s%$/)
    expect(await plotSays(page)).not.toBe(plot)
    expect(await page.locator('#scores tr.whole').allTextContents()).toEqual([
      expect.stringMatching(/^Recovered.*whole run$/),
      expect.stringMatching(/^Objective.*whole run$/),
    ])
    await page.locator('body').press('Escape')
    await page.getByRole('heading', { name: 'Whole run' }).waitFor()
    expect((await served()).slice(0, 2)).toEqual(whole.slice(0, 2))
    expect(await plotSays(page)).toBe(plot)
  })
})

describe('the percentile plot', () => {
  it('has another 99th percentile with failures, and a tail', async () => {
    const page = await visit(BREAKER)
    const p99 = async (): Promise<string[]> =>
      [...(await plotSays(page)).matchAll(/99 percent within ([\d.]+\s\w+)/g)].map(
        ([, one]) => one!,
      )
    const served = await p99()
    expect(served).toHaveLength(2)
    await page.getByRole('checkbox', { name: 'with failures' }).check()
    await page.waitForFunction(() =>
      /all requests that ended/.test(document.querySelector('#percentiles svg')!.ariaLabel!),
    )
    const all = await p99()
    expect(all[0]).not.toBe(served[0])
    expect(all[1]).not.toBe(served[1])
    await page.getByRole('checkbox', { name: 'tail' }).check()
    await page
      .locator('#percentiles text')
      .getByText(/^10\s%$/)
      .waitFor()
  })

  it('is read off and promised to by keyboard', async () => {
    const page = await visit(BREAKER)
    const limit = page.getByRole('slider', { name: 'Objective' })
    const before = await limit.getAttribute('aria-valuetext')
    expect(before).toMatch(/^1\ss\. Served within it: A \d+\s% of all requests, B \d+\s%\.$/)
    await limit.focus()
    for (let press = 0; press < 3; press++) await page.keyboard.press('Shift+ArrowDown')
    expect(await limit.getAttribute('aria-valuetext')).not.toBe(before)
    expect(await time(page)).toBe(await time(page))
    const reading = page.getByRole('slider', { name: 'Percentile' })
    await reading.focus()
    await page.keyboard.press('ArrowLeft')
    await page.getByText(/^98\.\d\s% within A .*, B .* \(1 seed: 1\)$/).waitFor()
  })
})

describe('the lists', () => {
  it('lead to a row, and can be searched', async () => {
    const page = await visit(BREAKER)
    await page.getByRole('button', { name: '99th pct.' }).click()
    await page.locator('#latency-a.marked').waitFor()
    await page.getByRole('button', { name: /^all \d+ entries$/ }).click()
    const entries = page.locator('#happened li')
    const all = await entries.count()
    await page.getByRole('textbox', { name: 'Only entries with' }).fill('breaker')
    await page.waitForFunction(
      (most) => document.querySelectorAll('#happened li').length < most,
      all,
    )
    for (const text of await entries.allTextContents()) expect(text).toContain('breaker')
    await page.getByRole('combobox', { name: 'Only of variant' }).selectOption('A')
    await page.getByText('Nothing of the kind happened.').waitFor()
  })
})

describe('the panels', () => {
  it.each([
    ['1440', desktop],
    ['1920 light', { ...desktop, width: 1920, height: 1080, colorScheme: 'light' as const }],
    ['phone', phone],
  ])('hold what is in them, and are sound to axe: %s', async (_, options) => {
    const axe = createRequire(import.meta.url).resolve('axe-core')
    const page = await visit(`${BREAKER}&set=duration%3D20s`, options, axe)
    if (options === phone) await page.getByRole('button', { name: 'Charts', exact: true }).click()
    await page.locator('.luck-words').getByText('CI').first().waitFor({ timeout: 45_000 })
    expect(await cutOff(page)).toEqual([])
    expect(await axeFinds(page)).toEqual([])
  })

  it.each([1440, 960])('have a scoreboard that ends inside its own: %s wide', async (width) => {
    const page = await visit(`${BREAKER}&set=duration%3D20s`, { ...desktop, width })
    if (width < 1440) await page.locator('.right-strip button').first().click()
    await page
      .locator('#scores thead')
      .getByText(/CI, \d+\sseeds/)
      .waitFor({ timeout: 45_000 })
    expect(await beyond(page)).toEqual([])
    // However long an interval is.
    const long = '−123,456,789 to +123,456,789'
    expect(await beyond(page, long)).toEqual([`cut: ${long}`])
  })
})

/**
 * What of the scoreboard is not to be seen, because it is out of its panel or of its cell; with another text in the
 * first cell, looked at before the next seed comes in and the panel is drawn again.
 */
function beyond(page: Page, first?: string): Promise<string[]> {
  return page.evaluate((text) => {
    if (text !== undefined) document.querySelector('#scores td.sure')!.textContent = text
    const [panel, table] = ['#scores', '.scores'].map((one) => document.querySelector(one)!)
    const inner = panel!.getBoundingClientRect().right - 12
    const isOut =
      table!.getBoundingClientRect().right > inner || table!.scrollWidth > table!.clientWidth
    const cut = [...document.querySelectorAll('#scores .sure')].filter(
      (cell) => cell.scrollWidth > cell.clientWidth,
    )
    return [
      ...(isOut ? ['the table is wider than its panel'] : []),
      ...cut.map(({ textContent }) => `cut: ${textContent}`),
    ]
  }, first)
}

/** Panels of the results whose content is larger than they are. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.right, .right .panel')]
      .filter((one) => one.checkVisibility())
      .filter(
        (one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1,
      )
      .map((one) => `${one.id || one.className}: ${one.scrollWidth}×${one.scrollHeight}`),
  )
}

/** Serious problems for people who do not see, or see badly. */
async function axeFinds(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof Axe }
    const { violations } = await axe.run('.right', { resultTypes: ['violations'] })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`)
  })
}
