/** The calls that were made for a request, as a tree of attempts: who called whom, and what became of it. */
import type { RequestTrace, Span } from '../../engine/trace.ts'
import type { Time } from '../../engine/units.ts'

/** What time is spent on: on the wire, in a line, at work, waiting for callees (or held by a pattern). */
export type SegmentKind = 'wire' | 'queue' | 'work' | 'wait'

/** A stretch of time of an attempt. */
export interface Segment {
  readonly kind: SegmentKind
  readonly from: Time
  readonly until: Time
  /** Nobody waits for it any more. */
  readonly isForNobody: boolean
}

/** An attempt, or a call that never became one. */
export interface CallNode {
  /** The attempt; or the call, when it was ended before anything was sent. */
  readonly span: Span
  readonly call: Span
  /** Name of the service that is called. */
  readonly service: string
  /** 1 is the first; of so many. */
  readonly attempt: number
  readonly attempts: number
  readonly children: readonly CallNode[]
  readonly segments: readonly Segment[]
  /** When whoever waits for it knows what came of it; the end of the run when that was before. */
  readonly end: Time
  /** When the last thing was done for it, below it too. */
  readonly last: Time
  readonly isOk: boolean
  /** Since when nobody needs it: its caller, or one further up, has given up. */
  readonly idleFrom: Time | undefined
}

/** The tree of a request. */
export interface CallTree {
  readonly trace: RequestTrace
  /** The user's own call, as its attempts, first; then what was made beside it: copies, calls of patterns. */
  readonly roots: readonly CallNode[]
  readonly arrivedAt: Time
  /** When the user had an answer, or gave up; undefined: not before the end of the run. */
  readonly answeredAt: Time | undefined
  readonly isOk: boolean
  /** When the last thing was done for it. */
  readonly last: Time
}

/** Builds the tree; undefined without spans. @param end of the run, where what is still open is cut off */
export function callTree(trace: RequestTrace, end: Time): CallTree | undefined {
  const [first] = trace.spans
  if (!first) return undefined
  const kids = new Map<number, Span[]>()
  for (const span of trace.spans) kids.set(span.parent, [...(kids.get(span.parent) ?? []), span])
  const roots = nodesOf(kids.get(-1)!, { kids, end }, undefined)
  return {
    trace,
    roots,
    arrivedAt: first.startedAt,
    answeredAt: first.outcome === 'open' ? undefined : first.endedAt,
    isOk: isFine(first),
    last: Math.max(...roots.map(({ last }) => last)),
  }
}

/** All nodes, each before its children. */
export function nodesIn(roots: readonly CallNode[]): CallNode[] {
  return roots.flatMap((node) => [node, ...nodesIn(node.children)])
}

/** Whether something ended well. */
export function isFine({ outcome }: Span): boolean {
  return outcome === 'ok' || outcome === 'degraded'
}

interface Wood {
  readonly kids: ReadonlyMap<number, readonly Span[]>
  readonly end: Time
}

/** Attempts of calls, in the order they began. */
function nodesOf(spans: readonly Span[], wood: Wood, idleFrom: Time | undefined): CallNode[] {
  return spans
    .flatMap((span) => {
      if (span.kind === 'attempt') return [nodeOf(span, span, 1, wood, idleFrom)]
      const attempts = wood.kids.get(span.id) ?? []
      if (attempts.length === 0) return [nodeOf(span, span, 0, wood, idleFrom)]
      return attempts.map((attempt) => nodeOf(attempt, span, attempts.length, wood, idleFrom))
    })
    .toSorted((a, b) => a.span.startedAt - b.span.startedAt || a.span.id - b.span.id)
}

function nodeOf(
  span: Span,
  call: Span,
  attempts: number,
  wood: Wood,
  above: Time | undefined,
): CallNode {
  const { abandonedAt, endedAt = wood.end } = span
  const idleFrom = earlier(abandonedAt, above)
  const children = span === call ? [] : nodesOf(wood.kids.get(span.id) ?? [], wood, idleFrom)
  const segments = segmentsOf(span, endedAt, idleFrom)
  return {
    span,
    call,
    service: span.edge.split(' -> ')[1] ?? span.edge,
    attempt: span.attempt,
    attempts,
    children,
    segments,
    end: abandonedAt ?? endedAt,
    last: Math.max(endedAt, ...children.map(({ last }) => last)),
    isOk: abandonedAt === undefined && isFine(span),
    idleFrom,
  }
}

function earlier(a: Time | undefined, b: Time | undefined): Time | undefined {
  return a === undefined ? b : Math.min(a, b ?? Infinity)
}

/** What an attempt spent its time on, in order; what never came to be is cut off by its end. */
function segmentsOf(span: Span, end: Time, idleFrom: Time | undefined): Segment[] {
  const { kind, startedAt, arrivedAt, queuedAt, workedFrom, workedUntil, leftAt } = span
  if (kind === 'call') return []
  const stops: readonly (readonly [SegmentKind, Time | undefined])[] = [
    ['wire', startedAt],
    ['wait', arrivedAt],
    ['queue', queuedAt],
    ['work', workedFrom],
    ['wait', workedUntil],
    ['wire', leftAt],
  ]
  const known = stops.filter(([, time]) => time !== undefined) as [SegmentKind, Time][]
  const whole = known.map(([what, from], at) => {
    return { kind: what, from, until: known[at + 1]?.[1] ?? end }
  })
  return whole
    .flatMap(({ from, until, kind: what }) => {
      if (idleFrom === undefined || idleFrom <= from || idleFrom >= until)
        return [{ kind: what, from, until, isForNobody: (idleFrom ?? Infinity) <= from }]
      return [
        { kind: what, from, until: idleFrom, isForNobody: false },
        { kind: what, from: idleFrom, until, isForNobody: true },
      ]
    })
    .filter(({ from, until }) => until > from)
}
