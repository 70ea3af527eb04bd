/** Single stations: Poisson arrivals, one line, some servers. Whatever is not said otherwise is first in, first out. */
import type { VariantResult } from '../../../engine/run.ts'
import { seedsOf, type Adapter, type Measured, type Plan, type Sample } from '../adapter.ts'
import type { ReferenceCase } from '../case.ts'
import { lawOf, numberOf, perSecond, seconds } from '../law.ts'

/** The name of the station. */
const STATION = 'station'

/** A station with Poisson arrivals, long enough for a sample. */
function stationStudy(
  one: ReferenceCase,
  sample: Sample,
  more: Readonly<Record<string, unknown>> = {},
): Plan['studies'][number] {
  const { params } = one
  const lambda = numberOf(params, 'lambda_per_s')
  const warmup = sample.warmup / lambda
  const duration = warmup + sample.size / sample.seeds / lambda
  const station = {
    concurrency: numberOf(params, 'servers'),
    queue: 'unbounded',
    work: lawOf(params['service']),
    ...more,
  }
  return {
    key: 'run',
    seeds: seedsOf(sample),
    scenario: {
      duration: seconds(duration),
      warmup: seconds(warmup),
      services: { [STATION]: station },
      load: { users: { to: STATION, arrivals: `poisson(${perSecond(lambda)})` } },
      budget: { events: 1e12 },
    },
  }
}

/** The mean of a number over the runs. */
function over(
  results: readonly VariantResult[],
  read: (result: VariantResult) => number,
): Measured {
  const samples = results.map(read)
  return { value: samples.reduce((sum, each) => sum + each, 0) / samples.length, samples }
}

/** What a station shows, in seconds. */
function stationMetrics(results: readonly VariantResult[]): Record<string, Measured> {
  const at = (read: (station: VariantResult['services'][string]) => number): Measured =>
    over(results, (result) => read(result.services[STATION]!))
  return {
    wait_mean: at(({ waitMs }) => waitMs.mean / 1e3),
    wait_var: at(({ waitMs }) => waitMs.variance / 1e6),
    wait_m2: at(({ waitMs }) => waitMs.variance / 1e6 + (waitMs.mean / 1e3) ** 2),
    wait_p90: at(({ waitMs }) => waitMs.p90 / 1e3),
    wait_p95: at(({ waitMs }) => waitMs.p95 / 1e3),
    wait_p99: at(({ waitMs }) => waitMs.p99 / 1e3),
    p_wait: at(({ waitMs }) => 1 - waitMs.zeros),
    sojourn_mean: at(({ responseMs }) => responseMs.mean / 1e3),
    sojourn_var: at(({ responseMs }) => responseMs.variance / 1e6),
    sojourn_p50: at(({ responseMs }) => responseMs.p50 / 1e3),
    sojourn_p90: at(({ responseMs }) => responseMs.p90 / 1e3),
    sojourn_p95: at(({ responseMs }) => responseMs.p95 / 1e3),
    sojourn_p99: at(({ responseMs }) => responseMs.p99 / 1e3),
    sojourn_p999: at(({ responseMs }) => responseMs.p999 / 1e3),
    util: at(({ utilisation }) => utilisation),
    L: at(({ meanInSystem }) => meanInSystem),
    Lq: at(({ meanQueue }) => meanQueue),
  }
}

function station(
  model: string,
  more: (one: ReferenceCase) => Record<string, unknown> = () => ({}),
): Adapter {
  return {
    model,
    depends: () => ['service'],
    plan: (one, sample) => ({
      studies: [stationStudy(one, sample, more(one))],
      measure: ({ run }) => stationMetrics(run!),
    }),
  }
}

export const adapters: readonly Adapter[] = [station('mmc'), station('mg1'), station('mdc')]
