/** Many servers, each with a line of its own, and somebody who chooses. */
import type { Adapter, Excuse, Plan, Sample } from '../adapter.ts'
import type { ReferenceCase } from '../case.ts'
import { numberOf } from '../law.ts'
import { serviceMetrics, stationStudy, STATION } from '../station.ts'

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
    without: withoutTails(one),
  }
}

/** How many servers have at least so many jobs is not among the results. */
function withoutTails({ metrics }: ReferenceCase): Record<string, string> {
  const tails = metrics.filter(({ name }) => name.startsWith('tail_s'))
  const why = 'results hold the mean number in the system, not how it is spread over instances'
  return Object.fromEntries(tails.map(({ name }) => [name, why]))
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

const adapter = (model: string, policy: Part): Adapter => ({
  model,
  depends: () => ['service'],
  plan: (one, sample) => balanced(one, sample, policy),
})

export const adapters: readonly Adapter[] = [
  { model: 'sqd', depends: () => ['service'], plan: choices },
  adapter('jsq', { policy: 'least-request', fullScan: true }),
  adapter('round-robin', { policy: 'round-robin' }),
  adapter('random-lb', { policy: 'random' }),
]
