/**
 * Mutants: the engine with one small mistake each, drawn by a seed; whoever tests it must notice.
 * `node tests/mutants/run.mjs --seed 1 --count 100 [--from 0] [--only engine/patterns]` prints how many were
 * killed, by what, and lists the survivors. A mutant that changes nothing observable is named in `equivalent.json`.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import seedrandom from 'seedrandom'
import { root } from '../../cli/bundle.mjs'
import { mutated, sitesOf } from './sites.mjs'
import { workshop } from './workshop.mjs'

/** @typedef {import('./sites.mjs').Site & { path: string, line: number }} Mutant */

const { values: flags } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '100' },
    from: { type: 'string', default: '0' },
    only: { type: 'string', default: 'engine' },
    runs: { type: 'string', default: '60' },
  },
})

/** Longest that one stage may take, in ms: a mutant that never ends is noticed; many scenarios take their time. */
const PATIENCE = Math.max(420_000, Number(flags.runs) * 1000)

/** Runs tests of the house, many files in one process unless it is said otherwise. */
const tests = (/** @type {string[]} */ ...places) => [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--project=node',
  '--bail=1',
  ...(places.includes('--isolate') ? [] : ['--no-isolate']),
  '--maxWorkers=1',
  '--reporter=dot',
  ...places,
]

/** What every mutant has to get past, the quickest first; all of it must pass when there is none. */
const LAST_STAGES = [
  { name: 'the fuzzer', command: ['tests/fuzz/run.mjs', '--runs', flags.runs, '--shrink', '0'] },
  // Not the tests of the pool: they depend on the clock, and a busy machine would kill mutants in their place.
  {
    name: 'the golden runs',
    command: tests(
      ...['self-test', 'inspection', 'follow'].map((name) => `tests/workers/${name}`),
      'tests/fuzz/golden',
    ),
  },
  { name: 'all tests of the engine', command: tests('tests/engine') },
  // These start worlds of their own; each file in a process of its own.
  {
    name: 'the tests of page and command line',
    command: tests('--isolate', 'tests/ui', 'tests/cli'),
  },
]

/** @type {Record<string, string>} */
const equivalent = JSON.parse(readFileSync(join(root, 'tests/mutants/equivalent.json'), 'utf8'))

/** Leads the group of the stage that runs now. @type {number | undefined} */
let running
const home = workshop()
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 }))
  process.once(signal, () => process.exit(code))
process.once('exit', () => {
  endGroup(running)
  rmSync(home, { recursive: true, force: true })
})
const broken = await failing(LAST_STAGES)
if (broken) throw new Error(`${broken} fails without any mutant: nothing can be said`)
const judged = []
for (const mutant of drawn()) judged.push(await judge(mutant))
report(judged)

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
 * @returns {Promise<{ mutant: Mutant, killedBy: string | undefined }>}
 */
async function judge(mutant) {
  const file = join(home, mutant.path)
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, mutated(text, mutant))
  try {
    const killedBy = await failing(stages(mutant))
    console.log(`${killedBy ? `killed by ${killedBy}` : 'SURVIVED'}  ${nameOf(mutant, text)}`)
    return { mutant, killedBy }
  } finally {
    writeFileSync(file, text)
  }
}

/**
 * The first stage that fails; undefined when all pass.
 *
 * @param {{ name: string, command: string[] }[]} inTurn
 */
async function failing(inTurn) {
  for (const { name, command } of inTurn) if (!(await passes(command))) return name
  return undefined
}

/**
 * The nearest tests first: most mutants die there, and the rest need not run.
 *
 * @param {Mutant} mutant
 */
function stages({ path }) {
  const near = nearest(path)
  return [...(near ? [{ name: 'its own tests', command: tests(near) }] : []), ...LAST_STAGES]
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

/**
 * With a group of its own, which ends whole: a mutant that goes round for ever is not left behind.
 *
 * @param {string[]} command
 */
async function passes(command) {
  const child = spawn(process.execPath, command, {
    cwd: home,
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, NODE_ENV: 'test' },
  })
  running = child.pid
  const end = () => endGroup(child.pid)
  const timer = setTimeout(end, PATIENCE)
  const [code] = await once(child, 'exit')
  clearTimeout(timer)
  end()
  return code === 0
}

/** @param {number | undefined} leader */
function endGroup(leader) {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL')
  } catch {
    // Nobody is left, as it should be.
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
