/** Follows a study for a command: on which threads, with progress on stderr, until done or interrupted. */
import type { Study } from '../engine/studies/study.ts'
import { follow, RunFailed, type FollowOptions } from '../workers/follow.ts'
import { cores } from '../workers/node-pool.ts'
import { assertLaws, commandOf, runnerFor, troubleLine } from './execution.ts'
import { BadInput, InternalError } from './exit.ts'
import type { OpenedFile } from './files.ts'
import type { RunningOptions } from './options.ts'
import { inFile } from './problems.ts'
import { ProgressLine } from './progress.ts'

/** What came of a study. */
export interface Studied<Answer> {
  /** What is known; undefined where it was cancelled before anything was. */
  readonly answer: Answer | undefined
  /** Whether Ctrl-C ended it, so that the answer rests on less than was asked for. */
  readonly isCancelled: boolean
}

/** Follows a study of a file to its end; `onUpdate` hears what it tells on the way. */
export async function pursue<Update, Answer>(
  file: OpenedFile,
  study: Study<Update, Answer>,
  options: RunningOptions,
  onUpdate: (update: Update, say: (line: string) => void) => void = () => {},
): Promise<Studied<Answer>> {
  const runner = runnerFor(cores() * 2, options)
  const progress = new ProgressLine(0)
  const abort = new AbortController()
  const interrupt = (): void => abort.abort()
  process.once('SIGINT', interrupt)
  const updates = follow(study, runner, followOptions(file, options, progress, abort.signal))
  try {
    let step = await updates.next()
    while (!step.done) {
      onUpdate(step.value, (line) => progress.say(line))
      step = await updates.next()
    }
    return { answer: step.value, isCancelled: abort.signal.aborted }
  } catch (error) {
    throw error instanceof RunFailed ? troubleOf(error, file) : error
  } finally {
    progress.clear()
    process.off('SIGINT', interrupt)
    runner.close()
  }
}

function followOptions(
  file: OpenedFile,
  { slice }: RunningOptions,
  progress: ProgressLine,
  signal: AbortSignal,
): FollowOptions {
  return {
    slice,
    signal,
    onProgress: (worth, over, asked) => {
      progress.grow(asked)
      progress.show(0, worth, over)
    },
    onTrouble: (crash, task) => progress.say(troubleLine(crash, { file, task })),
    onResult: (result, task) => assertLaws(result, { file, task }),
  }
}

function troubleOf({ outcome, task }: RunFailed, file: OpenedFile): Error {
  if (outcome.why === 'crash') return new InternalError(outcome.crash, commandOf(file, task))
  return new BadInput('', inFile(file.path, outcome.problems))
}
