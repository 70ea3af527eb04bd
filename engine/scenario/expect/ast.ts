/** The language of `expect`, as a tree. */
import type { ArgumentValue, Metric, MetricUnit } from '../../results/metric.ts'

/** How the values of many seeds become one. */
export const AGGREGATES = ['mean', 'share', 'p50', 'p99'] as const
export type Aggregate = (typeof AGGREGATES)[number]

export type Arithmetic = '+' | '-' | '*' | '/'
export type Comparison = '>' | '>=' | '<' | '<=' | '==' | '!='

/** What a number stands for; only like is compared with like. */
export type NumberUnit = MetricUnit | 'number'

/** A value: of one run inside an aggregate, over all seeds outside of it. */
export type Value =
  | { readonly kind: 'number'; readonly value: number; readonly unit: NumberUnit }
  | {
      readonly kind: 'arithmetic'
      readonly operator: Arithmetic
      readonly left: Value
      readonly right: Value
    }
  | {
      readonly kind: 'metric'
      readonly metric: Metric
      readonly variant: string
      readonly args: readonly ArgumentValue[]
      readonly texts: readonly string[]
      /** Columns (from 1) of the metric, the variant, and each argument. */
      readonly column: number
      readonly variantColumn: number
      readonly argColumns: readonly number[]
    }
  | { readonly kind: 'aggregate'; readonly by: 'mean' | 'p50' | 'p99'; readonly of: Value }
  | { readonly kind: 'aggregate'; readonly by: 'share'; readonly of: Condition }

/** Comparisons that must all hold. */
export type Condition = readonly {
  readonly operator: Comparison
  readonly left: Value
  readonly right: Value
}[]

/** A line of `expect`. */
export interface ExpectationTree {
  readonly text: string
  readonly condition: Condition
  readonly seeds: number
}

/** Every metric that an expectation asks for. */
export function metricsIn(condition: Condition): (Value & { kind: 'metric' })[] {
  return condition.flatMap(({ left, right }) => [...metricsOf(left), ...metricsOf(right)])
}

/** Whether an expectation asks about moments or windows, so that its runs must record columns. */
export function needsSeries({ condition }: ExpectationTree): boolean {
  return metricsIn(condition).some(
    ({ metric, args }) => metric.series === true || args.some((arg) => typeof arg === 'object'),
  )
}

function metricsOf(value: Value): (Value & { kind: 'metric' })[] {
  switch (value.kind) {
    case 'number':
      return []
    case 'metric':
      return [value]
    case 'arithmetic':
      return [...metricsOf(value.left), ...metricsOf(value.right)]
    case 'aggregate':
      return value.by === 'share' ? metricsIn(value.of) : metricsOf(value.of)
  }
}
