/**
 * Workers that run tasks, the same in the browser and in Node. A worker that throws, hangs or dies is replaced and
 * its task tried once more, on a fresh one; results depend neither on the number of workers nor on who ran what.
 */
import type { RunTask } from '../engine/run.ts'
import type { RunOutcome } from './protocol.ts'
import type { RunOptions, Runner } from './runner.ts'
import type { Patience, WorkerHandle } from './seat.ts'
import { morePatient, PATIENCE, Seat } from './seat.ts'

/** A task that waits for a worker, or has one. */
interface Job {
  readonly task: RunTask
  readonly options: RunOptions
  readonly settle: (outcome: RunOutcome) => void
  readonly leave: () => void
  losses: number
  /** The worker that has it. */
  seat: Seat | undefined
}

const CANCELLED: RunOutcome = { ok: false, why: 'cancelled', partial: undefined }

/** How many workers, how to start one, and how long to wait for a sign of life. */
export interface PoolOptions {
  readonly size: number
  readonly spawn: () => WorkerHandle
  readonly patience?: Patience
}

export class Pool implements Runner {
  readonly size: number
  private readonly spawn: () => WorkerHandle
  private readonly patience: Patience
  private readonly idle: Seat[] = []
  private readonly busy = new Set<Seat>()
  private readonly queue: Job[] = []
  private readonly drained: (() => void)[] = []
  private closed = false

  constructor({ size, spawn, patience = PATIENCE }: PoolOptions) {
    this.size = Math.max(1, size)
    this.spawn = spawn
    this.patience = patience
  }

  /** Workers there are now. */
  get workers(): number {
    return this.idle.length + this.busy.size
  }

  run(task: RunTask, options: RunOptions = {}): Promise<RunOutcome> {
    const { signal } = options
    if (this.closed || signal?.aborted) return Promise.resolve(CANCELLED)
    return new Promise((resolve) => {
      const leave = (): void => this.leave(job)
      const settle = (outcome: RunOutcome): void => {
        signal?.removeEventListener('abort', leave)
        resolve(outcome)
      }
      const job: Job = { task, options, settle, leave, losses: 0, seat: undefined }
      signal?.addEventListener('abort', leave)
      this.queue.push(job)
      this.fill()
    })
  }

  /** Starts workers ahead of the first task, up to so many. */
  warm(workers = this.size): void {
    while (!this.closed && this.workers < Math.min(workers, this.size)) this.idle.push(this.seat())
  }

  /** Resolves when nothing is waiting or under way. */
  drain(): Promise<void> {
    if (this.queue.length + this.busy.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.drained.push(resolve))
  }

  /** Ends all workers now; whatever waits or is under way is cancelled. */
  close(): void {
    this.closed = true
    for (const job of this.queue.splice(0)) job.settle(CANCELLED)
    for (const seat of [...this.idle.splice(0), ...this.busy]) seat.dispose()
  }

  /** Gives waiting jobs to workers, as far as there are any. */
  private fill(): void {
    while (this.queue.length > 0 && this.busy.size < this.size) {
      const job = this.queue.shift()!
      const seat = this.idle.pop() ?? this.seat()
      this.busy.add(seat)
      void this.work(seat, job)
    }
    if (this.queue.length + this.busy.size === 0) for (const tell of this.drained.splice(0)) tell()
  }

  private async work(seat: Seat, job: Job): Promise<void> {
    const patience = job.losses === 0 ? this.patience : morePatient(this.patience)
    job.seat = seat
    const outcome = await seat.run(job.task, job.options, patience)
    this.busy.delete(seat)
    const crashed = !outcome.ok && outcome.why === 'crash'
    if (crashed) seat.dispose()
    else if (!this.closed) this.idle.push(seat)
    if (crashed) job.options.onTrouble?.(outcome.crash)
    if (crashed && job.losses++ === 0 && !this.closed) this.again(job)
    else job.settle(outcome)
    this.fill()
  }

  /** One more try, before all others; on a fresh worker, since the idle ones may be as old as the lost one. */
  private again(job: Job): void {
    if (job.options.signal?.aborted) return job.settle(CANCELLED)
    job.seat = undefined
    this.queue.unshift(job)
    if (this.idle.length === 0) return
    this.idle.shift()!.dispose()
    this.idle.push(this.seat())
  }

  /**
   * A job is cancelled: one that is under way hears it itself. Of one that was not heard of there is nothing to wait
   * for: its worker still starts, or reads the file, and is free when it hears.
   */
  private leave(job: Job): void {
    if (job.seat?.wasHeard === false) return job.settle(CANCELLED)
    const at = this.queue.indexOf(job)
    if (at < 0) return
    this.queue.splice(at, 1)
    job.settle(CANCELLED)
    this.fill()
  }

  private seat(): Seat {
    const seat: Seat = new Seat(this.start(), () => {
      const at = this.idle.indexOf(seat)
      if (at >= 0) this.idle.splice(at, 1)
      seat.dispose()
    })
    return seat
  }

  private start(): WorkerHandle {
    try {
      return this.spawn()
    } catch (error) {
      return stillborn(error instanceof Error ? error.message : String(error))
    }
  }
}

/** A worker that could not even be started. */
function stillborn(message: string): WorkerHandle {
  const nothing = (): void => {}
  return {
    endpoint: { postMessage: nothing, addEventListener: nothing, removeEventListener: nothing },
    onLoss: (report) => queueMicrotask(() => report(message)),
    terminate: nothing,
  }
}
