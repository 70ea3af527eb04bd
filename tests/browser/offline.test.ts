/** The page without a network: after one visit it needs none. And what its policy lets it do. */
import { readFile } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, expect, inject, it } from 'vitest'
import type { Page } from 'playwright'
import { openPage, type OpenPage } from '../support/browser.ts'

const desktop = { width: 1440, height: 900 }
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
}

let open: OpenPage | undefined
let server: Server | undefined
/** Files that have changed on the server since the build. */
const replaced = new Map<string, string>()

afterEach(async () => {
  server?.closeAllConnections()
  server?.close()
  await open?.close()
  open = undefined
  server = undefined
  replaced.clear()
})

/** The built page as any static host would have it, in a folder: no headers but the type. */
async function hosted(): Promise<string> {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost')
    const path = pathname.replace(/^\/some\/where\//, '') || 'index.html'
    const file = replaced.get(path) ?? readFile(join(inject('built'), path))
    void send(response, path, file)
  })
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
  const address = server.address() as { port: number }
  return `http://127.0.0.1:${address.port}/some/where/`
}

async function send(response: ServerResponse, path: string, file: string | Promise<Buffer>) {
  try {
    const body = await file
    response.writeHead(200, { 'Content-Type': TYPES[path.split('.').at(-1)!] ?? 'text/plain' })
    response.end(body)
  } catch {
    response.writeHead(404).end()
  }
}

function shutDown(): void {
  server!.closeAllConnections()
  server!.close()
}

async function bothDone(page: Page): Promise<void> {
  await page.waitForSelector('body[data-digest-a][data-digest-b]', { timeout: 45_000 })
}

/** Waits until the service worker has everything. */
async function isKept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
}

const verdict = (page: Page): Promise<string> => page.locator('#verdict h1').innerText()

describe('offline', () => {
  it('the page comes back, computes, and opens scenarios and lazy parts with the server gone', async () => {
    const address = await hosted()
    open = await openPage({ ...desktop, offline: true })
    const { page } = open
    await page.goto(address)
    await bothDone(page)
    const said = await verdict(page)
    await isKept(page)
    shutDown()

    await page.reload()
    await bothDone(page)
    expect(await verdict(page)).toBe(said)

    await page.goto(`${address}?again#s=retry-storm-minimal&set=duration%3D20s`)
    await bothDone(page)
    expect(await verdict(page)).not.toBe(said)
    await page
      .getByRole('button', { name: /all \d+ patterns/ })
      .first()
      .click()
    await page.getByText('Adaptive throttle').first().waitFor()
    expect(open.errors).toEqual([])
  })

  it('says when there is a newer version, and only when this page is not it', async () => {
    const address = await hosted()
    open = await openPage({ ...desktop, offline: true })
    const { page } = open
    await page.goto(`${address}#s=retry-storm&set=duration%3D20s`)
    await bothDone(page)
    await isKept(page)
    expect(await page.locator('#newer').count()).toBe(0)
    // Another build: it does not have the script of this page.
    const worker = await readFile(join(inject('built'), 'sw.js'), 'utf8')
    const [, name = ''] = /"name":"(\w+)"/.exec(worker)!
    const script = /"\.\/assets\/index-[^"]*\.js",/
    expect(worker).toMatch(script)
    replaced.set('sw.js', worker.replace(name, 'another').replace(script, ''))
    await page.evaluate(async () => {
      await (await navigator.serviceWorker.ready).update()
    })
    await page.locator('#newer').getByRole('button', { name: 'Reload' }).waitFor()
    // The next version of the very page that is open takes over without a word.
    replaced.set('sw.js', worker.replace(name, 'same-page'))
    await page.locator('#newer').getByRole('button', { name: 'Later' }).click()
    await page.evaluate(async () => {
      await (await navigator.serviceWorker.ready).update()
    })
    await page.waitForFunction(async () => (await caches.keys()).join() === 'faultline-same-page')
    expect(await page.locator('#newer').count()).toBe(0)
    expect(open.errors).toEqual([])
  })
})

describe('the policy of the page', () => {
  it('is in the page itself, and stops what is not ours', async () => {
    open = await openPage({ ...desktop, offline: true })
    const { page } = open
    await page.goto(`${inject('app')}#s=retry-storm&set=duration%3D20s`)
    await bothDone(page)
    expect(open.errors).toEqual([])
    const text = await page
      .locator('meta[http-equiv="Content-Security-Policy"]')
      .getAttribute('content')
    for (const part of ["default-src 'none'", "script-src 'self'", "base-uri 'none'"]) {
      expect(text).toContain(part)
    }
    expect(text).not.toContain('unsafe')
    const stopped = await page.evaluate(async () => {
      const what: string[] = []
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        what.push(effectiveDirective)
      })
      const script = document.createElement('script')
      try {
        script.textContent = 'document.title = "mine"'
        document.body.append(script)
      } catch {
        what.push('trusted types')
      }
      await fetch('https://example.org/').catch(() => {})
      const link = document.createElement('link')
      link.rel = 'stylesheet'
      link.href = 'https://example.org/a.css'
      document.head.append(link)
      await new Promise((resolve) => setTimeout(resolve, 300))
      return [document.title, ...what]
    })
    expect(stopped[0]).not.toBe('mine')
    expect(stopped).toEqual(
      expect.arrayContaining(['connect-src', 'style-src-elem', 'require-trusted-types-for']),
    )
  })
})

describe('first paint', () => {
  it('shows the finished picture before any worker has answered', async () => {
    open = await openPage({ ...desktop, offline: true })
    const { page } = open
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    await page.route('**/page-worker*', async (route) => {
      await held
      await route.continue()
    })
    await page.goto(inject('app'))
    const sentence = page.locator('#verdict h1')
    await sentence.getByText('goes down').waitFor({ timeout: 20_000 })
    const said = await sentence.innerText()
    await page.locator('#scores').getByText('95.2').first().waitFor()
    for (const id of ['#topology-a', '#topology-b', '#requests-a', '#latency-b']) {
      expect(await page.locator(`${id} :is(path, circle, canvas)`).count()).toBeGreaterThan(0)
    }
    const status = page.locator('.status')
    expect(await status.innerText()).toContain('stored result')
    expect(await page.locator('body').getAttribute('data-digest-a')).toBeNull()
    release()
    await bothDone(page)
    expect(await status.innerText()).toContain('as stored')
    expect(await sentence.innerText()).toBe(said)
    expect(open.errors).toEqual([])
  })

  it('comes whole: nothing moves when the rest arrives', async () => {
    open = await openPage({ ...desktop, offline: true })
    const { page } = open
    await page.addInitScript(() => {
      const shifts: number[] = []
      const note = (list: PerformanceObserverEntryList): void => {
        for (const entry of list.getEntries())
          shifts.push((entry as PerformanceEntry & { value: number }).value)
      }
      new PerformanceObserver(note).observe({ type: 'layout-shift', buffered: true })
      Object.assign(globalThis, { shifts })
    })
    await page.goto(inject('app'))
    await bothDone(page)
    const shifts = await page.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts)
    // What the browser calls good is 0.1; what is left is the line of progress, which is set flush right.
    expect(shifts.reduce((sum, one) => sum + one, 0)).toBeLessThan(0.02)
  })

  it('is not taken from the store for any other link', async () => {
    open = await openPage({ ...desktop, offline: true })
    const { page } = open
    await page.route('**/page-worker*', () => {})
    for (const link of [
      '#s=retry-storm&seed=8',
      '#s=cache-stampede',
      '#s=retry-storm&b=-breaker',
    ]) {
      await page.goto('about:blank')
      await page.goto(inject('app') + link)
      await page.locator('.status').getByText('computed to').waitFor()
      expect(await verdict(page)).not.toContain('goes down')
    }
  })
})
