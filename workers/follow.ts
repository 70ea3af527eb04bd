/** Follows a study: makes the runs it asks for and hands on what it tells. */
import type { RunTask, VariantResult } from '../engine/run.ts'
import type { Results, Study } from '../engine/studies/study.ts'
import type { Crash, RunOutcome } from './protocol.ts'
import type { Runner } from './runner.ts'
import { runAll } from './runner.ts'

/** How a study is followed, and who is told. */
export interface FollowOptions {
  readonly slice?: number | undefined
  /** Cancels: the study hears which of its runs were made, ends, and answers what it knows. */
  readonly signal?: AbortSignal | undefined
  /** Runs' worth that is done, runs that are over, and runs that the study has asked for so far. */
  onProgress?(worth: number, over: number, asked: number): void
  onTrouble?(crash: Crash, task: RunTask): void
  /** A run is over. In order of the tasks, whoever was first; may throw. */
  onResult?(result: VariantResult, task: RunTask): void
}

/** A run could not be made: its file is wrong, or the engine failed twice. */
export class RunFailed extends Error {
  readonly outcome: Exclude<RunOutcome, { ok: true } | { why: 'cancelled' }>
  readonly task: RunTask

  constructor(outcome: RunFailed['outcome'], task: RunTask) {
    super(outcome.why === 'crash' ? outcome.crash.message : outcome.problems[0]?.message)
    this.name = 'RunFailed'
    this.outcome = outcome
    this.task = task
  }
}

/**
 * The updates of a study as they come; returns its answer, or undefined where it was cancelled and asked for more all the
 * same. What it gives depends on the study alone, not on the number of workers.
 *
 * @throws RunFailed
 */
export async function* follow<Update, Answer>(
  study: Study<Update, Answer>,
  runner: Runner,
  options: FollowOptions = {},
): AsyncGenerator<Update, Answer | undefined> {
  const progress = { over: 0, asked: 0 }
  try {
    let step = study.next([])
    while (!step.done) {
      const { value } = step
      let results: Results = []
      if (value.kind === 'update') yield value.update
      else if (progress.asked > 0 && options.signal?.aborted) return undefined
      else results = await make(value.tasks, runner, options, progress)
      step = study.next(results)
    }
    return step.value
  } finally {
    study.return(undefined as never)
  }
}

async function make(
  tasks: readonly RunTask[],
  runner: Runner,
  { slice, signal, onProgress, onTrouble, onResult }: FollowOptions,
  progress: { over: number; asked: number },
): Promise<Results> {
  const before = progress.over
  progress.asked += tasks.length
  // Each batch listens on its own and stops to: a long study has many of them.
  const batch = new AbortController()
  const abort = (): void => batch.abort()
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort)
  const outcomes = await runAll(runner, tasks, {
    slice,
    signal: batch.signal,
    onProgress: (share, done) =>
      onProgress?.(before + share * tasks.length, before + done, progress.asked),
    onTrouble: (crash, at) => onTrouble?.(crash, tasks[at]!),
  })
  signal?.removeEventListener('abort', abort)
  progress.over += tasks.length
  return outcomes.map((outcome, at) => resultOf(outcome, tasks[at]!, onResult))
}

function resultOf(
  outcome: RunOutcome,
  task: RunTask,
  onResult: FollowOptions['onResult'],
): VariantResult | undefined {
  if (outcome.ok) {
    onResult?.(outcome.result, task)
    return outcome.result
  }
  if (outcome.why === 'cancelled') return undefined
  throw new RunFailed(outcome, task)
}
