import { readFileSync } from 'node:fs'
import type { RunTask } from '../../engine/run.ts'
import { VariantRun } from '../../ui/runs.ts'
import { prepare } from '../../workers/prepare.ts'

/** The text of the home scenario. */
export const retryStorm = readFileSync(
  new URL('../../scenarios/retry-storm.yaml', import.meta.url),
  'utf8',
)

/** A task as the page makes it. */
export function taskOf(text: string, change: Partial<RunTask> = {}): RunTask {
  const plain = { off: [], on: [], inert: [], set: {}, recording: 'columns' } as const
  return { text, name: 'test', variant: undefined, seed: undefined, ...plain, ...change }
}

/** Runs a task on this thread, in slices, as the page sees it. */
export function runOf(text: string, change: Partial<RunTask> = {}, slice = 20_000): VariantRun {
  const prepared = prepare(taskOf(text, change))
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems))
  const run = new VariantRun(prepared.run.layout())
  for (;;) {
    const isOver = prepared.run.advance(slice)
    run.take(prepared.run.frame(isOver))
    if (isOver) break
  }
  run.result = prepared.run.result()
  return run
}
