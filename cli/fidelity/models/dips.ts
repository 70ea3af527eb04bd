/** A database that is slow for a while, and callers who send again. */
import type { VariantResult } from '../../../engine/run.ts'
import type { Adapter, Plan, Results, Study } from '../adapter.ts'
import type { ReferenceCase } from '../case.ts'
import { numberOf, perSecond, seconds } from '../law.ts'
import { over, UNLIMITED } from '../station.ts'

type Part = Readonly<Record<string, unknown>>

const EDGE = 'client -> database'
/** The setting that the capacity is found by: it has to be just beyond what the system recovers from. */
const CALIBRATED = 'b_recovers'
/** How much less the capacity may be than the least with which that setting recovers. */
const RESOLUTION = 0.01

/** Requests in even gaps; the replicas have so much capacity together (per second), and less of it for a while. */
function dipStudy(key: string, params: Part, capacity: number): Study {
  const replicas = numberOf(params, 'replicas')
  const attempts = 1 + numberOf(params, 'retries')
  const timeout = numberOf(params, 'timeout_s')
  return {
    key,
    seeds: [1],
    scenario: {
      duration: seconds(sendingOf(params) + (attempts + 1) * timeout),
      links: { default: { latency: '0s' } },
      services: {
        client: { concurrency: UNLIMITED, queue: 'unbounded', work: '0s', calls: ['database'] },
        database: {
          instances: replicas,
          concurrency: 1,
          queue: 'unbounded',
          work: seconds(replicas / capacity),
        },
      },
      load: {
        users: {
          to: 'client',
          arrivals: `constant(${perSecond(1 / numberOf(params, 'interarrival_s'))})`,
          requests: numberOf(params, 'requests'),
        },
      },
      patterns: {
        again: { use: 'retry', where: [EDGE], maxAttempts: attempts, backoff: { kind: 'none' } },
        patience: { use: 'timeout', where: { [EDGE]: seconds(timeout) } },
      },
      faults: [
        {
          at: seconds(numberOf(params, 'trigger_start_s')),
          for: seconds(numberOf(params, 'dip_s')),
          slow: 'database',
          by: numberOf(params, 'normal_cpus') / numberOf(params, 'dip_cpus'),
        },
      ],
      budget: { events: 1e12, memory: '4GB' },
    },
  }
}

/** Seconds until the last request is sent. */
const sendingOf = (params: Part): number =>
  numberOf(params, 'requests') * numberOf(params, 'interarrival_s')

/** Whether nobody waits in vain any more while requests are still sent. */
const recovers =
  (params: Part) =>
  ({ edges }: VariantResult): number =>
    Number(edges[EDGE]!.lastTimeoutMs < 1e3 * sendingOf(params))

/** First the capacity is found, by halving; then the other settings are run with it. */
function retryDip({ params }: ReferenceCase): Plan {
  const settings = new Map(
    (params['evaluations'] as readonly Part[]).map((one) => [
      String(one['metric']),
      { ...params, ...one },
    ]),
  )
  const found = settings.get(CALIBRATED)!
  const PREFIX = 'capacity '
  const rate = 1 / numberOf(found, 'interarrival_s')
  const attempt = (capacity: number): Study => dipStudy(`${PREFIX}${capacity}`, found, capacity)
  const stretch = (results: Results): { low: number; high: number } => {
    // With less than comes in nothing recovers; with room for every attempt everything does.
    let [low, high] = [rate, rate * (1 + numberOf(params, 'retries'))]
    for (const [key, [result]] of Object.entries(results)) {
      if (!key.startsWith(PREFIX)) continue
      const capacity = Number(key.slice(PREFIX.length))
      if (recovers(found)(result!) === 1) high = Math.min(high, capacity)
      else low = Math.max(low, capacity)
    }
    return { low, high }
  }
  const others = [...settings].filter(([name]) => name !== CALIBRATED)
  const next = (results: Results): Study[] => {
    const { low, high } = stretch(results)
    if (high / low > 1 + RESOLUTION) return [attempt(Math.sqrt(low * high))]
    if (others.some(([name]) => results[name])) return []
    return others.map(([name, setting]) => dipStudy(name, setting, low))
  }
  return {
    studies: next({}),
    next,
    measure: (results) => ({
      [CALIBRATED]: over(results[`${PREFIX}${stretch(results).low}`]!, recovers(found)),
      ...Object.fromEntries(
        others.map(([name, setting]) => [name, over(results[name]!, recovers(setting))]),
      ),
    }),
  }
}

/** With a try less another capacity is found, with which the same comes out. */
export const adapters: readonly Adapter[] = [
  { model: 'osdi-retry-dip', depends: () => [], plan: retryDip },
]
