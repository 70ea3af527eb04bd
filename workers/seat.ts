/** One worker, and one attempt to run a task on it. Comlink would wait for ever for a worker that is gone; this does not. */
import type { Endpoint, Remote } from 'comlink'
import { releaseProxy, wrap } from 'comlink'
import type { RunTask } from '../engine/run.ts'
import type {
  Crash,
  CrashReason,
  Command,
  Commanded,
  Progress,
  Report,
  Reported,
  RunOutcome,
  SimulationWorker,
} from './protocol.ts'
import type { RunOptions } from './runner.ts'

/** A worker as the pool needs it, whatever it is made of. */
export interface WorkerHandle {
  readonly endpoint: Endpoint
  /** Tells when the worker is lost: an error nobody caught, an unreadable message, its exit. */
  onLoss(report: (message: string) => void): void
  terminate(): void
}

/** How often a silent worker is looked at, and how often it may be found silent before it counts as hung. */
export interface Patience {
  readonly everyMs: number
  readonly looks: number
  /** Looks allowed until the first word: the worker starts, reads the file, builds the world. */
  readonly looksAtStart: number
}

/**
 * A worker that has been silent for a second and a half hangs: so it is told within three, also where this thread is busy and
 * looks late. Looks are counted, not time, so that a computer that slept or a page that was throttled does not mistake
 * its own absence for a hang.
 */
export const PATIENCE: Patience = { everyMs: 250, looks: 6, looksAtStart: 120 }
/** What is said of a worker that hangs. */
export const SILENCE = 'nothing was heard of the worker'

/** A second attempt is given four times as long: perhaps it was only the machine that was busy. */
export function morePatient({ everyMs, looks, looksAtStart }: Patience): Patience {
  return { everyMs, looks: looks * 4, looksAtStart: looksAtStart * 4 }
}

/** A worker and its place in the pool. Runs one task at a time. */
export class Seat {
  private readonly handle: WorkerHandle
  private readonly remote: Remote<SimulationWorker>
  private attempt: Attempt | undefined
  private runs = 0
  private loss: string | undefined

  constructor(handle: WorkerHandle, whenLost: () => void) {
    this.handle = handle
    this.remote = wrap<SimulationWorker>(handle.endpoint)
    handle.onLoss((message) => {
      if (this.loss !== undefined) return
      this.loss = message
      if (this.attempt) this.attempt.lose('died', message)
      else whenLost()
    })
  }

  /** Settles always: with an outcome of the worker, or a crash when it is lost. */
  async run(task: RunTask, options: RunOptions, patience: Patience): Promise<RunOutcome> {
    const run = ++this.runs
    const attempt = new Attempt(task, options, patience, this.handle.endpoint, run)
    this.attempt = attempt
    const frames = options.onLayout !== undefined || options.onFrame !== undefined
    const answer = this.remote.run(task, { slice: options.slice, frames }, run)
    attempt.begin()
    if (this.loss !== undefined) attempt.lose('died', this.loss)
    void answer.then(
      (outcome) => attempt.finish(outcome),
      (error: unknown) => attempt.lose('threw', String(error)),
    )
    const outcome = await attempt.outcome
    this.attempt = undefined
    return outcome
  }

  /** Whether it has said anything of its present task. */
  get wasHeard(): boolean {
    return this.attempt?.wasHeard ?? false
  }

  /** Ends the worker; what it was running is cancelled. */
  dispose(): void {
    this.loss ??= 'closed'
    // Comlink remembers a worker, and with it all who listen to it, until it is told to forget.
    this.remote[releaseProxy]()
    this.handle.terminate()
    this.attempt?.withdraw()
  }
}

/** One attempt to run a task: hears its reports, passes commands on, and watches for signs of life. */
class Attempt {
  readonly outcome: Promise<RunOutcome>
  private readonly task: RunTask
  private readonly options: RunOptions
  private readonly patience: Patience
  private readonly endpoint: Endpoint
  private readonly run: number
  private readonly watch: ReturnType<typeof setInterval>
  private settle!: (outcome: RunOutcome) => void
  private stopListening: (() => void) | undefined
  private looksLeft: number
  private heard = false
  private last: Progress | undefined
  private readonly cancel = (): void => this.command('cancel')
  private readonly receive = (event: Event): void => {
    const { run, report } = (event as MessageEvent<Partial<Reported>>).data
    if (report && run === this.run) this.hear(report)
  }

  constructor(
    task: RunTask,
    options: RunOptions,
    patience: Patience,
    endpoint: Endpoint,
    run: number,
  ) {
    this.task = task
    this.options = options
    this.patience = patience
    this.endpoint = endpoint
    this.run = run
    this.looksLeft = patience.looksAtStart
    this.outcome = new Promise((resolve) => (this.settle = resolve))
    this.watch = setInterval(() => this.look(), patience.everyMs)
    endpoint.addEventListener('message', this.receive)
  }

  /** The worker knows of the run: from now on commands reach it. */
  begin(): void {
    const { signal, pauser } = this.options
    signal?.addEventListener('abort', this.cancel)
    if (signal?.aborted) this.cancel()
    this.stopListening = pauser?.listen((paused) => this.command(paused ? 'pause' : 'resume'))
    if (pauser?.paused) this.command('pause')
  }

  get wasHeard(): boolean {
    return this.heard
  }

  /** The worker is no use any more. */
  lose(reason: CrashReason, message: string): void {
    this.finish({ ok: false, why: 'crash', crash: this.crash(reason, message) })
  }

  /** The worker is taken away on purpose. */
  withdraw(): void {
    this.finish({ ok: false, why: 'cancelled', partial: undefined })
  }

  private hear(report: Report): void {
    this.heard = true
    this.looksLeft = this.patience.looks
    const { options } = this
    if (report.kind === 'layout') options.onLayout?.(report.layout)
    else if (report.kind === 'frame') options.onFrame?.(report.frame)
    else {
      this.last = report.progress
      options.onProgress?.(report.progress)
    }
  }

  private command(command: Command): void {
    this.endpoint.postMessage({ run: this.run, command } satisfies Commanded, [])
  }

  /** A paused run is silent; any other must be heard of. */
  private look(): void {
    if (this.heard && this.options.pauser?.paused) this.looksLeft = this.patience.looks
    else if (--this.looksLeft <= 0) this.lose('hung', SILENCE)
  }

  /** It is over, whoever says so first. */
  finish(outcome: RunOutcome): void {
    clearInterval(this.watch)
    this.options.signal?.removeEventListener('abort', this.cancel)
    this.stopListening?.()
    this.endpoint.removeEventListener('message', this.receive)
    this.settle(outcome)
  }

  private crash(reason: CrashReason, message: string): Crash {
    const { events = 0, now = 0, seed = String(this.task.seed ?? '') } = this.last ?? {}
    return { reason, message, event: events, time: now, seed, stack: undefined }
  }
}
