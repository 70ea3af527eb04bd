/** Everything that can be asked of a run by name: in `expect`, in sweeps, in tables. */
import {
  type ArgumentKind,
  type ArgumentValue,
  type Metric,
  type MetricArgument,
  own,
  ratio,
  readArguments,
} from './metric.ts'
import { CLASS_METRICS, classOf, LINE_METRICS, perService } from './detail-metrics.ts'
import { collapsed, recovered, recoveryTime } from './recovery.ts'
import type { EdgeSummary, ServiceSummary, SignalSummary, VariantResult } from './result.ts'
import { endedIn, servedIn, sumIn, type Window } from './series.ts'

const must = (name: string, kind: ArgumentKind): MetricArgument => ({ name, kind, optional: false })
const may = (name: string, kind: ArgumentKind): MetricArgument => ({ name, kind, optional: true })
const service = must('service', 'service')
const window = may('window', 'window')
const anyEdge = may('edge', 'edge')
const anyClass = may('class', 'class')

type Compute = Metric['compute']

/** A share of the users' requests: of those that came after the warm-up, or that ended within a window. */
function share(count: (result: VariantResult) => number, names: readonly string[]): Compute {
  return (result, [within]) => {
    if (!within) return ratio(count(result), result.requests.offered)
    return ratio(sumIn(result, names, within as Window), endedIn(result, within as Window))
  }
}

/** Of one edge, or summed over all. */
function perEdge(read: (summary: EdgeSummary) => number): Compute {
  return (result, [name]) => {
    if (name === undefined) return sum(Object.values(result.edges), read)
    const summary = own(result.edges, name as string)
    return summary ? read(summary) : Number.NaN
  }
}

/** Of all served requests, or of those of one class. */
function latency(read: keyof VariantResult['latencyMs']): Compute {
  return (result, [name]) => {
    const of = name === undefined ? result : classOf(result, name as string)
    return of ? of.latencyMs[read] : Number.NaN
  }
}

/** All metrics, in the order they are listed. */
export const METRICS: readonly Metric[] = [
  {
    name: 'served',
    args: [window],
    unit: 'share',
    help: 'Share of the requests that were answered, in full or degraded',
    compute: share(
      (result) => result.requests.ok + result.requests.degraded,
      ['ok', 'slow', 'degraded'],
    ),
  },
  {
    name: 'degraded',
    args: [window],
    unit: 'share',
    help: 'Share of the requests that got a reduced answer',
    compute: share((result) => result.requests.degraded, ['degraded']),
  },
  {
    name: 'failed',
    args: [window],
    unit: 'share',
    help: 'Share of the requests that failed, other than by refusal',
    compute: share((result) => result.requests.failed, ['failed']),
  },
  {
    name: 'refused',
    args: [window],
    unit: 'share',
    help: 'Share of the requests that a pattern turned away on purpose',
    compute: share((result) => result.requests.failedFast, ['refused']),
  },
  {
    name: 'unfinished',
    args: [],
    unit: 'share',
    help: 'Share of the requests that had no answer at the end of the run',
    compute: ({ requests }) => ratio(requests.unfinished, requests.offered),
  },
  {
    name: 'offered',
    args: [window],
    unit: 'count',
    help: 'Requests that users sent',
    compute: (result, [within]) =>
      within ? sumIn(result, ['offered'], within as Window) : result.requests.offered,
  },
  {
    name: 'goodput',
    args: [window],
    unit: '1/s',
    help: 'Requests answered per second, over the whole run or within a window',
    series: true,
    compute: (result, [within]) => servedIn(result, within as Window | undefined),
  },
  {
    name: 'mean',
    args: [anyClass],
    unit: 'ms',
    help: 'Mean latency of served requests',
    compute: latency('mean'),
  },
  {
    name: 'p50',
    args: [anyClass],
    unit: 'ms',
    help: 'Median latency of served requests',
    compute: latency('p50'),
  },
  {
    name: 'p90',
    args: [anyClass],
    unit: 'ms',
    help: '90th percentile of the latency of served requests',
    compute: latency('p90'),
  },
  {
    name: 'p99',
    args: [anyClass],
    unit: 'ms',
    help: '99th percentile of the latency of served requests',
    compute: latency('p99'),
  },
  {
    name: 'p999',
    args: [anyClass],
    unit: 'ms',
    help: '99.9th percentile of the latency of served requests',
    compute: latency('p999'),
  },
  {
    name: 'max',
    args: [anyClass],
    unit: 'ms',
    help: 'Longest latency of a served request',
    compute: latency('max'),
  },
  ...CLASS_METRICS,
  {
    name: 'amplification',
    args: [],
    unit: 'count',
    help: 'Attempts per call between services: above 1, calls are sent again; below 1, some are refused or answered before they are sent',
    compute: amplification,
  },
  {
    name: 'attempts',
    args: [anyEdge],
    unit: 'count',
    help: 'Requests that went over an edge (or over all), repeated ones included',
    compute: perEdge((edge) => edge.attempts),
  },
  {
    name: 'calls',
    args: [anyEdge],
    unit: 'count',
    help: 'Calls over an edge (or over all), however often each was sent',
    compute: perEdge((edge) => edge.calls),
  },
  {
    name: 'retries',
    args: [anyEdge],
    unit: 'count',
    help: 'Calls sent again over an edge (or over all)',
    compute: perEdge((edge) => edge.retries),
  },
  {
    name: 'timeouts',
    args: [anyEdge],
    unit: 'count',
    help: 'Calls over an edge (or over all) that their caller gave up',
    compute: perEdge((edge) => edge.timeouts),
  },
  {
    name: 'late',
    args: [anyEdge],
    unit: 'count',
    help: 'Replies over an edge (or over all) that nobody waited for any more',
    compute: perEdge((edge) => edge.late),
  },
  {
    name: 'wasted',
    args: [may('service', 'service')],
    unit: 'share',
    help: 'Share of the finished work, of one service or of all, that was for nobody',
    compute: wasted,
  },
  {
    name: 'utilisation',
    args: [service],
    unit: 'share',
    help: 'Busy share of the slots of a service',
    compute: perService((summary) => summary.utilisation),
  },
  {
    name: 'queue',
    args: [service],
    unit: 'count',
    help: 'Mean number of calls waiting at a service',
    compute: perService((summary) => summary.meanQueue),
  },
  {
    name: 'inSystem',
    args: [service],
    unit: 'count',
    help: 'Mean number of calls waiting or in work at a service',
    compute: perService((summary) => summary.meanInSystem),
  },
  {
    name: 'wait',
    args: [service],
    unit: 'ms',
    help: 'Mean time in the queue of a service',
    compute: perService((summary) => summary.waitMs.mean),
  },
  {
    name: 'response',
    args: [service],
    unit: 'ms',
    help: 'Mean time from arrival at a service to its reply',
    compute: perService((summary) => summary.responseMs.mean),
  },
  {
    name: 'arrivals',
    args: [service],
    unit: 'count',
    help: 'Calls that arrived at a service',
    compute: perService((summary) => summary.arrivals),
  },
  {
    name: 'ok',
    args: [service],
    unit: 'count',
    help: 'Calls that a service answered in full',
    compute: perService((summary) => summary.ok),
  },
  {
    name: 'overload',
    args: [service],
    unit: 'count',
    help: 'Calls that a service turned away because its queue was full',
    compute: perService((summary) => summary.overload),
  },
  ...LINE_METRICS,
  {
    name: 'recovered',
    args: [must('after', 'time'), must('within', 'time')],
    unit: 'count',
    help:
      '1 when, no later than `within` after the moment, the served share (over 5 buckets) is back at ' +
      '95 % of its level before that moment and stays there to the end; else 0',
    series: true,
    compute: (result, [after, within]) => recovered(result, after as number, within as number),
  },
  {
    name: 'recoveryTime',
    args: [must('after', 'time')],
    unit: 'ms',
    help: 'Time from the moment to that recovery; infinite when there is none',
    series: true,
    compute: (result, [after]) => recoveryTime(result, after as number),
  },
  {
    name: 'collapsed',
    args: [],
    unit: 'count',
    help: '1 when the served share of the last tenth of the run is below half of its best level; else 0',
    series: true,
    compute: collapsed,
  },
  {
    name: 'signal',
    args: [must('signal', 'signal')],
    unit: 'count',
    help: 'What a signal of a pattern comes to, summed over the places it sits at: breaker.refused',
    compute: (result, [path]) =>
      sum(signalsAt(result, path as string), ({ value }) =>
        typeof value === 'number' ? value : 0,
      ),
  },
  {
    name: 'seconds',
    args: [must('signal', 'signal'), must('state', 'state')],
    unit: 's',
    help: 'Seconds that a state signal was in a state, summed over its places: breaker.circuit, open',
    compute: (result, [path, state]) =>
      sum(signalsAt(result, path as string), ({ seconds }) => own(seconds, state as string) ?? 0),
  },
  {
    name: 'entered',
    args: [must('signal', 'signal'), must('state', 'state')],
    unit: 'count',
    help: 'How often a state signal entered a state, summed over its places: breaker.circuit, open',
    compute: (result, [path, state]) =>
      sum(signalsAt(result, path as string), ({ entered }) => own(entered, state as string) ?? 0),
  },
  {
    name: 'events',
    args: [],
    unit: 'count',
    help: 'Events that the run took',
    compute: (result) => result.events,
  },
]

function sum<T>(items: readonly T[], read: (item: T) => number): number {
  let total = 0
  for (const item of items) total += read(item)
  return total
}

function amplification({ edges, services }: VariantResult): number {
  const inner = Object.entries(edges).filter(([name]) =>
    Object.hasOwn(services, name.slice(0, name.indexOf(' -> '))),
  )
  const calls = sum(inner, ([, edge]) => edge.calls)
  return calls === 0 ? 1 : sum(inner, ([, edge]) => edge.attempts) / calls
}

const wastedOf: readonly [(s: ServiceSummary) => number, (s: ServiceSummary) => number] = [
  (summary) => summary.wasted,
  (summary) => summary.completed,
]

function wasted(result: VariantResult, [name]: readonly ArgumentValue[]): number {
  const only = name === undefined ? undefined : own(result.services, name as string)
  if (name !== undefined && !only) return Number.NaN
  const summaries = only ? [only] : Object.values(result.services)
  const [lost, done] = wastedOf
  return ratio(sum(summaries, lost), sum(summaries, done))
}

/** Signals by `id.signal`: of every place where the pattern of that id sits, or of one place in full. */
function signalsAt({ signals }: VariantResult, path: string): SignalSummary[] {
  const dot = path.lastIndexOf('.')
  const [unit, name] = [path.slice(0, dot), path.slice(dot + 1)]
  return Object.entries(signals)
    .filter(([place]) => place === unit || place.startsWith(`${unit}@`))
    .flatMap(([, bySignal]) => own(bySignal, name) ?? [])
}

/** A metric with its arguments, as tables and sweeps name it: `utilisation(db)`, `p99`. */
export function parseMetric(
  text: string,
): { readonly metric: Metric; readonly args: readonly ArgumentValue[] } | undefined {
  const open = text.indexOf('(')
  const name = (open < 0 ? text : text.slice(0, open)).trim()
  const inner = open < 0 ? '' : text.slice(open + 1, text.lastIndexOf(')'))
  const metric = METRICS.find((one) => one.name === name)
  if (!metric || (open >= 0 && !text.trim().endsWith(')'))) return undefined
  const parts = inner.trim() === '' ? [] : inner.split(',').map((part) => part.trim())
  const args = readArguments(metric, parts)
  return 'values' in args ? { metric, args: args.values } : undefined
}
