/** What crosses between an inspection and whoever asks: plain values, never an instance. */
import type { CausalLink } from '../engine/causes.ts'
import type { RequestIdentity } from '../engine/request-identity.ts'
import type { RequestList, RequestQuery } from '../engine/requests.ts'
import type { Digests } from '../engine/replay.ts'
import type { RunTask } from '../engine/run.ts'
import type { Problem } from '../engine/scenario/problem.ts'
import type { RequestTrace } from '../engine/trace.ts'
import type { Time } from '../engine/units.ts'

/** What came of a question. Settles always; `lost`: the worker was, twice. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: 'cancelled' }
  | { readonly ok: false; readonly why: 'problems'; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly why: 'crash' | 'lost'; readonly message: string }

/** How many requests there are, and the highest number among them; with one load, numbers have no gaps. */
export interface RequestNumbers {
  readonly count: number
  readonly highest: number
}

/** A request that was followed, or which ones could have been. */
export type Followed =
  | { readonly isThere: true; readonly trace: RequestTrace }
  | { readonly isThere: false; readonly numbers: RequestNumbers }

/** Where a moment is among the events: how many have fired by then, it included, and what they come to. */
export interface EventAt {
  readonly number: number
  readonly digests: Digests
}

/** How far a question has come, 0 to 1; at the same time a sign of life. */
export interface InspectionProgress {
  readonly share: number
}

/** Heard between slices: gives all questions up; makes no checkpoints while nobody asks, or does again. */
export type InspectionCommand = 'cancel' | 'hold' | 'go on'

/** What an inspection can be asked. All questions are about one run. */
export interface Inspecting {
  /** Follows a request to the end of the last thing done for it. */
  trace(request: number): Promise<Answer<Followed>>
  /** Requests that ended within a stretch of time, with a latency in a range. */
  requests(query: RequestQuery): Promise<Answer<RequestList>>
  /** When these requests arrived, and what they asked for. */
  identities(requests: readonly number[]): Promise<Answer<readonly RequestIdentity[]>>
  /** Why services were in trouble. */
  causes(): Promise<Answer<readonly CausalLink[]>>
  eventAt(time: Time): Promise<Answer<EventAt>>
}

/** What a worker offers over comlink. */
export interface InspectionWorker extends Inspecting {
  /** From now on questions are about this run; those about the one before are given up. */
  open(task: RunTask, port: MessagePort): Promise<Answer<null>>
}
