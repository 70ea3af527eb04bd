/** Runs tasks for a command: on which threads, with progress on stderr, until done or interrupted. */
import { setMaxListeners } from 'node:events'
import type { RunTask, VariantResult } from '../engine/run.ts'
import { InProcess } from '../workers/in-process.ts'
import { nodeMachine } from '../workers/node-machine.ts'
import { cores, nodePool } from '../workers/node-pool.ts'
import { prepare } from '../workers/prepare.ts'
import type { Crash, RunOutcome } from '../workers/protocol.ts'
import type { Runner } from '../workers/runner.ts'
import { runAll } from '../workers/runner.ts'
import { BadInput, InternalError } from './exit.ts'
import type { OpenedFile } from './files.ts'
import type { ChangeOptions, RunningOptions } from './options.ts'
import { lineOf, inFile } from './problems.ts'
import { ProgressLine } from './progress.ts'

/** A run to do, and the file it is of. */
export interface Job {
  readonly file: OpenedFile
  readonly task: RunTask
}

/** A run that is done. */
export interface Done {
  readonly result: VariantResult
  readonly cpuMs: number
}

/** The task of one variant of a file under one seed, with the changes asked for. */
export function taskOf(
  file: OpenedFile,
  changes: ChangeOptions,
  variant: string | undefined,
  seed: string | number | undefined = changes.seed,
): RunTask {
  const { off, on, inert, set } = changes
  const { text, name } = file
  return { text, name, variant, seed, off, on, inert, set, recording: 'columns' }
}

/** Does all jobs. Undefined stands for one that was cancelled (Ctrl-C); anything else that fails is thrown. */
export async function execute(
  jobs: readonly Job[],
  options: RunningOptions,
): Promise<(Done | undefined)[]> {
  const [done] = await executeEach([jobs], options, (_, results) => results)
  return done!
}

/** Does batches of jobs, in order, and hands each on as soon as it is done, so that no more is kept than needed. */
export async function executeEach<T>(
  batches: readonly (readonly Job[])[],
  options: RunningOptions,
  hand: (batch: number, done: (Done | undefined)[]) => T,
): Promise<T[]> {
  const total = batches.reduce((sum, jobs) => sum + jobs.length, 0)
  const runner = runnerFor(total, options)
  const progress = new ProgressLine(total)
  const abort = new AbortController()
  // Every run of the batch listens; Node takes more than ten listeners for a leak.
  setMaxListeners(total + 1, abort.signal)
  const interrupt = (): void => abort.abort()
  process.once('SIGINT', interrupt)
  const way = { runner, progress, signal: abort.signal, slice: options.slice }
  try {
    const running = batches.map(async (jobs, at) => hand(at, await doAll(jobs, at, way)))
    return await Promise.all(running)
  } finally {
    progress.clear()
    process.off('SIGINT', interrupt)
    runner.close()
  }
}

/** How jobs are done, the same for all batches. */
interface Way {
  readonly runner: Runner
  readonly progress: ProgressLine
  readonly signal: AbortSignal
  readonly slice: number | undefined
}

async function doAll(
  jobs: readonly Job[],
  batch: number,
  { runner, progress, signal, slice }: Way,
): Promise<(Done | undefined)[]> {
  const tasks = jobs.map(({ task }) => task)
  const outcomes = await runAll(runner, tasks, {
    slice,
    signal,
    onProgress: (share, over) => progress.show(batch, share * jobs.length, over),
    onTrouble: (crash, index) => progress.say(troubleLine(crash, jobs[index]!)),
  })
  return outcomes.map((outcome, at) => doneOf(outcome, jobs[at]!))
}

/** So few runs are sooner done here, one after the other, than threads have started and warmed up. */
const FEW = 3

/** Threads, or this one for few runs. */
export function runnerFor(jobs: number, { workers, inProcess }: RunningOptions): Runner {
  if (inProcess || (jobs <= FEW && workers === undefined))
    return new InProcess(nodeMachine, prepare)
  return nodePool(__faultline!.nodeWorker, Math.min(jobs, workers ?? cores()))
}

function doneOf(outcome: RunOutcome, { file, task }: Job): Done | undefined {
  if (outcome.ok) return { result: outcome.result, cpuMs: outcome.cpuMs }
  if (outcome.why === 'cancelled') return undefined
  if (outcome.why === 'crash') throw new InternalError(outcome.crash, commandOf(file, task))
  throw new BadInput('', inFile(file.path, outcome.problems))
}

/** What is said of a worker that was lost. */
export function troubleLine({ reason, message, event, seed }: Crash, { file, task }: Job): string {
  const where = `${file.path}${task.variant === undefined ? '' : `, variant ${task.variant}`}`
  return `A worker was lost (${reason}: ${message}) at event ${event}, seed ${seed}, of ${where}; trying once more.`
}

/** The command line that runs a task again. */
export function commandOf(file: OpenedFile, { seed, off, on, inert, set }: RunTask): string {
  const lists = Object.entries({ off, on, inert }).filter(([, ids]) => ids.length > 0)
  const words = ['sim run', file.path, `--seed ${seed ?? file.scenario.seed}`]
  words.push(...lists.map(([name, ids]) => `--${name} ${ids.join(',')}`))
  words.push(...Object.entries(set).map(([path, value]) => `--set '${path}=${String(value)}'`))
  return words.join(' ')
}

/** Says on stderr what a file may not have meant. */
export function warn(files: readonly OpenedFile[]): void {
  for (const { path, warnings } of files) {
    for (const problem of inFile(path, warnings)) process.stderr.write(`${lineOf(problem)}\n`)
  }
}

/** Laws that were broken though the file does not say so: an error of the engine. */
export function assertLaws(result: VariantResult, job: Job): void {
  const { expectViolation } = job.file.scenario
  const broken = result.violations.find(({ law }) => !expectViolation.includes(law))
  if (!broken) return
  const message = `law broken: ${broken.law} (${broken.place}: ${broken.detail})`
  const time = result.virtualMs * 1e6
  const { events: event, seed } = result
  const crash: Crash = { reason: 'threw', message, event, time, seed, stack: undefined }
  throw new InternalError(crash, commandOf(job.file, job.task))
}
