/** The three browsers, as far as a test needs no more of them than to open an address and to ask the page something. */
import { chromium } from 'playwright'
import type { TestContext } from 'vitest'
import { findChromium, findFirefox, launchFirefox } from './browser.ts'
import { findWebKit, openWebKit } from './webkit.ts'

/** A page in some browser. */
export interface EnginePage {
  goto(url: string): Promise<void>
  /** Runs the body of a function in the page. */
  evaluate(body: string, ...args: readonly unknown[]): Promise<unknown>
  /** Waits until the body of a function answers something true. */
  waitFor(body: string, timeout?: number): Promise<unknown>
  close(): Promise<void>
}

/** A browser engine: its name, and how to open a page in it; undefined where it is not installed. */
export interface Engine {
  readonly name: 'Chromium' | 'Firefox' | 'WebKitGTK'
  readonly find: () => (() => Promise<EnginePage>) | undefined
}

/** All that the page is made for. */
export const ENGINES: readonly Engine[] = [
  { name: 'Chromium', find: () => openChromium },
  {
    name: 'Firefox',
    find() {
      const path = findFirefox()
      return path === undefined ? undefined : () => openFirefox(path)
    },
  },
  {
    name: 'WebKitGTK',
    find() {
      const choice = findWebKit()
      return choice && (() => openWebKit(choice))
    },
  },
]

/**
 * Opens a page in an engine. Where it is not installed the test says so in its report and is not counted as passed;
 * in continuous integration (`CI` is set), and where there is no `test` to tell, it fails.
 */
export async function openEngine(engine: Engine, test?: TestContext): Promise<EnginePage> {
  const open = engine.find()
  if (open) return open()
  return absent(engine.name, test)
}

/** A test cannot be made, for want of a browser. */
export function absent(name: string, test?: TestContext): never {
  const told = `There is no ${name} here; .ci/run installs it.`
  if (process.env['CI'] || !test) throw new Error(told)
  return test.skip(told)
}

async function openChromium(): Promise<EnginePage> {
  const { executablePath, args } = await findChromium()
  const browser = await chromium.launch({ executablePath, args: [...args] })
  return pageOf(browser)
}

async function openFirefox(path: string): Promise<EnginePage> {
  return pageOf(await launchFirefox(path))
}

async function pageOf(browser: Awaited<ReturnType<typeof launchFirefox>>): Promise<EnginePage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  // As in all tests: no other seed before it is asked for.
  await context.addInitScript(() => {
    if (location.protocol !== 'about:') localStorage.setItem('faultline-seeds', 'off')
  })
  const page = await context.newPage()
  const evaluate = (body: string, ...args: readonly unknown[]): Promise<unknown> =>
    page.evaluate(`(function () { ${body} })(...${JSON.stringify(args)})`)
  return {
    goto: async (url) => void (await page.goto(url)),
    evaluate,
    async waitFor(body, timeout = 50_000) {
      const until = Date.now() + timeout
      for (;;) {
        const seen = await evaluate(body)
        if (seen) return seen
        if (Date.now() > until) throw new Error(`waited ${timeout} ms for ${body}`)
        await new Promise((resolve) => setTimeout(resolve, 30))
      }
    },
    close: () => browser.close(),
  }
}
