/** What crosses between a simulation and whoever watches it: plain values and transferred columns, never an instance. */
import type { Frame, Layout, RunTask, VariantResult } from '../engine/run.ts'
import type { Problem } from '../engine/scenario/problem.ts'
import type { Duration, Time } from '../engine/units.ts'

/** How far a run has come; at the same time its worker's sign of life. */
export interface Progress {
  readonly seed: string
  readonly now: Time
  readonly duration: Duration
  readonly events: number
}

/** How a run was lost: its code threw, a promise was rejected, nothing was heard, or its worker is no more. */
export type CrashReason = 'threw' | 'rejected' | 'hung' | 'died'

/** A run that could not go on, with the event number and seed that reproduce it. */
export interface Crash {
  readonly reason: CrashReason
  readonly message: string
  /** Number of the last event known to have begun. */
  readonly event: number
  readonly time: Time
  readonly seed: string
  readonly stack: string | undefined
}

/** What came of a task. */
export type RunOutcome =
  | {
      readonly ok: true
      readonly result: VariantResult
      readonly warnings: readonly Problem[]
      /** Processor time of the simulation proper, without reading the file. */
      readonly cpuMs: number
    }
  | { readonly ok: false; readonly why: 'problems'; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly why: 'crash'; readonly crash: Crash }
  /** `partial` is what the run had come to; undefined when it had not begun. */
  | { readonly ok: false; readonly why: 'cancelled'; readonly partial: VariantResult | undefined }

/** How a run is cut into slices, and whether anybody watches. Never changes what it comes to. */
export interface Pacing {
  /** Events per slice; undefined: as many as take about a millisecond. */
  readonly slice: number | undefined
  /** Whether layout and frames are wanted. */
  readonly frames: boolean
}

/** From the simulation to its watcher, in this order: layout, frames; progress in between. */
export type Report =
  | { readonly kind: 'layout'; readonly layout: Layout }
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'progress'; readonly progress: Progress }

/** From the watcher to the simulation, heard between slices. */
export type Command = 'cancel' | 'pause' | 'resume'

/**
 * What crosses beside the calls of comlink, and on the same way: ports of their own would keep no order with the
 * answer, and in Firefox and WebKit their messages pass through another process. `run` numbers the runs of a worker.
 */
export interface Reported {
  readonly run: number
  readonly report: Report
}
/** The way back. */
export interface Commanded {
  readonly run: number
  readonly command: Command
}

/** What a worker offers over comlink. */
export interface SimulationWorker {
  /** Runs a task; reports go out and commands come in beside the call, under the number of the run. */
  run(task: RunTask, pacing: Pacing, run: number): Promise<RunOutcome>
}
