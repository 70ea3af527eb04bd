/** What moves in time: arrivals that swing, an outage and its backlog, a switch, single requests, sizes step by step. */
import type { VariantResult } from '../../../engine/run.ts'
import type { Adapter, Measured, Plan, Sample, Study } from '../adapter.ts'
import { seedsOf } from '../adapter.ts'
import type { ReferenceCase } from '../case.ts'
import { lawOf, listOf, numberOf, perSecond, seconds } from '../law.ts'
import { over, stationStudy, STATION, UNLIMITED } from '../station.ts'

type Part = Readonly<Record<string, unknown>>
type Results = readonly VariantResult[]

const BUDGET = { events: 1e12 }

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0)

/** Periods after which a start from empty is forgotten. */
const FORGOTTEN = 3

/** One run of the case is one period; those of a seed follow each other. */
function swinging({ params }: ReferenceCase, sample: Sample): Plan {
  const period = numberOf(params, 'period_s')
  const [mean, swing] = [numberOf(params, 'mean_lambda_per_s'), numberOf(params, 'amplitude_per_s')]
  const periods = Math.ceil(sample.size / sample.seeds)
  const arrivals = `diurnal(${perSecond(mean)} ${perSecond(swing)} ${seconds(period)})`
  const scenario = {
    duration: seconds((periods + FORGOTTEN) * period),
    services: { [STATION]: { concurrency: UNLIMITED, work: lawOf(params['service']) } },
    load: { users: { to: STATION, arrivals } },
    budget: BUDGET,
  }
  const waves = (results: Results): Wave[] => results.map((result) => waveOf(result, period))
  return {
    studies: [{ key: 'run', scenario, seeds: seedsOf(sample), recording: 'columns' }],
    measure: ({ run }) => {
      const found = waves(run!)
      const over1 = (read: (wave: Wave) => number): Measured => averaged(found.map(read))
      return {
        mean_number: over1((wave) => wave.mean),
        amplitude: over1((wave) => wave.swing),
        phase_lag_s: over1((wave) => wave.lag),
        max_of_mean: over1((wave) => wave.mean + wave.swing),
        min_of_mean: over1((wave) => wave.mean - wave.swing),
      }
    },
  }
}

function averaged(samples: readonly number[]): Measured {
  return { value: sum(samples) / samples.length, samples }
}

/** A number that swings about its mean, behind what drives it. */
interface Wave {
  readonly mean: number
  readonly swing: number
  /** Seconds. */
  readonly lag: number
}

/** The wave of one period that fits the number of open requests best (its first Fourier terms). */
function waveOf({ series, bucketMs }: VariantResult, period: number): Wave {
  const width = bucketMs / 1e3
  const skip = Math.round((FORGOTTEN * period) / width)
  const levels = series['waiting']!.slice(skip)
  const angle = (at: number): number => (2 * Math.PI * (at + 1) * width) / period
  const sines = sum(levels.map((level, at) => level * Math.sin(angle(at))))
  const cosines = sum(levels.map((level, at) => level * Math.cos(angle(at))))
  return {
    mean: sum(levels) / levels.length,
    swing: (2 * Math.hypot(sines, cosines)) / levels.length,
    lag: (Math.atan2(-cosines, sines) * period) / (2 * Math.PI),
  }
}

/** When the consumer of a drain case goes out, and for how long after it is watched, in outages. */
const OUT_AT = 100
const WATCHED = 10

/** A consumer that stands still for a while. */
function drain({ params }: ReferenceCase, sample: Sample): Plan {
  const [rate, capacity] = [numberOf(params, 'arrival_per_s'), numberOf(params, 'capacity_per_s')]
  const outage = numberOf(params, 'outage_s')
  const consumer = { concurrency: 1, queue: 'unbounded', work: seconds(1 / capacity) }
  const scenario = {
    duration: seconds(OUT_AT + WATCHED * outage),
    services: { consumer },
    load: { producer: { to: 'consumer', arrivals: `constant(${perSecond(rate)})` } },
    faults: [{ at: seconds(OUT_AT), for: seconds(outage), pause: 'consumer' }],
    budget: BUDGET,
  }
  const backlog = ({ series }: VariantResult): readonly number[] => series['waiting']!
  // Between two messages there is none or one: more is backlog.
  const drained = (result: VariantResult): number =>
    ((backlog(result).findLastIndex((open) => open > 1) + 1) * result.bucketMs) / 1e3
  return {
    studies: [{ key: 'run', scenario, seeds: seedsOf(sample), recording: 'columns' }],
    measure: ({ run }) => ({
      backlog_peak: over(run!, (result) => Math.max(...backlog(result))),
      drain_time_s: over(run!, (result) => drained(result) - OUT_AT - outage),
      max_age_s: over(run!, ({ latencyMs }) => latencyMs.max / 1e3),
    }),
  }
}

/** Mean latencies from the empty system until a switch, and after it until all have left. */
const BEFORE = 60
const AFTER = 40

/** One scenario is one switch: what is on blue when the requests stop, and when the last of it has gone. */
function blueGreen({ params }: ReferenceCase, sample: Sample): Plan {
  const mean = numberOf(params['latency'] as Part, 'mean_s')
  const at = BEFORE * mean
  const seeds = Array.from({ length: sample.size }, (_, n) => sample.firstSeed + n)
  const study = (key: string, duration: number): Study => ({
    key,
    seeds,
    recording: 'columns',
    scenario: {
      duration: seconds(duration),
      services: { blue: { concurrency: UNLIMITED, work: lawOf(params['latency']) } },
      load: {
        users: {
          to: 'blue',
          arrivals: `poisson(${perSecond(numberOf(params, 'lambda_per_s'))})`,
          until: seconds(at),
        },
      },
    },
  })
  const emptied = ({ series, bucketMs }: VariantResult): number => {
    const last = series['waiting']!.findLastIndex((open) => open > 0)
    // It was empty some time within the bucket behind the last that ended with somebody there.
    return ((last + 1.5) * bucketMs) / 1e3 - at
  }
  return {
    studies: [study('run', at), study('drain', at + AFTER * mean)],
    measure: ({ run, drain: emptying }) => ({
      in_flight_on_blue_at_switch: over(run!, ({ requests }) => requests.unfinished),
      time_until_blue_empty_mean_s: over(emptying!, emptied),
    }),
  }
}

/** Request number n alone counts where those before it come before the end of the warm-up. */
function fixedTimes({ params, metrics }: ReferenceCase): Plan {
  const times = listOf(params, 'arrival_times_s')
  const work = seconds(numberOf(params, 'service_s'))
  const numbers = [...new Set(metrics.map(({ name }) => numberIn(name)))]
  const studies = numbers.map((n): Study => {
    const at = times[n - 1]!
    const service = { concurrency: numberOf(params, 'servers'), queue: 'unbounded', work }
    return {
      key: String(n),
      seeds: [1],
      scenario: {
        duration: seconds(10 * times.length),
        warmup: seconds(at),
        services: { [STATION]: service },
        load: { users: { to: STATION, arrivals: times.map(seconds), requests: n } },
      },
    }
  })
  return {
    studies,
    measure: (results) =>
      Object.fromEntries(
        metrics.map(({ name }) => {
          const [result] = results[String(numberIn(name))]!
          const { waitMs, responseMs } = result!.services[STATION]!
          const done = times[numberIn(name) - 1]! + responseMs.mean / 1e3
          return [name, name.startsWith('wait') ? waitMs.mean / 1e3 : done]
        }),
      ),
  }
}

const numberIn = (name: string): number => Number(name.slice(name.lastIndexOf('_') + 1))

/** Requests of the run of Little's law: any number will do. */
const LITTLE = 100_000

/** The area under the number present, from slots and lines, against the time spent by all who came. */
function little({ params }: ReferenceCase, sample: Sample): Plan {
  const inner = { params: params['scenario'] as Part }
  const servers = numberOf(inner.params, 'servers')
  const size = { ...sample, size: LITTLE, warmup: 0 }
  const span = LITTLE / numberOf(inner.params, 'lambda_per_s')
  const study = stationStudy(inner, size, { load: { until: seconds(span) } })
  const scenario = { ...study.scenario, duration: seconds(2 * span) }
  const gap = ({ services, virtualMs }: VariantResult): number => {
    const { utilisation, meanQueue, responseMs } = services[STATION]!
    return utilisation * servers + meanQueue - (responseMs.count / virtualMs) * responseMs.mean
  }
  return {
    studies: [{ ...study, scenario }],
    measure: ({ run }) => ({ L_minus_lambdaW: over(run!, gap) }),
  }
}

/** Arrivals per second that one instance should have. */
const TARGET = 100
/** The autoscaler decides so often. */
const SYNC = 15
/** The autoscaler is asked for more instances than any case wants. */
const MOST = 1000

/** Its size after so many decisions, for arrivals that change from decision to decision. */
function scaledStudy(key: string, rates: readonly number[], steps: number, scaler: Part): Study {
  const { initial, ...settings } = scaler
  const loads = rates.map((rate, at) => {
    const isLast = at === rates.length - 1
    const window = { from: seconds(at * SYNC), ...(!isLast && { until: seconds((at + 1) * SYNC) }) }
    return [`load${at}`, { to: STATION, arrivals: `constant(${perSecond(rate)})`, ...window }]
  })
  const autoscaler = {
    use: 'autoscaler',
    where: [STATION],
    metric: 'arrivals',
    targetPerInstance: TARGET,
    max: MOST,
    startup: '0s',
    scrapeInterval: '1s',
    ...settings,
  }
  return {
    key,
    seeds: [1],
    scenario: {
      duration: seconds(steps * SYNC + 1),
      services: { [STATION]: { instances: initial, concurrency: UNLIMITED, work: '0s' } },
      load: Object.fromEntries(loads),
      patterns: { autoscaler },
    },
  }
}

const sizeOf = (results: Results): Measured =>
  over(results, ({ signals }) => Number(signals[`autoscaler@${STATION}`]!['desired']!.value))

const FREELY = { share: 100, instances: MOST, stabilisation: '0s' }

/** One decision each: the metric of the case is the arrivals of an instance, in units of its target. */
function desired({ params }: ReferenceCase): Plan {
  const evaluations = params['evaluations'] as readonly Part[]
  const name = (one: Part): string => String(one['metric'])
  const studies = evaluations.map((one) => {
    const initial = numberOf(one, 'current_replicas')
    const load = (numberOf(one, 'metric_value') / numberOf(one, 'target_value')) * TARGET
    const tolerance = numberOf(params, 'tolerance')
    const rules = { initial, tolerance, scaleUp: FREELY, scaleDown: FREELY }
    return scaledStudy(name(one), [initial * load], 1, rules)
  })
  return {
    studies,
    measure: (results) =>
      Object.fromEntries(evaluations.map((one) => [name(one), sizeOf(results[name(one)]!)])),
  }
}

/** One scenario for every reported size, which ends with the decision before it. */
function scaling({ params, metrics }: ReferenceCase): Plan {
  const policies = params['policies'] as readonly Part[]
  const of = (type: string): number => {
    const policy = policies.find((each) => each['type'] === type)
    return policy ? numberOf(policy, 'value') : 0
  }
  const rules = { share: of('percent') / 100, instances: of('pods'), period: seconds(SYNC) }
  // The window of the case is closed at its far end, ours is open.
  const window = numberOf(params, 'stabilization_window_s')
  const stabilisation = window > 0 ? seconds(window + 1e-9) : '0s'
  const isUp = params['direction'] === 'up'
  const scaler = {
    initial: numberOf(params, 'initial_replicas'),
    tolerance: 0,
    scaleUp: isUp ? { ...rules, stabilisation } : FREELY,
    scaleDown: isUp ? FREELY : { ...rules, stabilisation },
  }
  const rates = listOf(params, 'recommendations').map((each) => each * TARGET)
  // Growth is reported with the size at the start, shrinking with the first decision.
  const decisions = (index: number): number => index + (isUp ? 0 : 1)
  return {
    studies: metrics.map(({ name }, at) => scaledStudy(name, rates, decisions(at), scaler)),
    measure: (results) =>
      Object.fromEntries(metrics.map(({ name }) => [name, sizeOf(results[name]!)])),
  }
}

const adapter = (
  model: string,
  plan: Adapter['plan'],
  depends: ReturnType<Adapter['depends']> = [],
): Adapter => ({ model, depends: () => depends, plan })

export const adapters: readonly Adapter[] = [
  adapter('mt-infinite', swinging, ['service']),
  adapter('drain', drain),
  adapter('blue-green', blueGreen, ['service']),
  adapter('dd-trace', fixedTimes, ['service']),
  adapter('little', little),
  adapter('hpa-desired', desired),
  adapter('hpa-scale', scaling),
]
