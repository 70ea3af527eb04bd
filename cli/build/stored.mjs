/** Puts the stored result of the home scenario into the page, run by the very engine that the page has. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle, cache } from '../bundle.mjs'

/**
 * The plugin.
 *
 * @returns {import('vite').Plugin}
 */
export function storedResult() {
  return {
    name: 'faultline-stored-result',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      async handler(_html, { path }) {
        if (path !== '/index.html') return []
        const children = await storedText()
        const attrs = { type: 'application/json', id: 'stored' }
        return [{ tag: 'script', attrs, children, injectTo: 'body' }]
      },
    },
  }
}

/** The JSON of the stored result; a run of the same code on the same scenario is kept. */
async function storedText() {
  const home = await bundle({
    name: 'stored',
    entries: { stored: 'ui/stored-build.ts' },
    sources: ['engine', 'workers', 'scenarios', 'ui'],
  })
  const code = join(home, 'stored.js')
  const state = createHash('sha256').update(readFileSync(code)).digest('hex').slice(0, 16)
  const kept = join(cache, 'stored-results', `${state}.json`)
  if (existsSync(kept)) return readFileSync(kept, 'utf8')
  const { storedHome } = await import(pathToFileURL(code).href)
  /** @type {string} */
  const text = await storedHome()
  mkdirSync(join(cache, 'stored-results'), { recursive: true })
  const fresh = `${kept}.${process.pid}`
  writeFileSync(fresh, text)
  renameSync(fresh, kept)
  return text
}
