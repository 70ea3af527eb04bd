/** Runs tasks on this very thread, one after the other: for a single run, and to compare workers with. */
import type { RunTask } from '../engine/run.ts'
import type { Machine } from './machine.ts'
import type { RunOutcome } from './protocol.ts'
import type { RunOptions, Runner } from './runner.ts'
import type { Prepared } from './simulation.ts'
import { Simulation } from './simulation.ts'

export class InProcess implements Runner {
  private readonly machine: Machine
  private readonly prepare: (task: RunTask) => Prepared
  private readonly closing = new AbortController()
  /** The last run that was asked for: the next one waits for it. */
  private last: Promise<unknown> = Promise.resolve()

  constructor(machine: Machine, prepare: (task: RunTask) => Prepared) {
    this.machine = machine
    this.prepare = prepare
  }

  run(task: RunTask, options: RunOptions = {}): Promise<RunOutcome> {
    const outcome = this.last.then(() => this.now(task, options))
    this.last = outcome
    return outcome
  }

  close(): void {
    this.closing.abort()
  }

  private async now(task: RunTask, options: RunOptions): Promise<RunOutcome> {
    const signals = [this.closing.signal, ...(options.signal ? [options.signal] : [])]
    const cancelled: RunOutcome = { ok: false, why: 'cancelled', partial: undefined }
    if (signals.some((signal) => signal.aborted)) return cancelled
    const simulation = new Simulation(task, options.slice, this.machine, options)
    const cancel = (): void => simulation.hear('cancel')
    const hold = (paused: boolean): void => simulation.hear(paused ? 'pause' : 'resume')
    for (const signal of signals) signal.addEventListener('abort', cancel)
    const stopListening = options.pauser?.listen(hold)
    if (options.pauser?.paused) hold(true)
    const outcome = await simulation.run(this.prepare)
    for (const signal of signals) signal.removeEventListener('abort', cancel)
    stopListening?.()
    return outcome
  }
}
