import { afterEach, describe, expect, inject, it } from 'vitest'
import type { Page } from 'playwright'
import { hashText } from '../../engine/core/hash.ts'
import type { OpenPage } from '../support/browser.ts'
import { desktop, digestsOf, dropFile, secondsOf, SHORT, visitPage } from '../support/visit.ts'

const opened: OpenPage[] = []

afterEach(async () => {
  expect(opened.flatMap(({ errors }) => errors)).toEqual([])
  for (const one of opened.splice(0)) await one.close()
})

async function visit(fragment: string, done = true): Promise<Page> {
  const open = await visitPage(fragment, desktop, done)
  opened.push(open)
  return open.page
}

/** Presses the button and answers what is in the clipboard. */
async function shared(page: Page): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Share this moment' }).click()
  await page.getByText('Link copied').waitFor()
  return page.evaluate(() => navigator.clipboard.readText())
}

const MINE = [
  'schema: 1',
  'title: My own shop',
  'duration: 20s',
  'services: { db: { concurrency: 4, queue: 20, work: exponential(20ms) } }',
  'load: { users: { to: db, arrivals: poisson(100/s) } }',
  'patterns: { limit: { use: timeout, timeout: 50ms } }',
  'compare: { A: { without: [limit] }, B: {} }',
].join('\n')

describe('a shared moment', () => {
  it('is the same in a clean profile, and says so', async () => {
    const page = await visit(
      `${SHORT}&seed=9&a=+breaker&t=36&range=30..45&span=20..50&service=payments&mode=run`,
    )
    const before = await digestsOf(page)
    const link = await shared(page)
    expect(link).toMatch(/&h=[0-9a-f]{16}&v=\d+\.\d+\.\d+$/)
    const there = await visit(link)
    expect(await digestsOf(there)).toEqual(before)
    await there.getByText('Reproduced exactly').waitFor()
    expect(await secondsOf(there)).toBe(36)
    expect(await there.getByRole('textbox', { name: 'Seed' }).inputValue()).toBe('9')
    expect(await there.locator('body').getAttribute('data-mode')).toBe('run')
    await there.waitForURL(/range=30\.\.45&span=20\.\.50&service=payments/)
    await there.getByRole('button', { name: 'Next seed' }).click()
    await there.getByText('Reproduced exactly').waitFor({ state: 'detached' })
  })

  it('is never silently another one', async () => {
    const page = await visit(`${SHORT}&h=0000000000000000&v=0.0.1`)
    const alert = page.getByRole('alert').filter({ hasText: 'This link shows something else' })
    await alert.getByText(/Both runs differ.*made with engine 0\.0\.1; this is engine/).waitFor()
    await alert.getByRole('button', { name: 'Dismiss' }).click()
    await alert.waitFor({ state: 'detached' })
  })

  it('can be copied by hand where the clipboard is closed', async () => {
    const page = await visit(SHORT)
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error('closed'))
    })
    await page.keyboard.press('Shift+S')
    const field = page.getByRole('dialog').getByRole('textbox', { name: 'Link' })
    expect(await field.inputValue()).toMatch(/#s=retry-storm.*&h=/)
    expect(await page.evaluate(() => getSelection()?.toString())).toMatch(/^http/)
  })
})

/** A text as a link has it that was made where nothing can be zipped. */
function plain(text: string): string {
  const hash = (hashText(text) >>> 0).toString(16).padStart(8, '0')
  return `p.${hash}${Buffer.from(text).toString('base64url')}`
}

describe('a file of one’s own', () => {
  it('stays after a reload and travels in a link', async () => {
    const page = await visit(SHORT)
    await dropFile(page, 'mine.yaml', MINE)
    await page.getByRole('button', { name: /^Scenario: My own shop \(own file\)/ }).waitFor()
    await page.waitForURL(/#s=z\.[\w-]+&n=mine/)
    await page.reload()
    await page.getByRole('button', { name: /^Scenario: My own shop/ }).waitFor()
    const before = await digestsOf(page)
    const there = await visit(await shared(page))
    expect(await digestsOf(there)).toEqual(before)
    await there.getByText('Reproduced exactly').waitFor()
  })

  it.each([
    ['cut off', 's=z.VYy9CsIwFEZ', /could not be opened.*cut off or has been changed/],
    ['not a scenario', `s=${plain('title: 3')}`, /was not opened/],
    [
      'changed',
      `s=${plain('title: 3').replace(/^p\../, (head) => (head === 'p.0' ? 'p.1' : 'p.0'))}`,
      /could not be opened.*checksum is wrong/,
    ],
    ['too long', `s=z.${'A'.repeat(1_500_000)}`, /too long to be opened: 15000\d\d characters/],
    ['unknown', 's=retry-strom', /There is no scenario called “retry-strom”/],
  ])('that is %s leaves the home scenario where it is', async (_, fragment, says) => {
    const page = await visit(`#${fragment}&set=duration%3D20s`)
    await page.getByRole('button', { name: 'Scenario: Retry storm at checkout' }).waitFor()
    await digestsOf(page)
    await page.getByRole('alert').getByText(says).first().waitFor()
  })

  it('warns when the link gets long', async () => {
    const page = await visit(SHORT)
    const notes = Array.from({ length: 4000 }, (_, at) => (at * 2654435761).toString(36)).join(' ')
    await dropFile(page, 'long.yaml', `${MINE}\nabout: ${notes}\n`)
    await page.getByRole('button', { name: /^Scenario: My own shop/ }).waitFor()
    await digestsOf(page)
    expect((await shared(page)).length).toBeGreaterThan(30_000)
    await page.getByRole('status').filter({ hasText: 'This is a long link' }).waitFor()
  })
})

describe('the way back', () => {
  it('leads to the scenario before', async () => {
    const page = await visit(SHORT)
    await page.goto(`${inject('app')}${SHORT}`)
    await digestsOf(page)
    await page.keyboard.press('2')
    await page.keyboard.press('1')
    await page.waitForURL(/[#&]m=run/)
    await page.goBack()
    await page.waitForSelector('body[data-mode=compare]')
  })
})
