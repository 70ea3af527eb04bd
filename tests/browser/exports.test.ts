/** Every view as a table, as CSV and as a picture, by pointer and by keyboard. */
import { readFile } from 'node:fs/promises'
import { PNG } from 'pngjs'
import type { Download, Page } from 'playwright'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { openPage, type OpenPage, type PageOptions } from '../support/browser.ts'

const desktop: PageOptions = { width: 1440, height: 900, colorScheme: 'dark' }
const SHORT = '#s=retry-storm&set=duration%3D60s'
/** What must have a menu of its own on this screen. */
const VIEWS = [
  'topology-a',
  'topology-b',
  'happened',
  'scores',
  'percentiles',
  'requests-a',
  'requests-b',
  'latency-a',
  'latency-b',
  'circuits',
  'queue',
]

let open: OpenPage | undefined

afterEach(async () => {
  expect(open?.errors ?? []).toEqual([])
  await open?.close()
  open = undefined
})

async function visit(options = desktop): Promise<Page> {
  open = await openPage(options)
  const { page } = open
  await page.goto(`${inject('app')}${SHORT}`)
  await page.waitForSelector('body[data-digest-a][data-digest-b]', { timeout: 45_000 })
  return page
}

const opener = (page: Page, id: string) => page.locator(`#${id} > .view-menu`)

/** Opens the menu of a view with the keyboard alone and picks something. */
async function pick(page: Page, id: string, name: string): Promise<void> {
  await opener(page, id).focus()
  await page.keyboard.press('Enter')
  const item = page.getByRole('menuitem', { name })
  await item.waitFor()
  for (let press = 0; press < 6; press++) {
    if (await item.evaluate((one) => one === document.activeElement)) break
    await page.keyboard.press('ArrowDown')
  }
  await page.keyboard.press('Enter')
}

async function saved(page: Page, id: string, name: string): Promise<[Download, Buffer]> {
  const waiting = page.waitForEvent('download')
  await pick(page, id, name)
  const download = await waiting
  return [download, await readFile(await download.path())]
}

describe('a view', () => {
  it('has a menu that comes with the pointer or the focus, and moves nothing', async () => {
    const page = await visit()
    for (const id of VIEWS) {
      const button = opener(page, id)
      expect(await button.count(), id).toBe(1)
      const box = (await button.boundingBox())!
      expect(Math.min(box.width, box.height), id).toBeGreaterThanOrEqual(24)
    }
    const button = opener(page, 'requests-a')
    const before = await page.locator('#requests-a svg').first().boundingBox()
    expect(await button.evaluate((one) => getComputedStyle(one).opacity)).toBe('0')
    await page.locator('#requests-a').hover()
    expect(await button.evaluate((one) => getComputedStyle(one).opacity)).toBe('1')
    await button.click()
    await page.getByRole('menuitem', { name: 'Save SVG' }).waitFor()
    expect(await page.locator('#requests-a svg').first().boundingBox()).toEqual(before)
    await page.keyboard.press('Escape')
    expect(await page.getByRole('menuitem').count()).toBe(0)
    expect(await button.evaluate((one) => one === document.activeElement)).toBe(true)
    await button.click()
    await button.click()
    expect(await page.locator('#view-menu').isVisible()).toBe(false)
    // Who is quick presses Escape before the focus has come into the menu.
    await button.click()
    await button.focus()
    await page.keyboard.press('Escape')
    expect(await page.locator('#view-menu').isVisible()).toBe(false)
  })

  it('shows its numbers as a table, and as CSV with the same numbers', async () => {
    const page = await visit()
    await pick(page, 'requests-a', 'Show as table')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('table').waitFor()
    const heads = await dialog.locator('th').allInnerTexts()
    const first = await dialog.locator('tbody tr').first().locator('td').allInnerTexts()
    expect(heads.length).toBeGreaterThan(2)
    const waiting = page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Save CSV' }).click()
    const download = await waiting
    expect(download.suggestedFilename()).toBe('retry-storm-seed7-requests-A.csv')
    const [head = '', row = ''] = (await readFile(await download.path(), 'utf8')).split('\r\n')
    expect(head.split(',')).toEqual(heads)
    expect(row.split(',').map((cell) => Number(Number(cell).toPrecision(4)))).toEqual(
      first.map(Number),
    )
  })

  it('gives numbers and a picture in every case', async () => {
    const page = await visit()
    for (const id of VIEWS) {
      await opener(page, id).focus()
      await page.keyboard.press('Enter')
      const items = page.getByRole('menuitem')
      await items.first().waitFor()
      const names = await items.allInnerTexts()
      expect(names, id).toEqual(['Show as table', 'Copy CSV', 'Save CSV', 'Save PNG', 'Save SVG'])
      expect(await page.locator('#view-menu button:disabled').count(), id).toBe(0)
      await page.keyboard.press('Escape')
    }
  })

  it('is saved as an SVG that stands alone: looks, patterns, pixels and what it is of', async () => {
    const page = await visit()
    const digest = await page.evaluate(() => document.body.dataset['digestA']!)
    const [download, bytes] = await saved(page, 'requests-a', 'Save SVG')
    expect(download.suggestedFilename()).toBe('retry-storm-seed7-requests-A.svg')
    const text = bytes.toString()
    expect(text).toContain(digest)
    expect(text).toContain('seed 7')
    expect(text).not.toMatch(/class=|var\(--|url\("|http:\/\/127/)
    for (const [, id] of text.matchAll(/url\(#([\w-]+)\)/g)) expect(text).toContain(`id="${id}"`)
    const fill = await page
      .locator('#requests-a .area.ok')
      .evaluate((area) => getComputedStyle(area).fill)
    expect(text).toContain(fill)
    const [, heat] = await saved(page, 'latency-a', 'Save SVG')
    expect(heat.toString()).toContain('data:image/png;base64,')
  })

  it('is saved as a PNG of twice its size that looks like the screen', async () => {
    const page = await visit()
    for (const id of ['topology-a', 'latency-b']) {
      const box = (await page.locator(`#${id}`).boundingBox())!
      const [download, bytes] = await saved(page, id, 'Save PNG')
      expect(download.suggestedFilename()).toMatch(/^retry-storm-seed7-[\w-]+\.png$/)
      const { width, height, data } = PNG.sync.read(bytes)
      expect(width).toBeGreaterThanOrEqual(2 * box.width)
      expect(height).toBeGreaterThan(2 * box.height)
      const colours = new Set(new Uint32Array(data.buffer, data.byteOffset, data.length / 4))
      expect(colours.size).toBeGreaterThan(100)
    }
  })

  it('has its menu in reach of a thumb', async () => {
    const page = await visit({ width: 390, height: 844, touch: true })
    const button = opener(page, 'topology-a')
    await button.tap()
    const item = page.getByRole('menuitem', { name: 'Show as table' })
    await item.waitFor()
    expect((await item.boundingBox())!.height).toBeGreaterThanOrEqual(44)
    await item.tap()
    await page.getByRole('dialog').getByRole('table').waitFor()
  })
})
