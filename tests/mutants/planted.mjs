/**
 * Whether the fuzzer is awake: thirty mistakes, thought out by people, one at a time in a copy of the engine.
 * `npm run -s planted -- [--runs 20000] [--shrink 60] [--only slot] [--from 13]` prints for each whether it was found, by which
 * law, and how small its counterexample became; exit code 1 below 29 of 30, or when the medians are too large.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../../cli/bundle.mjs'
import { workshop } from './workshop.mjs'

/** @typedef {{ what: string, path: string, was: string, now: string }} Planted */
/** @typedef {{ services: number, patterns: number, events: number, seconds: number }} Size */

const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    shrink: { type: 'string', default: '60' },
    only: { type: 'string', default: '' },
    from: { type: 'string', default: '0' },
  },
})

/** Share that must be found: 29 of 30. */
const ENOUGH = 29 / 30
/** Largest medians of what a counterexample has. */
const SMALL = { services: 3, patterns: 2, events: 200, seconds: 60 }

const home = workshop()
try {
  if (fuzz(200).isBroken) throw new Error('the fuzzer complains of the engine as it is')
  report(all().map(tried))
} finally {
  rmSync(home, { recursive: true, force: true })
}

function all() {
  /** @type {Planted[]} */
  const planted = JSON.parse(readFileSync(join(root, 'tests/mutants/planted.json'), 'utf8'))
  return planted.filter(({ what }) => what.includes(flags.only)).slice(Number(flags.from))
}

/**
 * @param {Planted} planted
 * @returns {Size | undefined} of its counterexample; undefined: not found
 */
function tried({ what, path, was, now }) {
  const file = join(home, path)
  const text = readFileSync(file, 'utf8')
  if (text.split(was).length !== 2)
    throw new Error(`${path} does not have once what “${what}” replaces`)
  writeFileSync(
    file,
    text.replace(was, () => now),
  )
  try {
    const { isBroken, output } = fuzz(Number(flags.runs))
    const size = sizeIn(output)
    const found = isBroken ? `found by “${lawIn(output)}”, ${JSON.stringify(size)}` : 'NOT FOUND'
    console.log(`${what}: ${found}`)
    return isBroken ? size : undefined
  } finally {
    writeFileSync(file, text)
  }
}

/** @param {number} runs */
function fuzz(runs) {
  const words = ['tests/fuzz/run.mjs', '--runs', String(runs), '--shrink', flags.shrink]
  try {
    const output = execFileSync(process.execPath, words, {
      cwd: home,
      encoding: 'utf8',
      stdio: 'pipe',
    })
    return { isBroken: false, output }
  } catch (error) {
    const output = String(/** @type {{ stdout?: string }} */ (error).stdout)
    // Only a law that is named counts: a mutant that cannot even be bundled proves nothing.
    if (!output.includes('Broken: ')) throw error
    return { isBroken: true, output }
  }
}

/** @param {string} output */
function lawIn(output) {
  return /^Broken: (.*)$/m.exec(output)?.[1] ?? ''
}

/**
 * @param {string} output
 * @returns {Size}
 */
function sizeIn(output) {
  const [, services, patterns, events] =
    /^Size: (\d+) services, (\d+) patterns, (\d+) events/m.exec(output) ?? []
  const [, seconds] = /^Smallest of \d+ tried in ([\d.]+) s/m.exec(output) ?? []
  return {
    services: Number(services),
    patterns: Number(patterns),
    events: Number(events),
    seconds: Number(seconds),
  }
}

/** @param {(Size | undefined)[]} sizes */
function report(sizes) {
  const found = sizes.filter((size) => size !== undefined)
  const medians = Object.fromEntries(
    Object.keys(SMALL).map((name) => [
      name,
      median(found.map((size) => size[/** @type {keyof Size} */ (name)])),
    ]),
  )
  console.log(`${found.length} of ${sizes.length} found; medians ${JSON.stringify(medians)}`)
  const isSmall = Object.entries(SMALL).every(([name, most]) => (medians[name] ?? Infinity) <= most)
  process.exitCode = found.length >= ENOUGH * sizes.length && isSmall ? 0 : 1
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Infinity
}
