import { afterEach, describe, expect, inject, it } from 'vitest'
import type { Page } from 'playwright'
import { openPage, type OpenPage, type PageOptions } from '../support/browser.ts'

const desktop: PageOptions = { width: 1440, height: 900, colorScheme: 'dark' }
const HOME = '#s=retry-storm&set=duration%3D50s&t=45'

let open: OpenPage | undefined

afterEach(async () => {
  expect(open?.errors ?? []).toEqual([])
  await open?.close()
  open = undefined
})

async function visit(fragment: string, options = desktop): Promise<Page> {
  open = await openPage(options)
  const { page } = open
  await page.goto(`${inject('app')}${fragment}`)
  await page.waitForSelector('body[data-digest-a][data-digest-b]', { timeout: 45_000 })
  return page
}

const node = (page: Page, service: string, side: 'a' | 'b' = 'a') =>
  page.locator(`#topology-${side} [data-service="${service}"]`)

/** The service that has the focus. */
const focused = (page: Page) =>
  page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['service'])

const digestOf = (page: Page) => page.evaluate(() => document.body.dataset['digestA'])

/** Where the middle of a service is, in whole pixels of the window. */
async function middle(page: Page, service: string, side: 'a' | 'b' = 'a') {
  const box = (await node(page, service, side).boundingBox())!
  return { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) }
}

/** Labels of services that cover each other on the screen. */
function coveredLabels(page: Page, panel: string): Promise<string[]> {
  return page.evaluate((id) => {
    const all = [...document.querySelectorAll<SVGGElement>(`${id} .node-label`)]
      .filter((label) => label.getAttribute('display') !== 'none')
      .map((label) => ({ text: label.textContent, box: label.getBoundingClientRect() }))
    return all.flatMap(({ text, box }, at) =>
      all.slice(at + 1).flatMap((other) => {
        const wide = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left)
        const high = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top)
        return wide > 1 && high > 1 ? [`${text} × ${other.text}`] : []
      }),
    )
  }, panel)
}

describe('the services by keyboard', () => {
  it('are one stop; arrows follow the calls, Enter chooses, and a part of a name finds one', async () => {
    const page = await visit(HOME)
    expect(await page.locator('#topology-a .node-buttons [tabindex="0"]').count()).toBe(1)
    await node(page, 'gateway').focus()
    await page.keyboard.press('ArrowRight')
    expect(await focused(page)).toBe('checkout')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowLeft')
    expect(await focused(page)).toBe('checkout')
    const told = await node(page, 'gateway').getAttribute('aria-label')
    expect(told).toMatch(/^gateway, failing, \d+ of 180 slots busy, in trouble \w+, /)
    await page.keyboard.press('Enter')
    await node(page, 'checkout').and(page.locator('[aria-pressed=true]')).waitFor()
    await node(page, 'checkout', 'b').and(page.locator('[aria-pressed=true]')).waitFor()
    await page.locator('#topology-a .caption').getByText('ledger-db +0.5').waitFor()
    await page.keyboard.press('Enter')
    await node(page, 'checkout').and(page.locator('[aria-pressed=false]')).waitFor()
    const time = await page.locator('#cursor').getAttribute('aria-valuenow')
    expect(time).toBe('45')
    await page.keyboard.press('/')
    await page.keyboard.type('ledg')
    await page.keyboard.press('Enter')
    await node(page, 'ledger-db').and(page.locator('[aria-pressed=true]')).waitFor()
    await page.waitForFunction(
      () => (document.activeElement as HTMLElement).dataset['service'] === 'ledger-db',
    )
  })
})

describe('a service', () => {
  it('is moved in both pictures at once, by pointer or by keys, in one step, and nothing runs again', async () => {
    const page = await visit(HOME)
    const digest = await digestOf(page)
    const [before, other] = [await middle(page, 'cart'), await middle(page, 'search', 'b')]
    const there = await middle(page, 'cart', 'b')
    await page.mouse.move(before.x, before.y)
    await page.mouse.down()
    await page.mouse.move(before.x - 30, before.y - 4, { steps: 4 })
    await page.mouse.move(before.x - 60, before.y - 6, { steps: 4 })
    expect((await middle(page, 'cart', 'b')).x).toBeLessThan(there.x - 40)
    await page.mouse.up()
    await page.getByRole('button', { name: 'Undo' }).and(page.locator(':enabled')).waitFor()
    const after = await middle(page, 'cart')
    expect(Math.abs(after.x - (before.x - 60))).toBeLessThan(3)
    const still = await middle(page, 'search', 'b')
    expect(Math.hypot(still.x - other.x, still.y - other.y)).toBeLessThan(3)
    expect(await digestOf(page)).toBe(digest)
    expect(await node(page, 'cart').getAttribute('aria-pressed')).toBe('false')
    await page.keyboard.press('Control+z')
    await expect
      .poll(async () => Math.abs((await middle(page, 'cart')).x - before.x))
      .toBeLessThan(3)
    expect(await digestOf(page)).toBe(digest)
    await node(page, 'cart').focus()
    await page.keyboard.press('Alt+ArrowLeft')
    await page.keyboard.press('Alt+ArrowLeft')
    await expect.poll(async () => (await middle(page, 'cart')).x).toBeLessThan(before.x - 4)
    expect(await focused(page)).toBe('cart')
  })

  it('is broken from its menu and mended by undo, gets other slots, and a pattern in front of it', async () => {
    const page = await visit(HOME)
    const digest = await digestOf(page)
    await node(page, 'cart').focus()
    await page.keyboard.press('Shift+F10')
    const menu = page.getByRole('dialog', { name: 'cart' })
    await menu.getByRole('button', { name: /^Crash it/ }).click()
    await page.waitForFunction((old) => {
      const { digestA } = document.body.dataset
      return digestA !== undefined && digestA !== old
    }, digest)
    await page.locator('#happened').getByText('cart crashes').first().waitFor()
    expect(await menu.count()).toBe(0)
    await page.keyboard.press('Control+z')
    await expect.poll(() => digestOf(page), { timeout: 20_000 }).toBe(digest)
    await node(page, 'cart').click({ button: 'right' })
    await menu.getByLabel('Slots of an instance').fill('3')
    await page.keyboard.press('Enter')
    await node(page, 'cart').and(page.locator('[aria-label*="of 3 slots"]')).waitFor()
    await node(page, 'cart').click({ button: 'right' })
    await menu.getByLabel('Pattern').selectOption('bulkhead')
    await menu.getByRole('button', { name: 'Add to B' }).click()
    await page
      .getByRole('switch', { name: 'Bulkhead in B' })
      .and(page.locator('[aria-checked=true]'))
      .waitFor()
  })
})

describe('a call', () => {
  it('that is clicked shows its numbers in both variants', async () => {
    const page = await visit('#s=retry-storm&set=duration%3D50s&t=38')
    const [from, to] = [await middle(page, 'checkout', 'b'), await middle(page, 'payments', 'b')]
    await page.mouse.click((from.x + to.x) / 2, (from.y + to.y) / 2)
    for (const side of ['a', 'b']) {
      const card = page.locator(`#topology-${side} .edge-card`)
      await card.getByText('checkout → payments').waitFor()
      await card.getByText('attempts').waitFor()
    }
    await page.locator('#topology-b .edge-card').getByText('The circuit is open').waitFor()
    await page.locator('#topology-b .edge-card').getByRole('button', { name: 'Close' }).click()
    await page.locator('#topology-b .edge-card').waitFor({ state: 'hidden' })
  })
})

describe('fifty-two services', () => {
  it('are readable: no label covers another, in any focus, and a capsule opens', async () => {
    const page = await visit('#s=fifty-two&t=32')
    for (const panel of ['#topology-a', '#topology-b']) {
      expect(await coveredLabels(page, panel)).toEqual([])
    }
    expect(await page.locator('#topology-a .capsule').count()).toBe(6)
    await page.keyboard.press('g')
    await page.waitForFunction(() => document.querySelectorAll('#topology-a .capsule').length === 0)
    expect(await coveredLabels(page, '#topology-a')).toEqual([])
    await page.keyboard.press('g')
    const capsule = page.locator('#topology-a [data-domain=delivery]')
    await capsule.click()
    await page.locator('#topology-a').getByRole('button', { name: 'stock-db, ok' }).click()
    await node(page, 'stock-db').and(page.locator('[aria-pressed=true]')).waitFor()
  })
})

describe('a file without positions', () => {
  it('is laid out, and keeps the positions when somebody wants to', async () => {
    const page = await visit('#s=travel-booking&set=duration%3D20s')
    const keep = page.locator('#topology-a').getByRole('button', { name: 'Keep these positions' })
    await keep.waitFor()
    await page.waitForTimeout(1500)
    const digest = await digestOf(page)
    const before = await middle(page, 'hotel')
    await keep.click()
    await keep.waitFor({ state: 'hidden' })
    const after = await middle(page, 'hotel')
    expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeLessThan(40)
    await expect.poll(() => digestOf(page)).toBe(digest)
  })
})

describe('the picture without motion', () => {
  it('stands still while the run is played, and still says how much goes where', async () => {
    const page = await visit(HOME, { ...desktop, reducedMotion: 'reduce' })
    const dots = () =>
      page.evaluate(() =>
        document.querySelector<HTMLCanvasElement>('#topology-b .dots')!.toDataURL(),
      )
    const first = await dots()
    expect(first.length).toBeGreaterThan(2000)
    await page.waitForTimeout(200)
    expect(await dots()).toBe(first)
  })
})
