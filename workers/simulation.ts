/** One simulation under way: runs in slices, reports between them, and hears what its watcher wants. */
import type { Frame, Layout, RunTask, VariantResult } from '../engine/run.ts'
import type { Problem } from '../engine/scenario/problem.ts'
import type { Machine } from './machine.ts'
import { Pace, TURN_MS } from './pace.ts'
import type { Command, Crash, CrashReason, Progress, RunOutcome } from './protocol.ts'

/** A run that has been read and built: the part of `Run` that a simulation uses. */
export interface ReadyRun {
  readonly seed: string
  readonly duration: number
  readonly now: number
  readonly events: number
  readonly recording: boolean
  /** Fires at most so many events; answers whether the run is over. */
  advance(events: number): boolean
  layout(): Layout
  frame(finished: boolean): Frame
  result(): VariantResult
}

/** A task made ready, or what is wrong with it. */
export type Prepared =
  | { readonly ok: true; readonly run: ReadyRun; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Who is told what happens. */
export interface Watcher {
  onLayout?(layout: Layout): void
  onFrame?(frame: Frame): void
  onProgress?(progress: Progress): void
}

/** At most 60 frames a second, at most ten words of progress. */
const FRAME_MS = 16
const PROGRESS_MS = 100

/** Runs one task to its end, or until it is told to stop. */
export class Simulation {
  private readonly task: RunTask
  private readonly machine: Machine
  private readonly watcher: Watcher
  private readonly pace: Pace
  private ready: ReadyRun | undefined
  private cancelled = false
  private paused = false
  private failure: { readonly error: unknown } | undefined
  private wake: () => void = () => {}
  private framedAt = -Infinity
  private toldAt = -Infinity

  constructor(task: RunTask, slice: number | undefined, machine: Machine, watcher: Watcher) {
    this.task = task
    this.machine = machine
    this.watcher = watcher
    this.pace = new Pace(slice)
  }

  /** Settles with an outcome, whatever happens; it never rejects. */
  async run(prepare: (task: RunTask) => Prepared): Promise<RunOutcome> {
    try {
      const prepared = prepare(this.task)
      if (!prepared.ok) return { ok: false, why: 'problems', problems: prepared.problems }
      this.ready = prepared.run
      return await this.toTheEnd(prepared.run, prepared.warnings)
    } catch (error) {
      const reason = this.failure ? 'rejected' : 'threw'
      return { ok: false, why: 'crash', crash: this.crash(reason, error) }
    }
  }

  /** Obeys at the end of the slice. */
  hear(command: Command): void {
    if (command === 'cancel') this.cancelled = true
    this.paused = command === 'pause'
    this.wake()
  }

  /** Something went wrong beside the simulation: a promise that nobody waited for was rejected. */
  fail(error: unknown): void {
    this.failure ??= { error }
    this.wake()
  }

  private async toTheEnd(run: ReadyRun, warnings: readonly Problem[]): Promise<RunOutcome> {
    if (run.recording) this.watcher.onLayout?.(run.layout())
    this.tell(run, performance.now())
    await this.turn(run)
    const begun = this.machine.cpu()
    while (!this.cancelled) {
      if (this.slices(run)) {
        const cpuMs = this.machine.cpu() - begun
        this.show(run, true)
        return { ok: true, result: run.result(), warnings, cpuMs }
      }
      await this.turn(run)
    }
    this.show(run, false)
    return { ok: false, why: 'cancelled', partial: run.result() }
  }

  /** Runs slices until it is time to let messages in; answers whether the run is over. */
  private slices(run: ReadyRun): boolean {
    const { pace } = this
    const begun = performance.now()
    let now = begun
    do {
      const before = now
      const over = run.advance(pace.size)
      now = performance.now()
      pace.learn(now - before)
      if (over) return true
    } while (now - begun < TURN_MS)
    if (now - this.framedAt >= FRAME_MS) this.show(run, false)
    if (now - this.toldAt >= PROGRESS_MS) this.tell(run, now)
    return false
  }

  /** Lets messages in, and waits while it is paused. */
  private async turn(run: ReadyRun): Promise<void> {
    await this.machine.rest()
    if (this.paused) {
      this.show(run, false)
      this.tell(run, performance.now())
    }
    while (this.paused && !this.cancelled && !this.failure) {
      await new Promise<void>((resolve) => (this.wake = resolve))
    }
    if (this.failure) throw this.failure.error
  }

  private show(run: ReadyRun, finished: boolean): void {
    if (!run.recording || !this.watcher.onFrame) return
    this.framedAt = performance.now()
    const frame = run.frame(finished)
    const isNew = frame.to > frame.from || frame.transitions.length > 0
    if (isNew || finished) this.watcher.onFrame(frame)
  }

  private tell({ seed, now, duration, events }: ReadyRun, at: number): void {
    this.toldAt = at
    this.watcher.onProgress?.({ seed, now, duration, events })
  }

  private crash(reason: CrashReason, error: unknown): Crash {
    const { events = 0, now = 0, seed = String(this.task.seed ?? '') } = this.ready ?? {}
    const isError = error instanceof Error
    const message = isError ? error.message : String(error)
    return {
      reason,
      message,
      event: events,
      time: now,
      seed,
      stack: isError ? error.stack : undefined,
    }
  }
}
