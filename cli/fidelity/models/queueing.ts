/** Single stations. */
import type { VariantResult } from '../../../engine/run.ts'
import type { Adapter, Excuse, Plan, Sample } from '../adapter.ts'
import type { ReferenceCase } from '../case.ts'
import { lawOf, numberOf, seconds } from '../law.ts'
import {
  inUnit,
  over,
  serviceMetrics,
  spoiledBy,
  stationStudy,
  STATION,
  throughput,
  type Difference,
} from '../station.ts'

type Differs = (one: ReferenceCase) => Difference

/** A model that is a station with some difference, read off as it is. */
function station(model: string, differs: Differs = () => ({})): Adapter {
  return {
    model,
    depends: spoiledBy,
    plan: (one, sample) => stationPlan(one, sample, differs(one)),
  }
}

function stationPlan(one: ReferenceCase, sample: Sample, difference: Difference): Plan {
  const study = stationStudy(one, sample, difference)
  return {
    studies: [study],
    measure: ({ run }) => ({
      ...inUnit(one, serviceMetrics(run!)),
      throughput: throughput(run!, warmupSeconds(one, sample, difference)),
    }),
  }
}

function warmupSeconds(one: ReferenceCase, { warmup }: Sample, { rate }: Difference): number {
  return warmup / (rate ?? numberOf(one.params, 'lambda_per_s'))
}

/** `capacity_total` counts those in service. */
function bounded({ params }: ReferenceCase): Difference {
  return { service: { queue: numberOf(params, 'capacity_total') - numberOf(params, 'servers') } }
}

/** Gaps of any law between arrivals. */
function renewal({ params }: ReferenceCase): Difference {
  const gaps = params['interarrival']
  const rate = 1 / numberOf(gaps as Record<string, unknown>, 'mean_s')
  return { rate, load: { arrivals: `gaps(${lawOf(gaps)})` } }
}

function sharing(one: ReferenceCase, sample: Sample): Plan {
  const plan = stationPlan(one, sample, { service: { discipline: 'processor-sharing' } })
  const slowdown = (result: VariantResult): number => stationOf(result).slowdown!
  return {
    ...plan,
    measure: (results) => ({
      ...plan.measure(results),
      slowdown_mean: over(results['run']!, slowdown),
    }),
  }
}

/** What the cases call a discipline, as the file writes it. */
const DISCIPLINES: Readonly<Record<string, string>> = {
  'lifo-non-preemptive': 'lifo',
  'random-order': 'random-order',
  'lcfs-preemptive-resume': 'lifo-preemptive',
  srpt: 'shortest-remaining',
}

function disciplinePlan(one: ReferenceCase, sample: Sample): Plan | Excuse {
  const wanted = String(one.params['discipline'])
  const discipline = DISCIPLINES[wanted]
  if (discipline === undefined) return { notCovered: `no service works in the order '${wanted}'` }
  return stationPlan(one, sample, { service: { discipline } })
}

/** Two classes: the share of the higher one is that of priority 0. */
function priority(one: ReferenceCase, sample: Sample): Plan {
  const high = numberOf(one.params, 'high_fraction')
  const resumes = one.params['preemption'] === 'resume'
  const study = stationStudy(one, sample, {
    service: { discipline: resumes ? 'priority-preemptive' : 'priority' },
    load: { priorities: [high, 1 - high] },
  })
  const wait = (results: readonly VariantResult[], level: number) =>
    over(results, (result) => stationOf(result).waitByPriorityMs![level]!.mean / 1e3)
  const sojourn = (results: readonly VariantResult[], level: number) =>
    over(results, ({ classes }) => classes![`priority ${level}`]!.latencyMs.mean / 1e3)
  return {
    studies: [study],
    measure: ({ run }) => ({
      ...serviceMetrics(run!),
      wait_hi: wait(run!, 0),
      wait_lo: wait(run!, 1),
      sojourn_hi: sojourn(run!, 0),
      sojourn_lo: sojourn(run!, 1),
    }),
  }
}

const stationOf = ({ services }: VariantResult) => services[STATION]!

/** Those who wait leave when their patience is over. */
function impatient(one: ReferenceCase, sample: Sample, patience: string): Plan {
  return {
    studies: [stationStudy(one, sample, { service: { patience } })],
    measure: ({ run }) => ({
      ...serviceMetrics(run!),
      p_abandon: over(run!, (result) => ofAll(result, ({ left }) => left.count)),
      p_wait: over(run!, (result) =>
        ofAll(result, ({ left, served }) => left.count + served.count * (1 - served.zeros)),
      ),
      wait_all_mean: over(run!, (result) =>
        ofAll(
          result,
          ({ left, served }) => (left.count * left.mean + served.count * served.mean) / 1e3,
        ),
      ),
      wait_served_mean: over(run!, (result) => stationOf(result).waitMs.mean / 1e3),
    }),
  }
}

type Latency = VariantResult['latencyMs']

/** Per customer, served or not. */
function ofAll(
  result: VariantResult,
  sum: (of: { readonly left: Latency; readonly served: Latency }) => number,
): number {
  const { abandonedMs: left, waitMs: served } = stationOf(result)
  return sum({ left: left!, served }) / (left!.count + served.count)
}

/** A server that stands still and goes on where it was; what comes meanwhile waits at its door. */
function breakdown(one: ReferenceCase, sample: Sample): Plan | Excuse {
  const { params } = one
  if (numberOf(params, 'servers') > 1)
    return { notCovered: 'a pause takes a whole instance, not one of the slots of its queue' }
  const mean = (key: string): string => seconds(1 / numberOf(params, key))
  const pause = {
    pause: STATION,
    mtbf: mean('crash_rate_per_server_per_s'),
    mttr: mean('repair_rate_per_server_per_s'),
  }
  return stationPlan(one, sample, { scenario: { faults: [pause] } })
}

export const adapters: readonly Adapter[] = [
  station('mmc'),
  station('mg1'),
  station('mdc'),
  station('mmck', bounded),
  station('mgcc', bounded),
  station('gim1', renewal),
  { model: 'ps', depends: () => ['service'], plan: sharing },
  { model: 'discipline', depends: () => ['service'], plan: disciplinePlan },
  { model: 'priority', depends: () => ['service'], plan: priority },
  {
    model: 'erlang-a',
    depends: () => ['service', 'order'],
    plan: (one, sample) => impatient(one, sample, lawOf(one.params['patience'])),
  },
  {
    model: 'mmc-timeout',
    depends: () => ['service', 'order'],
    plan: (one, sample) => impatient(one, sample, seconds(numberOf(one.params, 'queue_timeout_s'))),
  },
  { model: 'breakdown', depends: () => ['service'], plan: breakdown },
]
