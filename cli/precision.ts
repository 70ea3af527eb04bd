/** How long a comparison goes on: the options, and what they mean for a metric. */
import { InvalidArgumentError } from 'commander'
import type { MetricUnit } from '../engine/results/metric.ts'
import { type Precision } from '../engine/results/statistics.ts'
import { parseDuration, parsePercent, parseRate } from '../engine/units.ts'

/** A difference that would not matter, and the units it can be compared with. */
export interface Delta {
  readonly text: string
  readonly byUnit: Readonly<Partial<Record<MetricUnit, number>>>
}

/** Reads `10ms`, `2%`, `3/s` or a plain number. */
export function delta(text: string): Delta {
  const byUnit = deltaOf(text)
  if (byUnit && Object.values(byUnit).every((value) => value > 0)) return { text, byUnit }
  throw new InvalidArgumentError('It must be a size above 0, such as 10ms, 2%, 3/s or 5.')
}

function deltaOf(text: string): Delta['byUnit'] | undefined {
  const [span, share, rate] = [parseDuration(text), parsePercent(text), parseRate(text)]
  if (span !== undefined) return { ms: span / 1e6, s: span / 1e9 }
  if (share !== undefined) return { share }
  if (rate !== undefined) return { '1/s': rate }
  const number = Number(text)
  return text.trim() === '' || !Number.isFinite(number) ? undefined : { count: number }
}

/** Reads `5%` or 0.05. */
export function relative(text: string): number {
  const share = parsePercent(text) ?? (text.trim() === '' ? Number.NaN : Number(text))
  if (share > 0 && share <= 1) return share
  throw new InvalidArgumentError('It must be a share of the baseline above 0, such as 5%.')
}

/** How narrow the interval of a metric has to be. */
export function precisionOf(
  unit: MetricUnit,
  options: { readonly precision?: number; readonly delta?: Delta },
): Precision {
  return { relative: options.precision, absolute: options.delta?.byUnit[unit] }
}
