/** What there is to know of one attempt, line by line. */
import type { SpanDecision } from '../../engine/trace.ts'
import type { Duration, Time } from '../../engine/units.ts'
import { arrows, moment, NBSP, span as duration } from '../format.ts'
import { nodesIn, type CallNode, type CallTree } from './call-tree.ts'
import { reasonOf } from './request-words.ts'

/** A line: a term, what is said, and the span it leads to. */
export interface DetailLine {
  readonly term: string
  readonly words: string
  readonly isBad?: boolean
  readonly goTo?: number
}

/** Everything about an attempt in the order it happened; then who stands behind it. */
export function callDetail(node: CallNode, tree: CallTree): DetailLine[] {
  return [
    {
      term: 'sent',
      words: `${moment(node.span.startedAt, 3)}, ${since(node.span.startedAt, tree)}`,
    },
    ...queueLines(node),
    ...workLines(node),
    ...endLines(node),
    ...decisionLines(node, tree),
    ...causeLines(node, tree),
  ]
}

/** `+2.5 s`, from the arrival of the request. */
export function since(time: Time, { arrivedAt }: CallTree): string {
  return `+${duration(time - arrivedAt)}`
}

function queueLines({ span, segments }: CallNode): DetailLine[] {
  if (span.kind === 'call') return [{ term: 'went out', words: 'never: it was ended before' }]
  if (span.arrivedAt === undefined) return [{ term: 'arrived', words: 'never', isBad: true }]
  const { queuedAt, ahead } = span
  if (queuedAt === undefined) return []
  const place = ahead === undefined ? '' : `at place ${ahead + 1}, `
  const waited = timeIn(segments, 'queue')
  return [{ term: 'queue', words: `${place}waited ${duration(waited)}` }]
}

function workLines({ span, segments }: CallNode): DetailLine[] {
  const { workedFrom } = span
  if (span.kind === 'call') return []
  if (workedFrom === undefined) return [{ term: 'worked', words: 'never' }]
  const lines = [{ term: 'worked', words: `for ${duration(timeIn(segments, 'work'))}` }]
  const waited = timeIn(segments, 'wait')
  if (waited > 0) lines.push({ term: 'waited', words: `${duration(waited)} for its calls` })
  return lines
}

function timeIn(segments: CallNode['segments'], kind: string): Duration {
  return segments
    .filter((segment) => segment.kind === kind)
    .reduce((sum, { from, until }) => sum + until - from, 0)
}

function endLines({ span, service }: CallNode): DetailLine[] {
  const { abandonedAt, startedAt, endedAt, leftAt } = span
  if (abandonedAt === undefined) {
    if (endedAt === undefined) return [{ term: 'answered', words: reasonOf(span) }]
    const isOk = span.outcome === 'ok' || span.outcome === 'degraded'
    const words = `after ${duration(endedAt - startedAt)}${isOk ? '' : `: ${reasonOf(span)}`}`
    return [{ term: isOk ? 'answered' : 'failed', words, isBad: !isOk }]
  }
  const told = span.outcome === 'cancelled' ? `${service} was told` : `${service} was not told`
  const words = `after ${duration(abandonedAt - startedAt)}; ${told}`
  const late = leftAt === undefined ? undefined : duration(leftAt - abandonedAt)
  const answer = late === undefined ? 'never' : `${late} later, to nobody`
  return [
    { term: 'caller gave up', words, isBad: true },
    { term: 'answered', words: answer },
  ]
}

const DECISIONS: Readonly<Record<SpanDecision['what'], string>> = {
  turn: 'turned it back',
  resend: 'sends it again',
  fork: 'sends copies',
  hold: 'holds it',
}

/** What patterns of the caller decided from this attempt on until the next. */
function decisionLines({ call, span }: CallNode, tree: CallTree): DetailLine[] {
  const later = nodesIn(tree.roots)
    .filter((node) => node.call === call && node.span.startedAt > span.startedAt)
    .map((node) => node.span.startedAt)
  const until = Math.min(...later)
  const mine = call.decisions.filter(({ at }) => at >= span.startedAt && at <= until)
  const own = span === call ? [] : span.decisions
  return [...mine, ...own].map(({ at, what, pattern }) => {
    return { term: pattern, words: `${DECISIONS[what]}, ${since(at, tree)}` }
  })
}

/** The try before, and whoever made the call. */
function causeLines({ call, span, attempt }: CallNode, tree: CallTree): DetailLine[] {
  const all = nodesIn(tree.roots)
  const before = all.findLast((node) => node.call === call && node.span.startedAt < span.startedAt)
  const maker = all.find(({ children }) => children.some((child) => child.span === span))
  const lines: DetailLine[] = []
  if (before) {
    const words = `try ${before.attempt} ${reasonOf(before.span)}`
    lines.push({ term: 'caused by', words, goTo: before.span.id })
  }
  if (maker) {
    const which = maker.attempts > 1 ? `${NBSP}try ${maker.attempt}` : ''
    lines.push({ term: 'called by', words: `${maker.service}${which}`, goTo: maker.span.id })
  } else if (attempt <= 1 && span.parent < 0) {
    lines.push({ term: 'called by', words: arrows(span.edge).split('\u00a0')[0] ?? '' })
  }
  return lines
}
