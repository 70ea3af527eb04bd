/**
 * Measures the built page in Chromium: how soon it paints and can be used, how it plays, scrubs, answers and forgets.
 * `npm run -s bench -- --only page [--json]`, or `node tests/bench/page.mjs [--json] [--dist FOLDER] [--only play,heap]`.
 * Figures, not tests: they are of this machine, at this load.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright'
import { build, preview } from 'vite'
import { root } from '../../cli/bundle.mjs'
import { mainThread } from './trace.mjs'

/** @typedef {import('playwright').Page} Page */
/** @typedef {import('playwright').Browser} Browser */
/** @typedef {Record<string, number>} Figures */

const DESKTOP = { viewport: { width: 1440, height: 900 } }
const SCALE = '#s=fifty-two'
const LOG = /** @type {const} */ ('error')
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--no-first-run']

/** Notes the frame in which something is first to be seen; runs in the page before anything else. */
function watch() {
  /** @type {Record<string, number>} */
  const seen = {}
  const signs = {
    verdict: '#verdict h1:not(:empty)',
    topologies: '#topology-b svg :is(circle, path)',
    usable: '#patterns [role=switch]',
    done: 'body[data-digest-a][data-digest-b]',
  }
  const look = () => {
    for (const [name, sign] of Object.entries(signs)) {
      const element = seen[name] === undefined && document.querySelector(sign)
      if (element && element.textContent !== 'Faultline') seen[name] = performance.now()
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  Object.assign(globalThis, { seen })
}

/**
 * Measures everything, or what is named.
 *
 * @param {{ dist?: string | undefined, only?: readonly string[] }} [options] `dist`: the built page; without it, it
 *   is built first
 * @returns {Promise<Record<string, Figures>>}
 */
export async function measurePage({ dist, only } = {}) {
  const outDir = dist ?? (await mkdtemp(join(tmpdir(), 'faultline-bench-')))
  const shared = { configFile: join(root, 'vite.config.ts'), logLevel: LOG }
  if (!dist) await build({ ...shared, build: { outDir, emptyOutDir: true } })
  const server = await preview({
    ...shared,
    build: { outDir },
    preview: { host: '127.0.0.1', port: 4383 },
  })
  const address = /** @type {import('node:net').AddressInfo} */ (server.httpServer.address())
  const url = `http://127.0.0.1:${address.port}/`
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ARGUMENTS })
  /** @type {Record<string, Figures>} */
  const report = {}
  try {
    for (const [name, measure] of Object.entries(measures(browser, url, outDir))) {
      if (only && !only.includes(name)) continue
      const figures = await measure()
      process.stderr.write(`${table({ [name]: figures })}\n`)
      report[name] = figures
    }
  } finally {
    await browser.close()
    await server.close()
    if (!dist) await rm(outDir, { recursive: true, force: true })
  }
  return { ...report, machine: { load: loadavg()[0] ?? NaN } }
}

/**
 * What is measured, by name.
 *
 * @param {Browser} browser
 * @param {string} url
 * @param {string} dist
 * @returns {Record<string, () => Figures | Promise<Figures>>}
 */
function measures(browser, url, dist) {
  return {
    bytes: () => bytes(dist),
    load: () => load(browser, url),
    otherSeed: () => load(browser, `${url}#s=retry-storm&seed=8`),
    loadTasks: () => loadTasks(browser, url),
    toggle: () => withPage(browser, url, toggles),
    toggleTasks: () => withPage(browser, url, (page) => toggleTasks(browser, page)),
    cancel: () => withPage(browser, url, cancels),
    play: () => withPage(browser, url, play),
    playFiftyTwo: () => withPage(browser, url + SCALE, play),
    playTasks: () => withPage(browser, url, (page) => mainThread(browser, page, () => play(page))),
    playFiftyTwoTasks: () =>
      withPage(browser, url + SCALE, (page) => mainThread(browser, page, () => play(page))),
    scrub: () => withPage(browser, url, scrub),
    interactions: () => withPage(browser, url, interactions),
    heap: () => withPage(browser, url, heap),
  }
}

/** The browser to measure with. */
function chromiumPath() {
  return process.env['CHROME_PATH'] ?? '/usr/bin/chromium'
}

/**
 * @template T
 * @param {Browser} browser
 * @param {string} url
 * @param {(page: Page) => Promise<T>} measure
 */
async function withPage(browser, url, measure) {
  const context = await browser.newContext(DESKTOP)
  const page = await context.newPage()
  await page.addInitScript(watch)
  await page.goto(url)
  await done(page)
  await page.waitForTimeout(500)
  const figures = await measure(page)
  await context.close()
  return figures
}

/** @param {Page} page */
async function done(page) {
  await page.waitForSelector('body[data-digest-a][data-digest-b]', { timeout: 120_000 })
}

/**
 * Compressed kilobytes: the entry, what it fetches later, the workers.
 *
 * @param {string} dist
 * @returns {Figures}
 */
function bytes(dist) {
  const size = (/** @type {string} */ path) =>
    gzipSync(readFileSync(path), { level: 9 }).length / 1000
  const files = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.js'))
  const sum = (/** @type {(name: string) => boolean} */ is) =>
    files.filter(is).reduce((total, name) => total + size(join(dist, 'assets', name)), 0)
  const page = readFileSync(join(dist, 'index.html'), 'utf8')
  const isFirst = (/** @type {string} */ name) => page.includes(name)
  const isWorker = (/** @type {string} */ name) => name.includes('worker')
  return {
    pageKb: size(join(dist, 'index.html')),
    firstKb: sum(isFirst),
    lazyKb: sum((name) => !isFirst(name) && !isWorker(name)),
    workersKb: sum(isWorker),
  }
}

/**
 * A cold load, the median of three: times from the start of the navigation, ms.
 *
 * @param {Browser} browser
 * @param {string} url
 */
async function load(browser, url) {
  /** @type {Figures[]} */
  const rounds = []
  for (let round = 0; round < 3; round++) {
    const figures = await withPage(browser, url, (page) =>
      page.evaluate(() => {
        const [paint] = performance.getEntriesByName('first-contentful-paint')
        const { seen } = /** @type {typeof globalThis & { seen: Record<string, number> }} */ (
          globalThis
        )
        return { firstPaint: paint?.startTime ?? NaN, ...seen }
      }),
    )
    rounds.push(figures)
  }
  const names = Object.keys(rounds[0] ?? {})
  return Object.fromEntries(
    names.map((name) => [name, median(rounds.map((one) => one[name] ?? NaN))]),
  )
}

/**
 * What the main thread does from the start of a navigation to the end of both runs.
 *
 * @param {Browser} browser
 * @param {string} url
 */
async function loadTasks(browser, url) {
  const context = await browser.newContext(DESKTOP)
  const page = await context.newPage()
  // The page lives in the same process before and after: the first visit is to an empty file of the same server.
  await page.goto(`${url}nothing.txt`)
  const figures = await mainThread(browser, page, async () => {
    await page.goto(url)
    await done(page)
  })
  await context.close()
  return figures
}

/**
 * What the main thread does from a click on the switch to the end of the run.
 *
 * @param {Browser} browser
 * @param {Page} page
 */
async function toggleTasks(browser, page) {
  await page.evaluate(toggleOnce)
  await done(page)
  return mainThread(browser, page, () => page.evaluate(toggleOnce))
}

/**
 * From a click on the switch to the first new columns on the screen (what is not computed yet lies under a veil), to
 * the first that are others than before (A and B are the same until the pattern acts), and to the end of the run.
 *
 * @param {Page} page
 */
async function toggles(page) {
  /** @type {{ first: number, other: number, full: number }[]} */
  const all = []
  for (let turn = 0; turn < 6; turn++) {
    all.push(await page.evaluate(toggleOnce))
    await done(page)
    await page.waitForTimeout(300)
  }
  return {
    firstData: median(all.map(({ first }) => first)),
    firstOther: median(all.map(({ other }) => other)),
    full: median(all.map(({ full }) => full)),
  }
}

/** Runs in the page. */
async function toggleOnce() {
  const control = /** @type {HTMLElement} */ (
    document.querySelector('[role=switch][aria-label="Circuit breaker in B"]')
  )
  const row = /** @type {HTMLElement} */ (document.getElementById('requests-b'))
  const begun = performance.now()
  const veilAt = () => Number(row.querySelector('.veil line')?.getAttribute('x1'))
  const shapes = () =>
    [...row.querySelectorAll('path')].map((path) => path.getAttribute('d')).join()
  const before = shapes()
  const hasBegun = () =>
    row.querySelector('.veil')?.getAttribute('display') !== 'none' && veilAt() > 0
  let [first, other] = [NaN, NaN]
  control.click()
  for (;;) {
    await new Promise((resolve) => requestAnimationFrame(resolve))
    const now = performance.now() - begun
    if (Number.isNaN(first) && (hasBegun() || shapes() !== before)) first = now
    if (Number.isNaN(other) && shapes() !== before) other = now
    const { digestA, digestB } = document.body.dataset
    if (!Number.isNaN(first) && digestA && digestB) break
  }
  return { first, other, full: performance.now() - begun }
}

/**
 * From Escape to a run that stands still.
 *
 * @param {Page} page
 */
async function cancels(page) {
  /** @type {number[]} */
  const all = []
  for (let turn = 0; turn < 10; turn++) {
    await page.getByRole('button', { name: 'Next seed' }).click()
    await page.waitForTimeout(200)
    const took = await page.evaluate(async () => {
      const begun = performance.now()
      document.body.dispatchEvent(
        new KeyboardEvent('keydown', { code: 'Escape', key: 'Escape', bubbles: true }),
      )
      while (document.body.dataset['state'] === 'computing')
        await new Promise((resolve) => requestAnimationFrame(resolve))
      return performance.now() - begun
    })
    all.push(took)
  }
  return { median: median(all), most: Math.max(...all) }
}

/**
 * Frames while it plays, ms.
 *
 * @param {Page} page
 */
async function play(page) {
  await page.keyboard.press('Home')
  await page.keyboard.press('Space')
  const frames = await page.evaluate(async () => {
    /** @type {number[]} */
    const spans = []
    let last = await new Promise((resolve) => requestAnimationFrame(resolve))
    while (spans.length < 300) {
      const now = await new Promise((resolve) => requestAnimationFrame(resolve))
      spans.push(now - last)
      last = now
    }
    return spans
  })
  await page.keyboard.press('Space')
  return { median: median(frames), p95: quantile(frames, 0.95) }
}

/**
 * From a move of the pointer to the frame that shows it.
 *
 * @param {Page} page
 */
async function scrub(page) {
  await page.evaluate(() => {
    /** @type {number[]} */
    const took = []
    addEventListener(
      'pointermove',
      ({ timeStamp }) => {
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => took.push(performance.now() - timeStamp)
          port2.postMessage(null)
        })
      },
      { capture: true },
    )
    Object.assign(globalThis, { took })
  })
  const box = await page.locator('#axis').boundingBox()
  if (!box) throw new Error('There is no time axis')
  const y = box.y + 12
  await page.mouse.move(box.x + box.width * 0.3, y)
  await page.mouse.down()
  for (let step = 0; step < 120; step++) {
    await page.mouse.move(box.x + box.width * (0.3 + step * 0.004), y)
    await page.waitForTimeout(20)
  }
  await page.mouse.up()
  const took = await page.evaluate(
    () => /** @type {typeof globalThis & { took: number[] }} */ (globalThis).took,
  )
  return { median: median(took), p95: quantile(took, 0.95) }
}

/**
 * Two hundred clicks and keys, as the browser times them: from the event to the next paint. What is under 16 ms it
 * does not tell.
 *
 * @param {Page} page
 */
async function interactions(page) {
  await page.evaluate(() => {
    /** @type {Record<number, number>} */
    const slow = {}
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { interactionId, duration } = /** @type {PerformanceEventTiming} */ (entry)
        if (interactionId) slow[interactionId] = Math.max(slow[interactionId] ?? 0, duration)
      }
    }).observe(/** @type {PerformanceObserverInit} */ ({ type: 'event', durationThreshold: 16 }))
    Object.assign(globalThis, { slow })
  })
  const total = 200
  for (let turn = 0; turn < total; turn++) {
    await act(page, turn)
    await page.waitForTimeout(60)
  }
  const slow = await page.evaluate(() =>
    Object.values(
      /** @type {typeof globalThis & { slow: Record<number, number> }} */ (globalThis).slow,
    ),
  )
  const all = [...slow, ...Array.from({ length: Math.max(0, total - slow.length) }, () => 16)]
  return { p50: quantile(all, 0.5), p98: quantile(all, 0.98), most: Math.max(...all) }
}

/**
 * What somebody does who looks around: steps, seeks, other moments, now and then another run.
 *
 * @param {Page} page
 * @param {number} turn
 */
async function act(page, turn) {
  const { keyboard, mouse } = page
  if (turn % 25 === 24) return page.getByRole('switch', { name: 'Circuit breaker in B' }).click()
  if (turn % 10 === 9) return page.getByRole('button', { name: 'Light or dark' }).click()
  if (turn % 5 === 4) return keyboard.press(turn % 2 ? 'Home' : 'End')
  if (turn % 3 === 0) return keyboard.press(turn % 2 ? 'ArrowLeft' : 'ArrowRight')
  const box = await page.locator('#requests-b').boundingBox()
  if (box) await mouse.click(box.x + 200 + ((turn * 37) % 500), box.y + box.height / 2)
}

/**
 * Heap in use after garbage has gone: after five toggles, and after fifty, MB.
 *
 * @param {Page} page
 */
async function heap(page) {
  const session = await page.context().newCDPSession(page)
  const used = async () => {
    await session.send('HeapProfiler.collectGarbage')
    return (await session.send('Runtime.getHeapUsage')).usedSize / 1e6
  }
  const toggle = async (/** @type {number} */ times) => {
    for (let turn = 0; turn < times; turn++) {
      await page.evaluate(toggleOnce)
      await done(page)
    }
  }
  await toggle(5)
  const after5 = await used()
  await toggle(45)
  const after50 = await used()
  return { after5Mb: after5, after50Mb: after50, growth: after50 / after5 - 1 }
}

/** @param {number[]} numbers */
function median(numbers) {
  return quantile(numbers, 0.5)
}

/**
 * @param {number[]} numbers
 * @param {number} share
 */
function quantile(numbers, share) {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      dist: { type: 'string' },
      only: { type: 'string' },
    },
  })
  const report = await measurePage({
    dist: values.dist,
    ...(values.only && { only: values.only.split(',') }),
  })
  console.log(values.json ? JSON.stringify(report, null, 2) : table(report))
}

/**
 * The report as lines of text.
 *
 * @param {Record<string, Figures>} report
 */
export function table(report) {
  return Object.entries(report)
    .flatMap(([name, figures]) =>
      Object.entries(figures).map(
        ([figure, value]) =>
          `${name.padEnd(14)}${figure.padEnd(12)}${Number(value.toPrecision(3))}`,
      ),
    )
    .join('\n')
}
