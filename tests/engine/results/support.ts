/** Results of runs that never were, for tests of what is made of results. */
import type {
  EdgeSummary,
  LatencySummary,
  RequestCounts,
  ServiceSummary,
  VariantResult,
} from '../../../engine/results/result.ts'

const noRequests: RequestCounts = {
  offered: 0,
  ok: 0,
  degraded: 0,
  failedFast: 0,
  failed: 0,
  unfinished: 0,
}
const noLatency: LatencySummary = {
  count: 0,
  mean: 0,
  variance: 0,
  zeros: 0,
  p50: 0,
  p90: 0,
  p95: 0,
  p99: 0,
  p999: 0,
  max: 0,
}

/** A service of which only some numbers matter. */
export function serviceOf(some: Partial<ServiceSummary>): ServiceSummary {
  const levels = { utilisation: 0, meanQueue: 0, meanInSystem: 0 }
  const counts = { arrivals: 0, overload: 0, wasted: 0, completed: 0 }
  return { ...noRequests, ...levels, ...counts, waitMs: noLatency, responseMs: noLatency, ...some }
}

/** An edge of which only some numbers matter. */
export function edgeOf(some: Partial<EdgeSummary>): EdgeSummary {
  const counts = { calls: 0, attempts: 0, retries: 0, timeouts: 0, late: 0, lost: 0 }
  return { ...noRequests, ...counts, lastTimeoutMs: -1, ...some }
}

/** A result of which only some parts matter. */
export function resultOf(some: Partial<VariantResult>): VariantResult {
  const empty: VariantResult = {
    variant: '',
    title: '',
    seed: '1',
    digest: '',
    outcomeDigest: '',
    events: 0,
    virtualMs: 0,
    stopped: undefined,
    requests: noRequests,
    latencyMs: noLatency,
    failedLatencyMs: noLatency,
    refusedLatencyMs: noLatency,
    services: {},
    edges: {},
    signals: {},
    violations: [],
    pending: { periodic: [], other: 0 },
    series: {},
    bucketMs: 1000,
  }
  return { ...empty, ...some }
}
