/** How long it takes until a dead node is known to be dead. A circuit that opens and stays open is the mark. */
import type { VariantResult } from '../../../engine/run.ts'
import type { Adapter, Excuse, Measured, Plan, Sample } from '../adapter.ts'
import type { ReferenceCase } from '../case.ts'
import { numberOf, perSecond, seconds } from '../law.ts'
import { over, UNLIMITED } from '../station.ts'

const FREE = { concurrency: UNLIMITED, queue: 'unbounded', work: '0s' }
const NO_TIME = { default: { latency: '0s' } }
const FOR_EVER = '10d'

/** Most instances of a service. */
const MOST = 1000
/** Periods after which every failure has been found: one in e^20 has not. */
const PERIODS = 20

/** Opens at so many failures in a row. */
function detector(where: readonly string[], failures: number): Record<string, unknown> {
  return {
    use: 'circuit-breaker',
    where,
    slidingWindow: { type: 'count', size: failures },
    minimumNumberOfCalls: failures,
    failureRateThreshold: '100%',
    waitDurationInOpenState: FOR_EVER,
  }
}

/** Seconds from the start of a run until the circuits opened, in the order of their names. */
function openedAt({ signals }: VariantResult): number[] {
  return Object.values(signals).flatMap((each) =>
    each['circuit'] ? [each['circuit'].seconds['closed']!] : [],
  )
}

/** In every period each member probes one of its n − 1 others; one is dead. One scenario is one detection. */
function swim({ params }: ReferenceCase, sample: Sample): Plan | Excuse {
  const others = numberOf(params, 'n') - 1
  if (others > MOST) return { notCovered: `a service has at most ${MOST} instances` }
  const rate = others * numberOf(params, 'probes_per_period')
  const scenario = {
    duration: `${PERIODS}s`,
    links: NO_TIME,
    services: { others: { ...FREE, instances: others } },
    load: { members: { to: 'others', arrivals: `constant(${perSecond(rate)})` } },
    patterns: {
      choice: { use: 'load-balancer', where: ['members -> others'], policy: 'random' },
      detector: detector(['members -> others'], 1),
    },
    faults: [{ at: '0s', crash: 'others#0' }],
    budget: { events: 1e12 },
  }
  const seeds = Array.from({ length: sample.size }, (_, at) => sample.firstSeed + at)
  // A period is a second. The last probe of one falls on its end, which is rounded to nanoseconds.
  const periods = (result: VariantResult): number => Math.ceil(openedAt(result)[0]! - 1e-6)
  return {
    studies: [{ key: 'run', scenario, seeds, keep: onlyCircuits }],
    measure: ({ run }) => ({ periods_mean: over(run!, periods) }),
  }
}

/** Of a thousand instances nothing is read but what the detector says. */
function onlyCircuits(result: VariantResult): VariantResult {
  const circuits = Object.entries(result.signals).filter(([, signals]) => 'circuit' in signals)
  return { ...result, signals: Object.fromEntries(circuits) }
}

/** Nodes of a scenario. They die at moments that are spread evenly over the time between two probes, both ends included. */
const NODES = 51

/** Every node is probed in turn and waited for; it dies without a word. */
function healthCheck({ params }: ReferenceCase): Plan {
  const interval = numberOf(params, 'interval_s')
  const failures = numberOf(params, 'failures_to_down')
  const names = Array.from({ length: NODES }, (_, at) => `node${at}`)
  // From just after a probe, a nanosecond being the grain of time, to the moment of the next.
  const dies = names.map((_, at) => interval + 1e-9 + (at / (NODES - 1)) * (interval - 1e-9))
  const edges = names.map((name) => `prober-${name} -> ${name}`)
  const arrivals = `constant(${perSecond(1 / interval)})`
  const scenario = {
    duration: seconds((failures + 4) * interval),
    links: NO_TIME,
    services: Object.fromEntries(names.map((name) => [name, FREE])),
    load: Object.fromEntries(names.map((name) => [`prober-${name}`, { to: name, arrivals }])),
    patterns: {
      detector: detector(edges, failures),
      patience: {
        use: 'timeout',
        where: edges,
        timeout: seconds(numberOf(params, 'probe_timeout_s')),
      },
    },
    faults: names.map((crash, at) => ({ at: seconds(dies[at]!), crash, how: 'silent' })),
    budget: { events: 1e12 },
  }
  return {
    studies: [{ key: 'run', scenario, seeds: [1] }],
    measure: ({ run }) => detected(openedAt(run![0]!).map((at, node) => at - dies[node]!)),
  }
}

function detected(times: readonly number[]): Record<string, number | Measured> {
  const sum = times.reduce((all, each) => all + each, 0)
  return {
    detect_mean: { value: sum / times.length, size: times.length },
    detect_min: Math.min(...times),
    detect_max: Math.max(...times),
  }
}

const adapter = (model: string, plan: Adapter['plan']): Adapter => ({
  model,
  depends: () => [],
  plan,
})

export const adapters: readonly Adapter[] = [
  adapter('swim', swim),
  adapter('health-check', healthCheck),
]
