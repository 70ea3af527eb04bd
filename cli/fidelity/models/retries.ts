/** Calls that fail by chance or by time, and are made again. */
import type { VariantResult } from '../../../engine/run.ts'
import type { Adapter, Excuse, Plan, Sample } from '../adapter.ts'
import type { ReferenceCase } from '../case.ts'
import { lawOf, numberOf, perSecond, seconds } from '../law.ts'
import { over, serviceMetrics, stationStudy, STATION, UNLIMITED } from '../station.ts'
import { leafStudy } from './tail.ts'

type Part = Readonly<Record<string, unknown>>

const EDGE = 'root -> leaf'

/** Tries again at once. */
const retrying = (maxAttempts: number, more: Part = {}): Part => ({
  use: 'retry',
  where: [EDGE],
  maxAttempts,
  backoff: { kind: 'none' },
  ...more,
})

const attemptsPerCall = ({ edges }: VariantResult): number =>
  edges[EDGE]!.attempts / edges[EDGE]!.calls

const failedShare = ({ requests }: VariantResult): number => requests.failed / requests.offered

function timeoutRetry({ params }: ReferenceCase, sample: Sample): Plan {
  const patterns = {
    again: retrying(1 + numberOf(params, 'retries')),
    patience: { use: 'timeout', where: { [EDGE]: seconds(numberOf(params, 'timeout_s')) } },
  }
  const leaf = { work: lawOf(params['service']) }
  return {
    studies: [leafStudy('run', sample, leaf, { calls: ['leaf'], patterns })],
    measure: ({ run }) => ({
      p_fail: over(run!, failedShare),
      attempts_mean: over(run!, attemptsPerCall),
      latency_mean_given_success: over(run!, ({ latencyMs }) => latencyMs.mean / 1e3),
      elapsed_mean: over(run!, elapsed),
    }),
  }
}

/** Mean time of all requests, served or not. */
function elapsed({ latencyMs, failedLatencyMs }: VariantResult): number {
  const all = latencyMs.count + failedLatencyMs.count
  return (
    (latencyMs.mean * latencyMs.count + failedLatencyMs.mean * failedLatencyMs.count) / all / 1e3
  )
}

function bernoulli({ params }: ReferenceCase, sample: Sample): Plan {
  const leaf = { work: '0s', errors: numberOf(params, 'p_fail') }
  const patterns = { again: retrying(1 + numberOf(params, 'retries')) }
  return {
    studies: [leafStudy('run', sample, leaf, { calls: ['leaf'], patterns })],
    measure: ({ run }) => ({
      p_final_failure: over(run!, failedShare),
      load_amplification: over(run!, attemptsPerCall),
    }),
  }
}

/** A chain of services, each of which tries the next one again. */
function layers({ params }: ReferenceCase, sample: Sample): Plan {
  const [attempts, many] = [numberOf(params, 'attempts_per_layer'), numberOf(params, 'layers')]
  const names = ['root', ...Array.from({ length: many - 1 }, (_, at) => `layer${at + 1}`), 'leaf']
  const free = { concurrency: UNLIMITED, queue: 'unbounded', work: '0s' }
  const services = names.map((name, at) => [
    name,
    {
      ...free,
      ...(at < many ? { calls: [names[at + 1]] } : { errors: numberOf(params, 'p_leaf_fail') }),
    },
  ])
  const study = leafStudy('run', sample, {}, { calls: [] })
  const where = names.slice(1).map((name, at) => `${names[at]!} -> ${name}`)
  const scenario = {
    ...study.scenario,
    services: Object.fromEntries(services),
    patterns: { again: { ...retrying(attempts), where } },
  }
  return {
    studies: [{ ...study, scenario }],
    measure: ({ run }) => ({
      leaf_attempts_per_user_call: over(
        run!,
        ({ services: all, requests }) => all['leaf']!.arrivals / requests.offered,
      ),
      user_failure: over(run!, failedShare),
    }),
  }
}

/** The retry policies of the blog's simulation, as budgets of ours. */
function policyOf(policy: Part): Part | Excuse | undefined {
  switch (policy['kind']) {
    case 'none':
      return undefined
    case 'fixed':
      return retrying(1 + numberOf(policy, 'max_retries'))
    case 'token-bucket':
      return retrying(1000, { budget: bucketOf(policy) })
    case 'failure-ratio-breaker':
      return retrying(1 + numberOf(policy, 'max_retries'), { budget: failuresOf(policy) })
    default:
      return { notCovered: `no retry budget counts as '${String(policy['kind'])}' does` }
  }
}

function bucketOf(policy: Part): Part {
  return {
    kind: 'bucket',
    maxTokens: numberOf(policy, 'bucket_capacity'),
    ratio: numberOf(policy, 'earn_per_call'),
    cost: numberOf(policy, 'retry_cost'),
    deposit: policy['earn_on'] === 'call-start' ? 'start' : 'success',
  }
}

/** From the beginning on: longer than any run. */
function failuresOf(policy: Part): Part {
  return { kind: 'failure-ratio', ratio: numberOf(policy, 'max_failures_per_call'), ttl: '100d' }
}

/**
 * Every client is an instance of a service, so that it has a budget of its own; calls go to them by chance. In the
 * simulation of the blog (retry_sim.py, client.py) every client makes its first call when it starts: they go round.
 */
function brooker({ params }: ReferenceCase, sample: Sample): Plan | Excuse {
  const policy = policyOf(params['policy'] as Part)
  if (policy && 'notCovered' in policy) return policy as Excuse
  const instances = numberOf(params, 'clients')
  const free = { concurrency: UNLIMITED, queue: 'unbounded', work: '0s' }
  const until = seconds(numberOf(params, 'duration_s'))
  const rate = instances * numberOf(params, 'lambda_per_client_per_s')
  const scenario = {
    duration: seconds(numberOf(params, 'duration_s') + 600),
    links: { default: { latency: lawOf(params['one_way_delay']) } },
    services: {
      client: { ...free, instances, calls: ['server'] },
      server: { ...free, errors: numberOf(params, 'p_fail') },
    },
    load: {
      first: { to: 'client', arrivals: Array.from({ length: instances }, () => '0s') },
      users: { to: 'client', arrivals: `poisson(${perSecond(rate)})`, until },
    },
    patterns: {
      turns: { use: 'load-balancer', where: ['first -> client'], policy: 'round-robin' },
      ...(policy && { again: { ...policy, where: ['client -> server'] } }),
    },
  }
  const seeds = Array.from({ length: sample.size }, (_, at) => sample.firstSeed + at)
  return {
    studies: [{ key: 'run', scenario, seeds }],
    measure: ({ run }) => ({
      success_rate: over(run!, ({ requests }) => requests.ok / requests.offered),
      load_factor: over(
        run!,
        ({ services, requests }) => services['server']!.arrivals / requests.offered,
      ),
    }),
  }
}

function falseTimeout(one: ReferenceCase, sample: Sample): Plan {
  const study = stationStudy(one, sample, {
    load: { timeout: seconds(numberOf(one.params, 'client_timeout_s')) },
  })
  return {
    studies: [study],
    measure: ({ run }) => ({
      p_timeout: over(run!, failedShare),
      goodput_fraction: over(run!, ({ requests }) => requests.ok / (requests.ok + requests.failed)),
      server_util: serviceMetrics(run!, STATION)['util']!,
    }),
  }
}

const adapter = (
  model: string,
  plan: Adapter['plan'],
  depends: ReturnType<Adapter['depends']>,
): Adapter => ({
  model,
  depends: () => depends,
  plan,
})

export const adapters: readonly Adapter[] = [
  adapter('timeout-retry', timeoutRetry, ['service', 'retry']),
  adapter('retry-bernoulli', bernoulli, ['retry']),
  adapter('retry-layers', layers, ['retry']),
  {
    model: 'brooker-retry',
    depends: seesLastRetry,
    plan: brooker,
  },
  adapter('false-timeout', falseTimeout, ['service']),
]

/** The last retry is needed by the share of calls that fail before it: a loss of less than the tolerance nobody sees. */
function seesLastRetry({ params, metrics }: ReferenceCase): ReturnType<Adapter['depends']> {
  const policy = params['policy'] as Part
  if (policy['kind'] !== 'fixed') return []
  const needed = numberOf(params, 'p_fail') ** numberOf(policy, 'max_retries')
  const success = metrics.find(({ name }) => name === 'success_rate')
  return needed > (success?.tolerance_abs ?? 0) ? ['retry'] : []
}
