/** What became of one request: every call made for it, every attempt on the wire, with times and causes. */
import type { CallFrame } from './model/call-frame.ts'
import { VISIT } from './model/call-frame.ts'
import { failureOf } from './model/failure.ts'
import type { Station, Tracer } from './model/tracer.ts'
import { DECISIONS } from './model/tracer.ts'
import type { World } from './model/world.ts'
import type { Time } from './units.ts'

/** How a call or an attempt ended; `lost`: a message never arrived or its server died; `open`: not yet ended. */
export type SpanOutcome = 'ok' | 'degraded' | 'lost' | 'open' | NonNullable<CallFrame['failure']>

/** A layer that did not just let the call pass: who, when, and whether it turned it back, sent it again, or forked. */
export interface SpanDecision {
  readonly at: Time
  readonly what: 'turn' | 'resend' | 'fork' | 'hold'
  /** Id of the pattern in the file. */
  readonly pattern: string
}

/** A call, or one attempt of a call at one instance. Plain data; times that never came are undefined. */
export interface Span {
  readonly id: number
  readonly kind: 'call' | 'attempt'
  /** The attempt that made this call, -1 for the user's own; or the call this attempt belongs to. */
  readonly parent: number
  /** `checkout -> payments` */
  readonly edge: string
  readonly op: string
  /** Attempts: the instance, such as `payments#0`; '' for a call. */
  readonly instance: string
  readonly attempt: number
  /** A twin that the network made of an attempt. */
  readonly duplicate: boolean
  /** The call is made; the attempt goes on the wire. */
  readonly startedAt: Time
  /** Attempts: it reaches the instance, waits in line, gets a slot, is done with the instance's own work, replies. */
  readonly arrivedAt: Time | undefined
  readonly queuedAt: Time | undefined
  readonly workedFrom: Time | undefined
  readonly workedUntil: Time | undefined
  readonly leftAt: Time | undefined
  /** Attempts: how many stood before it when it joined the line; undefined when it did not have to. */
  readonly ahead: number | undefined
  /** The caller stopped waiting; the attempt goes on for nobody. */
  readonly abandonedAt: Time | undefined
  readonly endedAt: Time | undefined
  readonly outcome: SpanOutcome
  readonly decisions: readonly SpanDecision[]
}

/** All spans of a request, in the order they began. */
export interface RequestTrace {
  readonly request: number
  readonly seed: string
  readonly spans: readonly Span[]
}

const NOT_YET = {
  arrivedAt: undefined,
  queuedAt: undefined,
  workedFrom: undefined,
  workedUntil: undefined,
  leftAt: undefined,
  ahead: undefined,
  abandonedAt: undefined,
  endedAt: undefined,
}

type Open = { -readonly [K in keyof Span]: Span[K] } & { decisions: SpanDecision[] }

/** Collects the spans of one request while the world runs. */
export class SpanCollector implements Tracer {
  readonly spans: Open[] = []
  private readonly world: World
  private readonly request: number
  /** Spans of frames in flight, by slot. */
  private readonly bySlot = new Map<number, Open>()

  constructor(world: World, request: number) {
    this.world = world
    this.request = request
  }

  /** Whether nothing of the request is under way any more. */
  get isOver(): boolean {
    return this.spans.length > 0 && this.bySlot.size === 0
  }

  mark(station: Station, frame: CallFrame): void {
    if (frame.request !== this.request) return
    if (station === 'call' || station === 'send') this.open(frame)
    else if (station === 'gone') this.gone(frame)
    else this.note(station, frame)
  }

  private note(station: Exclude<Station, 'call' | 'send' | 'gone'>, frame: CallFrame): void {
    const { now } = this.world
    if ((DECISIONS as readonly string[]).includes(station)) return this.decide(station, frame)
    const span = this.bySlot.get(frame.slot) ?? this.open(frame)
    if (station === 'arrive') span.arrivedAt = now
    else if (station === 'queue') this.queue(span, frame)
    else if (station === 'work') span.workedFrom = now
    else if (station === 'worked') span.workedUntil = now
    else if (station === 'leave') this.leave(span, frame)
    else if (station === 'abandon') span.abandonedAt = now
    else this.end(span, frame)
  }

  private queue(span: Open, frame: CallFrame): void {
    span.queuedAt = this.world.now
    span.ahead = frame.instance!.line.length
  }

  /** The outcome an attempt leaves with is known before its reply arrives, if it ever does. */
  private leave(span: Open, frame: CallFrame): void {
    span.leftAt = this.world.now
    span.outcome = outcomeOf(frame)
  }

  private end(span: Open, frame: CallFrame): void {
    span.endedAt = this.world.now
    span.outcome = outcomeOf(frame)
  }

  /** A frame goes back to the pool: without an end before, its message was lost or nobody waited for it. */
  private gone(frame: CallFrame): void {
    const span = this.bySlot.get(frame.slot)
    if (span === undefined) return
    this.bySlot.delete(frame.slot)
    span.endedAt ??= this.world.now
    if (span.outcome === 'open') span.outcome = 'lost'
  }

  private decide(what: string, frame: CallFrame): void {
    const call = this.callOf(frame)
    const pattern = frame.stack!.units[frame.layer]!.site.pattern
    call?.decisions.push({ at: this.world.now, what: what as SpanDecision['what'], pattern })
  }

  /** The span of a call: a branch of a fork belongs to the call that was forked. */
  private callOf(frame: CallFrame): Open | undefined {
    const { frames } = this.world
    let at = frame
    while (!this.bySlot.has(at.slot) && at.parent >= 0) at = frames[at.parent]!
    return this.bySlot.get(at.slot)
  }

  private open(frame: CallFrame): Open {
    const isVisit = frame.side === VISIT
    const { world, spans } = this
    const maker = frame.parent < 0 ? undefined : this.callOf(world.frames[frame.parent]!)
    const span: Open = {
      id: spans.length,
      kind: isVisit ? 'attempt' : 'call',
      parent: maker?.id ?? -1,
      edge: frame.edge!.name,
      op: frame.op,
      instance: isVisit ? `${frame.instance!.service}#${frame.instance!.index}` : '',
      attempt: frame.attempt,
      duplicate: frame.duplicate,
      startedAt: world.now,
      ...NOT_YET,
      outcome: 'open',
      decisions: [],
    }
    spans.push(span)
    this.bySlot.set(frame.slot, span)
    return span
  }
}

function outcomeOf(frame: CallFrame): SpanOutcome {
  return failureOf(frame.failureCode) ?? (frame.degraded ? 'degraded' : 'ok')
}
