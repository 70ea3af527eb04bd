/** What browser tests of the page do again and again. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { inject } from 'vitest'
import type Axe from 'axe-core'
import type { Page } from 'playwright'
import { openPage, type OpenPage, type PageOptions } from './browser.ts'

/** The sizes that the page is made for. */
export const desktop: PageOptions = { width: 1440, height: 900, colorScheme: 'dark' }
export const phone: PageOptions = { width: 390, height: 844, colorScheme: 'dark', touch: true }

/** A run of the home scenario that is short, and still shows the fault and who comes back. */
export const SHORT = '#s=retry-storm&set=duration%3D55s'

/** Opens the page at a fragment in a clean profile; with `done`, waits until both runs are complete. */
export async function visitPage(
  fragment = SHORT,
  options: PageOptions = desktop,
  done = true,
): Promise<OpenPage> {
  const open = await openPage(options)
  await open.page.goto(fragment.startsWith('http') ? fragment : `${inject('app')}${fragment}`)
  if (done) await digestsOf(open.page)
  return open
}

/** Waits for both runs and answers their digests. */
export async function digestsOf(page: Page): Promise<{ a: string; b: string }> {
  await page.waitForSelector('body[data-digest-a][data-digest-b]', { timeout: 45_000 })
  return page.evaluate(() => {
    const { digestA = '', digestB = '' } = document.body.dataset
    return { a: digestA, b: digestB }
  })
}

/** Waits until the digests are others than they were. */
export async function digestsAfter(page: Page, before: { a: string; b: string }) {
  const isNew = ({ a, b }: { a: string; b: string }): boolean => {
    const { digestA, digestB } = document.body.dataset
    return digestA !== undefined && digestB !== undefined && (digestA !== a || digestB !== b)
  }
  await page.waitForFunction(isNew, before, { timeout: 45_000 })
  return digestsOf(page)
}

/** The second that the cursor is at. */
export async function secondsOf(page: Page): Promise<number> {
  return Number(await page.locator('#cursor').getAttribute('aria-valuenow'))
}

/** Drops a file on the page. */
export async function dropFile(page: Page, name: string, text: string): Promise<void> {
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

/** Serious problems for people who do not see, or see badly. */
export async function axeFinds(page: Page): Promise<string[]> {
  // The page lets no script in; what the test itself evaluates is not asked.
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
