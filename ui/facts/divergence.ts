/** Where two runs part: the first bucket in which any number of the world, a service or an edge differs. */
import type { ColumnInfo } from '../../engine/results/frame.ts'
import type { Time } from '../../engine/units.ts'
import type { VariantRun } from '../runs.ts'

/** What came of comparing two runs, as far as both are computed. */
export interface Parting {
  /** Everything before this moment is the same in both: the start of the first bucket that differs. */
  readonly at: Time | undefined
  /** The width of that bucket, ns: the difference lies within it. */
  readonly within: Time
  /** Buckets that were compared. */
  readonly compared: number
}

/** Latencies are left out: they differ only when a count or a level does, at the latest when the request ends. */
const COMPARED: readonly ColumnInfo['scope'][] = ['total', 'service', 'edge']

const known = new WeakMap<VariantRun, { other: VariantRun; found: Parting }>()

/** Compares what both runs have computed. What was equal before is not looked at again. */
export function parting(a: VariantRun, b: VariantRun): Parting {
  const before = known.get(a)
  const last = before?.other === b ? before.found : undefined
  const filled = a.isReduced || b.isReduced ? 0 : Math.min(a.filled, b.filled)
  if (last && (last.at !== undefined || last.compared === filled)) return last
  const bucket = firstDifference(a, b, last?.compared ?? 0, filled)
  const at = bucket < filled ? bucket * a.layout.bucket : undefined
  const found = { at, within: a.layout.bucket, compared: filled }
  known.set(a, { other: b, found })
  return found
}

/** The first bucket in [from, to) in which a column differs; `to` when none does. */
function firstDifference(a: VariantRun, b: VariantRun, from: number, to: number): number {
  if (a.layout.bucket !== b.layout.bucket) return Math.min(from, to)
  let first = to
  for (const { scope, name, metric } of columnsOf(a, b)) {
    const [left, right] = [a.column(scope, name, metric), b.column(scope, name, metric)]
    for (let bucket = from; bucket < first; bucket++) {
      if (left[bucket] !== right[bucket]) first = bucket
    }
  }
  return first
}

/** Every column that is compared: a service that only one of them has counts too. */
function columnsOf(a: VariantRun, b: VariantRun): readonly ColumnInfo[] {
  const keyOf = ({ scope, name, metric }: ColumnInfo): string => `${scope} ${metric} ${name}`
  const all = [...a.layout.columns, ...b.layout.columns].filter(({ scope }) =>
    COMPARED.includes(scope),
  )
  return [...new Map(all.map((column) => [keyOf(column), column])).values()]
}
