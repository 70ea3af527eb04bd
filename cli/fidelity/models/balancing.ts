/** Many servers, each with a line of its own, and somebody who chooses. */
import type { VariantResult } from '../../../engine/run.ts'
import type { Adapter, Dependence, Excuse, Plan, Sample } from '../adapter.ts'
import type { ReferenceCase } from '../case.ts'
import { numberOf, perSecond } from '../law.ts'
import { over, serviceMetrics, spoiledBy, stationStudy, STATION, UNLIMITED } from '../station.ts'

type Part = Readonly<Record<string, unknown>>

/** One caller, so that the calls it has under way are all there are. */
function balanced(one: ReferenceCase, sample: Sample, policy: Part): Plan {
  const instances = numberOf(one.params, 'n')
  const balancer = { use: 'load-balancer', where: [`users -> ${STATION}`], ...policy }
  const params = { ...one.params, servers: 1 }
  const study = stationStudy({ params }, sample, {
    service: { instances },
    scenario: { patterns: { balancer } },
  })
  return {
    studies: [study],
    measure: ({ run }) => serviceMetrics(run!),
  }
}

/** One scenario is one placement: nothing ends, so the fullest bin holds the largest number that any had. */
function ballsInBins({ params }: ReferenceCase, sample: Sample): Plan {
  const [balls, bins] = [numberOf(params, 'balls'), numberOf(params, 'bins')]
  const scenario = {
    duration: '2s',
    services: {
      [STATION]: { instances: bins, concurrency: UNLIMITED, queue: 'unbounded', work: '1h' },
    },
    load: { users: { to: STATION, arrivals: `constant(${perSecond(balls)})`, requests: balls } },
    budget: { events: 1e12 },
  }
  const seeds = Array.from({ length: sample.size }, (_, at) => sample.firstSeed + at)
  const fullest = ({ services }: VariantResult): number => services[STATION]!.occupancy!.length
  return {
    studies: [{ key: 'run', scenario, seeds }],
    measure: ({ run }) => ({ E_max_load: over(run!, fullest) }),
  }
}

/** Each key belongs to one consumer; against it as many consumers of one queue. */
function partitions(one: ReferenceCase, sample: Sample): Plan {
  const { params } = one
  const count = numberOf(params, 'partitions')
  const partitioner = {
    use: 'load-balancer',
    where: [`users -> ${STATION}`],
    policy: 'key-partitioner',
    partitioner: 'mod',
  }
  const keyed = stationStudy({ params: { ...params, servers: 1 } }, sample, {
    service: { instances: count },
    load: { keys: `uniform(${count})` },
    scenario: { patterns: { partitioner } },
  })
  const shared = { ...params, servers: numberOf(params, 'consumers') }
  return {
    studies: [keyed, { ...stationStudy({ params: shared }, sample), key: 'shared' }],
    measure: ({ run, shared: together }) => {
      const { sojourn_mean: mean, sojourn_p99: p99 } = serviceMetrics(run!)
      return {
        partitioned_sojourn_mean: mean!,
        partitioned_p99: p99!,
        shared_queue_sojourn_mean: serviceMetrics(together!)['sojourn_mean']!,
      }
    },
  }
}

/** Requests from the empty system until it is as it stays, where the case does not say: relaxation times of the line. */
function warmed(one: ReferenceCase, sample: Sample): Sample {
  const { params } = one
  if (params['asymptote'] !== true) return sample
  const [rho, d] = [numberOf(params, 'rho'), numberOf(params, 'd')]
  const relaxations = d === 1 ? 3 / (1 - Math.sqrt(rho)) ** 2 : 20 / Math.sqrt(1 - rho)
  return { ...sample, warmup: Math.ceil(relaxations * numberOf(params, 'lambda_per_s')) }
}

/** More requests than anybody waits for. */
const TOO_MANY = 2e7

/** d servers drawn, the one with the fewest jobs taken. */
function choices(one: ReferenceCase, given: Sample): Plan | Excuse {
  const sample = warmed(one, given)
  if (sample.warmup > TOO_MANY) {
    return {
      notCovered: `it takes ${sample.warmup.toExponential(0)} requests to come from empty to steady`,
    }
  }
  const choiceCount = numberOf(one.params, 'd')
  const withReplacement = one.params['sampling'] === 'with-replacement'
  if (choiceCount === 1) return balanced(one, sample, { policy: 'random' })
  return balanced(one, sample, { policy: 'least-request', choiceCount, withReplacement })
}

/** Waiting requests per server, in the mean, from which on there is an order that can be wrong. */
const WAITING = 0.25

/** Under a policy that keeps lines short hardly ever two wait in the same one: who goes first is all the same. */
function linesSpoiledBy(one: ReferenceCase): readonly Dependence[] {
  const { params, metrics } = one
  const sojourn = metrics.find(({ name }) => name === 'sojourn_mean')?.expected ?? 0
  const wait = sojourn - numberOf(params['service'] as Part, 'mean_s')
  const waiting = (numberOf(params, 'lambda_per_s') * wait) / numberOf(params, 'n')
  return waiting > WAITING ? spoiledBy(one) : ['service']
}

const adapter = (model: string, policy: Part): Adapter => ({
  model,
  depends: linesSpoiledBy,
  plan: (one, sample) => balanced(one, sample, policy),
})

export const adapters: readonly Adapter[] = [
  { model: 'sqd', depends: linesSpoiledBy, plan: choices },
  adapter('jsq', { policy: 'least-request', fullScan: true }),
  adapter('round-robin', { policy: 'round-robin' }),
  adapter('random-lb', { policy: 'random' }),
  adapter('jiq', { policy: 'join-idle-queue' }),
  adapter('least-work', { policy: 'least-work' }),
  { model: 'balls-in-bins', depends: () => [], plan: ballsInBins },
  { model: 'partitions', depends: spoiledBy, plan: partitions },
]
