/** What a result says must agree with itself. */
import type {
  LatencySummary,
  RequestCounts,
  VariantResult,
} from '../../../engine/results/result.ts'
import type { Law } from './law.ts'
import { differences, runOf } from './law.ts'

/** Counts add up, percentiles rise, what was counted was timed, and nothing is beyond its limit. */
export const results: Law = {
  name: 'results agree with themselves',
  check({ scenario, straight }) {
    const { requests, latencyMs, failedLatencyMs, refusedLatencyMs, services } = straight
    return [
      ...straight.violations.map(({ law, place, detail }) => `${law}, ${place}: ${detail}`),
      ...sums('requests', requests),
      ...Object.entries(services).flatMap(([name, each]) => sums(name, each)),
      ...Object.entries(straight.edges).flatMap(([name, each]) => sums(name, each)),
      ...latency('served', latencyMs, requests.ok + requests.degraded),
      ...latency('failed', failedLatencyMs, requests.failed),
      ...latency('refused', refusedLatencyMs, requests.failedFast),
      ...Object.entries(services).flatMap(([name, { utilisation, meanQueue, meanInSystem }]) => [
        ...inside(`utilisation of ${name}`, utilisation, 1),
        ...inside(`queue of ${name}`, meanQueue, Infinity),
        ...inside(`calls at ${name}`, meanInSystem, Infinity),
      ]),
      ...limits(straight, scenario.budget.events),
    ]
  },
}

/** The recorded columns, and what their sum is: the totals. */
export const recorded: Law = {
  name: 'what is recorded sums to what happened',
  check({ scenario, straight }) {
    if (scenario.warmup > 0) return []
    const run = runOf(scenario, true)
    const { series, requests } = run.finish()
    const sum = (name: string): number => series[name]!.reduce((total, each) => total + each, 0)
    return [
      ...differences('recorded', straight.digest, run.result().digest),
      ...differences('offered', requests.offered, sum('offered')),
      ...differences('refused', requests.failedFast, sum('refused')),
      ...differences('failed', requests.failed, sum('failed')),
      ...differences('degraded', requests.degraded, sum('degraded')),
      ...differences('served', requests.ok, sum('ok') + sum('slow')),
    ]
  },
}

function sums(what: string, counts: RequestCounts): string[] {
  const { offered, ok, degraded, failedFast, failed, unfinished } = counts
  const parts = [ok, degraded, failedFast, failed, unfinished]
  const sum = parts.reduce((total, each) => total + each, 0)
  const isSound = sum === offered && parts.every((each) => Number.isInteger(each) && each >= 0)
  return isSound ? [] : [`${what}: ${offered} offered, ${parts.join(' + ')} = ${sum} accounted for`]
}

function latency(what: string, summary: LatencySummary, count: number): string[] {
  const { p50, p90, p95, p99, p999, max, mean } = summary
  const rising = [0, p50, p90, p95, p99, p999, max]
  // Percentiles are middles of buckets that are 0.8 % wide.
  const rises = rising.every((each, at) => at === 0 || each >= rising[at - 1]! * 0.992)
  return [
    ...differences(`${what}: requests timed`, count, summary.count),
    ...(rises ? [] : [`${what}: percentiles do not rise: ${rising.join(', ')}`]),
    ...inside(`${what}: mean`, mean, max * (1 + 1e-12)),
  ]
}

function inside(what: string, value: number, most: number): string[] {
  return value >= 0 && value <= most + 1e-9 ? [] : [`${what} is ${value}, not within 0 and ${most}`]
}

function limits({ events, stopped, virtualMs }: VariantResult, budget: number): string[] {
  const isTyped = stopped === undefined || /^(events|memory|stall): .+ at t = \S+ s$/.test(stopped)
  return [
    ...(events <= budget ? [] : [`${events} events, and the budget is ${budget}`]),
    ...(isTyped ? [] : [`stopped without a known reason: ${stopped}`]),
    ...(Number.isFinite(virtualMs) ? [] : [`ended at ${virtualMs} ms`]),
  ]
}
