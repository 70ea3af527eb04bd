/** What can do nothing equals what is not there: faults without strength, patterns with their inert values. */
import { patterns as catalogue } from '../../../engine/patterns/index.ts'
import { inertValues } from '../../../engine/params.ts'
import type { VariantResult } from '../../../engine/results/result.ts'
import type { Attachment, FaultSpec, Scenario } from '../../../engine/scenario/scenario.ts'
import type { Law } from './law.ts'
import { differences, runOf } from './law.ts'

/** Faults without strength change no outcome. */
export const powerless: Law = {
  name: 'a fault of probability zero equals its absence',
  check({ scenario, straight }) {
    if (straight.stopped !== undefined) return []
    const faults = [...scenario.faults, ...without(scenario)]
    const budget = { ...scenario.budget, events: scenario.budget.events + 1000 }
    const changed = runOf({ ...scenario, faults, budget }).finish()
    return differences('with powerless faults', outcomes(straight), outcomes(changed))
  },
}

function outcomes({ outcomeDigest, requests, services, edges }: VariantResult) {
  return { outcomeDigest, requests, services, edges }
}

/** One of each verb that has a strength, at its zero. */
function without({ services, load, duration, faults }: Scenario): FaultSpec[] {
  const [service] = Object.keys(services)
  const [user] = Object.keys(load)
  const zero = (verb: FaultSpec['verb'], target: string, by: number): FaultSpec => ({
    verb,
    target,
    by,
    at: Math.round(duration / 7),
    for: Math.round(duration / 3),
    mtbf: undefined,
    mttr: undefined,
    options: verb === 'hot-key' ? { key: 1 } : {},
  })
  // Of two hot keys the last counts, even without strength.
  const isHot = faults.some(({ verb }) => verb === 'hot-key')
  return [
    zero('loss', '* -> *', 0),
    zero('abort', '* -> *', 0),
    zero('duplicate', '* -> *', 0),
    zero('errors', service!, 0),
    zero('slow', service!, 1),
    zero('skew', service!, 0),
    ...(isHot ? [] : [zero('hot-key', user!, 0)]),
    zero('spike', user!, 1),
  ]
}

/** Patterns with their inert values change no outcome. */
export const inert: Law = {
  name: 'an inert pattern equals its absence',
  check({ scenario, straight }) {
    const able = scenario.patterns.filter(({ use }) => catalogue.get(use)!.inert !== undefined)
    if (straight.stopped !== undefined || able.length === 0) return []
    const faults = scenario.faults.filter(({ verb }) => verb !== 'flush' && verb !== 'config')
    const budget = { events: 200_000, memory: 1e9 }
    const plain = { ...scenario, faults, budget, order: [] }
    const others = scenario.patterns.filter((one) => !able.includes(one))
    const absent = runOf({ ...plain, patterns: others }).finish()
    const idle = runOf({ ...plain, patterns: [...others, ...able.map(madeInert)] }).finish()
    if (absent.stopped !== undefined || idle.stopped !== undefined) return []
    return [
      ...differences('inert', absent.requests, idle.requests),
      ...differences('inert', absent.outcomeDigest, idle.outcomeDigest),
    ]
  },
}

function madeInert(attachment: Attachment): Attachment {
  const values = inertValues(catalogue.get(attachment.use)!)
  return {
    ...attachment,
    where: attachment.where.map(({ selector }) => ({ selector, values: {} })),
    values: { ...attachment.values, ...values },
  }
}
