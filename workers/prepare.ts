/** From a task to a run that is ready to go. */
import { patterns } from '../engine/patterns/index.ts'
import type { RunTask } from '../engine/run.ts'
import { Run } from '../engine/run.ts'
import type { ReadResult } from '../engine/scenario/read.ts'
import { readTask } from '../engine/scenario/read.ts'
import type { Prepared, ReadyRun } from './simulation.ts'

/** What was read last, by everything but the seed: batches run one file under many seeds. */
const recent = new Map<string, ReadResult>()
const MOST_RECENT = 8

/** Reads a task and builds its world. */
export function prepare(task: RunTask): Prepared {
  const read = readUnder(task)
  if (!read.ok) return { ok: false, problems: read.errors }
  const { scenario, warnings } = read
  const recording = task.recording === 'columns'
  const variant = task.variant ?? task.name
  const run = new Run(scenario, { variant, seed: scenario.seed, recording, catalogue: patterns })
  return { ok: true, run: readyRun(run, recording), warnings }
}

/** A seed that is a whole number is good in every file, so the file need not be read again for it. */
function readUnder({ seed, ...task }: RunTask): ReadResult {
  if (!Number.isSafeInteger(seed)) return readTask({ seed, ...task })
  const key = JSON.stringify(task)
  const read = recent.get(key) ?? readTask({ seed: undefined, ...task })
  recent.delete(key)
  recent.set(key, read)
  if (recent.size > MOST_RECENT) recent.delete(recent.keys().next().value!)
  return read.ok ? { ...read, scenario: { ...read.scenario, seed: String(seed) } } : read
}

/** A run with the words that a simulation uses. */
export function readyRun(run: Run, recording: boolean): ReadyRun {
  const { world } = run.built
  return {
    seed: world.seed,
    duration: run.scenario.duration,
    recording,
    get now() {
      return world.now
    },
    get events() {
      return world.events
    },
    advance: (events) => run.advance(events),
    layout: () => run.layout(),
    frame: (finished) => run.frame(finished),
    result: () => run.result(),
  }
}
