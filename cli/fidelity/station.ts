/** The station that most queueing cases are of, as a scenario, and what its results show. Times are in seconds. */
import type { VariantResult } from '../../engine/run.ts'
import { seedsOf, type Dependence, type Measured, type Sample, type Study } from './adapter.ts'
import type { ReferenceCase, ReferenceMetric } from './case.ts'
import { lawOf, numberOf, perSecond, seconds } from './law.ts'

/** The name of the station. */
export const STATION = 'station'

/** Seconds that one run may count: a scenario ends within a hundred days. What takes longer is spread over seeds. */
const LONGEST = 80 * 86_400

/** More servers than are ever busy. */
export const UNLIMITED = 100_000

type Part = Readonly<Record<string, unknown>>

/** What differs from the plain station. */
export interface Difference {
  /** Keys of the service. */
  readonly service?: Part
  /** Keys of the load. */
  readonly load?: Part
  /** Keys of the scenario. */
  readonly scenario?: Part
  /** Requests per second, where the case does not say `lambda_per_s`. */
  readonly rate?: number
}

/** Poisson arrivals at one line with some servers, long enough for a sample. */
export function stationStudy(
  { params }: Pick<ReferenceCase, 'params'>,
  sample: Sample,
  { service, load, scenario, rate = numberOf(params, 'lambda_per_s') }: Difference = {},
): Study {
  const warmup = sample.warmup / rate
  const counted = sample.size / rate
  const seeds = Math.max(sample.seeds, Math.ceil(counted / LONGEST))
  const duration = warmup + counted / seeds
  return {
    key: 'run',
    seeds: seedsOf({ ...sample, seeds }),
    scenario: {
      duration: seconds(duration),
      warmup: seconds(warmup),
      services: { [STATION]: { ...plain(params), ...service } },
      load: { users: { to: STATION, arrivals: `poisson(${perSecond(rate)})`, ...load } },
      budget: { events: 1e12 },
      ...scenario,
    },
  }
}

function plain(params: Part): Part {
  const servers = params['servers']
  return {
    concurrency: typeof servers === 'number' ? servers : UNLIMITED,
    queue: 'unbounded',
    work: lawOf(params['service']),
  }
}

/** What a line must not do wrong: who goes first moves the spread of times and their percentiles, but not their mean. */
export function spoiledBy({ metrics }: Pick<ReferenceCase, 'metrics'>): Dependence[] {
  const isTelling = ({ gate, name }: ReferenceMetric): boolean =>
    gate && /^(wait|sojourn|partitioned)_(var|p\d)/.test(name)
  return metrics.some(isTelling) ? ['service', 'order'] : ['service']
}

/** The mean of a number over runs. */
export function over(
  results: readonly VariantResult[],
  read: (result: VariantResult) => number,
): Measured {
  const samples = results.map(read)
  return { value: samples.reduce((sum, each) => sum + each, 0) / samples.length, samples }
}

/** What a service shows, under the names that the cases use. */
export function serviceMetrics(
  results: readonly VariantResult[],
  name = STATION,
): Record<string, Measured> {
  const at = (read: (service: VariantResult['services'][string]) => number): Measured =>
    over(results, (result) => read(result.services[name]!))
  return {
    wait_mean: at(({ waitMs }) => waitMs.mean / 1e3),
    wait_var: at(({ waitMs }) => waitMs.variance / 1e6),
    wait_m2: at(({ waitMs }) => waitMs.variance / 1e6 + (waitMs.mean / 1e3) ** 2),
    wait_p90: at(({ waitMs }) => waitMs.p90 / 1e3),
    wait_p95: at(({ waitMs }) => waitMs.p95 / 1e3),
    wait_p99: at(({ waitMs }) => waitMs.p99 / 1e3),
    p_wait: at(({ waitMs }) => 1 - waitMs.zeros),
    util: at(({ utilisation }) => utilisation),
    L: at(({ meanInSystem }) => meanInSystem),
    Lq: at(({ meanQueue }) => meanQueue),
    p_loss: at(({ overload, arrivals }) => overload / arrivals),
    ...tailsOf(results, name),
    ...latencyMetrics('sojourn', results, (result) => result.services[name]!.responseMs),
  }
}

/** Numbers of jobs whose tail the cases ask for. */
const TAILS = 20

/** Share of the servers with at least so many jobs, where there are several. */
function tailsOf(results: readonly VariantResult[], name: string): Record<string, Measured> {
  if (results[0]?.services[name]?.occupancy === undefined) return {}
  const tails = Array.from({ length: TAILS }, (_, at) => {
    const tail = over(results, ({ services }) => services[name]!.occupancy![at] ?? 0)
    return [`tail_s${at + 1}`, tail] as const
  })
  return Object.fromEntries(tails)
}

/** Names of metrics that are a time, and of those that are the square of one. */
const TIME = /^(wait|sojourn)_/
const SQUARE = /_(var|m2)$/

/** Metrics in the unit of time of a case; they come in seconds. */
export function inUnit(
  { metric_time_unit: unit }: ReferenceCase,
  metrics: Readonly<Record<string, Measured>>,
): Record<string, Measured> {
  if (unit !== 'ms') return { ...metrics }
  const scaled = Object.entries(metrics).map(([name, { value, ...rest }]) => {
    const scale = TIME.test(name) ? (SQUARE.test(name) ? 1e6 : 1e3) : 1
    const samples = rest.samples?.map((each) => each * scale)
    return [name, { ...rest, value: value * scale, ...(samples && { samples }) }] as const
  })
  return Object.fromEntries(scaled)
}

/** Mean, variance and percentiles under a prefix. */
export function latencyMetrics(
  prefix: string,
  results: readonly VariantResult[],
  read: (result: VariantResult) => VariantResult['latencyMs'],
): Record<string, Measured> {
  const at = (key: 'mean' | 'p50' | 'p90' | 'p95' | 'p99' | 'p999'): Measured =>
    over(results, (result) => read(result)[key] / 1e3)
  return {
    [`${prefix}_mean`]: at('mean'),
    [`${prefix}_var`]: over(results, (result) => read(result).variance / 1e6),
    [`${prefix}_p50`]: at('p50'),
    [`${prefix}_p90`]: at('p90'),
    [`${prefix}_p95`]: at('p95'),
    [`${prefix}_p99`]: at('p99'),
    [`${prefix}_p999`]: at('p999'),
  }
}

/** Requests that were served per second of a run, after warm-up. */
export function throughput(results: readonly VariantResult[], warmupSeconds: number): Measured {
  return over(results, ({ requests, virtualMs }) => {
    return (requests.ok + requests.degraded) / (virtualMs / 1e3 - warmupSeconds)
  })
}
