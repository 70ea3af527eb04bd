/** The page without a network: after one visit it needs none. And what its policy lets it do. */
import { createServer, type Server } from 'node:http'
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

afterEach(async () => {
  server?.closeAllConnections()
  server?.close()
  await open?.close()
  open = undefined
  server = undefined
})

/** The built page as any static host would have it, in a folder: no headers but the type. */
async function hosted(change: (text: string) => string = (text) => text): Promise<string> {
  const built = inject('app')
  server = createServer((request, response) => {
    const path = new URL(request.url!, built).pathname.replace(/^\/some\/where\//, '')
    void fetch(built + path).then(async (answer) => {
      const ending = path === '' ? 'html' : path.split('.').at(-1)!
      const body = Buffer.from(await answer.arrayBuffer())
      const changed = ending === 'html' ? change(body.toString()) : body
      response.writeHead(answer.status, { 'Content-Type': TYPES[ending] ?? 'text/plain' })
      response.end(changed)
    })
  })
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
  const address = server.address() as { port: number }
  return `http://127.0.0.1:${address.port}/some/where/`
}

function shutDown(): void {
  server!.closeAllConnections()
  server!.close()
}

async function bothDone(page: Page): Promise<void> {
  await page.waitForSelector('body[data-digest-a][data-digest-b]', { timeout: 45_000 })
}

const verdict = (page: Page): Promise<string> => page.locator('#verdict h1').innerText()

describe('offline', () => {
  it('the page comes back, computes, and opens scenarios and lazy parts with the server gone', async () => {
    const address = await hosted()
    open = await openPage(desktop)
    const { page } = open
    await page.goto(address)
    await bothDone(page)
    const said = await verdict(page)
    await page.evaluate(() => navigator.serviceWorker.ready)
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
    await page.getByText('Token bucket').first().waitFor()
    expect(open.errors).toEqual([])
  })

  it('says when there is a newer version, and only when this page is not it', async () => {
    let version = 1
    const address = await hosted((text) => text)
    open = await openPage(desktop)
    const { page } = open
    const worker = await (await fetch(`${inject('app')}sw.js`)).text()
    const [, name = ''] = /"name":"(\w+)"/.exec(worker)!
    // Another build with other files: only the names differ here.
    await page.context().route('**/sw.js', async (route) => {
      const other = worker
        .replace(name, `other${version}`)
        .replaceAll(/"\.\/assets\/[^"]*"/g, '"./"')
      await route.fulfill({
        contentType: 'text/javascript',
        body: version === 1 ? worker : other,
      })
    })
    await page.goto(`${address}#s=retry-storm&set=duration%3D20s`)
    await bothDone(page)
    await page.evaluate(() => navigator.serviceWorker.ready)
    await page.waitForTimeout(200)
    expect(await page.locator('#newer').count()).toBe(0)
    version = 2
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update())
    await page.locator('#newer').getByRole('button', { name: 'Reload' }).waitFor()
  })
})

describe('the policy of the page', () => {
  it('is in the page itself, and stops what is not ours', async () => {
    open = await openPage(desktop)
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
    open = await openPage(desktop)
    const { page } = open
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    await page.route('**/page-worker*', async (route) => {
      await held
      await route.continue()
    })
    await page.goto(inject('app'))
    const sentence = page.locator('#verdict h1')
    await sentence.getByText('goes down').waitFor({ timeout: 5000 })
    const said = await sentence.innerText()
    await page.locator('#scores').getByText('95.2').first().waitFor()
    for (const id of ['#topology-a', '#topology-b', '#requests-a', '#latency-b']) {
      expect(await page.locator(`${id} :is(path, circle, canvas)`).count()).toBeGreaterThan(0)
    }
    const status = page.locator('.status [role=status]')
    expect(await status.innerText()).toContain('stored result')
    expect(await page.locator('body').getAttribute('data-digest-a')).toBeNull()
    release()
    await bothDone(page)
    expect(await status.innerText()).toContain('as stored')
    expect(await sentence.innerText()).toBe(said)
    expect(open.errors).toEqual([])
  })

  it('is not taken from the store for any other link', async () => {
    open = await openPage(desktop)
    const { page } = open
    await page.route('**/page-worker*', () => {})
    for (const link of [
      '#s=retry-storm&seed=8',
      '#s=cache-stampede',
      '#s=retry-storm&b=-breaker',
    ]) {
      await page.goto('about:blank')
      await page.goto(inject('app') + link)
      await page.locator('.status [role=status]').getByText('computed to').waitFor()
      expect(await verdict(page)).not.toContain('goes down')
    }
  })
})
