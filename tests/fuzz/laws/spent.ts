/** Trouble of every kind that is over before the first request comes leaves nothing behind. */
import type { VariantResult } from '../../../engine/results/result.ts'
import { loadsWithRate } from '../../../engine/scenario/rates.ts'
import type { FaultSpec, FaultVerb, LoadSpec, Scenario } from '../../../engine/scenario/scenario.ts'
import { SECOND } from '../../../engine/units.ts'
import type { Law } from './law.ts'
import { differences, runOf } from './law.ts'
import { turnedKnobs } from './pushes.ts'

/** How much later everything begins. */
const EARLY = SECOND
/** What hits those who are busy before the first request: periodic timers come later from then on, messages are lost. */
const FELT_BY_THE_BUSY: readonly FaultVerb[] = [
  'crash',
  'pause',
  'skew',
  'jump',
  'delay',
  'loss',
  'duplicate',
  'partition',
]
/** Patterns that are busy from the start. */
const BUSY = ['autoscaler', 'crdt-counter', 'load-balancer']

/** Two runs in which the requests come a second later: one with faults in that second, one without any. */
export const spent: Law = {
  name: 'trouble that is over leaves nothing behind',
  check({ scenario, straight }) {
    if (straight.stopped !== undefined) return []
    const calm = calmOf(scenario)
    const before = runOf(calm).finish()
    const after = runOf({ ...calm, faults: earlyFaults(scenario) }).finish()
    return differences('after trouble', outcomes(before), outcomes(after))
  },
}

/** The scenario a second later, and without faults. */
export function calmOf(scenario: Scenario): Scenario {
  const later = (load: LoadSpec): LoadSpec => ({
    ...load,
    from: load.from + EARLY,
    until: load.until + EARLY,
  })
  const load = Object.fromEntries(
    Object.entries(scenario.load).map(([name, one]) => [name, later(one)]),
  )
  const budget = { ...scenario.budget, events: scenario.budget.events + 200_000 }
  return { ...scenario, load, budget, duration: scenario.duration + EARLY, faults: [] }
}

function outcomes({ outcomeDigest, requests, services, edges, latencyMs }: VariantResult) {
  const uses = Object.entries(services).map(([name, { arrivals, completed, wasted, failed }]) => [
    name,
    { arrivals, completed, wasted, failed },
  ])
  return { outcomeDigest, requests, services: Object.fromEntries(uses), edges, latencyMs }
}

/** One fault of each verb, and a push to the default of every knob that can be turned. */
export function earlyFaults({ services, load, patterns }: Scenario): FaultSpec[] {
  const [service = ''] = Object.keys(services)
  const [user = ''] = Object.keys(load)
  const edge = '* -> *'
  const rates = loadsWithRate(load)
  const idle = patterns.filter(({ use }) => !BUSY.includes(use))
  const faults = [
    fault('crash', service, 1),
    fault('pause', service, 1),
    fault('skew', service, SECOND / 5),
    fault('jump', service, -SECOND / 5),
    fault('slow', service, 3),
    fault('errors', service, 1),
    fault('deploy', service, 1, { errors: 1, slow: 2 }),
    fault('delay', edge, SECOND / 20),
    fault('abort', edge, 1),
    fault('loss', edge, 1),
    fault('duplicate', edge, 1),
    fault('bandwidth', edge, 1e9),
    fault('certificate', edge, 1),
    fault('partition', `${user} -> ${service}`, 1),
    fault('disk-full', service, 1),
    fault('hot-key', user, 1, { key: 1 }),
    ...rates.map((name) => fault('spike', name, 10)),
    ...patterns.map(({ id }) => fault('flush', id, 1)),
    ...idle.flatMap((one) =>
      turnedKnobs(one).map(({ path, initial }) =>
        fault('config', ['patterns', one.id, ...path].join('.'), 1, { value: initial }),
      ),
    ),
  ]
  return idle.length < patterns.length
    ? faults.filter(({ verb }) => !FELT_BY_THE_BUSY.includes(verb))
    : faults
}

function fault(
  verb: FaultVerb,
  target: string,
  by: number,
  options: FaultSpec['options'] = {},
): FaultSpec {
  const [at, length] = [EARLY / 10, EARLY / 4]
  return { verb, target, by, at, for: length, mtbf: undefined, mttr: undefined, options }
}
