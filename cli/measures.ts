/** The metrics that tables show: all that need no more than a run, and those the user named. */
import { METRICS, parseMetric } from '../engine/results/metrics.ts'
import type { Measure } from '../engine/studies/measure.ts'
import { didYouMean } from '../engine/scenario/text/suggest.ts'
import { BadInput } from './exit.ts'

/** Metrics without arguments first, then those that were asked for. */
export function measures(paths: readonly string[]): Measure[] {
  const plain = METRICS.filter((metric) => metric.args.every((argument) => argument.optional))
  const standard = plain.map((metric) => ({ label: metric.name, metric, args: [] }))
  const named = paths.filter((path) => !standard.some(({ label }) => label === path))
  return [...standard, ...[...new Set(named)].map(measureOf)]
}

/** The measure of a metric as its user wrote it. */
export function measureOf(path: string): Measure {
  const parsed = parseMetric(path)
  if (parsed) return { label: path, ...parsed }
  const [name = ''] = path.split('(')
  const names = METRICS.map((metric) => metric.name)
  const hint = names.includes(name)
    ? 'See `sim metrics` for its arguments.'
    : didYouMean(name, names)
  throw new BadInput(`No metric reads "${path}". ${hint || 'See `sim metrics`.'}`)
}
