/** Run and Compare, the difference, the menu of rows, and all widths from a phone's to a wall's. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Page } from 'playwright'
import type { OpenPage, PageOptions } from '../support/browser.ts'
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

async function visit(fragment = SHORT, options: PageOptions = desktop): Promise<Page> {
  open = await visitPage(fragment, options)
  return open.page
}

/** Ids of the rows that are on the screen, from top to bottom. */
function rowsOf(page: Page): Promise<string[]> {
  return page
    .locator('#rows .row:visible')
    .evaluateAll((all) =>
      all
        .toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map(({ id }) => id),
    )
}

/** Waits until a row is on the screen, or off it. */
async function rowIs(page: Page, id: string, state: 'visible' | 'detached'): Promise<void> {
  await page.locator(`#${id}`).waitFor({ state, timeout: 20_000 })
}

async function modeIs(page: Page, mode: string): Promise<void> {
  await page.waitForSelector(`body[data-mode=${mode}]`, { timeout: 20_000 })
}

/** What is wider or higher than its place, what lies over something else, and what is out of the window. */
function misfits(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const { scrollWidth, scrollHeight } = document.documentElement
    if (scrollWidth > innerWidth) found.push(`page is ${scrollWidth} wide`)
    if (scrollHeight > innerHeight) found.push(`page is ${scrollHeight} high`)
    const parts = [...document.querySelectorAll<HTMLElement>('.panel, .top, main, .strip-tabs')]
    const seen = parts.filter((part) => part.checkVisibility())
    for (const part of seen) {
      const name = part.id || part.className
      const { left, right, top, bottom } = part.getBoundingClientRect()
      if (part.scrollWidth > part.clientWidth + 1) found.push(`${name}: ${part.scrollWidth} wide`)
      if (part.scrollHeight > part.clientHeight + 1)
        found.push(`${name}: ${part.scrollHeight} high in ${part.clientHeight}`)
      if (left < -0.5 || right > innerWidth + 0.5) found.push(`${name} is beside the window`)
      if (top < -0.5 || bottom > innerHeight + 0.5) found.push(`${name} is below the window`)
    }
    return found
  })
}

/** Pairs of panels that lie over each other. */
function overlaps(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const panels = [...document.querySelectorAll<HTMLElement>('main .panel')].filter(
      (one) => one.checkVisibility() && !one.hasAttribute('popover'),
    )
    return panels.flatMap((one, at) =>
      panels.slice(at + 1).flatMap((other) => {
        const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()]
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left)
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
        return wide > 1 && high > 1 ? [`${one.id} and ${other.id}`] : []
      }),
    )
  })
}

describe('Run and Compare', () => {
  it('go from one to the other by key and by pointer, keep the moment, and Back undoes it', async () => {
    const page = await visit(`${SHORT}&t=42`)
    const before = await rowsOf(page)
    expect(before).toEqual(
      expect.arrayContaining(['requests-a', 'requests-b', 'latency-a', 'latency-b']),
    )
    await page.keyboard.press('1')
    await modeIs(page, 'run')
    await page.waitForFunction(() => location.hash.includes('=run'))
    expect(await page.locator('.topology:visible').count()).toBe(1)
    expect(await rowsOf(page)).toEqual(
      'requests-a latency-a cascade-a retries saturation queue'.split(' '),
    )
    expect(await page.locator('#retries .line-B:not(.thin)').getAttribute('d')).toBe('')
    expect(await page.locator('#load').isVisible()).toBe(true)
    expect(await misfits(page)).toEqual([])
    expect(await overlaps(page)).toEqual([])
    expect(await axeFinds(page)).toEqual([])
    await page.locator('#side-tabs button[data-side=B]').click()
    await rowIs(page, 'cascade-b', 'visible')
    expect(await page.locator('#topology-b').isVisible()).toBe(true)
    expect(await page.locator('#cursor').getAttribute('aria-valuenow')).toBe('42')
    await page.getByRole('button', { name: 'Compare', exact: true }).click()
    await modeIs(page, 'compare')
    expect(await rowsOf(page)).toEqual(before)
    await page.waitForFunction(() => !location.hash.includes('=run'))
    await page.goBack()
    await modeIs(page, 'run')
    await page.goBack()
    await modeIs(page, 'compare')
    expect(await page.locator('#cursor').getAttribute('aria-valuenow')).toBe('42')
  })

  it('can change the load', async () => {
    const page = await visit(`#s=retry-storm&set=duration%3D20s&m=run`)
    const before = await digestsOf(page)
    const rate = page.locator('#load').getByRole('textbox', { name: 'rate' })
    expect(await rate.inputValue()).toBe('300/s')
    await rate.fill('150/s')
    await rate.press('Enter')
    await digestsAfter(page, before)
    expect(decodeURIComponent(new URL(page.url()).hash)).toContain('poisson(150/s)')
    expect(await rate.inputValue()).toBe('150/s')
    await rate.fill('many')
    await rate.press('Enter')
    expect(await rate.evaluate((field: HTMLInputElement) => field.validationMessage)).toMatch(
      /Write it like 150/,
    )
  })
})

describe('the rows', () => {
  it('give way to the difference and to B over A by key and by pointer', async () => {
    const page = await visit()
    await page.keyboard.press('Shift+D')
    await rowIs(page, 'latency-difference', 'visible')
    expect(await page.locator('#latency-a').count()).toBe(0)
    const picture = page.locator('#latency-difference svg[role=img][aria-label*="B minus A."]')
    await picture.waitFor({ timeout: 20_000 })
    expect(await picture.getAttribute('aria-label')).toMatch(/\d.*One seed: this is no proof\.$/)
    const colours = await page.locator('#latency-difference canvas').evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement
      const context = (canvas as HTMLCanvasElement).getContext('2d')!
      const { data } = context.getImageData(0, 0, width, height)
      const isBlue = (at: number): boolean => data[at + 2]! > data[at]! + 40
      const isOrange = (at: number): boolean => data[at]! > data[at + 2]! + 40
      let [blue, orange] = [0, 0]
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] === 0) continue
        blue += Number(isBlue(at))
        orange += Number(isOrange(at))
      }
      return { blue, orange }
    })
    expect(colours.blue).toBeGreaterThan(100)
    expect(colours.orange).toBeGreaterThan(100)
    await page.getByRole('button', { name: /draw the difference/ }).click()
    await rowIs(page, 'latency-a', 'visible')
    await page.keyboard.press('o')
    await rowIs(page, 'served', 'visible')
    expect(await page.locator('#requests-a').count()).toBe(0)
    expect(await misfits(page)).toEqual([])
  })

  it('are chosen and pinned in a menu with the keyboard alone; the stack scrolls under the ruler', async () => {
    const page = await visit()
    await page.getByRole('button', { name: 'Rows', exact: true }).focus()
    await page.keyboard.press('Enter')
    const menu = page.getByRole('dialog', { name: 'Rows' })
    await menu.waitFor()
    expect(await axeFinds(page)).toEqual([])
    for (const name of ['Cascade in A', 'Cascade in B', 'Retries', 'Saturation']) {
      await menu.getByRole('checkbox', { name, exact: true }).focus()
      await page.keyboard.press('Space')
    }
    await rowIs(page, 'saturation', 'visible')
    await page.keyboard.press('Escape')
    await menu.waitFor({ state: 'hidden' })
    const sizes = await page.locator('#rows').evaluate((rows) => {
      rows.scrollTop = 1000
      const axis = rows.querySelector('#axis')!.getBoundingClientRect()
      const { top, height } = rows.getBoundingClientRect()
      return { scrolled: rows.scrollTop, off: axis.top - top, rest: height - axis.height }
    })
    expect(sizes.scrolled).toBeGreaterThan(40)
    expect(Math.abs(sizes.off)).toBeLessThan(1)
    expect(Math.abs(sizes.rest)).toBeLessThan(1)
    expect(await misfits(page)).toEqual([])
    await page.locator('#queue').focus()
    await page.keyboard.press('p')
    await page.locator('.pinned #queue').waitFor()
    const below = await page.locator('#rows').evaluate((rows) => {
      const top = (one: Element): number => one.getBoundingClientRect().top
      return { scrolled: rows.scrollTop, below: top(rows.querySelector('#queue')!) - top(rows) }
    })
    expect(below.scrolled).toBeGreaterThan(40)
    expect(below.below).toBeCloseTo(30, 0)
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('queue')
    await page.keyboard.press('p')
    await page.locator('.pinned #queue').waitFor({ state: 'detached' })
  })

  it('show who was in trouble first, and pick a service by pointer and by key', async () => {
    const page = await visit(`${SHORT}&m=run`)
    const strip = page.locator('#cascade-a')
    expect(await strip.locator('svg[role=img]').getAttribute('aria-label')).toMatch(
      /in trouble, in this order: ledger-db \(30\.\d\ss\)/,
    )
    expect(await strip.locator('.strip-names span').first().textContent()).toBe('ledger-db')
    const box = (await strip.locator('.plot').boundingBox())!
    await page.mouse.click(box.x + box.width * 0.8, box.y + 20)
    await strip.locator('.strip-names .chosen', { hasText: 'ledger-db' }).waitFor()
    await strip.focus()
    await page.keyboard.press('ArrowDown')
    await strip.locator('.strip-names .chosen:not(:text("ledger-db"))').waitFor()
    const chosen = await strip.locator('.strip-names .chosen').textContent()
    expect(await page.locator('#retries .note').textContent()).toMatch(
      /payments\s→\sledger-db ×\s[\d.]+$/,
    )
    expect(await page.locator('#saturation .lane-names span').first().textContent()).toBe(chosen)
  })
})

describe('the widths', () => {
  it('from 960 to 2560 show everything: nothing is cut off, nothing lies over anything', async () => {
    const page = await visit()
    const sizes = {
      2: '2560x1440 1920x1080 1440x900 1366x768 1180x900 960x900',
      1: '2560x1440 1280x900 960x900',
    }
    for (const [mode, all] of Object.entries(sizes).toReversed()) {
      await page.keyboard.press(mode)
      for (const size of all.split(' ')) {
        const [width, height] = size.split('x').map(Number)
        await page.setViewportSize({ width: width!, height: height! })
        const found = async () => [...(await misfits(page)), ...(await overlaps(page))]
        // Pictures follow the window in the frames after.
        await expect.poll(found, { timeout: 20_000, message: `${mode} ${size}` }).toEqual([])
      }
    }
  })

  it('open drawers where there is no room for rails, and Escape closes them', async () => {
    const page = await visit(SHORT, { ...desktop, width: 1280 })
    await page.getByRole('button', { name: 'Whole run', exact: true }).click()
    await page.locator('#scores').waitFor()
    expect(await misfits(page)).toEqual([])
    expect(await overlaps(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.locator('#scores').waitFor({ state: 'hidden' })
    await page.setViewportSize({ width: 1000, height: 800 })
    const signs = page.getByRole('navigation', { name: 'Panels on the left' }).getByRole('button')
    expect(await signs.count()).toBeGreaterThanOrEqual(4)
    await signs.first().click()
    await page.getByRole('switch', { name: 'Circuit breaker in B' }).waitFor()
    expect(await misfits(page)).toEqual([])
    expect(await axeFinds(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.locator('#patterns').waitFor({ state: 'hidden' })
  })

  it('have the new rows among the charts of a phone', async () => {
    const page = await visit(SHORT, phone)
    await page.getByRole('button', { name: 'Charts', exact: true }).click()
    for (const id of ['cascade-a', 'cascade-b', 'retries', 'saturation']) {
      await page.locator(`#${id}`).scrollIntoViewIfNeeded()
      const box = await page.locator(`#${id} .plot`).boundingBox()
      expect(box!.height).toBeGreaterThan(40)
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    const rows = page.getByRole('button', { name: 'Rows', exact: true })
    expect((await rows.boundingBox())!.height).toBeGreaterThanOrEqual(44)
  })
})
