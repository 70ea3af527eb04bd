/** Stations one after the other, side by side, or in a circle of users. */
import type { Adapter, Plan, Sample, Study } from '../adapter.ts'
import type { ReferenceCase } from '../case.ts'
import { lawOf, numberOf, perSecond, seconds } from '../law.ts'
import {
  latencyMetrics,
  over,
  serviceMetrics,
  spoiledBy,
  stationStudy,
  STATION,
  throughput,
  UNLIMITED,
} from '../station.ts'

type Part = Readonly<Record<string, unknown>>

/** A service that does nothing but call others. */
const conductor = (calls: readonly unknown[]): Part => ({
  concurrency: UNLIMITED,
  queue: 'unbounded',
  work: '0s',
  calls,
})

/** Nothing takes time on the way. */
const NO_WIRE: Part = { links: { default: { latency: '0s' } } }

function stationOf(servers: number, law: unknown): Part {
  return { concurrency: servers, queue: 'unbounded', work: lawOf(law) }
}

/** The stations of a case, by the names s0, s1 … */
function stationsOf(list: unknown): Record<string, Part> {
  const stations = list as readonly Part[]
  return Object.fromEntries(
    stations.map((one, at) => [`s${at}`, stationOf(numberOf(one, 'servers'), one['service'])]),
  )
}

/** Requests that go through a plan of calls. */
function networkStudy(
  sample: Sample,
  rate: number,
  services: Readonly<Record<string, Part>>,
  calls: readonly unknown[],
): Study {
  const study = stationStudy(
    { params: { servers: 1, service: { dist: 'deterministic', mean_s: 1 } } },
    sample,
    { rate },
  )
  const all = { ...services, [STATION]: conductor(calls) }
  return { ...study, scenario: { ...study.scenario, ...NO_WIRE, services: all } }
}

function tandem({ params }: ReferenceCase, sample: Sample): Plan {
  const stations = stationsOf(params['stations'])
  const study = networkStudy(
    sample,
    numberOf(params, 'lambda_per_s'),
    stations,
    Object.keys(stations),
  )
  return {
    studies: [study],
    measure: ({ run }) => latencyMetrics('sojourn', run!, ({ latencyMs }) => latencyMs),
  }
}

function forkJoin({ params }: ReferenceCase, sample: Sample): Plan {
  const branches = Array.from({ length: numberOf(params, 'branches') }, () => ({
    servers: numberOf(params, 'servers_per_branch'),
    service: params['service'],
  }))
  const stations = stationsOf(branches)
  const calls = [{ parallel: Object.keys(stations) }]
  return {
    studies: [networkStudy(sample, numberOf(params, 'lambda_per_s'), stations, calls)],
    measure: ({ run }) => ({
      ...latencyMetrics('sojourn', run!, ({ latencyMs }) => latencyMs),
      branch_mean: serviceMetrics(run!, 's0')['sojourn_mean']!,
    }),
  }
}

/** Most rounds a request makes: what is left out is rarer than one in 10^7. */
function roundsOf(share: number): number {
  return share <= 0 ? 1 : Math.ceil(Math.log(1e-7) / Math.log(share))
}

/** Free routing, unrolled: calls cannot go in a circle, so every round has conductors of its own. */
function jackson({ params }: ReferenceCase, sample: Sample): Plan {
  const nodes = params['nodes'] as readonly Part[]
  const routing = params['routing'] as readonly (readonly number[])[]
  const stations = stationsOf(nodes)
  const steps =
    roundsOf(Math.max(...routing.map((row) => row.reduce((sum, each) => sum + each, 0)))) +
    nodes.length
  const conductors = routing.flatMap((row, node) =>
    Array.from(
      { length: steps },
      (_, step) => [`r${node}-${step}`, conductor(callsFrom(row, node, step, steps))] as const,
    ),
  )
  const rate = nodes.reduce((sum, node) => sum + numberOf(node, 'external_lambda_per_s'), 0)
  const study = networkStudy(sample, rate, { ...stations, ...Object.fromEntries(conductors) }, [
    'r0-0',
  ])
  return {
    studies: [study],
    measure: ({ run }) => ({
      ...latencyMetrics('sojourn', run!, ({ latencyMs }) => latencyMs),
      visits_mean: over(
        run!,
        ({ services, latencyMs }) => visitsOf(services, nodes.length) / latencyMs.count,
      ),
      ...Object.fromEntries(
        nodes.map((_, at) => [`L_${at}`, serviceMetrics(run!, `s${at}`)['L']!]),
      ),
    }),
  }
}

function visitsOf(
  services: Readonly<Record<string, { readonly responseMs: { readonly count: number } }>>,
  nodes: number,
): number {
  return Array.from({ length: nodes }, (_, at) => services[`s${at}`]!.responseMs.count).reduce(
    (sum, each) => sum + each,
    0,
  )
}

function callsFrom(row: readonly number[], node: number, step: number, steps: number): unknown[] {
  const leaves = 1 - row.reduce((sum, each) => sum + each, 0)
  const ways = row.flatMap((share, to) =>
    share > 0 ? [[`${share * 100}%`, `r${to}-${step + 1}`] as const] : [],
  )
  if (step + 1 >= steps || ways.length === 0) return [`s${node}`]
  return [`s${node}`, Object.fromEntries([...ways, [`${leaves * 100}%`, []]])]
}

/** Users who wait, think, and ask again. */
function closedStudy(
  one: ReferenceCase,
  sample: Sample,
  expectedRate: number,
  services: Part,
  extra: Part = {},
): Study {
  const study = stationStudy(
    { params: { servers: 1, service: { dist: 'deterministic', mean_s: 1 } } },
    sample,
    { rate: expectedRate },
  )
  const users = {
    to: STATION,
    users: numberOf(one.params, 'clients'),
    think: lawOf(one.params['think']),
  }
  return {
    ...study,
    scenario: { ...study.scenario, ...NO_WIRE, services, load: { users }, ...extra },
  }
}

/** The rate of a closed loop decides how long the run must be, no more: the expected one will do. */
function expectedRate({ metrics }: ReferenceCase): number {
  return metrics.find(({ name }) => name === 'throughput')?.expected ?? 1
}

function closed(one: ReferenceCase, sample: Sample): Plan {
  const rate = expectedRate(one)
  const services = { [STATION]: stationOf(numberOf(one.params, 'servers'), one.params['service']) }
  return {
    studies: [closedStudy(one, sample, rate, services)],
    measure: ({ run }) => ({
      ...serviceMetrics(run!),
      throughput: throughput(run!, sample.warmup / rate),
    }),
  }
}

function closedNetwork(one: ReferenceCase, sample: Sample): Plan {
  const rate = expectedRate(one)
  const stations = stationsOf(one.params['stations'])
  const names = Object.keys(stations)
  return {
    studies: [closedStudy(one, sample, rate, { ...stations, [STATION]: conductor(names) })],
    measure: ({ run }) => ({
      throughput: throughput(run!, sample.warmup / rate),
      response_mean: over(run!, ({ latencyMs }) => latencyMs.mean / 1e3),
      ...Object.fromEntries(
        names.flatMap((name, at) => {
          const { util, L } = serviceMetrics(run!, name)
          return [[`util_${at + 1}`, util!] as const, [`queue_${at + 1}`, L!] as const]
        }),
      ),
    }),
  }
}

/** Two rates that take turns; the mean rate decides how long the run is. */
function modulated(one: ReferenceCase, sample: Sample): Plan {
  const [quiet, busy] = one.params['states'] as readonly Part[]
  const [low, high] = [numberOf(quiet!, 'lambda_per_s'), numberOf(busy!, 'lambda_per_s')]
  const [stay, burst] = [
    1 / numberOf(quiet!, 'leave_rate_per_s'),
    1 / numberOf(busy!, 'leave_rate_per_s'),
  ]
  const rate = (low * stay + high * burst) / (stay + burst)
  const arrivals = `bursty(${perSecond(low)} ${perSecond(high)} ${seconds(stay)} ${seconds(burst)})`
  return {
    studies: [stationStudy(one, sample, { rate, load: { arrivals } })],
    measure: ({ run }) => serviceMetrics(run!),
  }
}

/** A batch is one request of the users that calls the station so many times at once. */
function batch(one: ReferenceCase, sample: Sample): Plan {
  const size = one.params['batch_size'] as Part
  const mean = numberOf(size, 'mean')
  const station = { s0: stationOf(numberOf(one.params, 'servers'), one.params['service']) }
  const batches = { ...sample, size: sample.size / mean, warmup: sample.warmup / mean }
  const rate = numberOf(one.params, 'batch_lambda_per_s')
  const isFixed = size['dist'] === 'fixed'
  const calls = isFixed ? [{ parallel: Array.from({ length: mean }, () => 's0') }] : ['more0']
  const services = isFixed ? station : { ...station, ...geometric(1 - 1 / mean) }
  return {
    studies: [networkStudy(batches, rate, services, calls)],
    measure: ({ run }) => serviceMetrics(run!, 's0'),
  }
}

/** A number of calls at once that is geometric from 1, unrolled: each conductor calls once, and goes on by chance. */
function geometric(goesOn: number): Record<string, Part> {
  const steps = roundsOf(goesOn)
  const links = Array.from({ length: steps }, (_, step) => {
    const both = [{ parallel: ['s0', `more${step + 1}`] }]
    const choice = { [`${goesOn * 100}%`]: both, [`${(1 - goesOn) * 100}%`]: ['s0'] }
    return [`more${step}`, conductor(step + 1 < steps ? [choice] : ['s0'])] as const
  })
  return Object.fromEntries(links)
}

/** A station without a queue that is asked again after a pause: the orbit is who has come and is not being served. */
function retrial(one: ReferenceCase, sample: Sample): Plan {
  const { params } = one
  const pause = params['retry_backoff'] as Part
  const again = {
    use: 'retry',
    where: [`${STATION} -> s0`],
    maxAttempts: 1000,
    backoff: {
      kind: 'constant',
      base: seconds(numberOf(pause, 'mean_s')),
      cap: seconds(1e3 * numberOf(pause, 'mean_s')),
      jitter: 'exponential',
    },
  }
  const server = { ...stationOf(numberOf(params, 'servers'), params['service']), queue: 0 }
  const study = networkStudy(sample, numberOf(params, 'lambda_per_s'), { s0: server }, ['s0'])
  return {
    studies: [{ ...study, scenario: { ...study.scenario, patterns: { again } } }],
    measure: ({ run }) => ({
      orbit_mean: over(
        run!,
        ({ services }) => services[STATION]!.meanInSystem - services['s0']!.meanInSystem,
      ),
      time_in_orbit_mean: over(
        run!,
        ({ services }) =>
          (services[STATION]!.responseMs.mean - services['s0']!.responseMs.mean) / 1e3,
      ),
      retries_per_customer: over(run!, ({ edges }) => {
        const { attempts, calls } = edges[`${STATION} -> s0`]!
        return attempts / calls - 1
      }),
    }),
  }
}

const adapter = (model: string, plan: Adapter['plan']): Adapter => ({
  model,
  depends: spoiledBy,
  plan,
})

export const adapters: readonly Adapter[] = [
  adapter('tandem', tandem),
  adapter('forkjoin', forkJoin),
  adapter('jackson', jackson),
  adapter('closed', closed),
  adapter('closed-network', closedNetwork),
  adapter('mmpp', modulated),
  adapter('batch', batch),
  adapter('retrial', retrial),
]
