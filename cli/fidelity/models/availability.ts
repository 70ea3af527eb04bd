/** Parts that fail by chance: in a row, by majority, with a way out; and guards that keep tenants apart. */
import type { VariantResult } from '../../../engine/run.ts'
import type { Adapter, Measured, Plan, Sample, Study } from '../adapter.ts'
import { seedsOf } from '../adapter.ts'
import type { ReferenceCase } from '../case.ts'
import { lawOf, listOf, numberOf, perSecond, seconds } from '../law.ts'
import { over, spoiledBy, stationStudy, STATION, UNLIMITED } from '../station.ts'
import { leafStudy } from './tail.ts'

type Part = Readonly<Record<string, unknown>>
type Results = readonly VariantResult[]

const FREE = { concurrency: UNLIMITED, queue: 'unbounded', work: '0s' }

/** Requests to a root that calls services which fail so often. */
function failing(sample: Sample, errors: readonly number[], calls: readonly unknown[]): Study {
  const study = leafStudy('run', sample, {}, { calls: [] })
  const nodes = errors.map((share, at) => [`s${at}`, { ...FREE, errors: share }] as const)
  const services = { root: { ...FREE, calls }, ...Object.fromEntries(nodes) }
  return { ...study, scenario: { ...study.scenario, services } }
}

const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `s${at}`)

const served = (results: Results): Measured =>
  over(results, ({ requests }) => (requests.ok + requests.degraded) / requests.offered)

/** Every stage must succeed. */
function serial({ params }: ReferenceCase, sample: Sample): Plan {
  const errors = listOf(params, 'stage_success').map((success) => 1 - success)
  return {
    studies: [failing(sample, errors, names(errors.length))],
    measure: ({ run }) => ({ success: served(run!) }),
  }
}

/** Every request asks all nodes at once, and needs so many of them. */
function majority({ params }: ReferenceCase, sample: Sample): Plan {
  const [n, need] = [numberOf(params, 'n'), numberOf(params, 'need')]
  const errors = Array.from({ length: n }, () => 1 - numberOf(params, 'node_availability'))
  return {
    studies: [failing(sample, errors, [{ parallel: names(n), need }])],
    measure: ({ run }) => ({ availability: served(run!) }),
  }
}

/** Mean times between failures that a run of nodes with repair lasts, and requests in one. */
const LIVES = 1000
const LOOKS = 200

/** Nodes that crash and come back; requests at any time see whether enough of them are up. */
function repaired({ params }: ReferenceCase, sample: Sample): Plan {
  const [n, mtbf] = [numberOf(params, 'n'), numberOf(params, 'mtbf_s')]
  const calls = [{ parallel: names(n), need: numberOf(params, 'need') }]
  const nodes = names(n).map((name) => [name, FREE] as const)
  const times = { mtbf: seconds(mtbf), mttr: seconds(numberOf(params, 'mttr_s')) }
  const scenario = {
    duration: seconds(LIVES * mtbf),
    warmup: seconds(mtbf),
    services: { root: { ...FREE, calls }, ...Object.fromEntries(nodes) },
    links: { default: { latency: '0s' } },
    load: { users: { to: 'root', arrivals: `poisson(${perSecond(LOOKS / mtbf)})` } },
    faults: names(n).map((crash) => ({ crash, ...times })),
    budget: { events: 1e12 },
  }
  return {
    studies: [{ key: 'run', scenario, seeds: seedsOf(sample) }],
    measure: ({ run }) => ({ steady_availability: served(run!) }),
    without: {
      mean_time_to_first_quorum_loss:
        'results say how often requests failed, not when the first moment without a quorum was',
    },
  }
}

function fallback({ params }: ReferenceCase, sample: Sample): Plan {
  const errors = [numberOf(params, 'p_primary_fail'), 1 - numberOf(params, 'p_fallback_success')]
  const study = failing(sample, errors, ['s0'])
  const instead = { use: 'fallback', where: ['root -> s0'], source: 'service', service: 's1' }
  const degraded = ({ requests }: VariantResult): number =>
    requests.degraded / (requests.ok + requests.degraded)
  return {
    studies: [{ ...study, scenario: { ...study.scenario, patterns: { instead } } }],
    measure: ({ run }) => ({
      success: served(run!),
      degraded_share_of_success: over(run!, degraded),
    }),
  }
}

/** A packet that does not get through is sent again after a second, so that one that does takes no time. */
function loss({ params }: ReferenceCase, sample: Sample): Plan {
  const study = failing(sample, [0], ['s0'])
  const again = {
    use: 'retry',
    where: ['root -> s0'],
    maxAttempts: 1000,
    backoff: { kind: 'constant', base: '1s' },
  }
  const faults = [{ at: '0s', abort: 'root -> s0', by: numberOf(params, 'p_loss') }]
  const transmissions = ({ edges }: VariantResult): number =>
    edges['root -> s0']!.attempts / edges['root -> s0']!.calls
  return {
    studies: [{ ...study, scenario: { ...study.scenario, faults, patterns: { again } } }],
    measure: ({ run }) => ({
      transmissions_mean: over(run!, transmissions),
      p_first_try: over(run!, ({ latencyMs }) => latencyMs.zeros),
    }),
  }
}

/** Requests where all of them are alike. */
const FEW = 10

/** A proxy pass is time on the wire: half of the passes of a call on its way out, half on its way back. */
function sidecar({ params }: ReferenceCase, sample: Sample): Plan {
  const calls = numberOf(params, 'calls')
  const oneWay = (numberOf(params, 'proxy_pass_s') * numberOf(params, 'passes_per_call')) / 2
  const chain = names(calls).map((name, at) => {
    const next = at + 1 < calls ? [`s${at + 1}`] : []
    return [name, { ...FREE, calls: next }] as const
  })
  const services = { root: { ...FREE, calls: ['s0'] }, ...Object.fromEntries(chain) }
  const study = (key: string, latency: string): Study => {
    const plain = leafStudy(key, { ...sample, size: FEW }, {}, { calls: [] })
    return { ...plain, scenario: { ...plain.scenario, services, links: { default: { latency } } } }
  }
  const mean = (results: Results): number => over(results, ({ latencyMs }) => latencyMs.mean).value
  return {
    studies: [study('run', seconds(oneWay)), study('bare', '0s')],
    measure: ({ run, bare }) => ({ added_latency_s: (mean(run!) - mean(bare!)) / 1e3 }),
  }
}

/** One scenario is one canary; beside it a long one, whose errors say how many requests there are to an error. */
function canary({ params }: ReferenceCase, sample: Sample): Plan {
  const errors = numberOf(params, 'p_error')
  const requests = numberOf(params, 'requests')
  const short = { ...sample, size: requests, seeds: 1 }
  const one = failing(short, [errors], ['s0'])
  const seeds = Array.from({ length: sample.size }, (_, at) => sample.firstSeed + at)
  const long = failing({ ...sample, size: sample.size / errors }, [errors], ['s0'])
  const isFound = (result: VariantResult): number => Number(result.requests.failed > 0)
  const toError = ({ requests: counts }: VariantResult): number => counts.offered / counts.failed
  return {
    studies: [
      { ...one, seeds },
      { ...long, key: 'long' },
    ],
    measure: ({ run, long: all }) => ({
      p_detect: over(run!, isFound),
      mean_requests_to_detect: over(all!, toError),
    }),
  }
}

/** Tenants that call through permits of their own, or share as many slots; nobody waits. */
function bulkhead({ params }: ReferenceCase, sample: Sample): Plan {
  const tenants = params['tenants'] as readonly Part[]
  const rate = tenants.reduce((sum, tenant) => sum + numberOf(tenant, 'lambda_per_s'), 0)
  const loads = tenants.map((tenant) => {
    const arrivals = `poisson(${perSecond(numberOf(tenant, 'lambda_per_s'))})`
    return [String(tenant['name']), { to: STATION, arrivals }] as const
  })
  const study = (key: string, service: Part, patterns: Part): Study => {
    const plain = stationStudy({ params }, sample, { rate, service })
    const load = Object.fromEntries(loads)
    return { ...plain, key, scenario: { ...plain.scenario, load, patterns } }
  }
  const guards = tenants.map((tenant) => {
    const own = { use: 'bulkhead', where: [`${String(tenant['name'])} -> ${STATION}`] }
    const permits = { maxConcurrentCalls: numberOf(tenant, 'pool_servers') }
    return [`guard-${String(tenant['name'])}`, { ...own, ...permits }] as const
  })
  const rejected = (results: Results, name: string): Measured =>
    over(results, ({ classes }) => {
      const { offered, failed, failedFast } = classes![`load ${name}`]!
      return (failed + failedFast) / offered
    })
  const shared = { concurrency: numberOf(params, 'shared_servers'), queue: 0 }
  return {
    studies: [
      study('run', { work: lawOf(params['service']) }, Object.fromEntries(guards)),
      study('shared', shared, {}),
    ],
    measure: ({ run, shared: together }) =>
      Object.fromEntries(
        loads.flatMap(([name]) => [
          [`${name}_rejected_with_bulkhead`, rejected(run!, name)],
          [`${name}_rejected_shared_pool`, rejected(together!, name)],
        ]),
      ),
  }
}

/** Two regions that answer for each other: before one fails, and with one failed from the start. */
function failover({ params }: ReferenceCase, sample: Sample): Plan {
  const regions = Array.from({ length: numberOf(params, 'regions') }, (_, at) => `region${at}`)
  const rate = numberOf(params, 'lambda_per_region_per_s')
  const services = regions.map((region) => {
    const servers = numberOf(params, 'servers_per_region')
    const work = lawOf(params['service'])
    return [region, { concurrency: servers, queue: 'unbounded', work, region }] as const
  })
  const loads = regions.map((region) => {
    return [`users-${region}`, { to: region, arrivals: `poisson(${perSecond(rate)})` }] as const
  })
  const study = (key: string, extra: Part): Study => {
    const settled = { ...sample, warmup: sample.warmup + SETTLING }
    const plain = stationStudy({ params }, settled, { rate: rate * regions.length })
    const parts = { services: Object.fromEntries(services), load: Object.fromEntries(loads) }
    const scenario = { ...plain.scenario, ...parts, links: { default: { latency: '0s' } } }
    return { ...plain, key, scenario: { ...scenario, ...extra } }
  }
  const [lost, left] = [regions[0]!, regions[1]!]
  const over10 = { maxConcurrentFallbacks: 1_000_000 }
  const instead = {
    use: 'fallback',
    where: [`users-${lost} -> ${lost}`],
    source: 'service',
    service: left,
    ...over10,
  }
  const faults = [{ at: '0s', region: lost }]
  return {
    studies: [study('run', {}), study('after', { patterns: { instead }, faults })],
    measure: ({ run, after }) => ({
      sojourn_mean_before: over(run!, ({ latencyMs }) => latencyMs.mean / 1e3),
      sojourn_mean_after: over(after!, ({ latencyMs }) => latencyMs.mean / 1e3),
      p_wait_after: over(after!, ({ services: all }) => 1 - all[left]!.waitMs.zeros),
      sojourn_p99_after: over(after!, ({ latencyMs }) => latencyMs.p99 / 1e3),
    }),
  }
}

/** Requests until the regions are as they stay: some thousand times as many as are there. */
const SETTLING = 20_000

const adapter = (
  model: string,
  plan: Adapter['plan'],
  depends: ReturnType<Adapter['depends']> = [],
): Adapter => ({ model, depends: () => depends, plan })

/** A model that no result of a scenario can show. */
function excused(model: string, notCovered: string): Adapter {
  return { model, depends: () => [], plan: () => ({ notCovered }) }
}

export const adapters: readonly Adapter[] = [
  adapter('serial', serial),
  adapter('majority', majority),
  adapter('mttf', repaired),
  adapter('fallback', fallback),
  adapter('loss', loss),
  adapter('sidecar', sidecar),
  adapter('canary', canary),
  adapter('bulkhead', bulkhead, ['service']),
  { model: 'failover', depends: spoiledBy, plan: failover },
  excused(
    'seedrandom',
    'no draw of a run comes from it: chance is keyed, and drawn by Threefry-2x32',
  ),
  excused(
    'deadline-chain',
    'results tell neither what is left of a deadline at a hop nor how long cancelled work took',
  ),
]
