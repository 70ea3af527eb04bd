/**
 * Measures the engine against C++ programs of the same models, in interleaved rounds, each in a
 * process of its own: `npm run -s bench -- [--json] [--only mm1,chain] [--rounds 5]`.
 * `--only page` measures the page in a browser instead.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bundle, cache, root } from '../../cli/bundle.mjs'

/** @typedef {Record<string, number>} Counts */
/** @typedef {{ requests: number, cpuSeconds: number, counts: Counts }} Rate */

/** The models that have a C++ twin, and how many requests each serves. */
const twins = [
  { name: 'mm1', reference: 'mm1-reference', requests: 2_000_000 },
  { name: 'chain', reference: 'chain3-reference', requests: 500_000 },
]

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
  },
})
if (flags.only === 'page') {
  const { measurePage, table: lines } = await import('./page.mjs')
  const figures = await measurePage()
  console.log(flags.json ? JSON.stringify(figures, null, 2) : lines(figures))
  process.exit()
}
const rounds = Number(flags.rounds)
const wanted = (/** @type {string} */ name) => !flags.only || flags.only.split(',').includes(name)

const home = await bundle({
  name: 'bench',
  entries: { child: 'tests/bench/child.ts' },
  sources: ['engine', 'workers', 'scenarios', 'tests/bench'],
})
/** @type {string[]} */
const known = child()
const names = known.filter(wanted)
const compiler = version('g++')

/** @type {Record<string, unknown>} */
const report = {
  ...rates(twins.filter(({ name }) => names.includes(name))),
  ...others(names.filter((name) => !twins.some((twin) => twin.name === name))),
  machine: {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: loadavg()[0],
    node: process.version,
    compiler: compiler ?? 'none: no ratios',
    rounds,
  },
}
console.log(flags.json ? JSON.stringify(report, null, 2) : table(report))

/**
 * Million requests per second of processor time, ours and theirs, a round of each in turn.
 *
 * @param {typeof twins} models
 */
function rates(models) {
  const contests = models.map(({ name, reference, requests }) => {
    const program = compiler && compile(reference)
    return {
      name,
      ours: /** @type {Rate[]} */ ([]),
      theirs: /** @type {Rate[]} */ ([]),
      runOurs: () => child(name, { requests }),
      runTheirs: program ? () => twin(program, requests) : undefined,
    }
  })
  for (let round = 1; round <= rounds; round++) {
    for (const { name, ours, theirs, runOurs, runTheirs } of contests) {
      tell(`round ${round} of ${rounds}: ${name}`)
      if (runTheirs) theirs.push(runTheirs())
      ours.push(runOurs())
    }
  }
  return Object.fromEntries(
    contests.map(({ name, ours, theirs }) => {
      const mrps = median(ours.map(rate))
      const cpp = theirs.length > 0 ? median(theirs.map(rate)) : null
      const ratio = cpp === null ? null : mrps / cpp
      const counts = { counts: ours[0]?.counts, cppCounts: theirs[0]?.counts }
      return [name, { mrps, cpp, ratio, ...counts }]
    }),
  )
}

/**
 * The benchmarks that have no twin: the median of each figure.
 *
 * @param {string[]} which
 */
function others(which) {
  return Object.fromEntries(
    which.map((name) => {
      tell(name)
      /** @type {Counts[]} */
      const results = Array.from({ length: Math.min(rounds, 3) }, () => child(name))
      const figures = Object.keys(results[0] ?? {})
      const middle = (/** @type {string} */ figure) => median(results.map((r) => r[figure] ?? NaN))
      return [name, Object.fromEntries(figures.map((figure) => [figure, middle(figure)]))]
    }),
  )
}

/** @param {Rate} result */
function rate({ requests, cpuSeconds }) {
  return requests / cpuSeconds / 1e6
}

/** @param {number[]} numbers */
function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2
}

/**
 * Our side, or, without a name, the names of our benchmarks.
 *
 * @param {string} [name]
 * @param {object} [options]
 */
function child(name, options = {}) {
  const words = name === undefined ? [] : [name, JSON.stringify(options)]
  return lastLine('node', ['--expose-gc', join(home, 'child.js'), ...words])
}

/**
 * Their side; it takes the median of five repetitions by itself.
 *
 * @param {string} program
 * @param {number} requests
 * @returns {Rate}
 */
function twin(program, requests) {
  const { med_s: cpuSeconds, ...counts } = lastLine(program, [String(requests)])
  for (const word of ['impl', 'min_s', 'Mev_s']) delete counts[word]
  return { requests, cpuSeconds, counts }
}

/**
 * @param {string} program
 * @param {string[]} words
 */
function lastLine(program, words) {
  const output = execFileSync(program === 'node' ? process.execPath : program, words, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(output.trim().split('\n').at(-1) ?? '')
}

/**
 * Compiles a reference unless the same sources were compiled before.
 *
 * @param {string} name
 */
function compile(name) {
  const sources = join(root, 'tests/bench/reference')
  const hash = createHash('sha256').update(compiler ?? '')
  for (const file of readdirSync(sources).sort()) hash.update(readFileSync(join(sources, file)))
  const program = join(cache, 'reference', `${name}-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(program)) return program
  tell(`compiling ${name}.cpp`)
  mkdirSync(join(cache, 'reference'), { recursive: true })
  const fresh = `${program}.${process.pid}`
  const source = join(sources, `${name}.cpp`)
  execFileSync('g++', ['-O2', '-ffp-contract=off', '-w', '-o', fresh, source], { stdio: 'inherit' })
  renameSync(fresh, program)
  return program
}

/** @param {string} program */
function version(program) {
  try {
    return execFileSync(program, ['--version'], { encoding: 'utf8' }).split('\n')[0]
  } catch {
    return undefined
  }
}

/** @param {string} what */
function tell(what) {
  process.stderr.write(`${what}\n`)
}

/** @param {Record<string, unknown>} figures */
function table(figures) {
  return Object.entries(figures)
    .flatMap(([name, values]) =>
      Object.entries(/** @type {object} */ (values)).map(([figure, value]) => {
        const text = typeof value === 'object' ? JSON.stringify(value) : String(short(value))
        return `${name.padEnd(12)}${figure.padEnd(16)}${text}`
      }),
    )
    .join('\n')
}

/** @param {unknown} value */
function short(value) {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value
}
