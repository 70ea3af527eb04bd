/** Many calls at once, the slowest of them, second copies, and chains: no line anywhere. */
import type { VariantResult } from '../../../engine/run.ts'
import type { Adapter, Measured, Plan, Sample, Study } from '../adapter.ts'
import { seedsOf } from '../adapter.ts'
import type { ReferenceCase } from '../case.ts'
import { lawOf, numberOf, seconds } from '../law.ts'
import { over, UNLIMITED } from '../station.ts'

type Part = Readonly<Record<string, unknown>>
type Results = readonly VariantResult[]

/** Requests come one a second, or as fast as the times of the case allow: nobody waits, so it is all one. */
const RATE = 1

/** Calls that an unlimited leaf answers after a time of the law. */
export function leafStudy(
  key: string,
  sample: Sample,
  leaf: Part,
  { calls, patterns = {}, load = {} }: { calls: readonly unknown[]; patterns?: Part; load?: Part },
): Study {
  const duration = sample.size / sample.seeds / RATE
  const free = { concurrency: UNLIMITED, queue: 'unbounded' }
  return {
    key,
    seeds: seedsOf(sample),
    scenario: {
      // What is under way at the end would be the slowest: it has time to come in.
      duration: seconds(duration + 10_000),
      links: { default: { latency: '0s' } },
      services: { root: { ...free, work: '0s', calls }, leaf: { ...free, ...leaf } },
      load: {
        users: { to: 'root', arrivals: `constant(${RATE}/s)`, until: seconds(duration), ...load },
      },
      patterns,
      budget: { events: 1e12 },
    },
  }
}

/** Time-valued numbers in the unit of the case. */
function latencies(one: ReferenceCase, results: Results): Record<string, Measured> {
  const unit = one.metric_time_unit === 'ms' ? 1 : 1e-3
  const at = (key: 'mean' | 'p50' | 'p90' | 'p95' | 'p99' | 'p999'): Measured =>
    over(results, ({ latencyMs }) => latencyMs[key] * unit)
  const spread = over(results, ({ latencyMs }) => latencyMs.variance * unit * unit)
  return {
    mean: at('mean'),
    var: spread,
    p50: at('p50'),
    p90: at('p90'),
    p95: at('p95'),
    p99: at('p99'),
    p999: at('p999'),
  }
}

const share = (results: Results, read: (result: VariantResult) => number): Measured =>
  over(results, (result) => read(result) / result.requests.offered)

const copies = (many: number): string[] => Array.from({ length: many }, () => 'leaf')

/** A timeout at the threshold tells the slow ones: they are the requests that fail. */
function fanOutMax(one: ReferenceCase, sample: Sample): Plan {
  const { params } = one
  const leaf = { work: lawOf(params['leaf']) }
  const calls = [{ parallel: copies(numberOf(params, 'fanout')) }]
  const threshold = params['slow_threshold_s']
  const slow =
    typeof threshold === 'number'
      ? [leafStudy('slow', sample, leaf, { calls, load: { timeout: seconds(threshold) } })]
      : []
  return {
    studies: [leafStudy('run', sample, leaf, { calls }), ...slow],
    measure: ({ run, slow: late }) => ({
      ...latencies(one, run!),
      ...(late && { p_slow: share(late, ({ requests }) => requests.failed) }),
    }),
  }
}

/** Each leaf takes 1 s with the given probability, else nothing. */
function fanOutSlow({ params }: ReferenceCase, sample: Sample): Plan {
  const slow = numberOf(params, 'p_slow')
  const leaf = { work: `mixture(${1 - slow} 0s ${slow} 1s)` }
  const calls = [{ parallel: copies(numberOf(params, 'fanout')) }]
  return {
    studies: [leafStudy('run', sample, leaf, { calls, load: { timeout: '500ms' } })],
    measure: ({ run }) => ({ p_slow_request: share(run!, ({ requests }) => requests.failed) }),
  }
}

function kOfN(one: ReferenceCase, sample: Sample): Plan {
  const { params } = one
  const calls = [{ parallel: copies(numberOf(params, 'n')), need: numberOf(params, 'k') }]
  return {
    studies: [leafStudy('run', sample, { work: lawOf(params['reply']) }, { calls })],
    measure: ({ run }) => latencies(one, run!),
  }
}

function hedge(one: ReferenceCase, sample: Sample): Plan {
  const { params } = one
  const leaf = { work: lawOf(params['leaf']), instances: 2 }
  const fanOut = numberOf(params, 'fanout')
  const calls = [{ parallel: copies(fanOut) }]
  const hedging = {
    use: 'hedged-request',
    where: ['root -> leaf'],
    delay: { kind: 'fixed', after: seconds(numberOf(params, 'hedge_delay_s')) },
    maxAttempts: 1 + numberOf(params, 'max_hedges'),
    maxExtraLoad: '100%',
    cancelLoser: params['cancel_loser'] === true,
  }
  const needsPlain = one.metrics.some(({ name }) => name.endsWith('_nohedge'))
  return {
    studies: [
      leafStudy('run', sample, leaf, { calls, patterns: { hedging } }),
      ...(needsPlain ? [leafStudy('plain', sample, leaf, { calls })] : []),
    ],
    measure: ({ run, plain }) => ({
      ...latencies(one, run!),
      extra_load: over(run!, ({ edges }) => extra(edges['root -> leaf']!)),
      ...(plain && { p999_nohedge: latencies(one, plain)['p999']! }),
    }),
  }
}

const extra = ({
  calls,
  attempts,
}: {
  readonly calls: number
  readonly attempts: number
}): number => attempts / calls - 1

function serialChain(one: ReferenceCase, sample: Sample): Plan {
  const calls = copies(numberOf(one.params, 'calls'))
  return {
    studies: [leafStudy('run', sample, { work: lawOf(one.params['leaf']) }, { calls })],
    measure: ({ run }) => latencies(one, run!),
  }
}

/** What the law of a service comes to when it is drawn. */
function sampler(one: ReferenceCase, sample: Sample): Plan {
  return {
    studies: [leafStudy('run', sample, { work: lawOf(one.params['law']) }, { calls: ['leaf'] })],
    measure: ({ run }) => latencies(one, run!),
  }
}

/** The first of several timeouts is the first of as many answers. */
function minTimeout(one: ReferenceCase, sample: Sample): Plan {
  const { params } = one
  const leaf = { work: lawOf(params['timeout']) }
  const calls = [{ parallel: copies(numberOf(params, 'servers')), need: 1 }]
  const early = seconds(numberOf(params, 'early_threshold_s'))
  return {
    studies: [
      leafStudy('run', sample, leaf, { calls }),
      leafStudy('early', sample, leaf, { calls, load: { timeout: early } }),
    ],
    measure: ({ run, early: soon }) => ({
      ...latencies(one, run!),
      p_first_quarter: share(soon!, ({ requests }) => requests.ok),
    }),
  }
}

const adapter = (model: string, plan: Adapter['plan']): Adapter => ({
  model,
  depends: () => ['service'],
  plan,
})

export const adapters: readonly Adapter[] = [
  adapter('fanout-max', fanOutMax),
  adapter('fanout-slow', fanOutSlow),
  adapter('k-of-n', kOfN),
  adapter('hedge', hedge),
  adapter('serial-chain', serialChain),
  adapter('sampler', sampler),
  adapter('min-timeout', minTimeout),
]
