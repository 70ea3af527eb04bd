/** Requests and calls as tables: for `show as table`, CSV and screen readers. */
import type { RequestList } from '../../engine/requests.ts'
import { plural, span as duration } from '../format.ts'
import type { Side } from '../state.ts'
import { nodesIn, type CallTree } from './call-tree.ts'
import { headlineOf, OUTCOME_WORDS, reasonOf } from './request-words.ts'
import type { Table } from './table.ts'

const ms = (ns: number | undefined): number | undefined =>
  ns === undefined ? undefined : Math.round(ns / 1000) / 1000

/** Every attempt of a request in both variants; times from its arrival. */
export function callTable(trees: Partial<Record<Side, CallTree | undefined>>): Table {
  const sides = (['A', 'B'] as const).filter((side) => trees[side])
  const rows = sides.flatMap((side) => {
    const tree = trees[side]!
    return nodesIn(tree.roots).map(({ span, end, attempt, idleFrom, last }) => {
      const from = (time: number | undefined) =>
        time === undefined ? undefined : ms(time - tree.arrivedAt)
      return [
        side,
        span.edge,
        attempt,
        span.instance,
        from(span.startedAt),
        from(span.queuedAt),
        from(span.workedFrom),
        from(span.workedUntil),
        from(end),
        reasonOf(span),
        from(idleFrom !== undefined && idleFrom < last ? span.leftAt : undefined),
      ]
    })
  })
  return {
    caption: headlineOf(trees),
    columns: [
      'variant',
      'call',
      'try',
      'instance',
      'sent (ms)',
      'queued (ms)',
      'work begins (ms)',
      'work ends (ms)',
      'ends for its caller (ms)',
      'outcome',
      'goes on for nobody until (ms)',
    ],
    rows,
  }
}

/** The requests of a list. */
export function listTable({ total, requests }: RequestList, where: string): Table {
  return {
    caption: `${plural(total, 'request')} ${where}${requests.length < total ? `, the first ${requests.length} of them` : ''}.`,
    columns: [
      'request',
      'operation',
      'arrived (s)',
      'response time (ms)',
      'outcome',
      'calls',
      'retries',
    ],
    rows: requests.map((one) => [
      one.request,
      one.op,
      one.arrivedAt / 1e9,
      ms(one.latency),
      OUTCOME_WORDS[one.outcome],
      one.calls,
      one.retries,
    ]),
  }
}

/** `in A that ended 61.0 to 61.2 s, after 1.2 to 1.4 s`. */
export function whereWords(
  side: Side,
  {
    from,
    until,
    lowest,
    highest,
  }: { from: number; until: number; lowest: number; highest: number },
): string {
  const seconds = (ns: number): string => String(Math.round(ns / 1e7) / 100)
  const when = `that ended ${seconds(from)}–${seconds(until)}\u00a0s`
  if (lowest <= 0 && !Number.isFinite(highest)) return `in ${side} ${when}`
  if (!Number.isFinite(highest)) return `in ${side} ${when}, after ${duration(lowest)} or more`
  return `in ${side} ${when}, after ${duration(lowest)}–${duration(highest)}`
}
