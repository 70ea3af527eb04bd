/**
 * Mutants: the engine with one small mistake each, drawn by a seed; whoever tests it must notice.
 * `node tests/mutants/run.mjs --seed 1 --count 100 [--from 0] [--only engine/patterns]` prints how many were
 * killed, by what, and lists the survivors; `--planted --runs 20000` takes those of `planted.json` and the fuzzer alone. A mutant that changes nothing observable is named in `equivalent.json`.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import seedrandom from 'seedrandom'
import { cache, root } from '../../cli/bundle.mjs'
import { mutated, sitesOf } from './sites.mjs'

/** @typedef {import('./sites.mjs').Site & { path: string, line: number }} Mutant */

const { values: flags } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '100' },
    from: { type: 'string', default: '0' },
    only: { type: 'string', default: 'engine' },
    runs: { type: 'string', default: '60' },
    planted: { type: 'boolean', default: false },
  },
})

/** Longest that one stage may take, in ms: a mutant that never ends is noticed; many scenarios take their time. */
const PATIENCE = Math.max(420_000, Number(flags.runs) * 1000)

/** What the tests of the engine need. */
const NEEDED = ['engine', 'tests', 'workers', 'cli', 'scenarios', 'ui', 'docs']
const FILES = ['package.json', 'package-lock.json', 'vite.config.ts', 'tsconfig.json']

/** Runs tests of the house, those of the engine alone. */
const tests = (/** @type {string[]} */ ...places) => [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--project=node',
  '--bail=1',
  '--maxWorkers=1',
  '--reporter=dot',
  ...places,
]

/** What every mutant has to get past, the quickest first; all of it must pass when there is none. */
const LAST_STAGES = [
  { name: 'the fuzzer', command: ['tests/fuzz/run.mjs', '--runs', flags.runs, '--shrink', '0'] },
  { name: 'the laws', command: tests('tests/engine/laws', 'tests/engine/model') },
  { name: 'all tests of the engine', command: tests('tests/engine', 'tests/workers') },
]

/** @type {Record<string, string>} */
const equivalent = JSON.parse(readFileSync(join(root, 'tests/mutants/equivalent.json'), 'utf8'))

/** Planted mutants are the fuzzer's alone: they are there to show that it sees. */
const gauntlet = flags.planted ? LAST_STAGES.slice(0, 1) : LAST_STAGES

const home = workshop()
try {
  const broken = gauntlet.find(({ command }) => !passes(command))
  if (broken) throw new Error(`${broken.name} fails without any mutant: nothing can be said`)
  report((flags.planted ? planted() : drawn()).map(judge))
} finally {
  rmSync(home, { recursive: true, force: true })
}

/** A copy of the house that may be broken. */
function workshop() {
  const place = join(cache, `mutants-${process.pid}`)
  mkdirSync(place, { recursive: true })
  for (const name of [...NEEDED, ...FILES, 'scenario.schema.json'])
    if (existsSync(join(root, name)))
      cpSync(join(root, name), join(place, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'))
  return place
}

/**
 * Every place in the engine, in an order that the seed decides; the first `count` of them after `from`.
 *
 * @returns {Mutant[]}
 */
function drawn() {
  const random = seedrandom(`mutants ${flags.seed}`)
  const all = filesIn(flags.only).flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    return sitesOf(path, text).map((site) => ({
      ...site,
      path,
      line: text.slice(0, site.start).split('\n').length,
    }))
  })
  const ranked = all.map((mutant) => ({ mutant, rank: random() })).sort((a, b) => a.rank - b.rank)
  const from = Number(flags.from)
  console.log(`${all.length} places; ${flags.count} of them, seed ${flags.seed}`)
  return ranked.slice(from, from + Number(flags.count)).map(({ mutant }) => mutant)
}

/**
 * Mistakes thought out by people, one each.
 *
 * @returns {Mutant[]}
 */
function planted() {
  /** @type {{ what: string, path: string, was: string, now: string }[]} */
  const all = JSON.parse(readFileSync(join(root, 'tests/mutants/planted.json'), 'utf8'))
  return all.map(({ what, path, was, now }) => {
    const text = readFileSync(join(root, path), 'utf8')
    const start = text.indexOf(was)
    if (start < 0 || text.includes(was, start + 1))
      throw new Error(`${path} does not have once what “${what}” replaces`)
    const line = text.slice(0, start).split('\n').length
    return { operator: `planted, ${what}`, start, end: start + was.length, by: now, path, line }
  })
}

/**
 * @param {string} place
 * @returns {string[]}
 */
function filesIn(place) {
  if (place.endsWith('.ts')) return [place]
  return readdirSync(join(root, place), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesUnder(place, entry))
}

/**
 * @param {string} folder
 * @param {import('node:fs').Dirent} entry
 */
function filesUnder(folder, entry) {
  const path = `${folder}/${entry.name}`
  if (entry.isDirectory()) return filesIn(path)
  return path.endsWith('.ts') && !path.endsWith('.d.ts') ? [path] : []
}

/**
 * @param {Mutant} mutant
 * @returns {{ mutant: Mutant, killedBy: string | undefined }}
 */
function judge(mutant) {
  const file = join(home, mutant.path)
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, mutated(text, mutant))
  try {
    const killedBy = stages(mutant).find(({ command }) => !passes(command))?.name
    console.log(`${killedBy ? `killed by ${killedBy}` : 'SURVIVED'}  ${nameOf(mutant, text)}`)
    return { mutant, killedBy }
  } finally {
    writeFileSync(file, text)
  }
}

/**
 * The nearest tests first: most mutants die there, and the rest need not run.
 *
 * @param {Mutant} mutant
 */
function stages({ path }) {
  const near = flags.planted ? undefined : nearest(path)
  return [...(near ? [{ name: 'its own tests', command: tests(near) }] : []), ...gauntlet]
}

/**
 * The test that mirrors a file, or the folder that mirrors its folder.
 *
 * @param {string} path
 */
function nearest(path) {
  const name = basename(path, '.ts')
  const folder = dirname(path)
  const places = [
    `tests/${folder}/${name}.test.ts`,
    `tests/engine/patterns/${name}.test.ts`,
    `tests/${folder}`,
  ]
  return places.find((place) => existsSync(join(home, place)))
}

/** @param {string[]} command */
function passes(command) {
  try {
    execFileSync(process.execPath, command, {
      cwd: home,
      stdio: 'ignore',
      timeout: PATIENCE,
      killSignal: 'SIGKILL',
      env: { ...process.env, NODE_ENV: 'test' },
    })
    return true
  } catch {
    return false
  }
}

/**
 * @param {Mutant} mutant
 * @param {string} text
 */
function nameOf({ path, line, operator, start, end, by }, text) {
  const was = text.slice(start, end).split('\n')[0]
  return `${path}:${line} ${operator}: ${was} -> ${by.split('\n')[0]}`
}

/** @param {{ mutant: Mutant, killedBy: string | undefined }[]} judged */
function report(judged) {
  const killed = judged.filter(({ killedBy }) => killedBy !== undefined)
  const survivors = judged.filter(({ killedBy }) => killedBy === undefined)
  const known = survivors.filter(({ mutant }) => reasonFor(mutant) !== undefined)
  const honest = survivors.length - known.length
  for (const { mutant } of known) console.log(`equivalent: ${label(mutant)}: ${reasonFor(mutant)}`)
  const names = [...new Set(killed.map(({ killedBy }) => killedBy))]
  const times = (/** @type {string | undefined} */ name) =>
    killed.filter(({ killedBy }) => killedBy === name).length
  console.log(names.map((name) => `${times(name)} by ${name}`).join(', '))
  const share = (100 * killed.length) / Math.max(1, killed.length + honest)
  console.log(
    `${killed.length} killed, ${honest} survived, ${known.length} equivalent: ${share.toFixed(1)} %`,
  )
  process.exitCode = share >= 95 ? 0 : 1
}

/** @param {Mutant} mutant */
function reasonFor(mutant) {
  return equivalent[label(mutant)]
}

/**
 * What a mutant is called in `equivalent.json`: without the line, which moves, but with the line's text.
 *
 * @param {Mutant} mutant
 */
function label({ path, line, operator, by }) {
  const text = readFileSync(join(root, path), 'utf8').split('\n')[line - 1] ?? ''
  return `${path} | ${text.trim()} | ${operator} | ${by.split('\n')[0]}`
}
