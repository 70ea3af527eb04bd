/** The percentile plot in words and numbers. */
import { count, digits, NBSP, percent, span } from '../format.ts'
import type { Runs } from '../runs.ts'
import { SIDES } from '../state.ts'
import { quantile } from './quantiles.ts'
import { sureness } from './seed-scores.ts'
import { completePairs } from './seed-set.ts'
import { atShare, distributions, type Both, type Look } from './percentiles.ts'
import { metric } from './standing.ts'
import type { Cell, Table } from './table.ts'

/** `÷ 12 at p99`, and how sure that is: an interval over seeds, or the words that there is one seed. */
export interface Ratio {
  readonly text: string
  readonly sure: string
  /** The same in a few letters, for the picture. */
  readonly short: string
  readonly tone: 'good' | 'bad' | undefined
}

/** How the 99th percentiles compare; undefined without both, or when they are the same. */
export function ratioAtP99(
  both: Both,
  runs: Runs,
  { withFailures, range }: Look,
): Ratio | undefined {
  const [a, b] = [both.A?.p99, both.B?.p99]
  if (!a || !b || Math.max(a / b, b / a) < 1.01) return undefined
  const text = `${factorWords(a / b)} at p99`
  // Other seeds are known by the percentiles of their served requests over the whole run.
  const pairs = withFailures || range ? [] : completePairs(runs.seeds)
  const read = (result: Parameters<typeof metric>[0]): number => metric(result, 'p99')
  const sure = sureness({ by: 'factor', read }, pairs)
  if (!sure) return { text, sure: '1 seed', short: '1 seed', tone: undefined }
  const isBetter = b < a
  const isSure = sure.sign === (isBetter ? -1 : 1)
  const interval = `95${NBSP}% CI ${sure.text}, ${pairs.length} seeds`
  const short = `CI ${sure.text}, N ${pairs.length}`
  return { text, sure: interval, short, tone: isSure ? (isBetter ? 'good' : 'bad') : undefined }
}

function factorWords(ratio: number): string {
  return `${ratio >= 1 ? '÷' : '×'}${NBSP}${digits(Math.max(ratio, 1 / ratio), 2)}`
}

/** `98.7 %: A 2.4 s, B 210 ms, ÷ 12 (1 seed).` Without a percentile: what never ended. */
export function readout(both: Both, share: number | undefined, runs: Runs, look: Look): string {
  if (share === undefined) return unfinishedWords(both, look)
  const { a, b, ratio } = atShare(both, share)
  const name = `${digits(share * 100, share < 0.99 ? 3 : 4)}${NBSP}%`
  const told = [a, b].map((ns) => (ns === undefined ? '–' : span(ns)))
  const factor = ratio === undefined ? '' : `, ${factorWords(ratio)}`
  const seed = (runs.A ?? runs.B)?.layout.seed ?? ''
  return `${name} within A ${told[0]!}, B ${told[1]!}${factor} (1 seed: ${seed})`
}

function unfinishedWords({ A, B }: Both, { withFailures }: Look): string {
  const [a, b] = [A?.unfinished ?? 0, B?.unfinished ?? 0]
  const who = withFailures ? 'All that ended' : 'Served requests'
  if (a + b === 0) return `${who}; none is unfinished.`
  return `${who}; ▨ unfinished: A ${count(a)}, B ${count(b)}.`
}

/** The plot in one sentence. */
export function plotSentence(both: Both, runs: Runs, look: Look): string {
  const who = look.withFailures ? 'all requests that ended' : 'served requests'
  const told = SIDES.flatMap((side) => {
    const one = both[side]
    const median = one && quantile(one.counts, 0.5)
    if (!one || median === undefined || one.p99 === undefined) return []
    return `${side}: half within ${span(median)}, 99 percent within ${span(one.p99)}.`
  })
  const ratio = ratioAtP99(both, runs, look)
  const compared = ratio ? ` B is ${ratio.text} (${ratio.sure}).` : ''
  return `Response time of ${who}, from the intended start, by percentile. ${told.join(' ')}${compared}`
}

const SHARES = [0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999]

/** The curves as numbers. */
export function plotTable(runs: Runs, look: Look): Table | undefined {
  const both = distributions(runs, look)
  if (!both.A && !both.B) return undefined
  const rows = SHARES.map((share): Cell[] => {
    const { a, b, ratio } = atShare(both, share)
    const beyond = SIDES.map((side) => Math.round((both[side]?.total ?? 0) * (1 - share)))
    return [percent(share), ms(a), ms(b), ratio, ...beyond]
  })
  const columns = ['percentile', 'A (ms)', 'B (ms)', 'A / B', 'requests beyond in A', 'in B']
  return { caption: plotSentence(both, runs, look), columns, rows }
}

function ms(ns: number | undefined): number | undefined {
  return ns === undefined ? undefined : Number((ns / 1e6).toPrecision(4))
}
