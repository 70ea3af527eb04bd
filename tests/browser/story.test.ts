import { afterEach, describe, expect, it } from 'vitest'
import type { Page } from 'playwright'
import type { OpenPage } from '../support/browser.ts'
import {
  axeFinds,
  desktop,
  digestsOf,
  phone,
  secondsOf,
  SHORT,
  visitPage,
} from '../support/visit.ts'

let open: OpenPage | undefined

afterEach(async () => {
  expect(open?.errors ?? []).toEqual([])
  await open?.close()
  open = undefined
})

const bar = (page: Page) => page.getByRole('group', { name: 'Story' })
const words = (page: Page) => page.locator('.story-words')
const breakerInB = (page: Page) => page.getByRole('switch', { name: 'Circuit breaker in B' })

describe('the story', () => {
  it('is played by pointer: bet, switch, numbers; and runs nothing again', async () => {
    open = await visitPage()
    const { page } = open
    const before = await digestsOf(page)
    expect(await page.locator('body').getAttribute('data-story')).toBeNull()
    await page.getByRole('button', { name: 'Play the story' }).click()
    await words(page).getByText('requests a second').waitFor()
    const start = await secondsOf(page)
    await page.waitForFunction(
      (from) => Number(document.querySelector('#cursor')!.getAttribute('aria-valuenow')) > from,
      start,
    )
    expect(await page.locator('body').getAttribute('data-story')).toBe('A')
    expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(false)
    for (let step = 0; step < 3; step++)
      await bar(page).getByRole('button', { name: 'Next step' }).click()
    await words(page).getByText('Will the system recover?').waitFor()
    await bar(page).getByRole('button', { name: 'Yes' }).click()
    await words(page)
      .getByText(/^You bet yes\. The system goes down/)
      .waitFor()
    expect(await breakerInB(page).getAttribute('aria-checked')).toBe('false')
    await breakerInB(page).click()
    await page.waitForSelector('body[data-story=AB]')
    await breakerInB(page).and(page.locator('[aria-checked=true]')).waitFor()
    await words(page)
      .getByText(/With a circuit breaker it is back/)
      .waitFor()
    await bar(page).getByRole('button', { name: 'Next step' }).click()
    await words(page)
      .getByText(/^Of all requests/)
      .waitFor()
    const said = (await words(page).textContent())!
    const served = page.locator('#scores tbody tr').first().locator('td')
    expect(said).toContain(`A served ${await served.nth(0).textContent()} and B`)
    expect(said).toContain(`and B ${await served.nth(1).textContent()}.`)
    expect(await digestsOf(page)).toEqual(before)
    await bar(page).getByRole('button', { name: 'Skip' }).click()
    await page.getByRole('heading', { level: 1 }).waitFor({ state: 'visible' })
    expect(await page.locator('.spot, .curtain').count()).toBe(0)
    await page.reload()
    await digestsOf(page)
    expect(await page.locator('.story-opener').getAttribute('class')).not.toContain('primary')
  })

  it('is told by keyboard, and is sound to axe', async () => {
    open = await visitPage()
    const { page } = open
    await page.keyboard.press('t')
    await words(page).getByText('requests a second').waitFor()
    await page.keyboard.press('ArrowRight')
    await words(page).getByText('slows down').waitFor()
    await page.keyboard.press('ArrowRight')
    await words(page)
      .getByText(/① ledger-db/)
      .waitFor()
    await page.keyboard.press('ArrowLeft')
    await words(page).getByText('slows down').waitFor()
    expect(await axeFinds(page)).toEqual([])
    await bar(page).getByRole('slider', { name: 'Place in the story' }).focus()
    await page.keyboard.press('End')
    await words(page).getByText('Your turn').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { level: 1 }).waitFor({ state: 'visible' })
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('story-opener')
  })

  it('jumps where motion is not wanted, and fits a phone', async () => {
    open = await visitPage(SHORT, { ...phone, reducedMotion: 'reduce' })
    const { page } = open
    await page.getByRole('button', { name: 'Play the story' }).click()
    await words(page).getByText('requests a second').waitFor()
    const before = await secondsOf(page)
    await page.waitForTimeout(600)
    expect(await secondsOf(page)).toBe(before)
    for (let step = 0; step < 3; step++)
      await bar(page).getByRole('button', { name: 'Next step' }).click()
    await bar(page).getByRole('button', { name: 'No' }).click()
    await words(page)
      .getByText(/^You bet no\./)
      .waitFor()
    await bar(page).getByRole('button', { name: 'Next step' }).click()
    await bar(page).getByRole('button', { name: 'Turn on the circuit breaker' }).click()
    await page.waitForSelector('body[data-side=B]')
    const small = await bar(page)
      .getByRole('button')
      .evaluateAll(
        (all) =>
          all.filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
            .length,
      )
    expect(small).toBe(0)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  })

  it('ends when something is changed', async () => {
    open = await visitPage(`${SHORT}&seed=9`, desktop)
    const { page } = open
    await page.getByRole('button', { name: 'Play the story' }).click()
    await words(page)
      .getByText(/^\d+ requests a second/)
      .waitFor()
    await page.keyboard.press('n')
    await page.waitForSelector('body:not([data-story])')
  })
})
