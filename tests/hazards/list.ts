/** What makes runs depend on the machine, as a careless change would put it into this house. */

/** A hazard, the file that it is planted in, and how. */
export interface Hazard {
  readonly name: string
  readonly path: string
  plant(text: string): string
  /** Tests that must fail: `file`, or `file > name`; undefined: linter or tidy rules see it without running anything. */
  readonly tests?: string
}

/** Puts code at the end of a file. */
const more = (code: string) => (text: string) => `${text}\n/** Planted. */\n${code}\n`

/** Replaces a piece of a file that must be there once. */
const swap = (piece: string, other: string) => (text: string) => {
  if (text.split(piece).length !== 2) throw new Error(`not there once: ${piece}`)
  return text.replace(piece, () => other)
}

const SAMPLER = 'engine/core/sampler.ts'
const WORLD = 'engine/model/world.ts'
const RETRY = 'engine/patterns/resilience/retry.ts'
const SUMMARY = 'engine/results/summary.ts'

const seen = (name: string, code: string, path = SAMPLER): Hazard => ({
  name,
  path,
  plant: more(code),
})

/** Hazards that are seen in the text. The numbers are those of the ways in which JavaScript differs. */
const IN_THE_TEXT: readonly Hazard[] = [
  seen('Math.log', 'export function planted(u: number) { return -Math.log(u) }'),
  seen('Math["exp"]', "export function planted(u: number) { return Math['exp'](u) }"),
  seen('a function taken out of Math', 'export const { sin: planted } = Math'),
  seen(
    'Math by another name',
    'const maths = Math\nexport function planted() { return maths.cbrt(3) }',
  ),
  seen('**', 'export function planted(u: number) { return u ** 0.5 }'),
  seen('**=', 'export function planted(u: number) { u **= 2; return u }'),
  seen('Math.random', 'export function planted() { return Math.random() }'),
  seen('crypto', 'export function planted() { return crypto.getRandomValues(new Uint32Array(1)) }'),
  seen('a package that uses Math.log1p', "export { randomExponential } from 'd3-random'"),
  seen(
    'seedrandom without a seed',
    'export function planted() { return seedrandom() }',
    'engine/core/random.ts',
  ),
  seen('a clock: Date', 'export function planted() { return Date.now() }', WORLD),
  seen('a clock: performance', 'export function planted() { return performance.now() }', WORLD),
  seen('a timer', 'export function planted(f: () => void) { setTimeout(f, 0) }', WORLD),
  seen('a microtask', 'export function planted(f: () => void) { queueMicrotask(f) }', WORLD),
  seen('a promise', 'export async function planted(f: () => Promise<void>) { await f() }', WORLD),
  seen(
    'a comparator that draws',
    'export function planted(all: number[]) { return all.sort(() => all.length - 0.5) }',
  ),
  seen(
    'a comparator that answers yes or no',
    'export function planted(all: number[]) { return all.sort((a, b) => a > b) }',
  ),
  seen(
    'a comparator that never answers 0',
    'export function planted(all: number[]) { return all.sort((a, b) => (a > b ? 1 : -1)) }',
  ),
  seen(
    'numbers sorted as text',
    'export function planted(all: number[]) { return all.toSorted() }',
  ),
  seen(
    'keys of an object',
    'export function planted(all: object) { for (const key in all) return key }',
    SUMMARY,
  ),
  seen(
    'localeCompare',
    'export function planted(a: string, b: string) { return a.localeCompare(b) }',
    SUMMARY,
  ),
  seen(
    'toLocaleString',
    'export function planted(a: number) { return a.toLocaleString() }',
    SUMMARY,
  ),
  seen(
    'Intl',
    'export function planted(a: number) { return new Intl.NumberFormat().format(a) }',
    SUMMARY,
  ),
  seen('toString(36)', 'export function planted(a: number) { return a.toString(36) }', SUMMARY),
  seen(
    'the words of an error',
    'export function planted(f: () => void) { try { f() } catch (e) { return e.message } }',
    SUMMARY,
  ),
  seen('a weak reference', 'export function planted(a: object) { return new WeakRef(a) }', WORLD),
  seen(
    'the number of cores',
    'export function planted() { return navigator.hardwareConcurrency }',
    WORLD,
  ),
  seen(
    'a variable that all runs share',
    'let planted = 0\nexport function count() { return planted++ }',
    RETRY,
  ),
  seen(
    'a map that all runs share',
    'const planted = new Map<string, number>()\nexport function known() { return planted }',
    RETRY,
  ),
  seen('shared memory', 'export function planted() { return new SharedArrayBuffer(8) }', WORLD),
  seen(
    'WebAssembly',
    'export function planted(a: Uint8Array) { return WebAssembly.compile(a) }',
    WORLD,
  ),
  seen(
    'the machine',
    "import { cpus } from 'node:os'\nexport const planted = cpus().length",
    WORLD,
  ),
]

const DETERMINISM = 'tests/engine/laws/determinism.test.ts'
const REPLAY = 'tests/engine/replay.test.ts'
const SELF_TEST = 'tests/workers/self-test.test.ts'
const POOL = 'tests/workers/pool.test.ts > the same bytes'

const RUN_IT = 'const last = Math.min(this.events + most, this.limits.events)'
const PLAN_IT = 'doubles[0] = at\n'

/** Hazards that only running shows. */
const IN_THE_RUN: readonly Hazard[] = [
  {
    name: 'Math.log that no rule can see',
    path: SAMPLER,
    plant: (text) =>
      swap('Math.floor(0.5 - this.a * ln(1 -', 'Math.floor(0.5 - this.a * hidden(1 -')(text) +
      "\nconst hidden = (Object.getOwnPropertyDescriptor([].map.constructor('return Math')(), 'log') as PropertyDescriptor).value as typeof ln\n",
    tests: SELF_TEST,
  },
  {
    name: 'times that are no whole nanoseconds',
    path: SAMPLER,
    plant: swap(
      'Math.floor(0.5 - this.a * ln(1 - this.uniform(c0, c1)))',
      '0.5 - this.a * ln(1 - this.uniform(c0, c1))',
    ),
    tests: SELF_TEST,
  },
  {
    name: 'ties in the order of planning',
    path: WORLD,
    plant: swap('phase * PHASE_STEP + hash[place]!', 'phase * PHASE_STEP'),
    tests: SELF_TEST,
  },
  {
    name: 'ties in the order of declaration',
    path: 'engine/model/places.ts',
    plant: swap('this.hash[index] = hashText(path)', 'this.hash[index] = index'),
    tests: DETERMINISM,
  },
  {
    name: 'a recorder that changes times',
    path: WORLD,
    plant: swap(PLAN_IT, 'doubles[0] = at + (this.recorder.on ? 1 : 0)\n'),
    tests: DETERMINISM,
  },
  {
    name: 'an observer that changes times',
    path: WORLD,
    plant: swap(PLAN_IT, 'doubles[0] = at + (this.tracer ? 1 : 0)\n'),
    tests: REPLAY,
  },
  {
    name: 'slices that leave a trace',
    path: WORLD,
    plant: swap(RUN_IT, `${RUN_IT}\n    digest.fold(this.now, 0, 0, 0)`),
    tests: DETERMINISM,
  },
  {
    name: 'a list that all runs share',
    path: RETRY,
    plant: (text) =>
      `${swap('return Math.round(pause)', 'return Math.round(pause) + planted.push(0)')(text)}\nconst planted: number[] = []\n`,
    tests: SELF_TEST,
  },
  {
    name: 'results in the order of arrival',
    path: 'workers/runner.ts',
    plant: (text) => {
      const kept = swap(
        'return Promise.all(runs)',
        'return Promise.all(runs).then(() => arrived)',
      )(text)
      const first = swap(
        'options.onOutcome?.(index, outcome)',
        'arrived.push(outcome)\n    options.onOutcome?.(index, outcome)',
      )(kept)
      return swap(
        'const runs = tasks.map(',
        'const arrived: RunOutcome[] = []\n  const runs = tasks.map(',
      )(first)
    },
    tests: POOL,
  },
  {
    name: 'a memory of files that forgets the variant',
    path: 'workers/prepare.ts',
    plant: swap('const key = JSON.stringify(task)', 'const key = JSON.stringify(task.text)'),
    tests: POOL,
  },
  {
    name: 'state kept as JSON',
    path: 'engine/replay.ts',
    plant: swap('state: world.save()', 'state: JSON.parse(JSON.stringify(world.save()))'),
    tests: REPLAY,
  },
  {
    name: 'a seed of 0 that is none',
    path: 'engine/core/random.ts',
    plant: swap('seedrandom(String(seed))', "seedrandom(seed === '0' ? undefined : String(seed))"),
    tests: SELF_TEST,
  },
  {
    name: 'a number and its text as different seeds',
    path: 'engine/core/random.ts',
    plant: swap('seedrandom(String(seed))', 'seedrandom(JSON.stringify(seed))'),
    tests: DETERMINISM,
  },
  {
    name: 'a pause that loses an event',
    path: 'workers/simulation.ts',
    plant: swap(
      'if (this.paused) {\n',
      'if (this.paused) {\n      run.advance(1)\n      run.advance(0)\n      this.cancelled ||= run.events % 2 === 0\n',
    ),
    tests: SELF_TEST,
  },
]

/** All of them. */
export const HAZARDS: readonly Hazard[] = [...IN_THE_TEXT, ...IN_THE_RUN]
