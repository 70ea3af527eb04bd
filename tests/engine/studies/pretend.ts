/** Studies without a simulator: results are made up from the task, so the right answer is known. */
import type { RunTask, VariantResult } from '../../../engine/run.ts'
import type { Study } from '../../../engine/studies/study.ts'
import { METRICS } from '../../../engine/results/metrics.ts'
import type { Measure } from '../../../engine/studies/measure.ts'
import { parseExpectation } from '../../../engine/scenario/expect/parse.ts'
import type { ExpectationTree } from '../../../engine/scenario/expect/ast.ts'

/** A task that nobody reads. */
export const BASE: RunTask = {
  text: '',
  name: 'pretend',
  variant: undefined,
  seed: undefined,
  off: [],
  on: [],
  inert: [],
  set: {},
  recording: 'none',
}

export const SERVED: Measure = {
  label: 'served',
  metric: METRICS.find(({ name }) => name === 'served')!,
  args: [],
}

/** Follows a study; `served` tells the share that a task serves. Answers what it told and what it came to. */
export function pretend<U, A>(
  study: Study<U, A>,
  served: (task: RunTask) => number,
  series: (task: RunTask) => Partial<VariantResult> = () => ({}),
): { updates: U[]; answer: A; tasks: number } {
  const updates: U[] = []
  let tasks = 0
  let step = study.next([])
  while (!step.done) {
    const { value } = step
    if (value.kind === 'update') {
      updates.push(value.update)
      step = study.next([])
      continue
    }
    tasks += value.tasks.length
    step = study.next(value.tasks.map((task) => ({ ...resultOf(served(task)), ...series(task) })))
  }
  return { updates, answer: step.value, tasks }
}

/** What a run comes to that serves such a share. */
export function resultOf(share: number): VariantResult {
  const offered = 1e6
  const ok = Math.round(offered * share)
  const requests = { offered, ok, degraded: 0, failedFast: 0, failed: offered - ok, unfinished: 0 }
  return { requests, latencyMs: { count: ok }, violations: [] } as unknown as VariantResult
}

/** A line of `expect`. */
export function line(text: string): ExpectationTree {
  const parsed = parseExpectation(text)
  if (!parsed.ok) throw new Error(parsed.problem.says)
  return parsed.tree
}

/** A number of 0..1 that looks random and is the same every time. */
export function luck(seed: unknown): number {
  return ((Number(seed) * 7919) % 101) / 101
}
