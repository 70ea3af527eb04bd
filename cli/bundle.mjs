/**
 * Node 20 cannot run TypeScript, so what Node runs is bundled first, once for each state of the
 * sources, into `node_modules/.cache/faultline`.
 */
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder that holds `package.json`. */
export const root = resolve(fileURLToPath(new URL('..', import.meta.url)))

/** Where everything that can be made again is kept. */
export const cache = join(root, 'node_modules/.cache/faultline')

/** How many bundles of a family to keep, and how long one that is older stays, in milliseconds. */
const keep = 2
const idle = 60 * 60 * 1000

/**
 * Bundles each entry by itself, so that all of the engine it uses ends up in one module scope, and
 * returns the folder with `<entry>.js` for each. A folder that fits the sources is used again.
 *
 * @param {object} what
 * @param {string} what.name of the family of bundles, such as `sim`
 * @param {Record<string, string>} what.entries file name without ending -> path from the root
 * @param {string[]} what.sources folders whose files decide whether a bundle is still good
 * @returns {Promise<string>}
 */
export async function bundle({ name, entries, sources }) {
  const family = join(cache, name)
  const state = fingerprint(sources)
  const home = join(family, state)
  if (existsSync(home)) {
    const now = new Date()
    utimesSync(home, now, now)
    return home
  }
  const workshop = join(family, `.${randomUUID()}`)
  mkdirSync(workshop, { recursive: true })
  try {
    const { build } = await import('vite')
    for (const [entry, path] of Object.entries(entries)) await build(recipe(entry, path, workshop))
    if (fingerprint(sources) !== state) return await bundle({ name, entries, sources })
    settle(workshop, home)
  } finally {
    rmSync(workshop, { recursive: true, force: true })
  }
  sweep(family, home)
  return home
}

/**
 * Changes whenever a bundle could: the text of every source, the dependencies, and this file.
 *
 * @param {string[]} sources
 */
export function fingerprint(sources) {
  const hash = createHash('sha256')
  const own = ['package.json', 'package-lock.json', 'cli/bundle.mjs']
  for (const path of [...own, ...sources.flatMap(filesUnder)]) {
    hash
      .update(`${path}\n`)
      .update(readFileSync(join(root, path)))
      .update('\n')
  }
  return hash.digest('hex').slice(0, 16)
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesUnder(folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) return filesUnder(path)
      return /\.(ts|yaml)$/.test(entry.name) ? [path] : []
    })
}

/**
 * Packages stay outside, except comlink: its Node adapter can be imported only through a bundler.
 * Top-level constants stay `const`: V8 folds those into the code that uses them, and no `var`.
 *
 * @param {string} entry
 * @param {string} path
 * @param {string} outDir
 * @returns {import('vite').InlineConfig}
 */
function recipe(entry, path, outDir) {
  return {
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: ['comlink'] },
    build: {
      ssr: join(root, path),
      outDir,
      emptyOutDir: false,
      target: 'es2023',
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        output: {
          entryFileNames: `${entry}.js`,
          chunkFileNames: `${entry}-[name]-[hash].js`,
          topLevelVar: false,
        },
      },
    },
  }
}

/**
 * Two processes may have built the same; the first to arrive wins, and both are right.
 *
 * @param {string} workshop
 * @param {string} home
 */
function settle(workshop, home) {
  try {
    renameSync(workshop, home)
  } catch (error) {
    if (!existsSync(home)) throw error
  }
}

/**
 * Keeps the newest bundles, and any that a process may still be loading from.
 *
 * @param {string} family
 * @param {string} home
 */
function sweep(family, home) {
  const age = (/** @type {string} */ path) => Date.now() - statSync(path).mtimeMs
  try {
    readdirSync(family)
      .map((name) => join(family, name))
      .filter((path) => path !== home)
      .sort((a, b) => age(a) - age(b))
      .slice(keep - 1)
      .filter((path) => age(path) > idle)
      .forEach((path) => rmSync(path, { recursive: true, force: true }))
  } catch {
    // Another process is sweeping too.
  }
}
