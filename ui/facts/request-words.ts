/** Requests and their calls in words. */
import type { RequestOutcome, RequestSummary } from '../../engine/requests.ts'
import type { Span } from '../../engine/trace.ts'
import { arrows, count, NBSP, plural, span as duration } from '../format.ts'
import { nodesIn, type CallNode, type CallTree } from './call-tree.ts'
import { criticalPath, longestParts, type PathKind } from './critical-path.ts'

/** The mark that doubles each hue. */
export const OUTCOME_GLYPH: Readonly<Record<RequestOutcome, string>> = {
  served: '✓',
  slow: '▲',
  degraded: '◐',
  refused: '╱',
  failed: '✕',
  unfinished: '…',
}

/** Outcomes of requests. */
export const OUTCOME_WORDS: Readonly<Record<RequestOutcome, string>> = {
  served: 'served',
  slow: 'served late',
  degraded: 'served in part',
  refused: 'turned away',
  failed: 'failed',
  unfinished: 'not answered',
}

const REASONS: Readonly<Record<Span['outcome'], string>> = {
  ok: 'answered',
  degraded: 'answered in part',
  lost: 'lost on the way',
  open: 'not over at the end of the run',
  refused: 'turned away',
  overload: 'queue full',
  timeout: 'timed out',
  unreachable: 'nobody there',
  error: 'error',
  aborted: 'undone',
  invalid: 'wrong request',
  unauthenticated: 'certificate not accepted',
  'not-leader': 'not the leader',
  cancelled: 'taken back',
}

/** Why an attempt or a call ended as it did, as its caller saw it. */
export function reasonOf(span: Span): string {
  return span.abandonedAt === undefined ? REASONS[span.outcome] : REASONS.timeout
}

/** How many attempts a service must have had to be named, and by what factor more than any other. */
const MANY = 3

/** `failed after 4.2 s with 35 calls, 18 of them to ledger-db, none in time`; `served in 201 ms: 9 calls`. */
export function fateOf(tree: CallTree): string {
  const attempts = nodesIn(tree.roots).filter(({ span }) => span.kind === 'attempt')
  const calls = plural(attempts.length, 'call')
  if (tree.answeredAt === undefined || tree.isOk) return `${endOf(tree)}: ${calls}`
  return `${endOf(tree)} with ${calls}${mostCalled(attempts)}`
}

/** `failed after 4.2 s`, `served in 201 ms`. */
export function endOf({ answeredAt, arrivedAt, isOk, trace }: CallTree): string {
  if (answeredAt === undefined) return 'not answered by the end of the run'
  const took = duration(answeredAt - arrivedAt)
  if (isOk) return `served in ${took}`
  return `${trace.spans[0]!.outcome === 'refused' ? 'turned away' : 'failed'} after ${took}`
}

/** The service that was called most, where that is telling. */
function mostCalled(attempts: readonly CallNode[]): string {
  const services = new Map<string, CallNode[]>()
  for (const node of attempts) {
    services.set(node.service, [...(services.get(node.service) ?? []), node])
  }
  const [top] = [...services].toSorted((a, b) => b[1].length - a[1].length)
  if (!top || top[1].length < MANY) return ''
  const [service, all] = top
  const fine = all.filter(({ isOk }) => isOk).length
  const inTime = fine === 0 ? 'none' : fine === all.length ? 'all' : count(fine)
  return `, ${count(all.length)} of them to ${service}, ${inTime} in time`
}

/** What became of the request in both, in one sentence for each. */
export function headlineOf({
  A,
  B,
}: {
  A?: CallTree | undefined
  B?: CallTree | undefined
}): string {
  const parts = [A && `A: ${fateOf(A)}.`, B && `B: ${fateOf(B)}.`]
  return parts.filter((part) => part !== undefined).join(' ')
}

/** Whether it is the same request in both: it came at the same moment, for the same. */
export function sameness(a: CallTree, b: CallTree): string {
  const isSame = a.arrivedAt === b.arrivedAt && opOf(a) === opOf(b)
  if (isSame) return 'same arrival and same dice in A and B'
  if (opOf(a) !== opOf(b)) return `A asks for ${opOf(a)}, B for ${opOf(b)}`
  const later = b.arrivedAt > a.arrivedAt ? 'B' : 'A'
  const by = duration(Math.abs(b.arrivedAt - a.arrivedAt))
  return `the same request, but it came ${by} later in ${later}: its user waits for answers`
}

/** What it asked for; '' where there is only one thing to ask for. */
export function opOf({ trace }: CallTree): string {
  const op = trace.spans[0]?.op ?? ''
  return op === '*' ? '' : op
}

const KINDS: Readonly<Record<PathKind, string>> = {
  queue: 'in the queue of',
  work: 'at work in',
  wire: 'on the wire to',
  wait: 'waiting in',
  pause: 'between the tries of',
}

/** `Where the time went: 2.2 s in the queue of gateway (52 %), …`; '' without an answer. */
export function pathWords(tree: CallTree): string {
  const path = criticalPath(tree)
  const took = path.reduce((sum, { from, until }) => sum + until - from, 0)
  if (took === 0) return ''
  const parts = longestParts(path).slice(0, 3)
  const said = parts.map(({ kind, service, time }) => {
    const share = `${Math.round((time / took) * 100)}${NBSP}%`
    return `${duration(time)} ${KINDS[kind]} ${service} (${share})`
  })
  return `Where the time went: ${said.join(', ')}.`
}

/** There is no such request; says which ones there are. */
export function noSuchRequest(
  wanted: number,
  { count: all, highest }: { readonly count: number; readonly highest: number },
): string {
  if (all === 0) return 'There were no requests.'
  const there = all === 1 ? 'There was 1 request' : `There were ${count(all)} requests`
  if (highest === all - 1) return `${there}; 0 to ${count(highest)} exist.`
  const isGap = wanted < highest
  const gap = isGap ? `${count(wanted)} is not among their numbers` : 'the highest number is'
  return isGap
    ? `${there}; ${gap}, which go up to ${count(highest)}.`
    : `${there}; ${gap} ${count(highest)}.`
}

/** What was typed as the number of a request, or what is wrong with it. */
export function readRequest(text: string): number | string {
  const plain = text.trim().replaceAll(/[,\s\u00a0_]/g, '')
  if (plain === '') return 'Type the number of a request.'
  if (!/^\d+$/.test(plain)) return `“${text.trim()}” is not a number. Type digits, such as 18533.`
  const number = Number(plain)
  return Number.isSafeInteger(number) ? number : `${text.trim()} is too large for a number.`
}

/** A line of the list in words, for whoever does not see it. */
export function lineWords({ request, latency, outcome, calls, retries }: RequestSummary): string {
  const tries = retries === 0 ? '' : `, ${plural(retries, 'retry', 'retries')}`
  return `request ${request}: ${OUTCOME_WORDS[outcome]} after ${duration(latency)}, ${plural(calls, 'call')}${tries}`
}

/** `payments → ledger-db, try 2` */
export function attemptName({ span, attempt, attempts }: CallNode): string {
  return `${arrows(span.edge)}${attempts > 1 ? `, try${NBSP}${attempt}` : ''}`
}
