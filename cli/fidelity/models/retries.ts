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
    default:
      return { notCovered: `no retry budget counts failures as '${String(policy['kind'])}' does` }
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

/** Every client is a service of its own, so that it has a budget of its own. */
function brooker({ params }: ReferenceCase, sample: Sample): Plan | Excuse {
  const policy = policyOf(params['policy'] as Part)
  if (policy && 'notCovered' in policy) return policy as Excuse
  const clients = Array.from({ length: numberOf(params, 'clients') }, (_, at) => `client${at}`)
  const free = { concurrency: UNLIMITED, queue: 'unbounded', work: '0s' }
  const server = { ...free, errors: numberOf(params, 'p_fail') }
  const until = seconds(numberOf(params, 'duration_s'))
  const arrivals = `poisson(${perSecond(numberOf(params, 'lambda_per_client_per_s'))})`
  const scenario = {
    duration: seconds(numberOf(params, 'duration_s') + 600),
    links: { default: { latency: lawOf(params['one_way_delay']) } },
    services: {
      ...Object.fromEntries(clients.map((name) => [name, { ...free, calls: ['server'] }])),
      server,
    },
    load: Object.fromEntries(
      clients.map((name) => [`users-${name}`, { to: name, arrivals, until }]),
    ),
    patterns: policy
      ? { again: { ...policy, where: clients.map((name) => `${name} -> server`) } }
      : {},
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
    depends: ({ params }) =>
      (params['policy'] as Part)['kind'] === 'fixed' && numberOf(params, 'p_fail') > 0
        ? ['retry']
        : [],
    plan: brooker,
  },
  adapter('false-timeout', falseTimeout, ['service']),
]
