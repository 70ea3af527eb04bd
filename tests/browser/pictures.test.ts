/**
 * The main charts look as they did: marks only, since words depend on the fonts of a machine. `UPDATE=1` writes
 * the pictures anew; look at them before they are committed.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pixelmatch from 'pixelmatch'
import { PNG } from 'pngjs'
import type { Page } from 'playwright'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { openPage, type OpenPage } from '../support/browser.ts'

const HOME = new URL('./pictures/', import.meta.url).pathname
const FAILED = join(tmpdir(), 'faultline-pictures')
/** Just after the fault, in a run that is soon over. */
const LINK = '#s=retry-storm&set=duration%3D50s&t=47'
const CHARTS = [
  'topology-a',
  'topology-b',
  'requests-a',
  'requests-b',
  'latency-a',
  'latency-b',
  'circuits',
  'queue',
  'percentiles',
  'scores',
]
/** Share of the pixels that may differ: edges of marks that make room for words. */
const TOLERANCE = 0.004

/** Words are laid out with one font and not painted; nothing moves. */
const STILL = `
  * { font-family: 'Liberation Sans', Arial, sans-serif !important; color: transparent !important;
      animation: none !important; transition: none !important; caret-color: transparent !important; }
  svg text { fill: transparent !important; stroke: transparent !important; }
  .view-menu { visibility: hidden !important; }
`

let open: OpenPage | undefined

afterEach(async () => {
  expect(open?.errors ?? []).toEqual([])
  await open?.close()
  open = undefined
})

async function visit(colorScheme: 'dark' | 'light'): Promise<Page> {
  open = await openPage({ width: 1440, height: 900, colorScheme, reducedMotion: 'reduce' })
  const { page } = open
  await page.goto(`${inject('app')}${LINK}`)
  await page.waitForSelector('body[data-digest-a][data-digest-b]', { timeout: 45_000 })
  await style(page, STILL)
  await page.mouse.move(0, 0)
  await page.waitForTimeout(300)
  return page
}

/** Adds styles as a script may; the page's policy lets no style element in. */
async function style(page: Page, text: string): Promise<void> {
  await page.evaluate((css) => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
  }, text)
}

async function picture(page: Page, id: string): Promise<PNG> {
  return PNG.sync.read(await page.locator(`#${id}`).screenshot({ animations: 'disabled' }))
}

/** The share of pixels in which two pictures differ; a pixel more or less at the edges is cut off. */
function distance(a: PNG, b: PNG): { share: number; marks: PNG } {
  const [width, height] = [Math.min(a.width, b.width), Math.min(a.height, b.height)]
  const isAlike = Math.abs(a.width - b.width) <= 2 && Math.abs(a.height - b.height) <= 2
  const marks = new PNG({ width, height })
  if (!isAlike) return { share: 1, marks }
  const cut = (from: PNG): Uint8Array => {
    const to = new PNG({ width, height })
    PNG.bitblt(from, to, 0, 0, width, height, 0, 0)
    return to.data
  }
  const count = pixelmatch(cut(a), cut(b), marks.data, width, height, { threshold: 0.15 })
  return { share: count / (width * height), marks }
}

/** Compares a chart with its stored picture; keeps what was seen when they differ. */
async function compare(page: Page, id: string, name: string): Promise<number> {
  const seen = await picture(page, id)
  const path = join(HOME, `${name}.png`)
  if (process.env['UPDATE'] === '1') {
    mkdirSync(HOME, { recursive: true })
    writeFileSync(path, PNG.sync.write(seen))
    return 0
  }
  expect(existsSync(path), `${path}: UPDATE=1 makes it`).toBe(true)
  const { share, marks } = distance(seen, PNG.sync.read(readFileSync(path)))
  if (share > TOLERANCE) {
    mkdirSync(FAILED, { recursive: true })
    writeFileSync(join(FAILED, `${name}.png`), PNG.sync.write(seen))
    writeFileSync(join(FAILED, `${name}-differs.png`), PNG.sync.write(marks))
  }
  return share
}

describe.each(['dark', 'light'] as const)('in %s', (scheme) => {
  it('the main charts look as they did', async () => {
    const page = await visit(scheme)
    const found: Record<string, number> = {}
    for (const id of CHARTS) found[id] = await compare(page, id, `${id}-${scheme}`)
    const others = Object.entries(found).filter(([, share]) => share > TOLERANCE)
    expect(others, `see ${FAILED}`).toEqual([])
  }, 120_000)
})

describe('the comparison', () => {
  it.runIf(process.env['UPDATE'] !== '1')(
    'sees another colour, another place and marks that are missing',
    async () => {
      const page = await visit('dark')
      const stored = PNG.sync.read(readFileSync(join(HOME, 'requests-a-dark.png')))
      expect(distance(await picture(page, 'requests-a'), stored).share).toBeLessThan(TOLERANCE)
      for (const change of [
        '.area.ok { fill: #9a6ad6 !important }',
        '#requests-a .plot svg { transform: translateX(6px) }',
        '#requests-a .plot svg { visibility: hidden }',
      ]) {
        await style(page, change)
        const { share } = distance(await picture(page, 'requests-a'), stored)
        expect(share, change).toBeGreaterThan(2 * TOLERANCE)
        await page.evaluate(() => {
          document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1)
        })
      }
    },
    120_000,
  )
})
