/** Causes that have been found for the runs on the page. */
import type { CausalLink } from '../../engine/causes/chain.ts'
import type { VariantRun } from '../runs.ts'
import type { Causes } from './cascade.ts'

const known = new WeakMap<VariantRun, readonly CausalLink[]>()

/** The causes of a run; none before they have been asked for. */
export const knownCauses: Causes = (run) => known.get(run) ?? []

/** Whether causes have been asked for and found, even if there are none. */
export function hasCauses(run: VariantRun): boolean {
  return known.has(run)
}

/** Keeps what has been found. */
export function keepCauses(run: VariantRun, links: readonly CausalLink[]): void {
  known.set(run, links)
}
