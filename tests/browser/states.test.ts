import { afterEach, describe, expect, inject, it } from 'vitest'
import type { Page } from 'playwright'
import { openPage, type OpenPage } from '../support/browser.ts'
import { desktop, digestsAfter, digestsOf, secondsOf, SHORT, visitPage } from '../support/visit.ts'

let open: OpenPage | undefined

afterEach(async () => {
  expect(open?.errors ?? []).toEqual([])
  await open?.close()
  open = undefined
})

/** A run that nobody waits for. */
const LONG = '#s=retry-storm&set=duration%3D4000s'

async function visit(fragment = SHORT, done = true): Promise<Page> {
  open = await visitPage(fragment, desktop, done)
  return open.page
}

/** Ends every worker that there is now, as a crash would. */
async function crashWorkers(page: Page): Promise<void> {
  const crash = (): void => {
    setTimeout(() => {
      throw new Error('out of memory')
    })
  }
  await Promise.allSettled(page.workers().map((worker) => worker.evaluate(crash)))
}

describe('while a run is computed', () => {
  it('it says how far, how fast and for how long, offers a shorter one, and stops', async () => {
    const page = await visit(LONG, false)
    await page.getByText(/computed to \d+ s · .* events\/s · .* left/).waitFor({ timeout: 30_000 })
    await page.keyboard.press('Escape')
    await page
      .getByText(/stopped at \d+ s/)
      .first()
      .waitFor({ timeout: 20_000 })
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByRole('button', { name: 'Use a shorter run' }).click({ timeout: 30_000 })
    await page.waitForURL(/set=duration=2000s|set=duration%3D2000s/)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page
      .getByText(/stopped at/)
      .first()
      .waitFor()
  })

  it('the old result stays, and says that it is old', async () => {
    const page = await visit()
    const before = await digestsOf(page)
    await page.evaluate(() => {
      new MutationObserver(() => {
        if (document.querySelector('#topology-a.old')) document.body.dataset['sawOld'] = 'yes'
      }).observe(document.body, { subtree: true, attributeFilter: ['class'] })
      // On any machine the workers hear of it later than the patience of the marks.
      const post = Worker.prototype.postMessage
      Worker.prototype.postMessage = function (this: Worker, ...said: unknown[]) {
        setTimeout(() => Reflect.apply(post, this, said), 1500)
      }
    })
    await page.getByRole('button', { name: 'Next seed' }).click()
    await digestsAfter(page, before)
    expect(await page.locator('body').getAttribute('data-saw-old')).toBe('yes')
    expect(await page.locator('.panel.old').count()).toBe(0)
  })
})

describe('a worker that is lost', () => {
  it('is replaced, the run begins anew, and the page says so', async () => {
    const page = await visit(LONG, false)
    await page.getByText(/computed to [1-9]/).waitFor({ timeout: 30_000 })
    await crashWorkers(page)
    const note = page.getByRole('status').filter({ hasText: 'was lost and started again' }).first()
    await note.getByText('out of memory').waitFor({ timeout: 20_000 })
    await note.getByRole('button', { name: 'Dismiss' }).click()
    const alert = page.getByRole('alert').filter({ hasText: 'A run was lost' }).first()
    await expect
      .poll(() => crashWorkers(page).then(() => alert.isVisible()), { timeout: 40_000 })
      .toBe(true)
    await alert.getByText(/lost twice .* at event \d+, seed 7/).waitFor()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await alert.getByRole('button', { name: 'Copy reproducer link' }).click()
    await page.waitForFunction(
      async () =>
        (await navigator.clipboard.readText()).includes('set=duration=4000s') ||
        (await navigator.clipboard.readText()).includes('set=duration%3D4000s'),
    )
    await alert.getByRole('button', { name: 'Run again' }).click()
    await page.getByText(/computed to [1-9]/).waitFor({ timeout: 30_000 })
  })
})

describe('a run to be careful with', () => {
  it('that ended before its time says so', async () => {
    const page = await visit(`${SHORT}&set=budget.events%3D330000`)
    const alert = page.getByRole('alert').filter({ hasText: 'A run to be careful with' }).first()
    await alert.getByText('It ended before its time').waitFor()
    await alert.getByRole('button', { name: 'Copy reproducer link' }).waitFor()
  })
})

describe('A and B', () => {
  it('are the same until a moment that is one click away', async () => {
    const page = await visit()
    await page.getByRole('button', { name: /A and B were identical until here/ }).click()
    const at = await secondsOf(page)
    expect(at).toBeGreaterThan(30)
    const sides = ['A', 'B'].map((side) =>
      page.locator(`#requests-${side.toLowerCase()} svg`).first(),
    )
    for (const side of sides) await side.waitFor()
  })

  it('are identical when the pattern has not acted, and the page says so', async () => {
    const page = await visit(`${SHORT}&set=faults%5B0%5D.by%3D1.01`)
    await page.getByText('A and B are identical: the circuit breaker has not acted.').waitFor()
  })

  it('have a word for calm', async () => {
    const page = await visit('#s=mm1&set=duration%3D120s')
    await page.getByRole('button', { name: /no request has failed/ }).waitFor()
  })
})

describe('alerts', () => {
  it('tell of a circuit that opens, go there, and can be switched off', async () => {
    const page = await visit(`${SHORT}&t=33.5`)
    const alert = page.locator('.alert')
    await page.locator('body').press('Space')
    await alert.getByText(/Circuits? opens?: .*payments/).waitFor({ timeout: 10_000 })
    await page
      .locator('.alerts [aria-live]')
      .getByText(/Circuits? open/)
      .waitFor({ timeout: 20_000 })
    await alert.click()
    const shown = Number(/([\d.]+)\ss$/.exec((await alert.textContent())!)![1])
    expect(Math.abs((await secondsOf(page)) - shown)).toBeLessThan(0.11)
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('checkbox', { name: 'Alerts while playing' }).uncheck()
    await page.keyboard.press('Escape')
    await alert.waitFor({ state: 'hidden', timeout: 8000 })
    await page.keyboard.press(',')
    await page.keyboard.press('.')
    await page.waitForTimeout(200)
    expect(await alert.isVisible()).toBe(false)
  })
})

describe('the page', () => {
  it('explains its terms to pointer and keyboard', async () => {
    const page = await visit()
    const hint = page.getByRole('tooltip')
    await page.locator('#scores [data-hint]').filter({ hasText: 'Amplification' }).hover()
    await hint.getByText('Attempts per call').waitFor()
    await page.keyboard.press('Escape')
    await hint.waitFor({ state: 'hidden' })
    await page.locator('.legend button').first().focus()
    await hint.getByText('answered, in full or degraded').waitFor()
  })

  it('says when there is no network', async () => {
    const page = await visit()
    await page.getByText(/^all \d+ patterns$/).waitFor()
    await page.waitForLoadState('networkidle')
    await page.context().setOffline(true)
    await page.getByText('offline', { exact: true }).waitFor()
    await page.context().setOffline(false)
    await page.getByText('offline', { exact: true }).waitFor({ state: 'hidden' })
  })

  it('tells a browser that is too old what it lacks', async () => {
    open = await openPage(desktop)
    await open.page.addInitScript(() => Reflect.deleteProperty(globalThis, 'Worker'))
    await open.page.goto(inject('app'))
    await open.page.getByRole('alert').getByText('It has no web workers').waitFor()
  })
})
