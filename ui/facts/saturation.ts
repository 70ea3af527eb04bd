/** How full everything is that can be full: the slots of services, and what patterns count. */
import { sumsOver, type Binning } from '../draw/time-scale.ts'
import { arrows, spaced, wholePercent, words } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import { SIDES, type Side } from '../state.ts'

/** What is used of something in one variant, bin by bin. */
export interface Use {
  readonly bins: Binning
  /** Means over the bins. */
  readonly used: Float64Array
  /** What there is; undefined: not known. */
  readonly capacity: Float64Array | undefined
  /** The largest of `used`, and its largest share of the capacity (NaN when that is not known). */
  readonly peak: number
  readonly share: number
  /** Mean share of the capacity. */
  readonly mean: number
}

/** One thing that can be full. */
export interface Lane {
  /** `payments`; `bulkhead, in use`; where there are several of them, `api, in use`. */
  readonly name: string
  /** What is counted: `slots`, `calls`, `instances`. */
  readonly unit: string
  /** Name of the service, when it is one. */
  readonly service: string | undefined
  readonly of: Readonly<Record<Side, Use | undefined>>
  /** The largest share in either variant; NaN: no capacity is known. */
  readonly share: number
}

/** Gauges that tell the capacity of another gauge of the same pattern. */
const CAPACITY: Readonly<Record<string, string>> = { inflight: 'limit', ready: 'desired' }
/** What the gauges count that can be full; times and bare numbers cannot. */
const COUNTED: readonly string[] = ['calls', 'instances', 'messages', 'workflows', 'locks']

/** The bins that a run is drawn in. */
export type BinsOf = (run: VariantRun) => Binning

/**
 * Services first, the one with the highest peak at the top, and of those alike the one that is fuller all the time;
 * then the gauges of patterns that ever moved, in the order of the file.
 */
export function saturation(runs: Runs, binsOf: BinsOf): readonly Lane[] {
  const services = serviceLanes(runs, binsOf).toSorted(
    (a, b) => percents(b) - percents(a) || meanOf(b) - meanOf(a),
  )
  return [...services, ...gaugeLanes(runs, binsOf)]
}

function percents({ share }: Lane): number {
  return Math.round(share * 100)
}

function meanOf({ of }: Lane): number {
  return Math.max(...SIDES.map((side) => of[side]?.mean ?? 0))
}

function serviceLanes(runs: Runs, binsOf: BinsOf): Lane[] {
  const { services = [] } = (runs.A ?? runs.B)?.layout ?? {}
  return services.map(({ name }) => {
    const of = both(runs, (run) => {
      const column = (metric: string): Float32Array => run.column('service', name, metric)
      return use(binsOf(run), column('busy'), column('slots'))
    })
    return { name, unit: 'slots', service: name, of, share: shareOf(of) }
  })
}

/** A gauge of a pattern at a place; instances of one caller count together. */
interface Gauge {
  readonly use: string
  readonly place: string
  readonly signal: string
  readonly unit: string
  readonly paths: readonly string[]
}

function gaugeLanes(runs: Runs, binsOf: BinsOf): Lane[] {
  const gauges = gaugesOf(runs)
  return gauges.flatMap((gauge) => {
    const { use: kind, place, signal, unit, paths } = gauge
    const of = both(runs, (run) => {
      const column = added(run, paths, signal)
      const limit = CAPACITY[signal]
      if (!hasMoved(column)) return undefined
      return use(binsOf(run), column, limit ? added(run, paths, limit) : undefined)
    })
    if (!of.A && !of.B) return []
    const isOnly = gauges.every((one) => one === gauge || one.use !== kind || one.signal !== signal)
    const name = `${isOnly ? words(kind) : arrows(place)}, ${spaced(signal)}`
    return [{ name, unit, service: undefined, of, share: shareOf(of) }]
  })
}

function gaugesOf(runs: Runs): readonly Gauge[] {
  const found = new Map<string, Gauge>()
  for (const side of SIDES) {
    for (const unit of runs[side]?.layout.units ?? []) {
      const limits = unit.gauges.map(({ signal }) => CAPACITY[signal])
      for (const { signal, unit: counts } of unit.gauges) {
        if (!COUNTED.includes(counts) || limits.includes(signal)) continue
        const key = `${unit.pattern} ${unit.place} ${signal}`
        const paths = [...new Set([...(found.get(key)?.paths ?? []), unit.path])]
        found.set(key, { use: unit.use, place: unit.place, signal, unit: counts, paths })
      }
    }
  }
  return [...found.values()]
}

function added(run: VariantRun, paths: readonly string[], signal: string): Float32Array {
  const [first = '', ...rest] = paths
  const column = run.column('signal', first, signal)
  if (rest.length === 0) return column
  const sums = column.slice()
  for (const path of rest) {
    for (const [at, value] of run.column('signal', path, signal).entries()) sums[at]! += value
  }
  return sums
}

function hasMoved(column: Float32Array): boolean {
  return column.some((value) => value !== column[0])
}

function both(
  runs: Runs,
  of: (run: VariantRun) => Use | undefined,
): Readonly<Record<Side, Use | undefined>> {
  return { A: runs.A && of(runs.A), B: runs.B && of(runs.B) }
}

function use(bins: Binning, column: Float32Array, limits: Float32Array | undefined): Use {
  const used = means(column, bins)
  const capacity = limits && means(limits, bins)
  const shares = capacity && used.map((one, bin) => one / Math.max(1e-9, capacity[bin]!))
  const share = shares ? largest(shares) : Number.NaN
  const mean = shares ? shares.reduce((all, one) => all + one, 0) / shares.length : Number.NaN
  return { bins, used, capacity, peak: largest(used), share, mean }
}

function means(column: Float32Array, bins: Binning): Float64Array {
  const { first, buckets } = bins
  return sumsOver(column, bins).map((sum, bin) => {
    const start = first + bin * buckets
    return sum / Math.max(1, Math.min(column.length, start + buckets) - start)
  })
}

function largest(values: Float64Array): number {
  return values.reduce((top, one) => Math.max(top, one), 0)
}

function shareOf(of: Readonly<Record<Side, Use | undefined>>): number {
  const shares = SIDES.flatMap((side) => of[side]?.share ?? [])
  const known = shares.filter((share) => !Number.isNaN(share))
  return known.length === 0 ? Number.NaN : Math.max(...known)
}

/** What is drawn, and what the rest comes to in words. */
export interface Folded {
  readonly shown: readonly Lane[]
  /** `9 more never above 50 %`; empty: nothing is left out. */
  readonly rest: string
}

/** Bounds that are told. */
const BOUNDS = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1] as const

/** The same lanes with that of a service first, when it is there. */
export function withFirst(lanes: readonly Lane[], service: string | undefined): readonly Lane[] {
  const first = lanes.filter((lane) => lane.service !== undefined && lane.service === service)
  return [...first, ...lanes.filter((lane) => !first.includes(lane))]
}

/** As many lanes as there is room for. Gauges of patterns get up to half of it; services that are idle are left out. */
export function folded(lanes: readonly Lane[], room: number): Folded {
  const services = lanes.filter(({ service }) => service !== undefined)
  const gauges = lanes.filter(({ service }) => service === undefined)
  const forGauges = Math.min(gauges.length, Math.max(Math.floor(room / 2), room - services.length))
  const forServices = Math.min(services.length, room - forGauges)
  const shown = [...services.slice(0, forServices), ...gauges.slice(0, forGauges)]
  return { shown, rest: restWords(lanes.filter((lane) => !shown.includes(lane))) }
}

function restWords(rest: readonly Lane[]): string {
  if (rest.length === 0) return ''
  const known = rest.map(({ share }) => share).filter((share) => !Number.isNaN(share))
  const top = Math.max(0, ...known)
  const bound = BOUNDS.find((one) => top <= one)
  if (known.length < rest.length || bound === undefined) return `${rest.length} more`
  if (bound === 1) return `${rest.length} more, up to ${wholePercent(top)}`
  return `${rest.length} more, never above ${wholePercent(bound)}`
}
