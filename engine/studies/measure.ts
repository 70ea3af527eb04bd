/** What a study reads of a run: a metric with its arguments, and what is known of such numbers. */
import type { ArgumentValue, Metric } from '../results/metric.ts'
import type { VariantResult } from '../results/result.ts'

/** A metric with its arguments. */
export interface Measure {
  /** `served`, `utilisation(ledger-db)` */
  readonly label: string
  readonly metric: Metric
  readonly args: readonly ArgumentValue[]
}

/** What a measure says about a run. */
export function valueOf({ metric, args }: Measure, result: VariantResult): number {
  return metric.compute(result, args)
}

/** Metrics that are 1 or 0: yes or no. */
const YES_NO = new Set(['recovered', 'collapsed'])
/** Metrics of which more is better; of the others that are either good or bad, less is. */
const MORE = new Set(['served', 'goodput', 'ok', 'recovered'])
const LESS = new Set(
  (
    'degraded failed refused unfinished mean p50 p90 p99 p999 max amplification retries timeouts late wasted queue ' +
    'inSystem wait response overload recoveryTime collapsed'
  ).split(' '),
)
const QUANTILES: ReadonlyMap<string, number> = new Map([
  ['p50', 0.5],
  ['p90', 0.9],
  ['p99', 0.99],
  ['p999', 0.999],
])

/** Whether a metric is a yes (1) or a no (0), so that its mean is a share of runs. */
export function isYesNo({ metric }: Measure): boolean {
  return YES_NO.has(metric.name)
}

/** Whether users are better off with more of it or with less; undefined where it is neither good nor bad. */
export function betterOf({ metric }: Measure): 'more' | 'less' | undefined {
  if (MORE.has(metric.name)) return 'more'
  return LESS.has(metric.name) ? 'less' : undefined
}

/** The quantile of the latency that a metric is; undefined for all others. */
export function quantileOf({ metric }: Measure): number | undefined {
  return QUANTILES.get(metric.name)
}
