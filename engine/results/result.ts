/** What a run comes to: totals, latencies by outcome, digests. Plain data; `run --json` prints it. */

/** A latency distribution in milliseconds. Percentiles carry at most 0.4 % error. */
export interface LatencySummary {
  readonly count: number
  readonly mean: number
  /** In ms². */
  readonly variance: number
  /** Share of those that took no time at all. */
  readonly zeros: number
  readonly p50: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

/** How the users' requests ended. offered = ok + degraded + failedFast + failed + unfinished. */
export interface RequestCounts {
  readonly offered: number
  readonly ok: number
  readonly degraded: number
  /** A pattern refused on purpose. */
  readonly failedFast: number
  readonly failed: number
  readonly unfinished: number
}

/** Requests of one load, tenant or priority. */
export interface ClassSummary extends RequestCounts {
  /** Served requests (ok or degraded). */
  readonly latencyMs: LatencySummary
}

export interface ServiceSummary extends RequestCounts {
  /** Busy share of the slots, after warm-up. */
  readonly utilisation: number
  /** Time-weighted mean number waiting for a slot / present from arrival to reply, whatever they wait for, after warm-up. */
  readonly meanQueue: number
  readonly meanInSystem: number
  readonly arrivals: number
  readonly overload: number
  /** Work finished after its caller had given up. */
  readonly wasted: number
  readonly completed: number
  /** Time in the queue of those that got a slot. */
  readonly waitMs: LatencySummary
  /** From arrival at the instance to its reply, of calls that were served. */
  readonly responseMs: LatencySummary
  /** Where calls have patience: time in the queue of those that left it unserved. */
  readonly abandonedMs?: LatencySummary
  /** Where requests differ in priority: time in the queue of those that got a slot, by priority. */
  readonly waitByPriorityMs?: readonly LatencySummary[]
  /** Under processor sharing: mean of the time at work over the time it would have taken alone. */
  readonly slowdown?: number
  /** Of several instances: share of their time, after warm-up, with at least 1, 2 … visits that work or wait for a slot. */
  readonly occupancy?: readonly number[]
}

export interface EdgeSummary extends RequestCounts {
  readonly calls: number
  readonly attempts: number
  readonly retries: number
  readonly timeouts: number
  /** Virtual time of the last of them; -1 without any. */
  readonly lastTimeoutMs: number
  /** Replies that came after their caller had given up. */
  readonly late: number
  readonly lost: number
}

export interface SignalSummary {
  /** Total of a counter, last value of a gauge, current word of a state. */
  readonly value: number | string
  /** Seconds spent in each state; empty for other kinds. */
  readonly seconds: Readonly<Record<string, number>>
  /** Times each state was entered. */
  readonly entered: Readonly<Record<string, number>>
}

/** A law that did not hold. Empty in every sound run. */
export interface Violation {
  readonly law: string
  readonly place: string
  readonly detail: string
}

export interface VariantResult {
  readonly variant: string
  readonly title: string
  readonly seed: string
  readonly digest: string
  readonly outcomeDigest: string
  readonly events: number
  readonly virtualMs: number
  /** Why it stopped before its end; undefined when it did not. */
  readonly stopped: string | undefined
  readonly requests: RequestCounts
  /** Served requests (ok or degraded), from the intended arrival. */
  readonly latencyMs: LatencySummary
  readonly failedLatencyMs: LatencySummary
  readonly refusedLatencyMs: LatencySummary
  /** Where requests differ: those of each `load x`, `tenant x` and `priority 0`. */
  readonly classes?: Readonly<Record<string, ClassSummary>>
  readonly services: Readonly<Record<string, ServiceSummary>>
  readonly edges: Readonly<Record<string, EdgeSummary>>
  /** By unit path, then signal. */
  readonly signals: Readonly<Record<string, Readonly<Record<string, SignalSummary>>>>
  readonly violations: readonly Violation[]
  /** Timers that were pending at the end and are named periodic timers, and everything else that was. */
  readonly pending: { readonly periodic: readonly string[]; readonly other: number }
  /** Whole-world series per bucket, for windows in metrics: offered, ok, slow, degraded, refused, failed. */
  readonly series: Readonly<Record<string, readonly number[]>>
  readonly bucketMs: number
}
