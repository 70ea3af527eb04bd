/** How the calls between two services fare in a stretch of time. */
import { EDGE_METRICS, type UnitInfo } from '../../engine/results/frame.ts'
import type { Time } from '../../engine/units.ts'
import type { VariantRun } from '../runs.ts'
import { justBefore, sum, type Stretch } from './window.ts'

/** An edge in a stretch. Rates are per second, shares are of the calls that ended. */
export interface EdgeNow {
  readonly name: string
  /** Attempts on the wire. */
  readonly rate: number
  readonly calls: number
  readonly retries: number
  readonly timeouts: number
  readonly late: number
  /** Tries that a circuit at this edge turned away: they never went on the wire. */
  readonly blocked: number
  /** Calls that ended well. */
  readonly served: number
  /** Attempts per call; 1 without calls. */
  readonly tries: number
  /** Shares of the calls that ended; all 0 when none did. */
  readonly ok: number
  readonly refused: number
  readonly failed: number
}

type Metric = (typeof EDGE_METRICS)[number][0]

/** The columns of an edge, found once for each run. */
export interface EdgeColumns extends Readonly<Record<Metric, Float32Array>> {
  /** What each circuit at the edge turned away. */
  readonly blocked: readonly Float32Array[]
}

const known = new WeakMap<VariantRun, Map<string, EdgeColumns>>()

/** The columns of an edge by metric. */
export function edgeColumns(run: VariantRun, name: string): EdgeColumns {
  let all = known.get(run)
  if (!all) known.set(run, (all = new Map<string, EdgeColumns>()))
  const found = all.get(name) ?? columnsOf(run, name)
  all.set(name, found)
  return found
}

function columnsOf(run: VariantRun, name: string): EdgeColumns {
  const columns = EDGE_METRICS.map(([metric]) => [metric, run.column('edge', name, metric)])
  const blocked = circuitsAt(run, name).map(({ path }) => run.column('signal', path, 'refused'))
  return { ...(Object.fromEntries(columns) as Record<Metric, Float32Array>), blocked }
}

/** What can open at an edge and let nothing through. */
export function circuitsAt({ layout }: Pick<VariantRun, 'layout'>, name: string): UnitInfo[] {
  return layout.units.filter(
    ({ place, states }) => place === name && states.some(({ words }) => words.includes('open')),
  )
}

/**
 * An edge in a stretch of buckets. Attempts follow their calls by seconds, so attempts per call are taken over a longer
 * stretch.
 */
export function edgeIn(run: VariantRun, name: string, stretch: Stretch): EdgeNow {
  const columns = edgeColumns(run, name)
  const of = (metric: Metric): number => sum(columns[metric], stretch)
  const seconds = Math.max(1e-9, ((stretch.to - stretch.from) * run.layout.bucket) / 1e9)
  const [ok, refused, failed] = [of('ok'), of('refused'), of('failed')]
  const [calls, attempts] = [of('calls'), of('attempts')]
  const ended = Math.max(1, ok + refused + failed)
  const blocked = columns.blocked.reduce((all, column) => all + sum(column, stretch), 0)
  return {
    name,
    rate: attempts / seconds,
    calls: calls / seconds,
    retries: of('retries') / seconds,
    timeouts: of('timeouts') / seconds,
    late: of('late') / seconds,
    blocked: blocked / seconds,
    served: ok / seconds,
    tries: triesIn(columns, longer(run, stretch)),
    ok: ok / ended,
    refused: refused / ended,
    failed: failed / ended,
  }
}

/** Shortest stretch that attempts per call are taken over, ns. */
const TRIES_OVER = 5e9

function longer({ layout: { bucket } }: VariantRun, { from, to }: Stretch): Stretch {
  const buckets = Math.max(to - from, Math.round(TRIES_OVER / bucket))
  return { from: Math.max(0, to - buckets), to }
}

function triesIn({ calls, attempts }: EdgeColumns, stretch: Stretch): number {
  const all = sum(calls, stretch)
  return all === 0 ? 1 : sum(attempts, stretch) / all
}

/** An edge just before a moment. */
export function edgeAt(run: VariantRun, name: string, time: Time): EdgeNow {
  return edgeIn(run, name, justBefore(run, time))
}

/** Several edges that are drawn as one: rates add up, shares are weighed by calls. */
export function together(name: string, edges: readonly EdgeNow[]): EdgeNow {
  const total = (pick: (edge: EdgeNow) => number): number =>
    edges.reduce((all, edge) => all + pick(edge), 0)
  const calls = total((edge) => edge.calls)
  const share = (pick: (edge: EdgeNow) => number): number =>
    calls > 0 ? total((edge) => pick(edge) * edge.calls) / calls : 0
  const rate = total((edge) => edge.rate)
  return {
    name,
    rate,
    calls,
    retries: total((edge) => edge.retries),
    timeouts: total((edge) => edge.timeouts),
    late: total((edge) => edge.late),
    blocked: total((edge) => edge.blocked),
    served: total((edge) => edge.served),
    tries: calls > 0 ? rate / calls : 1,
    ok: share((edge) => edge.ok),
    refused: share((edge) => edge.refused),
    failed: share((edge) => edge.failed),
  }
}

/** States of a circuit from the one that lets least through to the one that lets all. */
const STRICTEST = ['open', 'half-open', 'closed']

/** Of all circuits at an edge, the state that lets least through; undefined where there is no circuit. */
export function circuitState(run: VariantRun, name: string, time: Time): string | undefined {
  const states = circuitsAt(run, name).flatMap(({ path, states: signals }) =>
    signals.map(({ signal }) => run.stateAt(path, signal, time)),
  )
  return states.length === 0 ? undefined : STRICTEST.find((state) => states.includes(state))
}
