/** Rate limiters and circuit breakers before a callee that always has room. */
import type { VariantResult } from '../../../engine/run.ts'
import type { Adapter, Plan, Sample, Study } from '../adapter.ts'
import { seedsOf } from '../adapter.ts'
import type { ReferenceCase } from '../case.ts'
import { numberOf, perSecond, seconds } from '../law.ts'
import { over, UNLIMITED } from '../station.ts'

type Part = Readonly<Record<string, unknown>>

/** Calls that come by chance, through one pattern, to a callee that fails so often. */
function guardedStudy({ params }: ReferenceCase, sample: Sample, guard: Part, errors = 0): Study {
  const rate = numberOf(params, 'lambda_per_s')
  const warmup = sample.warmup / rate
  const callee = { concurrency: UNLIMITED, queue: 'unbounded', work: '0s', errors }
  return {
    key: 'run',
    seeds: seedsOf(sample),
    scenario: {
      duration: seconds(warmup + sample.size / sample.seeds / rate),
      warmup: seconds(warmup),
      services: { callee },
      load: { caller: { to: 'callee', arrivals: `poisson(${perSecond(rate)})` } },
      patterns: { guard: { where: ['caller -> callee'], ...guard } },
      budget: { events: 1e12 },
    },
  }
}

const share = (results: readonly VariantResult[], read: (result: VariantResult) => number) =>
  over(results, (result) => read(result) / result.requests.offered)

function limited(limiter: (params: Part) => Part): Adapter['plan'] {
  return (one, sample): Plan => ({
    studies: [guardedStudy(one, sample, { use: 'rate-limiter', ...limiter(one.params) })],
    measure: ({ run }) => ({ p_reject: share(run!, ({ requests }) => requests.failedFast) }),
  })
}

const bucket = (params: Part): Part => ({
  algorithm: 'token-bucket',
  rate: perSecond(numberOf(params, 'refill_per_s')),
  burst: numberOf(params, 'burst'),
})

/** So many calls a window: the rate of the file is a second's. */
const windowed =
  (algorithm: string) =>
  (params: Part): Part => {
    const window = numberOf(params, 'window_s')
    const counts = params['counts'] === 'all' ? 'all' : 'admitted'
    return {
      algorithm,
      rate: perSecond(numberOf(params, 'limit') / window),
      window: seconds(window),
      ...(algorithm !== 'fixed-window' && { counts }),
    }
  }

/** Only errors open it, after so many calls, at once. */
function breakerOf(params: Part): Part {
  const consecutive = params['failure_threshold']
  const size = typeof consecutive === 'number' ? consecutive : numberOf(params, 'window_calls')
  const least = typeof consecutive === 'number' ? consecutive : numberOf(params, 'min_calls')
  return {
    use: 'circuit-breaker',
    slidingWindow: { type: 'count', size },
    minimumNumberOfCalls: least,
    failureRateThreshold:
      typeof consecutive === 'number' ? '100%' : numberOf(params, 'failure_rate_threshold'),
    waitDurationInOpenState: seconds(numberOf(params, 'open_s')),
    permittedNumberOfCallsInHalfOpenState: numberOf(params, 'half_open_calls'),
  }
}

function breaker(one: ReferenceCase, sample: Sample): Plan {
  const study = guardedStudy(one, sample, breakerOf(one.params), numberOf(one.params, 'p_fail'))
  return {
    studies: [study],
    measure: ({ run }) => ({
      frac_rejected: share(run!, ({ requests }) => requests.failedFast),
      frac_failed: share(run!, ({ requests }) => requests.failed),
      frac_success: share(run!, ({ requests }) => requests.ok),
      opens_per_1e6_calls: share(run!, (result) => 1e6 * opened(result)),
      time_frac_open_incl_lazy_wait: over(
        run!,
        (result) => circuit(result).seconds['open']! / (result.virtualMs / 1e3),
      ),
      E_calls_closed: over(run!, callsWhileClosed),
    }),
  }
}

const signalsOf = ({ signals }: VariantResult) => Object.values(signals)[0]!
const circuit = (result: VariantResult) => signalsOf(result)['circuit']!
const opened = (result: VariantResult): number => Number(signalsOf(result)['opened']!.value)

/** Calls let through while it was closed, for each time it closed: without the probes, which come in fixed number. */
function callsWhileClosed(result: VariantResult): number {
  const { ok, failed } = result.requests
  const halfOpen = circuit(result).entered['half-open'] ?? 0
  const closed = circuit(result).entered['closed'] ?? 0
  return (ok + failed - halfOpen * PROBES) / Math.max(1, closed)
}

/** Probes of a half-open circuit in the cases that ask for calls while closed. */
const PROBES = 5

const adapter = (model: string, plan: Adapter['plan']): Adapter => ({
  model,
  depends: () => [],
  plan,
})

export const adapters: readonly Adapter[] = [
  adapter('token-bucket', limited(bucket)),
  adapter('fixed-window', limited(windowed('fixed-window'))),
  adapter('sliding-log', limited(windowed('sliding-log'))),
  adapter('sliding-counter', limited(windowed('sliding-counter'))),
  adapter('breaker-consecutive', breaker),
  adapter('breaker-window', breaker),
]
