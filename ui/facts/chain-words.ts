/** A chain of causes in words, a step each. */
import type { CausalLink } from '../../engine/causes/chain.ts'
import type { Layout } from '../../engine/results/frame.ts'
import type { Time } from '../../engine/units.ts'
import { faultBegins } from './faults.ts'

/** A step: when, who or what, and why with the number that says so. */
export interface ChainStep {
  readonly time: Time
  readonly what: string
  readonly words: string
}

/** The steps of a chain: the fault or load that began it first. */
export function chainSteps(layout: Layout, chain: readonly CausalLink[]): ChainStep[] {
  const [first] = chain
  if (!first) return []
  return [...beginning(layout, first), ...chain.map(stepOf)]
}

function beginning({ faults, loads }: Layout, { because }: CausalLink): ChainStep[] {
  const fault = because.fault === undefined ? undefined : faults[because.fault]
  if (fault) return [{ time: fault.from, what: faultBegins(fault), words: '' }]
  const load = loads.find(({ name }) => because.edge?.startsWith(`${name} -> `))
  return load ? [{ time: 0, what: load.name, words: 'sent more than usual' }] : []
}

/** `payments: 100 % of its failures were failed calls to ledger-db`; one that was well says so. */
function stepOf({ service, time, words, isTroubled }: CausalLink): ChainStep {
  return { time, what: service, words: isTroubled ? words : `${words} (not in trouble yet)` }
}
