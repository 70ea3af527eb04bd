/**
 * The share of failed tries that a circuit breaker looks at, and the share that opens it. The columns know the edge, not
 * the breaker: a try failed when its call failed or was tried again. Windows are Resilience4j's: the last calls, or the
 * last seconds.
 */
import type { Duration, Time } from '../../engine/units.ts'
import type { Lane, Runs, VariantRun } from '../runs.ts'
import type { Side } from '../state.ts'
import { variantOf } from '../switches.ts'

/** How near a breaker is to opening. */
export interface Limit {
  /** Share of failed tries that opens it. */
  readonly threshold: number
  /** Length of its window, ns; undefined when it counts calls. */
  readonly window: Duration | undefined
  /** Failed share of the tries in the window that ends at a moment; NaN without any. */
  before(time: Time): { readonly share: number; readonly calls: number }
}

/** A lane of a variant. */
type SidedLane = Lane & { readonly side: Side; readonly run: VariantRun }

interface Settings {
  readonly failureRateThreshold: number
  readonly slidingWindow: { readonly type: string; readonly size: number }
}

/** The limit of a lane; undefined when it is no circuit breaker on an edge, or its variant sets it otherwise. */
export function limitOf({ opened }: Runs, lane: SidedLane): Limit | undefined {
  const { unit, run, side } = lane
  if (!opened || unit.use !== 'circuit-breaker') return undefined
  const set = Object.keys(variantOf(opened.scenario, side)?.set ?? {})
  if (set.some((path) => path.startsWith(`patterns.${unit.pattern}.`))) return undefined
  const attachment = opened.scenario.patterns.find(({ id }) => id === unit.pattern)
  const edge = unit.place.replace(/#\d+$/, '')
  if (!attachment || !run.layout.edges.some(({ name }) => name === edge)) return undefined
  const lines = attachment.where.filter(({ selector }) => isAt(selector, edge))
  const values: object = Object.assign({}, attachment.values, ...lines.map((line) => line.values))
  const { failureRateThreshold: threshold, slidingWindow } = values as Settings
  const { type, size } = slidingWindow
  const isTime = type === 'time'
  return {
    threshold,
    window: isTime ? size : undefined,
    before: (time) => shareBefore(run, edge, time, isTime ? { ns: size } : { calls: size }),
  }
}

/** Whether a selector (`* -> db`) holds for an edge. */
function isAt(selector: string, edge: string): boolean {
  const [one, other] = [selector.split(' -> '), edge.split(' -> ')]
  return selector === '*' || one.every((name, at) => name === '*' || name === other[at])
}

/** Failed share of the tries on an edge in the buckets before a moment, back to the start of a window. */
export function shareBefore(
  run: VariantRun,
  edge: string,
  time: Time,
  window: { readonly ns?: Duration; readonly calls?: number },
): { share: number; calls: number } {
  const column = (metric: string): Float32Array => run.column('edge', edge, metric)
  const [ok, failed, retries] = [column('ok'), column('failed'), column('retries')]
  const { bucket } = run.layout
  const last = Math.min(run.layout.buckets, Math.max(0, Math.round(time / bucket)))
  const least = Math.max(0, last - Math.ceil((window.ns ?? Infinity) / bucket))
  let [bad, all] = [0, 0]
  for (let at = last - 1; at >= least && all < (window.calls ?? Infinity); at--) {
    const lost = failed[at]! + retries[at]!
    bad += lost
    all += lost + ok[at]!
  }
  return { share: all === 0 ? Number.NaN : bad / all, calls: all }
}
