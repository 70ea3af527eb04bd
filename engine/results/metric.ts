/** What a metric is, and how its arguments are written. */
import { parseDuration } from '../units.ts'
import type { VariantResult } from './result.ts'
import type { Window } from './series.ts'

/** What a number is: shares are 0..1, `ms` milliseconds, `s` seconds. */
export type MetricUnit = 'share' | 'ms' | 's' | '1/s' | 'count'

/** What an argument names. Times are in milliseconds. */
export type ArgumentKind = 'service' | 'edge' | 'class' | 'window' | 'time' | 'signal' | 'state'
export type ArgumentValue = string | number | Window | undefined

export interface MetricArgument {
  readonly name: string
  readonly kind: ArgumentKind
  readonly optional: boolean
}

/** One number of a run. */
export interface Metric {
  readonly name: string
  readonly args: readonly MetricArgument[]
  readonly unit: MetricUnit
  readonly help: string
  /** Whether it reads the time buckets, which a run keeps only when it records columns. */
  readonly series?: boolean
  readonly compute: (result: VariantResult, args: readonly ArgumentValue[]) => number
}

/** Arguments that were understood, or what is wrong with one of them. */
export type ReadArguments =
  | { readonly values: readonly ArgumentValue[] }
  | {
      readonly index: number
      readonly code: 'E_TYPE' | 'E_UNIT'
      readonly fault: string
      readonly hint: string
    }

/** Reads the arguments of a metric as an author wrote them. */
export function readArguments(metric: Metric, texts: readonly string[]): ReadArguments {
  const least = metric.args.filter((argument) => !argument.optional).length
  if (texts.length < least || texts.length > metric.args.length) {
    const fault = `${metric.name} takes ${usageOf(metric)}`
    return { index: metric.args.length, code: 'E_TYPE', fault, hint: '' }
  }
  const values: ArgumentValue[] = []
  for (const [index, text] of texts.entries()) {
    const value = readArgument(metric.args[index]!.kind, text)
    if (value === undefined) return { index, ...wrongArgument(metric.args[index]!, text) }
    values.push(value)
  }
  return { values }
}

function wrongArgument({ name, kind }: MetricArgument, text: string) {
  const shown = `"${text.slice(0, 40)}"`
  const hint = kind === 'window' ? 'Write it like 30s..60s.' : 'Write it like 45s.'
  if (text === '') return { code: 'E_TYPE' as const, fault: `the ${name} is missing`, hint: '' }
  return { code: 'E_UNIT' as const, fault: `${shown} is no ${kind}`, hint }
}

/** How a metric is called, without its variant: `signal, state` or `[window]`. */
export function usageOf(metric: Metric): string {
  if (metric.args.length === 0) return 'nothing but the variant'
  return metric.args.map(({ name, optional }) => (optional ? `[${name}]` : name)).join(', ')
}

function readArgument(kind: ArgumentKind, text: string): ArgumentValue {
  if (kind === 'time') return milliseconds(text)
  if (kind !== 'window') return text === '' ? undefined : text.replace(/ *-> */, ' -> ')
  const [from, until, more] = text.split('..').map((part) => milliseconds(part.trim()))
  if (from === undefined || until === undefined || more !== undefined) return undefined
  return until > from ? { from, until } : undefined
}

function milliseconds(text: string): number | undefined {
  const span = parseDuration(text)
  return span === undefined || !Number.isFinite(span) || span < 0 ? undefined : span / 1e6
}

/** A share; 0 of nothing. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}

/** What a record has under a name of its own. */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
