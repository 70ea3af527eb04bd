/** Which loads come at a rate. */
import type { Scenario } from './scenario.ts'

/** Names of the loads whose arrivals have a rate that could rise: not users who think, nor arrivals at given times. */
export function loadsWithRate(load: Scenario['load']): string[] {
  const kinds = Object.entries(load).map(([name, { arrivals }]) => [name, arrivals?.kind] as const)
  return kinds.flatMap(([name, kind]) => (kind === undefined || kind === 'trace' ? [] : [name]))
}
