/** What the percentile plot shows of one variant: its curve, its 99th percentile, and what never ended. */
import type { HeatOutcome, Runs, VariantRun } from '../runs.ts'
import type { Span } from '../selection.ts'
import { SIDES, type Side } from '../state.ts'
import { countsIn, countsOf, countWithin, percentileCurve, sumOf, type Point } from './curve.ts'
import { quantile } from './quantiles.ts'
import { bucketsOf, sum } from './window.ts'

/** Which requests are looked at. */
export interface Look {
  readonly withFailures: boolean
  readonly range: Span | undefined
}

/** The distribution of one variant. */
export interface Distribution {
  readonly counts: Float64Array
  readonly points: readonly Point[]
  /** Requests that are counted. */
  readonly total: number
  /** Requests that had no answer at the end: how long they would have taken, nobody knows. */
  readonly unfinished: number
  /** Requests that were sent; a promise is kept or broken to all of them. */
  readonly offered: number
  /** ns; undefined without any request. */
  readonly p99: number | undefined
}

/** The distributions of both variants; undefined for one of which nothing has ended. */
export type Both = Readonly<Record<Side, Distribution | undefined>>

/** What is drawn. */
export function distributions({ A, B }: Runs, look: Look): Both {
  return { A: distributionOf(A, look), B: distributionOf(B, look) }
}

function distributionOf(run: VariantRun | undefined, look: Look): Distribution | undefined {
  if (!run) return undefined
  const kinds: readonly HeatOutcome[] = look.withFailures
    ? ['served', 'failed', 'refused']
    : ['served']
  const part = look.range && bucketsOf(run, look.range)
  const counts = part ? countsIn(run, kinds, part) : countsOf(run, kinds)
  const points = percentileCurve(counts)
  if (points.length < 2) return undefined
  const whole = part ?? { from: 0, to: run.filled }
  const end = run.total('waiting')[Math.max(0, whole.to - 1)] ?? 0
  return {
    counts,
    points,
    total: sumOf(counts),
    unfinished: part || !run.result ? end : run.result.requests.unfinished,
    offered: sum(run.total('offered'), whole),
    p99: exactP99(run, look) ?? quantile(counts, 0.99),
  }
}

/** The result knows it to half a percent, where the rows of the plot know it to a few. */
function exactP99(run: VariantRun, { withFailures, range }: Look): number | undefined {
  const isExact = run.isDone && run.result && !withFailures && !range
  return isExact && run.result!.latencyMs.count > 0 ? run.result!.latencyMs.p99 * 1e6 : undefined
}

/** Share of all requests sent that were served within a latency (ns): failures and unfinished ones do not meet it. */
export function meeting(run: VariantRun | undefined, latency: number, range: Span | undefined) {
  if (!run) return undefined
  const part = range ? bucketsOf(run, range) : { from: 0, to: run.filled }
  const within = countWithin(countsIn(run, ['served'], part), latency)
  const offered = sum(run.total('offered'), part)
  return offered === 0 ? undefined : Math.min(1, within / offered)
}

/** Latencies at a share (0..1), and how many times A's is B's. */
export function atShare(both: Both, share: number) {
  const [a, b] = SIDES.map((side) => both[side] && quantile(both[side].counts, share))
  return { a, b, ratio: a !== undefined && b !== undefined ? a / b : undefined }
}
