/** Somebody who runs tasks: a pool of workers, or this very thread. */
import type { RunTask } from '../engine/run.ts'
import type { Crash, RunOutcome } from './protocol.ts'
import type { Pauser } from './pauser.ts'
import type { Watcher } from './simulation.ts'

/** How one task is to be run, and who is told. When a worker is lost, its task starts over: layout first. */
export interface RunOptions extends Watcher {
  /** Events per slice; undefined: as many as take about a millisecond. */
  readonly slice?: number | undefined
  /** Cancels: the outcome is what the run has come to by then. */
  readonly signal?: AbortSignal | undefined
  readonly pauser?: Pauser | undefined
  /** A worker was lost. The task is tried once more; a second loss is its outcome. */
  onTrouble?(crash: Crash): void
}

/** How many tasks are to be run, and who is told. */
export interface BatchOptions {
  readonly slice?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Share of the whole batch that is done, 0 to 1, and tasks that are over. */
  onProgress?(share: number, done: number): void
  /** A task is over; in order of arrival, so nothing that is kept may depend on it. */
  onOutcome?(index: number, outcome: RunOutcome): void
  onTrouble?(crash: Crash, index: number): void
}

export interface Runner {
  /** Always settles with an outcome; never rejects. */
  run(task: RunTask, options?: RunOptions): Promise<RunOutcome>
  /** Ends at once; what is under way is cancelled. */
  close(): void
}

/** Runs tasks and answers their outcomes in the order of the tasks. Cancelled, it keeps those that were done. */
export function runAll(
  runner: Runner,
  tasks: readonly RunTask[],
  options: BatchOptions = {},
): Promise<RunOutcome[]> {
  const { slice, signal } = options
  const signals = signal ? fanOut(signal, tasks.length) : []
  const tally = new Tally(tasks.length, options)
  const runs = tasks.map(async (task, index) => {
    const outcome = await runner.run(task, {
      slice,
      signal: signals[index],
      onTrouble: (crash) => options.onTrouble?.(crash, index),
      onProgress: ({ now, duration }) => tally.reach(index, now / duration),
    })
    options.onOutcome?.(index, outcome)
    tally.end(index)
    return outcome
  })
  return Promise.all(runs)
}

/** A signal for each task: Node warns of a signal that many listen to. */
function fanOut(signal: AbortSignal, count: number): AbortSignal[] {
  const controllers = Array.from({ length: count }, () => new AbortController())
  const abort = (): void => controllers.forEach((controller) => controller.abort())
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  return controllers.map((controller) => controller.signal)
}

/** How far a batch has come. */
class Tally {
  private readonly shares: Float64Array
  private readonly options: BatchOptions
  private done = 0

  constructor(tasks: number, options: BatchOptions) {
    this.shares = new Float64Array(tasks)
    this.options = options
  }

  reach(index: number, share: number): void {
    this.shares[index] = share
    const total = this.shares.reduce((sum, each) => sum + each, 0)
    this.options.onProgress?.(total / this.shares.length, this.done)
  }

  end(index: number): void {
    this.done++
    this.reach(index, 1)
  }
}
