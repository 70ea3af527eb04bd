/** Which runs are golden: every scenario of the library, in turn all of its variants, under seeds of every kind. */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { patterns } from '../../engine/patterns/index.ts'
import { ENGINE_VERSION, Run, type RunTask } from '../../engine/run.ts'
import { readTask } from '../../engine/scenario/read.ts'
import { SECOND } from '../../engine/units.ts'
import { filesIn } from '../../cli/files.ts'
import { type GoldenFile, goldenLine, type GoldenRun, goldenTask } from '../../workers/golden.ts'
import { root } from '../support/source.ts'

/** Where the generated file is. */
export const GOLDEN_FILE = join(root, 'workers/golden-runs.json')

/** Runs in all, and events of the longest: files that come to more are cut. */
const RUNS = 200
const MOST_EVENTS = 150_000
/** Seeds that are no plain number: words, other scripts, zeros, the largest number. */
const SEEDS = ['7', 'a word', '0', 'Ünïcödé 💥', '007', '9007199254740991', '-1', '1e3']

/** Scenarios that run long without filling the memory, and the events they must come to. */
const LARGE = ['mm1 -', 'mmc -', 'retry-storm A', 'cache-stampede B', 'fifty-two B'] as const
const LARGE_EVENTS = 10_500_000

type Planned = Pick<GoldenRun, 'name' | 'variant' | 'seed' | 'duration'>
/** Without a duration: as long as the file says. */
type Wanted = Omit<Planned, 'duration'> & { readonly duration?: string }

const texts = new Map(
  filesIn([join(root, 'scenarios')]).map((path) => [
    basename(path, '.yaml'),
    readFileSync(path, 'utf8'),
  ]),
)

/** Names of all scenarios of the library, as they lie in the folder. */
export const scenarioNames: readonly string[] = [...texts.keys()]

/** Text of a scenario of the library. */
export function textOf(name: string): string {
  return texts.get(name)!
}

/** Runs everything; takes a minute. */
export function makeGolden(): GoldenFile {
  const plan = scenarioNames.flatMap((name, at) => planOf(name, shareOf(at)))
  return {
    engine: ENGINE_VERSION,
    runs: plan.map((each) => goldenLine(goldenOf(each))),
    large: LARGE.map((each) => goldenLine(goldenOf(largeOf(each)))),
  }
}

/** The first scenarios have one run more than the last, so that there are `RUNS` in all. */
function shareOf(at: number): number {
  const { length } = scenarioNames
  return Math.floor(RUNS / length) + (at < RUNS % length ? 1 : 0)
}

function planOf(name: string, count: number): Planned[] {
  const variants = variantsOf(name)
  const durations = variants.map((variant) => cutTo(MOST_EVENTS, name, variant))
  return Array.from({ length: count }, (_, at) => ({
    name,
    variant: variants[at % variants.length],
    duration: durations[at % variants.length]!,
    seed: SEEDS[at] ?? String(at),
  }))
}

function variantsOf(name: string): (string | undefined)[] {
  const read = readTask(taskOf({ name, variant: undefined, seed: '7' }))
  if (!read.ok) throw new Error(`${name}: ${read.errors[0]?.message}`)
  const names = Object.keys(read.scenario.compare)
  return names.length > 0 ? names : [undefined]
}

/** The file's own duration, or what its events allow: whole seconds. */
function cutTo(most: number, name: string, variant: string | undefined): string {
  const run = begun({ name, variant, seed: '7' })
  const isOver = run.advance(most)
  const seconds = isOver ? run.scenario.duration / SECOND : run.built.world.now / SECOND
  return `${Math.max(1, Math.floor(seconds))}s`
}

function largeOf(what: string): Planned {
  const [name = '', written] = what.split(' ')
  const variant = written === '-' ? undefined : written
  const run = begun({ name, variant, seed: '7' })
  run.finish()
  const { events, now } = run.built.world
  const seconds = Math.ceil(((now / SECOND) * LARGE_EVENTS) / events)
  return { name, variant, seed: '7', duration: `${seconds}s` }
}

function begun(what: Wanted): Run {
  const read = readTask(taskOf(what))
  if (!read.ok) throw new Error(`${what.name}: ${read.errors[0]?.message}`)
  const { scenario } = read
  const { variant = what.name } = what
  const { seed } = scenario
  return new Run(scenario, { variant, seed, recording: false, catalogue: patterns })
}

function taskOf(what: Wanted): RunTask {
  const task = goldenTask({ duration: '1s', ...what }, textOf(what.name), 'none')
  return what.duration === undefined ? { ...task, set: {} } : task
}

function goldenOf(planned: Planned): GoldenRun {
  const { digest, outcomeDigest, events } = begun(planned).finish()
  return { ...planned, events, digest, outcomes: outcomeDigest }
}
