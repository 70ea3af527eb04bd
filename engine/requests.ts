/** Requests that ended in a stretch of time, found by running that stretch again with somebody looking on. */
import type { CallFrame } from './model/call-frame.ts'
import type { Failure } from './model/failure.ts'
import { REFUSED } from './model/failure.ts'
import type { Station, Tracer } from './model/tracer.ts'
import type { World } from './model/world.ts'
import type { Duration, Time } from './units.ts'

/** How a request ended: `slow` is served, but later than the objective; `unfinished` had no answer by the end of the run. */
export type RequestOutcome = 'served' | 'slow' | 'degraded' | 'refused' | 'failed' | 'unfinished'

/** Outcomes as the latency heat map tells them apart, and those it cannot show. */
export type OutcomeKind = 'served' | 'refused' | 'failed' | 'unfinished'

/** What may be asked for on top: `retried` had at least one call sent again. */
export type RequestFilter = 'failed' | 'slow' | 'retried'

/** Which requests are wanted. */
export interface RequestQuery {
  /** They ended at `from` or later, and before `until`; unfinished ones arrived then. Up to the end of the run includes the end. */
  readonly from: Time
  readonly until: Time
  /** Their latency was `lowest` or longer, and below `highest` (ns; Infinity: no bound). */
  readonly lowest: Duration
  readonly highest: Duration
  /** Undefined: all that ended. */
  readonly outcome: OutcomeKind | undefined
  /** Only these are listed; counted are all. */
  readonly only: RequestFilter | undefined
  /** At most so many are listed, the first ones by their end. */
  readonly limit: number
}

/** A request in a line. */
export interface RequestSummary {
  readonly request: number
  readonly op: string
  readonly arrivedAt: Time
  /** From the arrival to the answer; to the end of the run for an unfinished one. */
  readonly latency: Duration
  readonly outcome: RequestOutcome
  readonly failure: Failure | undefined
  /** Attempts on the wire that were made for it by the time of its answer. */
  readonly calls: number
  /** How many of them repeated an attempt of the same call. */
  readonly retries: number
}

/** What was found. */
export interface RequestList {
  /** How many there are, and how many of them failed (or were refused), were slow, had a call sent again. */
  readonly total: number
  readonly failed: number
  readonly slow: number
  readonly retried: number
  /** Those that `only` asked for, up to `limit`, by the time of their end. */
  readonly requests: readonly RequestSummary[]
}

/** A request under way. */
interface Open {
  calls: number
  retries: number
}

/** Looks on while the stretch is run, from before the first of the requests arrived. */
export class RequestFinder implements Tracer {
  private readonly world: World
  private readonly query: RequestQuery
  private readonly open = new Map<number, Open>()
  private readonly found: RequestSummary[] = []
  private readonly counts = { total: 0, failed: 0, slow: 0, retried: 0 }

  constructor(world: World, query: RequestQuery) {
    this.world = world
    this.query = query
  }

  mark(station: Station, frame: CallFrame): void {
    if (station === 'send') this.send(frame)
    else if (frame.load === null) return
    else if (station === 'call') this.open.set(frame.request, { calls: 0, retries: 0 })
    else if (station === 'end') this.end(frame)
  }

  /** What was found, once the stretch (for unfinished requests: the run) is over. */
  list(): RequestList {
    if (this.query.outcome === 'unfinished') this.takeUnfinished()
    return { ...this.counts, requests: this.found }
  }

  private send(visit: CallFrame): void {
    const request = this.open.get(visit.request)
    if (request === undefined) return
    request.calls++
    if (visit.attempt > 1) request.retries++
  }

  private end(frame: CallFrame): void {
    const { query, world } = this
    const request = this.open.get(frame.request)
    this.open.delete(frame.request)
    const isInTime = world.now >= query.from && isBefore(world.now, query.until, world)
    if (isInTime && query.outcome !== 'unfinished') this.take(frame, outcomeOf(frame), request)
  }

  private takeUnfinished(): void {
    const { query, world } = this
    const waiting = world.pool.inOrder(({ load }) => load !== null)
    for (const frame of waiting) {
      const { startedAt } = frame
      if (startedAt >= query.from && isBefore(startedAt, query.until, world))
        this.take(frame, 'unfinished', this.open.get(frame.request))
    }
  }

  private take(frame: CallFrame, outcome: RequestOutcome, request: Open | undefined): void {
    const { query, counts, found } = this
    const summary = this.summaryOf(frame, outcome, request ?? { calls: 0, retries: 0 })
    if (summary.latency < query.lowest || summary.latency >= query.highest) return
    if (query.outcome !== undefined && kindOf(outcome) !== query.outcome) return
    const is = traitsOf(summary)
    counts.total++
    if (is.failed) counts.failed++
    if (is.slow) counts.slow++
    if (is.retried) counts.retried++
    if (found.length < query.limit && (query.only === undefined || is[query.only]))
      found.push(summary)
  }

  private summaryOf(frame: CallFrame, outcome: RequestOutcome, request: Open): RequestSummary {
    const latency = this.world.now - frame.startedAt
    const isSlow = outcome === 'served' && latency > this.world.slowLimit
    return {
      request: frame.request,
      op: frame.op,
      arrivedAt: frame.startedAt,
      latency,
      outcome: isSlow ? 'slow' : outcome,
      failure: outcome === 'unfinished' ? undefined : frame.failure,
      ...request,
    }
  }
}

/** Which filters a request passes. */
export function traitsOf({
  outcome,
  retries,
}: RequestSummary): Readonly<Record<RequestFilter, boolean>> {
  return {
    failed: outcome === 'failed' || outcome === 'refused',
    slow: outcome === 'slow',
    retried: retries > 0,
  }
}

/**
 * From when on the stretch has to be run: before the oldest request arrived that can be among those asked for.
 *
 * @param world stands before the stretch begins
 */
export function beginningOf(world: World, { from, highest, outcome }: RequestQuery): Time {
  if (outcome === 'unfinished') return from
  let oldest = from
  world.pool.forEachLive(({ load, startedAt }) => {
    if (load !== null && startedAt < oldest) oldest = startedAt
  })
  return Math.max(oldest, from - highest)
}

function isBefore(time: Time, until: Time, { duration }: World): boolean {
  return time < until || (until >= duration && time <= duration)
}

function outcomeOf(frame: CallFrame): RequestOutcome {
  if (frame.failureCode === 0) return frame.degraded ? 'degraded' : 'served'
  return frame.failureCode === REFUSED ? 'refused' : 'failed'
}

function kindOf(outcome: RequestOutcome): OutcomeKind {
  return outcome === 'slow' || outcome === 'degraded' ? 'served' : outcome
}
