/** From a task to a run that is ready to go. */
import { patterns } from '../engine/patterns/index.ts'
import type { RunTask } from '../engine/run.ts'
import { Run } from '../engine/run.ts'
import { readTask } from '../engine/scenario/read.ts'
import type { Prepared, ReadyRun } from './simulation.ts'

/** Reads a task and builds its world. */
export function prepare(task: RunTask): Prepared {
  const read = readTask(task)
  if (!read.ok) return { ok: false, problems: read.errors }
  const { scenario, warnings } = read
  const recording = task.recording === 'columns'
  const variant = task.variant ?? task.name
  const run = new Run(scenario, { variant, seed: scenario.seed, recording, catalogue: patterns })
  return { ok: true, run: readyRun(run, recording), warnings }
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
