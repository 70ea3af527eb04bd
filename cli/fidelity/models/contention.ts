/** Clients who race for one thing, or share a budget: what their pauses, tokens and throttles come to. */
import type { VariantResult } from '../../../engine/run.ts'
import type { Adapter, Dependence, Plan, Sample, Study } from '../adapter.ts'
import { seedsOf } from '../adapter.ts'
import type { ReferenceCase } from '../case.ts'
import { lawOf, numberOf, perSecond, seconds } from '../law.ts'
import { over, UNLIMITED } from '../station.ts'
import { leafStudy } from './tail.ts'

type Part = Readonly<Record<string, unknown>>

const FREE = { concurrency: UNLIMITED, queue: 'unbounded', work: '0s' }

/** Attempts that nobody needs more than. */
const PATIENT = 1000

/** The strategies of the AWS simulation, as pauses of a retry. */
function pausesOf(strategy: string, params: Part): Part {
  const base = numberOf(params, 'backoff_base_s')
  const cap = seconds(numberOf(params, 'backoff_cap_s'))
  const first = base * 2 ** numberOf(params, 'first_backoff_exponent')
  const growing = { kind: 'exponential', base: seconds(first), multiplier: 2, cap }
  const pauses: Record<string, Part> = {
    None: { kind: 'none' },
    Exponential: { ...growing, jitter: 'none' },
    FullJitter: { ...growing, jitter: 'full' },
    EqualJitter: { ...growing, jitter: 'equal' },
    Decorr: { kind: 'decorrelated', base: seconds(base), cap },
  }
  return pauses[strategy]!
}

/** All clients want to change one row at once: each reads it, writes it, and begins again when another was faster. */
function raceStudy(strategy: string, params: Part, seeds: readonly number[]): Study {
  const clients = numberOf(params, 'clients')
  return {
    key: strategy,
    seeds,
    scenario: {
      duration: '1000s',
      links: {
        default: { latency: '0s' },
        'client -> row': { latency: lawOf(params['hop_delay']) },
      },
      services: {
        client: {
          ...FREE,
          calls: [
            { call: 'row', op: 'read' },
            { call: 'row', op: 'write' },
          ],
        },
        row: FREE,
      },
      load: {
        users: {
          to: 'client',
          arrivals: Array.from({ length: clients }, () => '0s'),
          keys: 'uniform(1)',
        },
      },
      patterns: {
        versions: { use: 'fencing', where: ['row'], mode: 'compare' },
        again: {
          use: 'retry',
          where: ['users -> client'],
          maxAttempts: PATIENT,
          retryOn: ['aborted'],
          backoff: pausesOf(strategy, params),
        },
      },
      budget: { events: 1e12 },
    },
  }
}

function occ({ params }: ReferenceCase, sample: Sample): Plan {
  const strategies = params['strategies'] as readonly string[]
  const seeds = Array.from({ length: sample.size }, (_, at) => sample.firstSeed + at)
  return {
    studies: strategies.map((strategy) => raceStudy(strategy, params, seeds)),
    measure: (results) =>
      Object.fromEntries(
        strategies.flatMap((strategy) => [
          [`time_${strategy}`, over(results[strategy]!, ({ latencyMs }) => latencyMs.max)],
          [
            `calls_${strategy}`,
            over(results[strategy]!, ({ edges }) => edges['users -> client']!.attempts),
          ],
        ]),
      ),
  }
}

/** The pause before retry k is what a call that fails for good takes longer with one retry more. */
function backoffSampler({ params }: ReferenceCase, sample: Sample): Plan {
  const base = seconds(numberOf(params, 'base_s'))
  const cap = seconds(numberOf(params, 'cap_s'))
  const wanted = (params['evaluations'] as readonly Part[]).map((one) => ({
    metric: String(one['metric']),
    jitter: String(one['strategy']),
    k: numberOf(one, 'k'),
  }))
  const study = (jitter: string, retries: number): Study => {
    const backoff = { kind: 'exponential', base, multiplier: 2, cap, jitter }
    const again = { use: 'retry', where: ['root -> leaf'], maxAttempts: 1 + retries, backoff }
    const leaf = { work: '0s', errors: 1 }
    return leafStudy(`${jitter} ${retries}`, sample, leaf, { calls: ['leaf'], patterns: { again } })
  }
  const took = (results: readonly VariantResult[] | undefined): number =>
    results === undefined ? 0 : over(results, ({ failedLatencyMs }) => failedLatencyMs.mean).value
  return {
    studies: wanted.map(({ jitter, k }) => study(jitter, k + 1)),
    measure: (results) =>
      Object.fromEntries(
        wanted.map(({ metric, jitter, k }) => [
          metric,
          took(results[`${jitter} ${k + 1}`]) - took(results[`${jitter} ${k}`]),
        ]),
      ),
  }
}

/** Calls after which the bucket has forgotten that it began full. */
const FORGOTTEN = 2000

/** What the second of two runs of one seed adds to the first, which is its beginning. */
const addedTo =
  (beginnings: readonly VariantResult[], read: (result: VariantResult) => number) =>
  (result: VariantResult): number =>
    read(result) - read(beginnings.find(({ seed }) => seed === result.seed)!)

/** One client whose calls follow each other, each over before the next. */
function grpcThrottle({ params }: ReferenceCase, sample: Sample): Plan {
  const again = {
    use: 'retry',
    where: ['root -> leaf'],
    maxAttempts: numberOf(params, 'max_attempts'),
    backoff: { kind: 'none' },
    budget: {
      kind: 'grpc',
      maxTokens: numberOf(params, 'max_tokens'),
      ratio: numberOf(params, 'token_ratio'),
      cost: 1,
    },
  }
  const leaf = { work: '0s', errors: numberOf(params, 'p_fail') }
  const study = (key: string, size: number): Study =>
    leafStudy(key, { ...sample, size }, leaf, { calls: ['leaf'], patterns: { again } })
  const warm = FORGOTTEN * sample.seeds
  return {
    studies: [study('warm', warm), study('run', warm + sample.size)],
    measure: ({ warm: before, run }) => {
      const added = (read: (result: VariantResult) => number) => addedTo(before!, read)
      const calls = added(({ edges }) => edges['root -> leaf']!.calls)
      const perCall = (read: (result: VariantResult) => number) =>
        over(run!, (result) => added(read)(result) / calls(result))
      const dry = perCall((result) => signal(result, 'dry'))
      return {
        attempts_per_call: perCall(({ edges }) => edges['root -> leaf']!.attempts),
        p_call_failure: perCall(({ requests }) => requests.failed),
        p_tokens_above_threshold_at_call_start: {
          value: 1 - dry.value,
          samples: dry.samples!.map((share) => 1 - share),
        },
      }
    },
  }
}

const signal = (result: VariantResult, name: string): number =>
  Number(
    Object.values(result.signals)
      .map((signals) => signals[name]?.value)
      .find((value) => value !== undefined),
  )

/** Windows before the first call that counts: the throttle has then forgotten how it began. */
const WINDOWS = 3

/** A backend that takes so many calls a second and refuses the rest, and a caller who counts. */
function throttleStudy(
  key: string,
  { params }: ReferenceCase,
  sample: Sample,
  until: number,
): Study {
  const taken = perSecond(numberOf(params, 'backend_capacity_per_s'))
  return {
    key,
    seeds: seedsOf(sample),
    scenario: {
      duration: seconds(until),
      links: { default: { latency: '0s' } },
      services: { backend: FREE },
      load: {
        app: {
          to: 'backend',
          arrivals: `constant(${perSecond(numberOf(params, 'offered_per_s'))})`,
        },
      },
      patterns: {
        throttle: {
          use: 'adaptive-throttle',
          where: ['app -> backend'],
          multiplier: numberOf(params, 'k'),
          window: seconds(numberOf(params, 'window_s')),
        },
        capacity: {
          use: 'rate-limiter',
          where: ['backend'],
          algorithm: 'fixed-window',
          rate: taken,
          window: '1s',
        },
      },
      budget: { events: 1e12 },
    },
  }
}

/** Only what comes after the throttle has forgotten its beginning counts. */
function sreThrottle(one: ReferenceCase, sample: Sample): Plan {
  const warm = WINDOWS * numberOf(one.params, 'window_s')
  const calls = sample.size / sample.seeds
  const counted = Math.ceil(calls / numberOf(one.params, 'offered_per_s'))
  return {
    studies: [
      throttleStudy('warm', one, sample, warm),
      throttleStudy('run', one, sample, warm + counted),
    ],
    measure: ({ warm: before, run }) => {
      const added = (read: (result: VariantResult) => number) => addedTo(before!, read)
      const offered = added(({ requests }) => requests.offered)
      const accepted = added(({ requests }) => requests.ok)
      const local = added((result) => localRefusals(result))
      const sent = (result: VariantResult): number => offered(result) - local(result)
      return {
        local_reject_prob: over(run!, (result) => local(result) / offered(result)),
        sent_to_backend: over(run!, (result) => sent(result) / counted),
        accepted: over(run!, (result) => accepted(result) / counted),
        backend_reject_share: over(run!, (result) => 1 - accepted(result) / sent(result)),
      }
    },
  }
}

/** Calls that the throttle turned away. */
function localRefusals({ signals }: VariantResult): number {
  const [, throttle] = Object.entries(signals).find(([, each]) => 'probability' in each)!
  return Number(throttle['refused']!.value)
}

const adapter = (
  model: string,
  plan: Adapter['plan'],
  depends: readonly Dependence[] = [],
): Adapter => ({ model, depends: () => depends, plan })

export const adapters: readonly Adapter[] = [
  adapter('occ-backoff', occ),
  adapter('backoff-sampler', backoffSampler),
  adapter('grpc-throttle', grpcThrottle),
  adapter('sre-throttle', sreThrottle),
]
