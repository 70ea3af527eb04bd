/** Where the time of a request went: the one way through its calls that nothing else was faster or slower than. */
import type { Time } from '../../engine/units.ts'
import { nodesIn, type CallNode, type CallTree } from './call-tree.ts'

/** What the time went into; `pause` is between two tries of a call, `between` where no call was under way. */
export type PathKind = 'wire' | 'queue' | 'work' | 'wait' | 'pause'

/** A stretch of the path. */
export interface PathPart {
  readonly from: Time
  readonly until: Time
  readonly kind: PathKind
  /** Span that it belongs to. */
  readonly span: number
  readonly service: string
}

/**
 * The path from the arrival to the answer, without gaps: its parts add up to the latency. Seen from the end, at each
 * moment it is in the call that ended last before; where none was under way, in the attempt itself.
 */
export function criticalPath(tree: CallTree): PathPart[] {
  const { arrivedAt, answeredAt, roots, trace } = tree
  const [first] = trace.spans
  if (answeredAt === undefined || !first) return []
  const own = roots.filter(({ call }) => call === first)
  const parts = through(own, arrivedAt, answeredAt, {
    kind: 'pause',
    span: first.id,
    service: own[0]?.service ?? '',
  })
  return parts.filter(({ from, until }) => until > from)
}

type Filling = Pick<PathPart, 'kind' | 'span' | 'service'>

/** The path through attempts between two moments; what they do not fill is the filling's. */
function through(
  nodes: readonly CallNode[],
  from: Time,
  until: Time,
  filling: Filling,
): PathPart[] {
  const parts: PathPart[] = []
  let cursor = until
  const rest = nodes.filter(({ span }) => span.startedAt < until)
  while (cursor > from) {
    const node = latest(rest, from, cursor)
    const end = node ? Math.min(node.end, cursor) : from
    parts.unshift({ ...filling, from: end, until: cursor })
    if (!node) break
    const begin = Math.max(from, node.span.startedAt)
    parts.unshift(...within(node, begin, end))
    rest.splice(rest.indexOf(node), 1)
    cursor = begin
  }
  return parts
}

/** Of those that began before a moment, the one that ended last, by the moment at most. */
function latest(nodes: readonly CallNode[], from: Time, cursor: Time): CallNode | undefined {
  let best: CallNode | undefined
  for (const node of nodes) {
    if (node.span.startedAt >= cursor || node.end <= from) continue
    if (!best || Math.min(node.end, cursor) > Math.min(best.end, cursor)) best = node
  }
  return best
}

/** The path within an attempt: its own stretches, and its calls while it waits for them. */
function within(node: CallNode, from: Time, until: Time): PathPart[] {
  const own = { span: node.span.id, service: node.service }
  const parts: PathPart[] = []
  let cursor = from
  for (const segment of node.segments) {
    const end = Math.min(segment.until, until)
    if (end <= cursor) continue
    if (segment.kind === 'wait') {
      const pause: PathKind = node.children.length > 0 ? 'pause' : 'wait'
      parts.push(...through(node.children, cursor, end, { ...own, kind: pause }))
    } else parts.push({ ...own, kind: segment.kind, from: cursor, until: end })
    cursor = end
  }
  // A call that was turned away, or lost without a trace: whatever is left is waiting.
  if (cursor < until) parts.push({ ...own, kind: 'wait', from: cursor, until })
  return parts
}

/** Parts of the path put together by service and kind, the longest first. */
export function longestParts(path: readonly PathPart[]): (Filling & { readonly time: Time })[] {
  const sums = new Map<string, Filling & { time: Time }>()
  for (const { kind, service, span, from, until } of path) {
    const key = `${kind} ${service}`
    const known = sums.get(key) ?? { kind, service, span, time: 0 }
    known.time += until - from
    sums.set(key, known)
  }
  return [...sums.values()].toSorted((a, b) => b.time - a.time)
}

/** Spans that the path goes through, by id. */
export function spansOn(tree: CallTree, path: readonly PathPart[]): ReadonlySet<number> {
  const on = new Set(path.map(({ span }) => span))
  // An attempt is on the path when anything below it is.
  for (const node of nodesIn(tree.roots).toReversed()) {
    if (node.children.some(({ span }) => on.has(span.id))) on.add(node.span.id)
  }
  return on
}
