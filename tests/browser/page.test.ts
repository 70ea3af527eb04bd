import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, inject, it } from 'vitest'
import type Axe from 'axe-core'
import type { Page } from 'playwright'
import { headers } from '../../cli/build/policy.mjs'
import { patterns } from '../../engine/patterns/index.ts'
import type { Params } from '../../engine/params.ts'
import { openPage, type OpenPage, type PageOptions } from '../support/browser.ts'

const desktop: PageOptions = { width: 1440, height: 900, colorScheme: 'dark' }
const phone: PageOptions = { width: 390, height: 844, colorScheme: 'dark', touch: true }
/** A run that nobody waits for. */
const LONG = '#s=retry-storm&set=duration%3D4000s'

let open: OpenPage | undefined

afterEach(async () => {
  expect(open?.errors ?? []).toEqual([])
  await open?.close()
  open = undefined
})

/** Opens the page at a fragment; with `done`, waits until both runs are complete. */
async function visit(fragment = '', options = desktop, done = true): Promise<Page> {
  open = await openPage(options)
  const { page } = open
  await page.goto(`${inject('app')}${fragment}`)
  if (done) await digests(page)
  return page
}

/** Waits for both runs and answers their digests. */
async function digests(page: Page): Promise<{ a: string; b: string }> {
  await page.waitForSelector('body[data-digest-a][data-digest-b]', { timeout: 45_000 })
  return page.evaluate(() => {
    const { digestA = '', digestB = '' } = document.body.dataset
    return { a: digestA, b: digestB }
  })
}

/** Waits until the digests are others than they were. */
async function newDigests(page: Page, before: { a: string; b: string }) {
  const isNew = ({ a, b }: { a: string; b: string }): boolean => {
    const { digestA, digestB } = document.body.dataset
    return digestA !== undefined && digestB !== undefined && (digestA !== a || digestB !== b)
  }
  await page.waitForFunction(isNew, before, { timeout: 45_000 })
  return digests(page)
}

const cursor = (page: Page) => page.getByRole('slider', { name: 'Time', exact: true })
const breakerIn = (page: Page, side: 'A' | 'B') =>
  page.getByRole('switch', { name: `Circuit breaker in ${side}` })

/** Waits until the cursor is at a second. */
async function timeIs(page: Page, seconds: string): Promise<void> {
  await page.waitForSelector(`#cursor[aria-valuenow='${seconds}']`, { timeout: 20_000 })
}

/** Drops a file on the page. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([file, content]) => {
      const data = new DataTransfer()
      data.items.add(new File([content!], file!))
      return data
    },
    [name, text],
  )
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer })
}

/** Whether anything is wider or higher than the window, or a panel than its place. */
function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, scrollHeight } = document.documentElement
    const found = []
    if (scrollWidth > innerWidth) found.push(`page is ${scrollWidth} wide`)
    if (scrollHeight > innerHeight) found.push(`page is ${scrollHeight} high`)
    for (const panel of document.querySelectorAll<HTMLElement>('.panel, .top, main')) {
      if (panel.offsetParent === null) continue
      const isWide = panel.scrollWidth > panel.clientWidth + 1
      const isHigh = panel.scrollHeight > panel.clientHeight + 1
      if (isWide || isHigh) {
        const size = `${panel.scrollWidth}×${panel.scrollHeight}`
        found.push(
          `${panel.id || panel.className}: ${size} in ${panel.clientWidth}×${panel.clientHeight}`,
        )
      }
    }
    return found
  })
}

/** What visible pictures are called. */
function pictureNames(page: Page): Promise<string[]> {
  return page
    .locator('main svg[role=img]:visible')
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''))
}

/** Serious problems for people who do not see, or see badly. */
async function axeFinds(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8'))
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof Axe }
    const { violations } = await axe.run(document, { resultTypes: ['violations'] })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .map(({ html }) => html)
            .slice(0, 4)
            .join(' ')}`,
      )
  })
}

describe('the page', () => {
  it('opens with a finished comparison, told in one sentence, and leaves no globals', async () => {
    const page = await visit()
    const { a, b } = await digests(page)
    expect(a).toMatch(/^[0-9a-f]{32}$/)
    expect(b).toMatch(/^[0-9a-f]{32}$/)
    expect(a).not.toBe(b)
    const heading = page.getByRole('heading', { level: 1 })
    await heading.getByText('stays down').waitFor()
    expect(await heading.textContent()).toMatch(/With a circuit breaker it is back/)
    expect(await cursor(page).getAttribute('aria-valuenow')).toBe('62')
    const names = await page.evaluate(() => Object.getOwnPropertyNames(globalThis))
    // As isolated as the page: SharedArrayBuffer is there in both. With an icon: else one is looked for, and not found.
    const body = '<!doctype html><link rel="icon" href="data:,">'
    await page.route('**/blank.html', (route) =>
      route.fulfill({ body, contentType: 'text/html', headers }),
    )
    await page.goto(`${inject('app')}blank.html`)
    const usual = await page.evaluate(() => Object.getOwnPropertyNames(globalThis))
    expect(names.filter((name) => !usual.includes(name))).toEqual([])
  })

  it.each([
    ['dark', desktop],
    ['light', { ...desktop, colorScheme: 'light' as const }],
    ['phone', phone],
  ])('cuts nothing off, names its pictures, and is sound to axe: %s', async (name, options) => {
    const page = await visit('', options)
    await page.waitForTimeout(300)
    await page.screenshot({ path: join(tmpdir(), `faultline-${name}.png`) })
    expect(await overflow(page)).toEqual([])
    for (const told of await pictureNames(page)) expect(told).toMatch(/\d.*\./)
    expect(await axeFinds(page)).toEqual([])
  })

  it('shows one part at a time on a phone', async () => {
    const page = await visit('', phone)
    await expectVisible(page, '#topology-a')
    await page.getByRole('switch', { name: 'Turn on the circuit breaker' }).click()
    await expectVisible(page, '#topology-b')
    for (const [tab, id] of [
      ['Patterns', '#patterns'],
      ['Charts', '#percentiles'],
      ['Events', '#happened'],
    ] as const) {
      await page.getByRole('button', { name: tab, exact: true }).click()
      await expectVisible(page, id)
    }
    const small = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('button, select, input')]
        .filter((one) => one.offsetParent !== null && one.getBoundingClientRect().height < 24)
        .map((one) => one.outerHTML),
    )
    expect(small).toEqual([])
  })
})

async function expectVisible(page: Page, selector: string): Promise<void> {
  await page.locator(selector).waitFor({ state: 'visible', timeout: 20_000 })
}

describe('switches', () => {
  it('run only the variant they belong to, keep the cursor, and can be undone', async () => {
    const page = await visit('#s=retry-storm&t=40')
    const before = await digests(page)
    await breakerIn(page, 'A').click()
    await breakerIn(page, 'A').and(page.locator('[aria-checked=true]')).waitFor()
    const after = await newDigests(page, before)
    expect(after).toEqual({ a: before.b, b: before.b })
    await page.getByRole('heading', { level: 1 }).getByText('A and B are the same run').waitFor()
    expect(await cursor(page).getAttribute('aria-valuenow')).toBe('40')
    await page.keyboard.press('Control+z')
    expect(await newDigests(page, after)).toEqual(before)
  })

  it('move by keyboard, and the link says so', async () => {
    const page = await visit()
    const before = await digests(page)
    await breakerIn(page, 'B').focus()
    await page.keyboard.press('Space')
    await breakerIn(page, 'B').and(page.locator('[aria-checked=false]')).waitFor()
    expect(await newDigests(page, before)).toEqual({ a: before.a, b: before.a })
    await page.waitForURL(/b=-breaker/)
    await page.reload()
    expect(await digests(page)).toEqual({ a: before.a, b: before.a })
  })

  it('are tinted where A and B differ, and two differences are warned of', async () => {
    const page = await visit()
    const before = await digests(page)
    expect(await page.locator('.pattern.differs').getAttribute('data-pattern')).toBe('breaker')
    await page.getByRole('switch', { name: 'Retry in B' }).click()
    await page.locator('.pattern.differs').nth(1).waitFor()
    await page.getByText('cause not isolated').first().waitFor()
    const after = await newDigests(page, before)
    expect(after.a).toBe(before.a)
    expect(after.b).not.toBe(before.b)
  })
})

describe('the time', () => {
  it('is moved by pointer and keyboard, and the pictures follow', async () => {
    const page = await visit()
    const picture = page.locator('#topology-b svg[role=img]')
    const before = await picture.getAttribute('aria-label')
    const { x, y, width, height } = (await cursor(page).boundingBox())!
    await page.mouse.click(x + (width * 36) / 120, y + height / 2)
    await timeIs(page, '36')
    const after = await picture.getAttribute('aria-label')
    expect(before).toContain('62.0')
    expect(after).toContain('36.0')
    expect(await page.locator('#topology-b .caption').textContent()).toContain('refused at once')
    await cursor(page).focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+ArrowRight')
    await timeIs(page, '37.1')
    expect(await cursor(page).getAttribute('aria-valuetext')).toMatch(
      /^37\.1 seconds\. A: \d+ percent served/,
    )
    await page.keyboard.press('Home')
    await timeIs(page, '0')
    await page.waitForURL(/t=0/)
  })

  it('goes where an entry of the list happened', async () => {
    const page = await visit()
    await page.getByRole('button', { name: /ledger-db is fast again/ }).click()
    await timeIs(page, '45')
  })

  it('plays and pauses', async () => {
    const page = await visit('#s=retry-storm&t=30')
    const now = async (): Promise<number> =>
      Number(await cursor(page).getAttribute('aria-valuenow'))
    await page.locator('body').press('Space')
    await page.waitForFunction(
      () => Number(document.querySelector('#cursor')!.getAttribute('aria-valuenow')) > 30.3,
    )
    await page.locator('body').press('Space')
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
    const paused = await now()
    await page.waitForTimeout(300)
    expect(await now()).toBe(paused)
  })
})

describe('a file', () => {
  it('that cannot be read is refused by line and column, and the last good result stays', async () => {
    const page = await visit()
    const before = await digests(page)
    const text =
      'schema: 1\nduration: 5\nservices:\n  db: { concurency: 3 }\nload: { users: { to: dbb } }\n'
    await drop(page, 'broken.yaml', text)
    const alert = page.getByRole('alert')
    await alert.waitFor()
    const said = (await alert.textContent())!
    expect(said).toContain('broken.yaml was not opened')
    expect(said).toMatch(/broken\.yaml:2:\d+/)
    expect(said).toMatch(/broken\.yaml:4:\d+.*concurrency/)
    expect(said).toContain('last good result: Retry storm at checkout')
    expect(await digests(page)).toEqual(before)
    await alert.getByRole('button', { name: 'Dismiss' }).click()
    await alert.waitFor({ state: 'detached' })
  })

  it('that can be read is opened, and its words stay words', async () => {
    const page = await visit()
    const before = await digests(page)
    const title = '<img src=x onerror="document.title=1"> & more'
    const text = [
      'schema: 1',
      `title: '${title}'`,
      'duration: 20s',
      'services: { db: { concurrency: 4, queue: 20, work: exponential(20ms) } }',
      'load: { users: { to: db, arrivals: poisson(100/s) } }',
      'patterns: { limit: { use: timeout, timeout: 50ms } }',
      'compare: { A: { without: [limit] }, B: {} }',
    ]
    await drop(page, 'mine.yaml', text.join('\n'))
    await newDigests(page, before)
    await page.getByRole('heading', { level: 1 }).getByText(title).waitFor()
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.title()).toBe('Faultline')
  })

  it('of the library is opened from the gallery', async () => {
    const page = await visit()
    const before = await digests(page)
    await page.getByRole('button', { name: /^Scenario:/ }).click()
    await page.locator('[data-scenario=mm1]').click()
    await newDigests(page, before)
    await page.waitForURL(/s=mm1/)
    await page.getByRole('heading', { level: 1 }).getByText('M/M/1').waitFor()
  })
})

describe('computing', () => {
  it('shows how far it is, and stops when told to, keeping what there is', async () => {
    const page = await visit(LONG, desktop, false)
    await page.getByText(/computed to [1-9]\d* s/).waitFor({ timeout: 30_000 })
    expect(await page.locator('body').getAttribute('data-digest-a')).toBeNull()
    await page.locator('body').press('Escape')
    await page.getByText(/stopped at \d+ s/).waitFor()
    const before = await page.locator('#requests-a svg[role=img]').getAttribute('aria-label')
    expect(before).toContain('offered per second')
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByText(/computed to/).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText(/stopped at/).waitFor()
  })
})

describe('controls', () => {
  it('show the knobs of a pattern of the scenario, and change them in both variants', async () => {
    const page = await visit()
    const before = await digests(page)
    await page.getByRole('button', { name: 'Circuit breaker', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Circuit breaker' })
    const wait = dialog.locator('[data-param=waitDurationInOpenState] input[type=text]')
    expect(await wait.inputValue()).toBe('5s')
    await wait.fill('soon')
    await wait.press('Tab')
    expect(await wait.evaluate((input: HTMLInputElement) => input.validationMessage)).toContain(
      '250ms',
    )
    await wait.fill('2s')
    await wait.press('Tab')
    await page.keyboard.press('Escape')
    const after = await newDigests(page, before)
    expect(after.a).toBe(before.a)
    expect(after.b).not.toBe(before.b)
    await page.waitForURL(/set=patterns\.breaker\.waitDurationInOpenState/)
  })

  it('change the fault', async () => {
    const page = await visit()
    const before = await digests(page)
    const factor = page.getByRole('textbox', { name: 'factor', exact: true })
    await factor.fill('1.5')
    await factor.press('Enter')
    const after = await newDigests(page, before)
    expect(after.a).not.toBe(before.a)
    await page.getByRole('heading', { level: 1 }).getByText('×1.5').waitFor()
  })

  it('are there for every knob of every pattern of the catalogue', async () => {
    const page = await visit()
    await page.getByRole('button', { name: /^all (\d+ )?patterns$/ }).click()
    for (const [name, { params }] of patterns) {
      const entry = page.locator(`details[data-component=${name}]`)
      await entry.locator('summary').click()
      await entry.locator('.knobs').first().waitFor()
      const shown = await entry
        .locator('[data-param]')
        .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset['param']!))
      expect(shown).toEqual(pathsOf(params as Params))
    }
  })

  it('add a pattern to B', async () => {
    const page = await visit()
    const before = await digests(page)
    await page.getByRole('button', { name: /^all (\d+ )?patterns$/ }).click()
    const entry = page.locator('details[data-component=bulkhead]')
    await entry.locator('summary').click()
    await entry.getByRole('button', { name: 'Add to B' }).click()
    const added = page.getByRole('switch', { name: 'Bulkhead in B' })
    await added.and(page.locator('[aria-checked=true]')).waitFor()
    const after = await newDigests(page, before)
    expect(after.a).toBe(before.a)
  })
})

function pathsOf(params: Params, prefix = ''): string[] {
  return Object.entries(params).flatMap(([name, { members }]) =>
    members ? pathsOf(members, `${prefix}${name}.`) : [`${prefix}${name}`],
  )
}
