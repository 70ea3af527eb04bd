/**
 * How trouble came to a service. A chain of causes is told where the run has recorded causes; where it has not,
 * there is only the order in which services were first in trouble, and that is never called a cause.
 */
import { chainTo, type CausalLink } from '../../engine/causes/chain.ts'
import type { Time } from '../../engine/units.ts'
import { signedSpan } from '../format.ts'
import type { VariantRun } from '../runs.ts'
import { firstTroubles, type Trouble } from './health.ts'

/** The causes that a run has recorded; none: nothing is known about causes. */
export type Causes = (run: VariantRun) => readonly CausalLink[]

/** What is lit up in the picture when somebody asks how trouble came to a service. */
export interface Path {
  /** Services from the first in trouble to the one asked about, with the time since the first fault, ns. */
  readonly steps: readonly { readonly service: string; readonly after: Time }[]
  readonly edges: ReadonlySet<string>
  /** false: only an order of time. */
  readonly isCausal: boolean
}

/** How trouble came to a service until a moment; undefined when it was never in trouble. */
export function pathTo(
  run: VariantRun,
  service: string,
  time: Time,
  causes: Causes,
): Path | undefined {
  const chain = chainTo(causes(run), service)
  if (chain.length > 0 && chain.at(-1)!.time <= time) return pathOf(run, chain, true)
  const troubles = firstTroubles(run).filter((trouble) => trouble.time <= time)
  const last = troubles.findIndex(({ name }) => name === service)
  if (last < 0) return undefined
  const inOrder = troubles.slice(0, last + 1)
  return pathOf(run, inOrder.map(stepOf), false)
}

function stepOf({ name, time }: Trouble): Step {
  return { service: name, time, because: {} }
}

/** What a path is made of. */
type Step = Pick<CausalLink, 'service' | 'time' | 'because'>

function pathOf(run: VariantRun, links: readonly Step[], isCausal: boolean): Path {
  const start = firstFault(run) ?? links[0]!.time
  const names = new Set(links.map(({ service }) => service))
  const told = links.flatMap(({ because }) => (because.edge === undefined ? [] : [because.edge]))
  const edges = run.layout.edges
    .filter(({ name, from, to }) => told.includes(name) || (names.has(from) && names.has(to)))
    .map(({ name }) => name)
  const steps = links.map(({ service, time }) => ({ service, after: time - start }))
  return { steps, edges: new Set(edges), isCausal }
}

/** When the first fault of a run begins; undefined without faults. */
export function firstFault({ layout: { faults } }: VariantRun): Time | undefined {
  return faults.length === 0 ? undefined : Math.min(...faults.map(({ from }) => from))
}

/** Services that are named in a sentence at most. */
const MOST_NAMED = 5

/** A path in one sentence. */
export function pathWords({ steps, isCausal }: Path): string {
  const named = steps.map(({ service, after }) => `${service} ${signedSpan(after)}`)
  const shown =
    named.length > MOST_NAMED ? [...named.slice(0, 2), '…', ...named.slice(2 - MOST_NAMED)] : named
  if (isCausal) return `How it got there: ${shown.join(' → ')}.`
  return `First trouble, in order, not cause: ${shown.join(', ')}.`
}
