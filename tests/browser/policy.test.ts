/** What the page's policy lets through, in every browser: everything of ours, and nothing else. */
import { describe, expect, inject, it } from 'vitest'
import { headers } from '../../cli/build/policy.mjs'
import { REPORTS } from '../support/app.ts'
import { ENGINES, openEngine } from '../support/engines.ts'

it('comes with every file, as headers', async () => {
  for (const path of ['', 'selftest.html', 'sw.js']) {
    const answer = await fetch(inject('app') + path)
    expect(answer.status).toBe(200)
    for (const [name, value] of Object.entries(headers)) {
      expect(answer.headers.get(name), `${path} ${name}`).toContain(value)
    }
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

/** What somebody who got a word in might try; answers the names of what was done all the same. */
const ATTEMPTS = `
const done = []
const attempt = (name, act) => { try { if (act() !== false) done.push(name) } catch {} }
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
window.__asked = 'pending'
fetch('https://example.org/').then(() => 'fetched', () => 'stopped').then((what) => { window.__asked = what })
return done`

async function reports(): Promise<string[]> {
  const answer = await fetch(new URL(REPORTS, inject('app')))
  return (await answer.json()) as string[]
}

describe.each(ENGINES)('in $name', (engine) => {
  it('the page does all it does without a report, and what is not ours is stopped', async (test) => {
    const page = await openEngine(engine, test)
    try {
      await reports()
      await page.goto(`${inject('app')}#s=retry-storm-minimal&set=duration%3D20s`)
      await page.waitFor('return document.body.dataset.digestA && document.body.dataset.digestB')
      expect(await reports()).toEqual([])
      expect(await page.evaluate(ATTEMPTS)).toEqual([])
      expect(await page.waitFor(`return window.__asked !== 'pending' && window.__asked`)).toBe(
        'stopped',
      )
      expect(await page.evaluate('return window.__pwned')).toBeFalsy()
      expect(await page.evaluate('return self.crossOriginIsolated')).toBe(true)
      await expect
        .poll(async () => (await reports()).length, { timeout: 10_000 })
        .toBeGreaterThan(0)
    } finally {
      await page.close()
    }
  })
})
