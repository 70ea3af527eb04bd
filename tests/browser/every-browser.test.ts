/**
 * What holds in every browser: the golden digests, on the page that anybody can open (`selftest.html`), and the policy
 * of the page, which lets everything of ours through and nothing else.
 */
import { afterAll, describe, expect, inject, it, type TestContext } from 'vitest'
import { ENGINE_VERSION } from '../../engine/version.ts'
import { headers } from '../../cli/build/policy.mjs'
import golden from '../../workers/golden-runs.json'
import { REPORTS } from '../support/app.ts'
import { absent, type EnginePage, ENGINES, openEngine } from '../support/engines.ts'
import { failuresOf, selfTestIn } from '../support/self-test-page.ts'

it('the policy comes with every file, as headers', async () => {
  for (const path of ['', 'selftest.html', 'sw.js']) {
    const answer = await fetch(inject('app') + path)
    expect(answer.status).toBe(200)
    for (const [name, value] of Object.entries(headers)) {
      expect(answer.headers.get(name), `${path} ${name}`).toContain(value)
    }
    await expectHeadersUnchanged(path, answer.headers.get('ETag')!)
  }
  expect(headers).toMatchObject({
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  })
  const policy = headers['Content-Security-Policy']
  for (const part of [
    "default-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ]) {
    expect(policy).toContain(part)
  }
  expect(policy).not.toMatch(/unsafe|\*|https?:/)
})

/** A file that has not changed since is not sent again, but its headers are. */
async function expectHeadersUnchanged(path: string, tag: string): Promise<void> {
  const again = await fetch(inject('app') + path, { headers: { 'If-None-Match': tag } })
  expect(again.status).toBe(304)
  for (const [name, value] of Object.entries(headers))
    expect(again.headers.get(name), `${path} ${name}, unchanged`).toContain(value)
}

/**
 * What somebody who got a word in might try; keeps the names of what was done all the same. In a timer, since a tool that
 * evaluates is let do what the page is not.
 */
const ATTEMPTS = `
window.__done = []
const attempt = (name, act) => { try { if (act() !== false) window.__done.push(name) } catch {} }
setTimeout(() => {
  attempt('eval', () => eval('1'))
  attempt('new Function', () => new Function('return 1')())
  attempt('innerHTML', () => { document.createElement('p').innerHTML = '<b>1</b>' })
  attempt('a worker of a blob', () => { new Worker(URL.createObjectURL(new Blob(['']))) })
  attempt('a worker of a text', () => { new Worker('./sw.js') })
  attempt('a timer of text', () => { setTimeout('window.__pwned = 1', 0) })
  attempt('an inline script', () => {
    const script = document.createElement('script')
    script.textContent = 'window.__pwned = 1'
    document.body.append(script)
    return window.__pwned === 1
  })
  fetch('https://example.org/').then(() => 'fetched', () => 'stopped').then((what) => { window.__asked = what })
}, 0)`

const COMPUTED = `return document.querySelector('.status')?.textContent.includes('Both runs are computed')`

/** What browsers have told of the policy since this was last asked. */
async function reports(): Promise<string[]> {
  const answer = await fetch(new URL(REPORTS, inject('app')))
  return (await answer.json()) as string[]
}

describe.each(ENGINES)('in $name', (engine) => {
  let opened: Promise<EnginePage> | undefined
  const page = (test: TestContext): Promise<EnginePage> => {
    return engine.find() ? (opened ??= openEngine(engine, test)) : absent(engine.name, test)
  }
  afterAll(async () => (await opened)?.close())

  it('runs come to the golden digests, in two workers, in slices', async (test) => {
    const result = await selfTestIn(await page(test), inject('app'), 'runs=16&workers=2&slice=4096')
    expect(failuresOf(result)).toEqual([])
    expect(result).toMatchObject({ passed: true, engine: ENGINE_VERSION })
    expect(result.rows).toHaveLength(16)
    expect(result.events).toBe(result.rows.reduce((sum, { run }) => sum + run.events, 0))
  })

  it('they do when they are gone through back and forth, and the page says so', async (test) => {
    const shown = await page(test)
    const sought = await selfTestIn(shown, inject('app'), 'runs=2&seek')
    expect(failuresOf(sought)).toEqual([])
    expect(sought.rows.map(({ held }) => held)).toEqual([4, 4])
    const said = await shown.evaluate(`return document.getElementById('verdict').textContent`)
    expect(said).toContain(`2 of 2 runs came to the same digest`)
    expect(said).toContain(`engine ${golden.engine}`)
  })

  it('the page does all it does without a report, and what is not ours is stopped', async (test) => {
    const shown = await page(test)
    await shown.goto('about:blank')
    await reports()
    await shown.goto(`${inject('app')}#s=retry-storm-minimal&set=duration%3D20s`)
    await shown.waitFor(COMPUTED)
    expect(await reports()).toEqual([])
    expect(await shown.evaluate('return self.crossOriginIsolated')).toBe(true)
    await shown.evaluate(ATTEMPTS)
    expect(await shown.waitFor('return window.__asked')).toBe('stopped')
    expect(await shown.evaluate('return window.__done')).toEqual([])
    expect(await shown.evaluate('return window.__pwned')).toBeFalsy()
    await expect.poll(async () => (await reports()).length, { timeout: 10_000 }).toBeGreaterThan(0)
  })
})
