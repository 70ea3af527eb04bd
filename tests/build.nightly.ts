/** Two builds from two copies of the sources, in two places, are the same byte for byte. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { copyHouse } from './hazards/gates.ts'

/** A copy of the house borrows its packages, and a source map says from where: that is no part of what is built. */
function contentOf(path: string): string | Buffer {
  if (!path.endsWith('.map')) return readFileSync(path)
  const map = JSON.parse(readFileSync(path, 'utf8')) as { sources: string[] }
  const sources = map.sources.map((source) => source.replace(/^.*(?=node_modules\/)/, ''))
  return JSON.stringify({ ...map, sources })
}

/** Builds in a copy of the house; answers the hash of every file. */
function built(folder: string, env: NodeJS.ProcessEnv): Record<string, string> {
  mkdirSync(folder, { recursive: true })
  copyHouse(folder)
  const vite = join(folder, 'node_modules/vite/bin/vite.js')
  const clean = { ...process.env, VITEST: undefined, NODE_ENV: undefined, ...env }
  execFileSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: folder, env: clean })
  const files = readdirSync(join(folder, 'dist'), { recursive: true, withFileTypes: true })
  return Object.fromEntries(
    files
      .filter((file) => file.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .toSorted((a, b) => Number(a > b) - Number(a < b))
      .map((path) => [
        path.slice(folder.length),
        createHash('sha256').update(contentOf(path)).digest('hex'),
      ]),
  )
}

it('the page builds the same twice, elsewhere, at another hour', { timeout: 600_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-build-'))
  try {
    const one = built(join(folder, 'one'), { TZ: 'UTC' })
    const two = built(join(folder, 'a/longer/way/to two'), {
      TZ: 'Asia/Kolkata',
      LANG: 'tr_TR.UTF-8',
    })
    expect(Object.keys(one).length).toBeGreaterThan(20)
    expect(two).toEqual(one)
    const all = createHash('sha256').update(JSON.stringify(one)).digest('hex')
    process.stdout.write(`\n${Object.keys(one).length} files, all the same twice: sha256 ${all}\n`)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
