/** One worker, and one attempt to run a task on it. Comlink would wait for ever for a worker that is gone; this does not. */
import type { Endpoint, Remote } from 'comlink'
import { releaseProxy, transfer, wrap } from 'comlink'
import type { RunTask } from '../engine/run.ts'
import type {
  Crash,
  CrashReason,
  Command,
  Progress,
  Report,
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
    const attempt = new Attempt(task, options, patience)
    this.attempt = attempt
    if (this.loss !== undefined) attempt.lose('died', this.loss)
    const { farPort } = attempt
    const frames = options.onLayout !== undefined || options.onFrame !== undefined
    const pacing = { slice: options.slice, frames }
    const answer = this.remote.run(task, pacing, transfer(farPort, [farPort]))
    void answer.then(
      (outcome) => attempt.answer(outcome),
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
  readonly farPort: MessagePort
  readonly outcome: Promise<RunOutcome>
  private readonly task: RunTask
  private readonly options: RunOptions
  private readonly patience: Patience
  private readonly port: MessagePort
  private readonly watch: ReturnType<typeof setInterval>
  private settle!: (outcome: RunOutcome) => void
  private readonly stopListening: (() => void) | undefined
  private looksLeft: number
  private heard = false
  private last: Progress | undefined
  private answered: RunOutcome | undefined
  private ended = false
  private readonly cancel = (): void => this.command('cancel')

  constructor(task: RunTask, options: RunOptions, patience: Patience) {
    this.task = task
    this.options = options
    this.patience = patience
    this.looksLeft = patience.looksAtStart
    this.outcome = new Promise((resolve) => (this.settle = resolve))
    const { port1, port2 } = new MessageChannel()
    this.port = port1
    this.farPort = port2
    this.port.onmessage = ({ data }: MessageEvent<Report>) => this.hear(data)
    this.watch = setInterval(() => this.look(), patience.everyMs)
    options.signal?.addEventListener('abort', this.cancel)
    if (options.signal?.aborted) this.cancel()
    const { pauser } = options
    this.stopListening = pauser?.listen((paused) => this.command(paused ? 'pause' : 'resume'))
    if (pauser?.paused) this.command('pause')
  }

  get wasHeard(): boolean {
    return this.heard
  }

  /** The worker has answered; what it sent through the port may still be on its way. */
  answer(outcome: RunOutcome): void {
    this.answered = outcome
    if (this.ended) this.finish(outcome)
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
    else if (report.kind === 'progress') {
      this.last = report.progress
      options.onProgress?.(report.progress)
    } else {
      this.ended = true
      if (this.answered) this.finish(this.answered)
    }
  }

  private command(command: Command): void {
    this.port.postMessage(command, [])
  }

  /** A paused run is silent; any other must be heard of. */
  private look(): void {
    if (this.heard && this.options.pauser?.paused) this.looksLeft = this.patience.looks
    else if (--this.looksLeft <= 0) this.lose('hung', SILENCE)
  }

  private finish(outcome: RunOutcome): void {
    clearInterval(this.watch)
    this.options.signal?.removeEventListener('abort', this.cancel)
    this.stopListening?.()
    this.port.close()
    this.settle(outcome)
  }

  private crash(reason: CrashReason, message: string): Crash {
    const { events = 0, now = 0, seed = String(this.task.seed ?? '') } = this.last ?? {}
    return { reason, message, event: events, time: now, seed, stack: undefined }
  }
}
