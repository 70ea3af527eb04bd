/** The scoreboard as rows: values of A and B, the difference, and how sure it is. */
import { endedIn, sumIn } from '../../engine/results/series.ts'
import type { VariantResult } from '../../engine/results/result.ts'
import { percent, span } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import type { Span } from '../selection.ts'
import { SIDES, type Side } from '../state.ts'
import { countsIn } from './curve.ts'
import { lastFaultEnd } from './faults.ts'
import { quantile } from './quantiles.ts'
import { ownScores, scores, type Score } from './scores.ts'
import { sureness, type Sureness } from './seed-scores.ts'
import { completePairs, type CompletePair } from './seed-set.ts'
import { bucketsOf, outcomes, sum, type Stretch } from './window.ts'

/** A row as it is shown. */
export interface ScoreRow {
  readonly id: string
  readonly name: string
  readonly help: string
  /** Kind of row of the stack that shows it over time. */
  readonly row: string | undefined
  readonly cells: Readonly<Record<Side, string>>
  readonly values: Readonly<Record<Side, number | undefined>>
  readonly delta: string
  /** Only where the interval leaves out no difference. */
  readonly tone: 'good' | 'bad' | undefined
  readonly sure: Sureness | undefined
  /** The value is of the whole run, though a part of it is selected. */
  readonly isWhole: boolean
}

/** All rows, of the whole run or of a part of it. */
export function scoreRows(runs: Runs, range: Span | undefined): readonly ScoreRow[] {
  const { A, B, opened, seeds } = runs
  const run = A ?? B
  if (!run) return []
  const claims = opened?.scenario.expect.map(({ text }) => text) ?? []
  const all = [...scores(lastFaultEnd(run.layout)), ...ownScores(claims, A?.result, B?.result)]
  const pairs = isOfRun(runs) ? completePairs(seeds) : []
  const rows = all.map((score) => rowOf(score, runs, range, pairs))
  return [...rows, ...objectiveRow(runs, pairs, range)]
}

/** While a run is computed anew, what is known of its seed belongs to another one. */
function isOfRun({ A, B, seeds }: Runs): boolean {
  return SIDES.every((side) => ({ A, B })[side]?.result?.seed === seeds?.current)
}

function rowOf(
  score: Score,
  runs: Runs,
  range: Span | undefined,
  pairs: readonly CompletePair[],
): ScoreRow {
  const isWhole = range !== undefined && PARTS[score.id] === undefined
  const valueOf = (side: Side): number | undefined =>
    range && !isWhole
      ? inPart(score, runs[side], range)
      : runs[side]?.result && score.read(runs[side].result)
  const values = { A: valueOf('A'), B: valueOf('B') }
  const { A: a, B: b } = values
  const delta = a === undefined || b === undefined ? undefined : score.compare(a, b)
  const read = range && !isWhole ? readerIn(score.id, range) : score.read
  const sure = read && sureness({ by: score.by, read }, pairs)
  const written = (value: number | undefined): string =>
    value === undefined || Number.isNaN(value) ? '–' : score.write(value)
  return {
    ...score,
    cells: { A: written(a), B: written(b) },
    values,
    delta: delta?.text ?? '',
    tone:
      delta && a !== undefined && b !== undefined ? toneOf(delta.isGood, b - a, sure) : undefined,
    sure,
    isWhole,
  }
}

/** Coloured only where this run differs as all of them do. */
function toneOf(isGood: boolean | undefined, difference: number, sure: Sureness | undefined) {
  if (isGood === undefined || !sure || sure.sign === 0) return undefined
  const sign = Number.isNaN(difference) ? sure.sign : Math.sign(difference)
  return sign === sure.sign ? (isGood ? 'good' : 'bad') : undefined
}

/** Numbers of a part of a run, read off its columns. */
const PARTS: Readonly<Record<string, (run: VariantRun, stretch: Stretch) => number | undefined>> = {
  served: (run, stretch) => outcomes(run, stretch).served,
  refused: (run, stretch) => outcomes(run, stretch).fast,
  failed: (run, stretch) => {
    const { failed, ended } = outcomes(run, stretch)
    return failed / ended
  },
  unfinished: (run, { to }) => run.total('waiting')[to - 1],
  p50: (run, stretch) => milliseconds(quantile(countsIn(run, ['served'], stretch), 0.5)),
  p99: (run, stretch) => milliseconds(quantile(countsIn(run, ['served'], stretch), 0.99)),
  amplification: amplificationIn,
  wasted: (run, stretch) => sum(run.total('wasted'), stretch) / sum(run.total('work'), stretch),
}

function milliseconds(ns: number | undefined): number | undefined {
  return ns === undefined ? undefined : ns / 1e6
}

function inPart({ id }: Score, run: VariantRun | undefined, range: Span): number | undefined {
  return run && PARTS[id]!(run, bucketsOf(run, range))
}

function amplificationIn(run: VariantRun, stretch: Stretch): number {
  const names = new Set(run.layout.services.map(({ name }) => name))
  const inner = run.layout.edges.filter(({ from }) => names.has(from))
  const total = (metric: string): number =>
    inner.reduce((all, { name }) => all + sum(run.column('edge', name, metric), stretch), 0)
  const calls = total('calls')
  return calls === 0 ? 1 : total('attempts') / calls
}

/** Series of other seeds that the number of a part can be read off; the rest is known of this seed only. */
const SERIES: Readonly<Record<string, readonly string[]>> = {
  served: ['ok', 'slow', 'degraded'],
  refused: ['refused'],
  failed: ['failed'],
}

function readerIn(
  id: string,
  { from, until }: Span,
): ((result: VariantResult) => number) | undefined {
  const names = SERIES[id]
  const window = { from: from / 1e6, until: until / 1e6 }
  return names && ((result) => sumIn(result, names, window) / endedIn(result, window))
}

/** Whether users got what they were promised. */
function objectiveRow(
  { A, B, opened }: Runs,
  pairs: readonly CompletePair[],
  range: Span | undefined,
): ScoreRow[] {
  const promised = opened?.scenario.objective
  if (promised?.served === undefined && promised?.p99 === undefined) return []
  const isKept = ({ requests, latencyMs }: VariantResult): boolean => {
    const served = (requests.ok + requests.degraded) / Math.max(1, requests.offered)
    const isServed = promised.served === undefined || served >= promised.served
    return isServed && (promised.p99 === undefined || latencyMs.p99 * 1e6 <= promised.p99)
  }
  const parts = [
    promised.served === undefined ? '' : `${percent(promised.served)} served`,
    promised.p99 === undefined ? '' : `99 of 100 within ${span(promised.p99)}`,
  ]
  const met = (run: VariantRun | undefined): number | undefined =>
    run?.result && Number(isKept(run.result))
  const said = (value: number | undefined): string =>
    value === undefined ? '–' : value === 1 ? '● kept' : '✕ missed'
  const values = { A: met(A), B: met(B) }
  const kept = SIDES.map((side) => pairs.filter((pair) => isKept(pair[side])).length)
  const text = `${kept.join(' → ')} of ${pairs.length}`
  return [
    {
      id: 'objective',
      name: 'Objective',
      help: `Promised: ${parts.filter((part) => part !== '').join(', ')}`,
      row: 'requests',
      cells: { A: said(values.A), B: said(values.B) },
      values,
      delta: '',
      tone: undefined,
      sure: pairs.length > 1 ? { text, sign: 0, low: undefined, high: undefined } : undefined,
      isWhole: range !== undefined,
    },
  ]
}
