/** What a first visit has to fetch before there is a picture. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, inject, it } from 'vitest'

/** Most bytes, compressed, of all code that is fetched before the lazy parts. */
const LIMIT = 150_000
/** Most bytes, compressed, of the page itself with the stored result in it. */
const PAGE_LIMIT = 60_000

/** Compressed sizes of the files of the build, by name. */
function sizes(): Map<string, number> {
  const built = inject('built')
  const names = ['index.html', 'sw.js', ...readdirSync(join(built, 'assets'))]
  return new Map(
    names
      .filter((name) => !name.endsWith('.map'))
      .map((name) => {
        const path = name.includes('.html') || name === 'sw.js' ? name : join('assets', name)
        return [name, gzipSync(readFileSync(join(built, path)), { level: 9 }).length]
      }),
  )
}

/** The scripts that the page asks for by itself: its entry and what that imports before it runs. */
function eager(): string[] {
  const built = inject('built')
  const page = readFileSync(join(built, 'index.html'), 'utf8')
  const waiting = [...page.matchAll(/assets\/([\w.-]+\.js)/g)].map(([, name]) => name!)
  const seen = new Set<string>()
  for (const name of waiting) {
    if (seen.has(name)) continue
    seen.add(name)
    const code = readFileSync(join(built, 'assets', name), 'utf8')
    for (const [, next] of code.matchAll(/(?:from|^import|;import) ?["'`]\.\/([\w.-]+\.js)/g))
      waiting.push(next!)
  }
  return [...seen]
}

describe('the built page', () => {
  it('fetches little code before its first picture', () => {
    const all = sizes()
    const first = eager()
    const total = first.reduce((sum, name) => sum + all.get(name)!, 0)
    const table = [...all].map(([name, size]) => `${String(size).padStart(8)} ${name}`).join('\n')
    expect(first.length).toBeGreaterThan(0)
    expect(total, `fetched first: ${first.join(', ')}\n${table}`).toBeLessThanOrEqual(LIMIT)
  })

  it('keeps engine, catalogue, library and layout out of it', () => {
    const names = eager().join(' ')
    for (const part of ['worker', 'patterns', 'library', 'elk', 'export']) {
      expect(names).not.toContain(part)
      expect([...sizes().keys()].some((name) => name.includes(part))).toBe(true)
    }
  })

  it('carries the stored result in few bytes', () => {
    expect(sizes().get('index.html')).toBeLessThanOrEqual(PAGE_LIMIT)
  })
})
