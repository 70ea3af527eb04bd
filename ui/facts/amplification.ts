/** How many times calls between services are sent, and how much work is done for nobody. */
import { sumsOver, type Binning } from '../draw/time-scale.ts'
import type { VariantRun } from '../runs.ts'

/** The edge that was sent the most again. */
export interface WorstEdge {
  readonly name: string
  /** Attempts per call over the stretch. */
  readonly ratio: number
  /** Calls that were sent again. */
  readonly retries: number
}

/** Sums over a stretch. */
export interface Sent {
  readonly calls: number
  readonly attempts: number
  readonly retries: number
  /** Replies that came after their caller had given up. */
  readonly late: number
}

/** A run, bin by bin. As in the scoreboard, the calls of users to their first service do not count. */
export interface Amplification {
  readonly bins: Binning
  readonly calls: Float64Array
  readonly attempts: Float64Array
  readonly retries: Float64Array
  readonly late: Float64Array
  /** Share of the working time that was for callers who had given up; 0 where nobody worked. */
  readonly wasted: Float64Array
  /** Attempts per call; NaN where there are too few calls for a ratio. */
  readonly ratio: Float64Array
  readonly total: Sent
  /** Share of the working time of the stretch that was for nobody. */
  readonly wastedShare: number
  readonly worst: WorstEdge | undefined
}

/** Fewer calls in a bin than this have no ratio worth a mark. */
const FEWEST = 5

/** Edges between services; those from a load are left out. */
export function innerEdges({ layout }: VariantRun): readonly string[] {
  const services = new Set(layout.services.map(({ name }) => name))
  return layout.edges.filter(({ from }) => services.has(from)).map(({ name }) => name)
}

/** Counts of a stretch, bin by bin. */
export function amplificationOf(run: VariantRun, bins: Binning): Amplification {
  const edges = innerEdges(run)
  const counts = countsOf(run, edges, bins)
  const work = sumsOver(run.total('work'), bins)
  const lost = sumsOver(run.total('wasted'), bins)
  return {
    bins,
    ...counts,
    wasted: lost.map((one, bin) => (work[bin]! > 0 ? one / work[bin]! : 0)),
    ratio: ratios(counts.attempts, counts.calls),
    total: {
      calls: sum(counts.calls),
      attempts: sum(counts.attempts),
      retries: sum(counts.retries),
      late: sum(counts.late),
    },
    wastedShare: sum(work) > 0 ? sum(lost) / sum(work) : 0,
    worst: worstOf(run, edges, bins),
  }
}

type Counts = Pick<Amplification, keyof Sent>

function countsOf(run: VariantRun, edges: readonly string[], bins: Binning): Counts {
  const all = (metric: keyof Sent): Float64Array => {
    const columns = edges.map((name) => sumsOver(run.column('edge', name, metric), bins))
    return added(columns, bins)
  }
  return {
    calls: all('calls'),
    attempts: all('attempts'),
    retries: all('retries'),
    late: all('late'),
  }
}

function added(columns: readonly Float64Array[], { count }: Binning): Float64Array {
  const sums = new Float64Array(count)
  for (const column of columns) for (let bin = 0; bin < count; bin++) sums[bin]! += column[bin]!
  return sums
}

function sum(column: Float64Array): number {
  return column.reduce((all, one) => all + one, 0)
}

function ratios(attempts: Float64Array, calls: Float64Array): Float64Array {
  return attempts.map((one, bin) => (calls[bin]! < FEWEST ? Number.NaN : one / calls[bin]!))
}

function worstOf(run: VariantRun, edges: readonly string[], bins: Binning): WorstEdge | undefined {
  let worst: WorstEdge | undefined
  for (const name of edges) {
    const of = (metric: string): number => sum(sumsOver(run.column('edge', name, metric), bins))
    const retries = of('retries')
    if (retries === 0 || retries <= (worst?.retries ?? 0)) continue
    worst = { name, retries, ratio: of('attempts') / Math.max(1, of('calls')) }
  }
  return worst
}
