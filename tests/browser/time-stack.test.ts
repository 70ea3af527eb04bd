/** The stack of time rows: one cursor, zoom, picked stretches, faults that are moved, heights, a fault that is added. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Page } from 'playwright'
import type { OpenPage, PageOptions } from '../support/browser.ts'
import { desktop, digestsAfter, digestsOf, secondsOf, visitPage } from '../support/visit.ts'

/** Two runs of it take a quarter of a second; a fault from 2 to 12 s of 40. */
const QUICK = '#s=retry-storm-minimal'

let open: OpenPage | undefined

afterEach(async () => {
  expect(open?.errors ?? []).toEqual([])
  await open?.close()
  open = undefined
})

async function visit(fragment = QUICK, options: PageOptions = desktop): Promise<Page> {
  open = await visitPage(fragment, options)
  return open.page
}

/** A place over the plots, at a share of their width and at some row. */
async function over(page: Page, share: number, row = 'requests-a'): Promise<[number, number]> {
  const plot = (await page.locator('.axis-room').boundingBox())!
  const line = (await page.locator(`#${row}`).boundingBox())!
  return [plot.x + share * plot.width, line.y + line.height / 2]
}

const captions = (page: Page): Promise<string[]> =>
  page.locator('.topology .caption').allTextContents()
const lastTick = (page: Page): Promise<string[]> =>
  page.locator('#axis .tick, #axis text').allTextContents()
const scoresSay = (page: Page): Promise<string | null> =>
  page.locator('#scores header, #scores h2').first().textContent()
const plotSays = (page: Page): Promise<string | null> =>
  page.locator('#percentiles svg[role=img]').getAttribute('aria-label')

describe('the cursor', () => {
  it('crosses all rows; dragged in the ruler it takes both pictures along in the same frame', async () => {
    const page = await visit()
    const line = (await page.locator('#cursor').boundingBox())!
    const rows = await page.locator('#rows .row:visible').evaluateAll((all) =>
      all.map((row) => {
        const { top, bottom } = row.getBoundingClientRect()
        return { top, bottom }
      }),
    )
    expect(rows.length).toBeGreaterThan(4)
    expect(Math.min(...rows.map(({ top }) => top))).toBeGreaterThanOrEqual(line.y)
    expect(Math.max(...rows.map(({ bottom }) => bottom))).toBeLessThanOrEqual(
      line.y + line.height + 2,
    )
    const axis = (await page.locator('.axis-room').boundingBox())!
    await page.mouse.move(axis.x + axis.width * 0.6, axis.y + 8)
    await page.mouse.down()
    await page.mouse.move(axis.x + axis.width * 0.2, axis.y + 40, { steps: 3 })
    await expect.poll(() => secondsOf(page)).toBeCloseTo(8, 0)
    const calm = await captions(page)
    const seen = await page.evaluate(
      async (to) => {
        const cursor = document.getElementById('cursor')!
        const at = { clientX: to.x, clientY: to.y, pointerId: 1, bubbles: true, buttons: 1 }
        cursor.dispatchEvent(new PointerEvent('pointermove', at))
        await new Promise((done) => requestAnimationFrame(done))
        const says = [...document.querySelectorAll('.topology .caption')].map((p) => p.textContent)
        return { second: Number(cursor.getAttribute('aria-valuenow')), says }
      },
      { x: axis.x + axis.width * 0.8, y: axis.y + 60 },
    )
    await page.mouse.up()
    expect(seen.second).toBeCloseTo(32, 0)
    expect(seen.says[0]).not.toBe(calm[0])
    expect(seen.says[1]).not.toBe(calm[1])
  })
})

describe('zoom', () => {
  it('comes by wheel and by key, keeps cursor and digests, and goes back', async () => {
    const page = await visit(`${QUICK}&t=30`)
    const digests = await digestsOf(page)
    const whole = await lastTick(page)
    await page.mouse.move(...(await over(page, 0.5)))
    await page.mouse.wheel(0, -500)
    await expect.poll(() => lastTick(page)).not.toEqual(whole)
    const near = await lastTick(page)
    await page.keyboard.press('w')
    await expect.poll(() => lastTick(page)).not.toEqual(near)
    await page.keyboard.press('d')
    expect(await secondsOf(page)).toBe(30)
    expect(await digestsOf(page)).toEqual(digests)
    for (let step = 0; step < 12; step++) await page.keyboard.press('s')
    await expect.poll(() => lastTick(page)).toEqual(whole)
  })
})

describe('a picked stretch', () => {
  it('by pointer: percentiles, scores and list follow; Escape clears', async () => {
    const page = await visit()
    const [board, plot] = [await scoresSay(page), await plotSays(page)]
    const [from, y] = await over(page, 0.5, 'latency-a')
    const [until] = await over(page, 0.75)
    await page.mouse.move(from + 1, y)
    await page.mouse.down()
    await page.mouse.move((from + until) / 2, y, { steps: 3 })
    await page.mouse.move(until - 1, y, { steps: 3 })
    await page.mouse.up()
    await expect.poll(() => scoresSay(page)).toMatch(/^20(\.\d)?–(29\.\d|30)\ss only/)
    expect(await plotSays(page)).not.toBe(plot)
    await page.keyboard.press('Escape')
    await expect.poll(() => scoresSay(page)).toBe(board)
    expect(await plotSays(page)).toBe(plot)
  })

  it('by keyboard: from the cursor to the cursor, fitted and whole again', async () => {
    const page = await visit(`${QUICK}&t=20`)
    const whole = await lastTick(page)
    await page.locator('#cursor').focus()
    await page.keyboard.press('[')
    for (let step = 0; step < 3; step++) await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press(']')
    await expect.poll(() => scoresSay(page)).toMatch(/^20–21\.5\ss only/)
    await page.keyboard.press('f')
    await expect.poll(() => lastTick(page)).not.toEqual(whole)
    await page.keyboard.press('f')
    await expect.poll(() => lastTick(page)).toEqual(whole)
  })
})

describe('a fault on the axis', () => {
  it('is moved by pointer: the file says it, both run again, and undo brings it back', async () => {
    const page = await visit()
    const digests = await digestsOf(page)
    const chip = page.getByRole('slider', { name: /^Fault .*: when$/ })
    const before = Number(await chip.getAttribute('aria-valuenow'))
    const box = (await chip.boundingBox())!
    const axis = (await page.locator('.axis-room').boundingBox())!
    const fiveSeconds = (axis.width / 40) * 5
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 2 + fiveSeconds, box.y + 4, { steps: 4 })
    await page.mouse.up()
    const moved = await digestsAfter(page, digests)
    expect(Number(await chip.getAttribute('aria-valuenow'))).toBeCloseTo(before + 5, 0)
    await page.keyboard.press('Control+z')
    await digestsAfter(page, moved)
    expect(await digestsOf(page)).toEqual(digests)
    expect(Number(await chip.getAttribute('aria-valuenow'))).toBe(before)
  })

  it('is made longer by keyboard, in one step of undo', async () => {
    const page = await visit()
    const digests = await digestsOf(page)
    const end = page.getByRole('slider', { name: /^Fault .*: how long$/ })
    const before = Number(await end.getAttribute('aria-valuenow'))
    await end.focus()
    await page.keyboard.down('ArrowRight')
    await page.keyboard.down('ArrowRight')
    await page.keyboard.up('ArrowRight')
    const longer = await digestsAfter(page, digests)
    expect(Number(await end.getAttribute('aria-valuenow'))).toBeGreaterThan(before)
    await page.keyboard.press('Control+z')
    await digestsAfter(page, longer)
    expect(await digestsOf(page)).toEqual(digests)
  })

  it('is added in a dialog; what cannot be is said there, and nothing is lost', async () => {
    const page = await visit()
    const digests = await digestsOf(page)
    await page.getByRole('button', { name: /add a fault/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a fault' })
    await dialog.getByLabel('starts at').fill('soon')
    await dialog.getByRole('button', { name: 'Add the fault' }).click()
    await dialog.getByRole('alert').getByText(/soon/).waitFor()
    expect(await digestsOf(page)).toEqual(digests)
    await dialog.getByLabel('starts at').fill('20s')
    await dialog.getByLabel('lasts for').fill('5s')
    await dialog.getByRole('button', { name: 'Add the fault' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await digestsAfter(page, digests)
    expect(await page.getByRole('slider', { name: /^Fault .*: when$/ }).count()).toBe(2)
  })
})

describe('the heights of rows', () => {
  it('are changed by keyboard, and double-click gives a row its own again', async () => {
    const page = await visit()
    const bar = page
      .getByRole('separator', { name: /Height of the row A Requests|Requests/ })
      .first()
    const high = async (): Promise<number> =>
      (await page.locator('#requests-a').boundingBox())!.height
    const before = await high()
    await bar.focus()
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowDown')
    await expect.poll(high).toBeGreaterThan(before + 6)
    await bar.dblclick()
    await expect.poll(high).toBeCloseTo(before, 0)
  })
})
