/** Messages, workflows and last resorts; traces of limiters and breakers; and what cannot be run. */
import type { VariantResult } from '../../../engine/run.ts'
import type { Adapter, Dependence, Excuse, Plan, Sample, Study } from '../adapter.ts'
import { seedsOf } from '../adapter.ts'
import type { ReferenceCase } from '../case.ts'
import { lawOf, listOf, numberOf, perSecond, seconds } from '../law.ts'
import { over, UNLIMITED } from '../station.ts'

type Part = Readonly<Record<string, unknown>>

const FREE = { concurrency: UNLIMITED, queue: 'unbounded', work: '0s' }
const NO_TIME = { default: { latency: '0s' } }
/** Requests per second, where only their number matters. */
const RATE = 100

/** Requests that come by chance; what is under way at the end has time to be done. */
function plainStudy(key: string, sample: Sample, to: string, more: Part): Study {
  const sending = sample.size / sample.seeds / RATE
  return {
    key,
    seeds: seedsOf(sample),
    scenario: {
      duration: seconds(sending + 10_000),
      links: NO_TIME,
      load: { users: { to, arrivals: `poisson(${perSecond(RATE)})`, until: seconds(sending) } },
      budget: { events: 1e12 },
      ...more,
    },
  }
}

const signal = (result: VariantResult, name: string): number =>
  Number(
    Object.values(result.signals)
      .map((signals) => signals[name]?.value)
      .find((value) => value !== undefined),
  )

const perMessage =
  (name: string) =>
  (result: VariantResult): number =>
    signal(result, name) / signal(result, 'sent')

function queued(key: string, sample: Sample, worker: Part, queue: Part): Study {
  return plainStudy(key, sample, 'broker', {
    services: { broker: FREE, worker: { ...FREE, ...worker } },
    patterns: {
      queue: { use: 'message-queue', where: ['broker'], consumer: 'worker', ...queue },
    },
  })
}

/** Who would need a second delivery is the message that is given up after the first. */
function visibility({ params }: ReferenceCase, sample: Sample): Plan {
  const worker = { work: lawOf(params['processing']) }
  const study = (key: string, maxReceiveCount: number): Study =>
    queued(key, sample, worker, {
      consumers: UNLIMITED,
      visibilityTimeout: seconds(numberOf(params, 'visibility_timeout_s')),
      lateSuccess: params['ack_deletes'] === 'any-receiver' ? 'acknowledges' : 'ignored',
      maxReceiveCount,
    })
  return {
    studies: [study('run', 0), study('once', 1), study('twice', 2)],
    measure: ({ run, once, twice }) => ({
      deliveries_mean: over(run!, perMessage('delivered')),
      p_duplicate: over(once!, perMessage('deadLettered')),
      p_three_or_more: over(twice!, perMessage('deadLettered')),
    }),
  }
}

function deadLetters({ params }: ReferenceCase, sample: Sample): Plan {
  const study = queued(
    'run',
    sample,
    { errors: numberOf(params, 'p_fail') },
    {
      consumers: UNLIMITED,
      onFailure: 'requeue',
      maxReceiveCount: numberOf(params, 'max_receive'),
    },
  )
  return {
    studies: [study],
    measure: ({ run }) => ({
      p_dlq: over(run!, perMessage('deadLettered')),
      deliveries_mean: over(run!, perMessage('delivered')),
    }),
  }
}

function fallback({ params }: ReferenceCase, sample: Sample): Plan {
  const study = plainStudy('run', sample, 'primary', {
    services: {
      primary: { ...FREE, errors: numberOf(params, 'p_primary_fail') },
      backup: { ...FREE, errors: 1 - numberOf(params, 'p_fallback_success') },
    },
    patterns: {
      less: {
        use: 'fallback',
        where: ['users -> primary'],
        source: 'service',
        service: 'backup',
        maxConcurrentFallbacks: UNLIMITED,
      },
    },
  })
  const served = ({ requests }: VariantResult): number => requests.ok + requests.degraded
  return {
    studies: [study],
    measure: ({ run }) => ({
      success: over(run!, (result) => served(result) / result.requests.offered),
      degraded_share_of_success: over(run!, (result) => result.requests.degraded / served(result)),
    }),
  }
}

/** Without a way back only the way forward is called: how many steps that takes is seen there. */
function saga({ params }: ReferenceCase, sample: Sample): Plan {
  const study = (key: string, undo: Part): Study =>
    plainStudy(key, sample, 'saga', {
      services: {
        saga: FREE,
        step: { ...FREE, errors: 1 - numberOf(params, 'p_step_success') },
      },
      patterns: {
        workflow: {
          use: 'saga-orchestrator',
          where: ['saga'],
          steps: Array.from({ length: numberOf(params, 'steps') }, () => ({
            service: 'step',
            act: 'act',
            ...undo,
          })),
        },
        again: {
          use: 'retry',
          where: ['saga -> step'],
          maxAttempts: 1 + numberOf(params, 'retries_per_step'),
          backoff: { kind: 'none' },
        },
      },
    })
  const perSaga = (read: (result: VariantResult) => number) => (result: VariantResult) =>
    read(result) / result.requests.offered
  const steps = ({ edges }: VariantResult) => edges['saga -> step']!
  return {
    studies: [study('run', { undo: 'undo' }), study('forward', {})],
    measure: ({ run, forward }) => ({
      p_commit: over(
        run!,
        perSaga(({ requests }) => requests.ok),
      ),
      compensations_per_saga: over(
        run!,
        perSaga((result) => signal(result, 'compensations')),
      ),
      steps_executed_mean: over(
        forward!,
        perSaga((result) => steps(result).calls),
      ),
      attempts_mean: over(
        forward!,
        perSaga((result) => steps(result).attempts),
      ),
    }),
  }
}

/** Each arrival is a load of its own, so that it can be seen what became of it. */
function limiterTrace({ params }: ReferenceCase): Plan {
  const times = listOf(params, 'arrival_times_s')
  const isBucket = params['algorithm'] === 'token-bucket'
  const limit = isBucket
    ? {
        algorithm: 'token-bucket',
        rate: perSecond(numberOf(params, 'refill_per_s')),
        burst: numberOf(params, 'burst'),
      }
    : {
        algorithm: 'sliding-log',
        rate: perSecond(numberOf(params, 'limit') / numberOf(params, 'window_s')),
        window: seconds(numberOf(params, 'window_s')),
      }
  const scenario = {
    duration: seconds(Math.max(...times) + 1),
    links: NO_TIME,
    services: { callee: FREE },
    load: Object.fromEntries(
      times.map((time, at) => [`caller${at}`, { to: 'callee', arrivals: [seconds(time)] }]),
    ),
    patterns: { limit: { use: 'rate-limiter', where: ['callee'], ...limit } },
  }
  return {
    studies: [{ key: 'run', seeds: [1], scenario }],
    measure: ({ run }) =>
      Object.fromEntries(
        times.map((_, at) => [`accept_${at}`, run![0]!.edges[`caller${at} -> callee`]!.ok]),
      ),
  }
}

/** The callee fails around the calls that are to fail; while the circuit is open time goes on, and no attempt is made. */
function breakerTrace({ params }: ReferenceCase): Plan {
  const interval = numberOf(params, 'call_interval_s')
  const first = numberOf(params, 'first_call_s')
  const calls = numberOf(params, 'calls')
  const times = Array.from({ length: calls }, (_, at) => first + at * interval)
  const outcomes = params['attempt_outcomes'] as readonly string[]
  const study = (key: string, duration: number): Study => ({
    key,
    seeds: [1],
    scenario: {
      duration: seconds(duration),
      links: NO_TIME,
      services: { callee: FREE },
      load: { caller: { to: 'callee', arrivals: times.map(seconds) } },
      patterns: {
        guard: {
          use: 'circuit-breaker',
          where: ['caller -> callee'],
          slidingWindow: { type: 'count', size: numberOf(params, 'window_calls') },
          minimumNumberOfCalls: numberOf(params, 'min_calls'),
          failureRateThreshold: numberOf(params, 'failure_rate_threshold'),
          waitDurationInOpenState: seconds(numberOf(params, 'open_s')),
          permittedNumberOfCallsInHalfOpenState: numberOf(params, 'half_open_calls'),
        },
      },
      // Attempts of the trace are let through one after the other until the circuit opens.
      faults: outcomes.flatMap((outcome, at) =>
        outcome === 'F' ? [failing(times[at]!, interval)] : [],
      ),
    },
  })
  const circuit = (results: readonly VariantResult[]) =>
    Object.values(results[0]!.signals)[0]!['circuit']!.seconds
  // Half an interval before the circuit can close again all the time it was closed lies before it opened.
  const early = first + (outcomes.length - 1) * interval + numberOf(params, 'open_s') - interval / 2
  return {
    studies: [study('early', early), study('run', first + calls * interval)],
    measure: ({ early: before, run }) => {
      const opened = circuit(before!)['closed']!
      const halfOpen = opened + circuit(run!)['open']!
      return {
        opened_at: opened,
        half_open_at: halfOpen,
        closed_at: halfOpen + circuit(run!)['half-open']!,
        rejected_calls: run![0]!.requests.failedFast,
      }
    },
  }
}

function failing(time: number, interval: number): Part {
  const from = Math.max(0, time - interval / 2)
  return {
    at: seconds(from),
    for: seconds(time + interval / 2 - from),
    errors: 'callee',
    by: '100%',
  }
}

/** Every client is turned away at first, and comes back after a pause of any length within the window. */
function reconnect({ params }: ReferenceCase, sample: Sample): Plan {
  const window = numberOf(params, 'jitter_window_s')
  const study = (key: string, duration: number): Study => ({
    key,
    seeds: seedsOf(sample),
    scenario: {
      duration: seconds(duration),
      links: NO_TIME,
      services: {
        server: { concurrency: 1, queue: 'unbounded', work: lawOf(params['service']) },
      },
      load: {
        clients: {
          to: 'server',
          arrivals: Array.from({ length: numberOf(params, 'clients') }, () => '1us'),
        },
      },
      patterns: {
        again: {
          use: 'retry',
          where: ['clients -> server'],
          maxAttempts: 1000,
          backoff: {
            kind: 'constant',
            base: seconds(window),
            cap: seconds(window),
            jitter: 'full',
          },
        },
      },
      faults: [{ at: '0s', for: '2us', crash: 'server' }],
      budget: { events: 1e12 },
    },
  })
  return {
    studies: [study('run', 100 * window), study('peak', window)],
    measure: ({ run, peak }) => ({
      peak_queue: over(peak!, ({ requests }) => requests.unfinished),
      time_to_drain_s: over(run!, ({ latencyMs }) => latencyMs.max / 1e3),
      max_wait_s: over(run!, ({ services }) => services['server']!.waitMs.max / 1e3),
    }),
  }
}

function published({ params }: ReferenceCase): Excuse {
  if (String(params['study']).startsWith('raft')) return { toCome: 'raft' }
  return { notCovered: 'a measurement of a real system, whose work times were not published' }
}

const uncovered = (model: string, notCovered: string): Adapter =>
  adapter(model, () => ({ notCovered }))

const adapter = (
  model: string,
  plan: Adapter['plan'],
  depends: Adapter['depends'] = () => [],
): Adapter => ({ model, depends, plan })

/** With one try less than one there is nothing to lose. */
const needsRetry = ({ params }: ReferenceCase): readonly Dependence[] =>
  numberOf(params, 'retries_per_step') > 0 ? ['retry'] : []

export const adapters: readonly Adapter[] = [
  adapter('visibility', visibility),
  adapter('dlq', deadLetters),
  adapter('fallback', fallback),
  adapter('saga', saga, needsRetry),
  adapter('limiter-trace', limiterTrace),
  adapter('breaker-trace', breakerTrace),
  adapter('reconnect', reconnect),
  adapter('published', published),
  uncovered(
    'collapse-sim',
    'no work takes longer for what else its server works on when it begins',
  ),
  uncovered('lww', 'a last-writer-wins register does not know which of its writes were concurrent'),
  uncovered('lock-lease', 'results do not count the pauses of an instance, of which it is a share'),
]
