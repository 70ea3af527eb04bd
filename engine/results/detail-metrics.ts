/** Metrics of what not every run has: classes of requests, and lines that calls leave or share. */
import { type Metric, own, ratio } from './metric.ts'
import type { ClassSummary, ServiceSummary, VariantResult } from './result.ts'

type Compute = Metric['compute']

const oneClass = { name: 'class', kind: 'class', optional: false } as const
const service = { name: 'service', kind: 'service', optional: false } as const

/** A number of one service. */
export function perService(read: (summary: ServiceSummary) => number): Compute {
  return (result, [name]) => {
    const summary = own(result.services, name as string)
    return summary ? read(summary) : Number.NaN
  }
}

function perClass(read: (summary: ClassSummary) => number): Compute {
  return (result, [name]) => {
    const summary = classOf(result, name as string)
    return summary ? ratio(read(summary), summary.offered) : Number.NaN
  }
}

/** The requests of one load, tenant or priority. */
export function classOf({ classes = {} }: VariantResult, name: string): ClassSummary | undefined {
  return own(classes, name)
}

function abandonedShare({ abandonedMs, waitMs }: ServiceSummary): number {
  return abandonedMs ? ratio(abandonedMs.count, abandonedMs.count + waitMs.count) : 0
}

/** How the requests of a load, tenant or priority ended. */
export const CLASS_METRICS: readonly Metric[] = [
  {
    name: 'servedOf',
    args: [oneClass],
    unit: 'share',
    help: 'Share of the requests of a load, tenant or priority that were answered: tenant big',
    compute: perClass((summary) => summary.ok + summary.degraded),
  },
  {
    name: 'failedOf',
    args: [oneClass],
    unit: 'share',
    help: 'Share of the requests of a load, tenant or priority that failed, other than by refusal',
    compute: perClass((summary) => summary.failed),
  },
  {
    name: 'refusedOf',
    args: [oneClass],
    unit: 'share',
    help: 'Share of the requests of a load, tenant or priority that a pattern turned away',
    compute: perClass((summary) => summary.failedFast),
  },
]

/** What lines do beside keeping calls waiting. */
export const LINE_METRICS: readonly Metric[] = [
  {
    name: 'abandoned',
    args: [service],
    unit: 'share',
    help: 'Share of the calls of a service that left its queue when their patience was over',
    compute: perService(abandonedShare),
  },
  {
    name: 'slowdown',
    args: [service],
    unit: 'count',
    help: 'Under processor sharing: time at work over the time it would have taken alone, in the mean',
    compute: perService((summary) => summary.slowdown ?? Number.NaN),
  },
]
