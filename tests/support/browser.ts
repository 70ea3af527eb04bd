import { existsSync } from 'node:fs'
import { chromium, firefox, type Browser, type Page } from 'playwright'
import { afterAll } from 'vitest'

/** How to start a browser. */
export interface BrowserChoice {
  readonly executablePath: string
  readonly args: readonly string[]
}

/** How the page is to be opened. */
export interface PageOptions {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
  readonly reducedMotion?: 'reduce' | 'no-preference'
  readonly deviceScaleFactor?: number
  readonly touch?: boolean
  /** Runs other seeds without being asked, as the page does for everybody; tests that look at something else wait less without. */
  readonly seeds?: boolean
  /** Keeps all files of the page for use without a network, as for everybody; tests that look at something else wait less without. */
  readonly offline?: boolean
}

/** An open page, and all that went wrong on it so far. */
export interface OpenPage {
  readonly page: Page
  readonly errors: readonly string[]
  close(): Promise<void>
}

/**
 * The popups of an address bar that nobody sees would be loaded with every window, at a quarter of the time that our
 * page takes. Playwright's own list is replaced by this one, so that what matters of it is here too.
 */
const notNeeded = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'MediaRouter',
  'PaintHolding',
  'Translate',
]

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${notNeeded.join(',')}`,
]

const standardPlaces: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/chromium-browser',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
}

/**
 * The Chromium to test with: `CHROME_PATH`, the system's, Playwright's own, or, on Linux, the one
 * that `npm ci` brought. Tests are never skipped for want of it.
 */
export async function findChromium(): Promise<BrowserChoice> {
  const named = process.env.CHROME_PATH
  if (named && !existsSync(named)) throw new Error(`CHROME_PATH is ${named}, but there is no file`)
  const places = [named, ...(standardPlaces[process.platform] ?? []), chromium.executablePath()]
  const found = places.find((path) => path && existsSync(path))
  if (found) return { executablePath: found, args: quiet }
  if (process.platform === 'linux' && process.arch === 'x64') return packagedChromium()
  throw new Error(
    'No Chromium to test the page with: install Chrome, set CHROME_PATH to one, ' +
      'or run `npx playwright install chromium`',
  )
}

/** The Chromium from npm; it unpacks the system libraries that it needs when it sees Lambda. */
export async function packagedChromium(): Promise<BrowserChoice> {
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs20.x'
  const { default: packaged } = await import('@sparticuz/chromium')
  return {
    executablePath: await packaged.executablePath(),
    args: [...packaged.args, ...quiet.filter((flag) => !packaged.args.includes(flag))],
  }
}

/** The Firefox to test with, where there is one. */
export function findFirefox(): string | undefined {
  return [
    process.env.FIREFOX_PATH,
    '/usr/bin/firefox-esr',
    '/usr/bin/firefox',
    '/Applications/Firefox.app/Contents/MacOS/firefox',
  ].find((path) => path && existsSync(path))
}

let shared: Promise<Browser> | undefined

/** Opens an empty page in Chromium, which all tests of a file share. */
export async function openPage(options: PageOptions = {}): Promise<OpenPage> {
  shared ??= findChromium().then(({ executablePath, args }) =>
    chromium.launch({ executablePath, args: [...args] }),
  )
  return pageIn(await shared, options)
}

/** Starts the given Firefox, which speaks WebDriver BiDi; the caller closes it. */
export function launchFirefox(executablePath: string): Promise<Browser> {
  return firefox.launch({ channel: 'moz-firefox', executablePath })
}

/** Opens an empty page in a browser that is already running. */
export async function pageIn(browser: Browser, options: PageOptions = {}): Promise<OpenPage> {
  const { width = 1280, height = 800, colorScheme = 'light', reducedMotion, touch } = options
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    ...(reducedMotion && { reducedMotion }),
    ...(touch && { hasTouch: true }),
    ...(options.deviceScaleFactor && { deviceScaleFactor: options.deviceScaleFactor }),
  })
  if (!options.seeds) await context.addInitScript(leaveSeeds)
  if (!options.offline) await context.addInitScript(leaveFiles)
  const page = await context.newPage()
  page.setDefaultNavigationTimeout(60_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(`uncaught: ${error.stack ?? error.message}`))
  page.on('console', (message) => {
    const { url } = message.location()
    if (message.type() === 'error') errors.push(`console: ${message.text()} (${url})`)
  })
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? 'failed'
    if (!why.includes('ABORTED')) errors.push(`request: ${request.url()} ${why}`)
  })
  return { page, errors, close: () => context.close() }
}

/** Runs in the page: no other seed before it is asked for. An empty page has no memory, and needs none. */
function leaveSeeds(): void {
  if (location.protocol !== 'about:') localStorage.setItem('faultline-seeds', 'off')
}

/** Runs in the page: its files are not kept. */
function leaveFiles(): void {
  Reflect.deleteProperty(Navigator.prototype, 'serviceWorker')
}

afterAll(async () => {
  const browser = await shared
  await browser?.close()
})
