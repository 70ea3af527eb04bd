/** What crosses from a running simulation to whoever watches it: columns of numbers, ready to transfer and to draw. */
import type { Duration, Time } from '../units.ts'

/** One column of the bucket store: a number per time bucket. */
export interface ColumnInfo {
  /** What it belongs to. */
  readonly scope: 'total' | 'service' | 'edge' | 'signal' | 'heat'
  /** Service, edge (`a -> b`), or unit path; '' for totals; outcome for heat rows. */
  readonly name: string
  /** `arrivals`, `ok`, `busy` …; row number for heat. */
  readonly metric: string
  /** A count adds up over buckets, a level is a mean, a maximum or a last value within the bucket. */
  readonly kind: 'count' | 'level'
}

/** A pattern instance that reports signals. */
export interface UnitInfo {
  /** `breaker@checkout -> payments`, with `#2` behind the place when the caller has more than one instance. */
  readonly path: string
  /** Id of the attachment in the file. */
  readonly pattern: string
  /** Component name. */
  readonly use: string
  /** Edge (`a -> b`) or service. */
  readonly place: string
  /** State signals and their words, in the order transitions name them. */
  readonly states: readonly { readonly signal: string; readonly words: readonly string[] }[]
  /** Levels that rise and fall, and what they count: `calls`, `instances`, `ns`; empty: a bare number. */
  readonly gauges: readonly { readonly signal: string; readonly unit: string }[]
}

/** The latency heat map: rows are log-spaced, four to an octave. */
export const HEAT = {
  rows: 96,
  /** Row 0 starts at 2^13 ns (8 µs) and also holds everything below; the last row holds everything above 2^37 ns (137 s). */
  firstExponent: 13,
  rowsPerOctave: 4,
  outcomes: ['served', 'failed', 'refused'],
} as const

/** Lower edge of a heat row in ns. Rows divide an octave into four equal linear steps. */
export function heatEdge(row: number): Duration {
  let edge = 1
  for (let k = 0; k < HEAT.firstExponent + Math.floor(row / HEAT.rowsPerOctave); k++) edge *= 2
  return edge * (1 + (row % HEAT.rowsPerOctave) / HEAT.rowsPerOctave)
}

/** The shape of a run, sent once before its frames. Plain data. */
export interface Layout {
  readonly scenario: string
  readonly variant: string
  readonly seed: string
  readonly duration: Duration
  readonly warmup: Duration
  /** Width of a bucket. */
  readonly bucket: Duration
  readonly buckets: number
  /** Bytes that the columns take; the log of transitions is beside them, 6 MB and 24 bytes more per lane and bucket at most. */
  readonly bytes: number
  readonly columns: readonly ColumnInfo[]
  readonly services: readonly {
    readonly name: string
    readonly instances: number
    readonly concurrency: number
    readonly queue: number
    readonly zone: string
    /** Group in the picture; '' for none. */
    readonly domain: string
    readonly at: readonly [number, number] | undefined
  }[]
  readonly loads: readonly { readonly name: string; readonly to: string }[]
  readonly edges: readonly { readonly name: string; readonly from: string; readonly to: string }[]
  readonly units: readonly UnitInfo[]
  readonly faults: readonly {
    readonly label: string
    readonly verb: string
    readonly target: string
    readonly from: Time
    readonly until: Time
  }[]
}

/** New columns since the last frame. `values` and `transitions` are transferred, never copied. */
export interface Frame {
  /** Buckets [from, to) are complete in this frame. */
  readonly from: number
  readonly to: number
  readonly now: Time
  readonly events: number
  /** Column-major: value of column c in bucket b is values[c * (to - from) + (b - from)]. */
  readonly values: Float32Array
  /** Triples: time, lane (counting all state signals over all units in order), code of the state entered. */
  readonly transitions: Float64Array
  /** From when on there were too many of them: only the last of each bucket and lane is told. */
  readonly thinnedFrom?: Time | undefined
}

/** Totals every service keeps, in column order. */
export const SERVICE_METRICS = [
  ['arrivals', 'count'],
  ['ok', 'count'],
  ['degraded', 'count'],
  ['failed', 'count'],
  ['refused', 'count'],
  ['overload', 'count'],
  ['wasted', 'count'],
  ['busy', 'level'],
  ['busyMax', 'level'],
  ['queue', 'level'],
  ['queueMax', 'level'],
  ['slots', 'level'],
] as const
/** How many of them, at the end, are levels. */
export const SERVICE_LEVELS = 5
/** Columns of every edge. `calls` are logical calls, `attempts` what went on the wire. */
export const EDGE_METRICS = [
  ['calls', 'count'],
  ['attempts', 'count'],
  ['retries', 'count'],
  ['ok', 'count'],
  ['failed', 'count'],
  ['refused', 'count'],
  ['timeouts', 'count'],
  ['late', 'count'],
] as const
/** Columns of the whole world: the users' requests. */
export const TOTAL_METRICS = [
  ['offered', 'count'],
  ['ok', 'count'],
  ['slow', 'count'],
  ['degraded', 'count'],
  ['refused', 'count'],
  ['failed', 'count'],
  ['waiting', 'level'],
  ['work', 'count'],
  ['wasted', 'count'],
] as const
