/** B minus A in a picture of the services: who waits more or less, and which calls are served more or less often. */
import { count, listed, NBSP } from '../format.ts'
import type { VariantRun } from '../runs.ts'
import type { Selection } from '../selection.ts'
import { topologyNow, type TopologyNow } from './topology-now.ts'

/** B minus A. */
export interface Change {
  /** Served calls per second, by edge. */
  readonly edges: ReadonlyMap<string, number>
  /** Lines below the name of a service; none where it does the same in both. */
  readonly notes: ReadonlyMap<string, readonly string[]>
  /** In one sentence. */
  readonly words: string
}

/** Smaller differences are not told: calls that wait, and points of the busy share. */
const NOISE = { waiting: 3, busy: 5, rate: 2 } as const

/** What differs between two runs in what is looked at. */
export function changeOf(
  a: VariantRun,
  b: VariantRun,
  look: Pick<Selection, 'time' | 'range'>,
): Change {
  const [inA, inB] = [topologyNow(a, look), topologyNow(b, look)]
  const edges = [...inB.edges.values()].map(
    ({ name, served }) => [name, served - (inA.edges.get(name)?.served ?? 0)] as const,
  )
  const notes = [...inB.services.keys()].map((name) => [name, noteOf(inA, inB, name)] as const)
  return {
    edges: new Map(edges),
    notes: new Map(notes.filter(([, lines]) => lines.length > 0)),
    words: wordsOf(inA, inB, new Map(edges)),
  }
}

/** `−399 waiting`, or `+12 pt busy`. */
function noteOf(inA: TopologyNow, inB: TopologyNow, name: string): string[] {
  const [one, other] = [inA.services.get(name), inB.services.get(name)]
  if (!one || !other) return []
  const waiting = other.waiting - one.waiting
  if (Math.abs(waiting) >= NOISE.waiting) return [`${signed(waiting)}${NBSP}waiting`]
  const busy = 100 * (busyShare(other) - busyShare(one))
  return Math.abs(busy) >= NOISE.busy ? [`${signed(busy)}${NBSP}pt busy`] : []
}

function busyShare({ busy, slots }: { readonly busy: number; readonly slots: number }): number {
  return slots > 0 ? busy / slots : 0
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${count(Math.abs(value))}`
}

function wordsOf(inA: TopologyNow, inB: TopologyNow, edges: ReadonlyMap<string, number>): string {
  const better = [...edges].filter(([, change]) => change > NOISE.rate)
  const worse = [...edges].filter(([, change]) => change < -NOISE.rate)
  const waiting = [...inB.services.values()]
    .map(({ name, waiting: now }) => ({ name, less: (inA.services.get(name)?.waiting ?? 0) - now }))
    .filter(({ less }) => less >= NOISE.waiting)
    .map(({ name }) => name)
  const calm = waiting.length > 0 ? ` Fewer calls wait at ${listed(waiting)}.` : ''
  const serves = `${better.length} ${better.length === 1 ? 'edge' : 'edges'}`
  if (better.length + worse.length === 0)
    return `B − A (1 seed): every edge serves as many calls in both.${calm}`
  return `B − A (1 seed): B serves more calls on ${serves} (blue), fewer on ${worse.length} (orange).${calm}`
}
