/** How finely a stored run keeps its columns. */
import type { ColumnInfo, Layout } from '../engine/results/frame.ts'
import { SECOND, type Time } from '../engine/units.ts'

/** First buckets of the cells of a column, and where the last cell ends. */
export type Edges = readonly number[]

/** Most columns of the heat map: it sums buckets where there are more. */
const HEAT_COLUMNS = 600
/** Totals that are no counts of requests. */
const COARSE = new Set(['work', 'wasted'])

/** Where every bucket is kept: from one to before another. */
export type Fine = readonly [from: number, until: number]

/** How far on either side of a moment every bucket is kept, ns. */
const REACH = 1.5 * SECOND

/** The buckets around a moment, ns. */
export function around({ bucket }: Layout, moment: Time): Fine {
  const reach = Math.round(REACH / bucket)
  const at = Math.floor(moment / bucket)
  return [at - reach, at + reach]
}

/**
 * Finds the cells of the columns of a run. Services are cut into half seconds, or hundredths of a short run, as
 * they are when trouble is looked for, edges and signals into twice that; but bucket by bucket where it matters.
 */
export function cutting(
  { bucket, buckets, duration }: Layout,
  fine: readonly Fine[],
): (info: ColumnInfo) => Edges {
  const half = Math.max(1, Math.round(Math.min(SECOND / 2, duration / 100) / bucket))
  const each = cut(buckets, 1, [])
  const heat = cut(buckets, Math.ceil(buckets / HEAT_COLUMNS), [])
  const halves = cut(buckets, half, fine)
  const wholes = cut(buckets, 2 * half, fine)
  return ({ scope, metric }) => {
    if (scope === 'heat') return heat
    if (scope === 'edge' || scope === 'signal') return wholes
    return scope === 'total' && !COARSE.has(metric) ? each : halves
  }
}

function cut(buckets: number, step: number, fine: readonly Fine[]): Edges {
  const edges: number[] = []
  for (let bucket = 0; bucket < buckets; bucket++) {
    const isFine = fine.some(([from, until]) => bucket >= from && bucket <= until)
    if (isFine || bucket % step === 0) edges.push(bucket)
  }
  return [...edges, buckets]
}
