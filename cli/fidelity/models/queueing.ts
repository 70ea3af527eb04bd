/** Single stations. */
import type { Adapter, Dependence, Excuse, Plan, Sample } from '../adapter.ts'
import type { ReferenceCase } from '../case.ts'
import { lawOf, numberOf } from '../law.ts'
import { serviceMetrics, stationStudy, throughput, type Difference } from '../station.ts'

type Differs = (one: ReferenceCase) => Difference

/** A model that is a station with some difference, read off as it is. */
function station(
  model: string,
  differs: Differs = () => ({}),
  spoiled: readonly Dependence[] = ['service'],
): Adapter {
  return {
    model,
    depends: () => spoiled,
    plan: (one, sample) => stationPlan(one, sample, differs(one)),
  }
}

function stationPlan(one: ReferenceCase, sample: Sample, difference: Difference): Plan {
  const study = stationStudy(one, sample, difference)
  return {
    studies: [study],
    measure: ({ run }) => ({
      ...serviceMetrics(run!),
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

/** What the cases call a discipline, as the file writes it. */
const DISCIPLINES: Readonly<Record<string, string>> = { 'lifo-non-preemptive': 'lifo' }

function disciplinePlan(one: ReferenceCase, sample: Sample): Plan | Excuse {
  const wanted = String(one.params['discipline'])
  const discipline = DISCIPLINES[wanted]
  if (discipline === undefined) return { notCovered: `no service works in the order '${wanted}'` }
  return stationPlan(one, sample, { service: { discipline } })
}

export const adapters: readonly Adapter[] = [
  station('mmc'),
  station('mg1'),
  station('mdc'),
  station('mmck', bounded),
  station('mgcc', bounded),
  station('gim1', renewal),
  station('ps', () => ({ service: { discipline: 'processor-sharing' } })),
  { model: 'discipline', depends: () => ['service'], plan: disciplinePlan },
]
