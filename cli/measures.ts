/** The metrics that tables show: all that need no more than a run, and those the user named. */
import type { ArgumentValue, Metric } from '../engine/results/metric.ts'
import { METRICS, parseMetric } from '../engine/results/metrics.ts'
import type { VariantResult } from '../engine/run.ts'
import { didYouMean } from '../engine/scenario/text/suggest.ts'
import { BadInput } from './exit.ts'

/** A metric with its arguments. */
export interface Measure {
  /** `served`, `utilisation(ledger-db)` */
  readonly label: string
  readonly metric: Metric
  readonly args: readonly ArgumentValue[]
}

/** Metrics without arguments first, then those that were asked for. */
export function measures(paths: readonly string[]): Measure[] {
  const plain = METRICS.filter((metric) => metric.args.every((argument) => argument.optional))
  const standard = plain.map((metric) => ({ label: metric.name, metric, args: [] }))
  return [...standard, ...paths.map(measureOf)]
}

/** What a measure says about a run. */
export function valueOf({ metric, args }: Measure, result: VariantResult): number {
  return metric.compute(result, args)
}

function measureOf(path: string): Measure {
  const parsed = parseMetric(path)
  if (parsed) return { label: path, ...parsed }
  const [name = ''] = path.split('(')
  const names = METRICS.map((metric) => metric.name)
  const hint = names.includes(name)
    ? 'See `sim metrics` for its arguments.'
    : didYouMean(name, names)
  throw new BadInput(`No metric reads "${path}". ${hint || 'See `sim metrics`.'}`)
}
