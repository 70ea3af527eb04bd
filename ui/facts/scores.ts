/** The rows of the scoreboard: metrics of both runs and their difference. */
import { parseMetric } from '../../engine/results/metrics.ts'
import type { VariantResult } from '../../engine/results/result.ts'
import { MILLISECOND } from '../../engine/units.ts'
import { count, digits, NBSP, percent, span, spaced } from '../format.ts'
import { metric } from './standing.ts'

/** A difference in words, and whether it is an improvement; undefined when it is too small to say. */
export interface Delta {
  readonly text: string
  readonly isGood: boolean | undefined
}

/** A row: what is measured, in one line, and how to read and compare it. */
export interface Score {
  readonly name: string
  readonly help: string
  read(result: VariantResult): number
  write(value: number): string
  compare(a: number, b: number): Delta
}

const SAME: Delta = { text: '±0', isGood: undefined }

/** Points of a percentage; less than half a point is not coloured. */
function points(isMoreBetter: boolean) {
  return (a: number, b: number): Delta => {
    const difference = (b - a) * 100
    if (Math.abs(difference) < 0.05) return SAME
    const sign = difference > 0 ? '+' : '−'
    const size = Math.abs(difference)
    const text = `${sign}${size < 10 ? size.toFixed(1) : Math.round(size)}${NBSP}pt`
    return { text, isGood: size < 0.5 ? undefined : difference > 0 === isMoreBetter }
  }
}

/** A factor; less than 3 % is not coloured. Smaller is better. */
function factor(a: number, b: number): Delta {
  if (!(a > 0) || !(b > 0)) return a === b ? SAME : { text: '', isGood: undefined }
  if (a === b) return SAME
  const times = Math.max(a / b, b / a)
  if (times < 1.01) return { text: '≈', isGood: undefined }
  const text = `${b < a ? '÷' : '×'}${NBSP}${digits(times, times < 1.1 ? 3 : 2)}`
  return { text, isGood: times < 1.03 ? undefined : b < a }
}

function fewer(a: number, b: number): Delta {
  const difference = b - a
  if (difference === 0) return SAME
  const text = `${difference > 0 ? '+' : '−'}${count(Math.abs(difference))}`
  return { text, isGood: Math.abs(difference) < 5 ? undefined : difference < 0 }
}

function sooner(a: number, b: number): Delta {
  if (a === b) return SAME
  if (!Number.isFinite(b)) return { text: 'never', isGood: false }
  if (!Number.isFinite(a)) return { text: 'back', isGood: true }
  return { text: `${b < a ? '−' : '+'}${span(Math.abs(b - a))}`, isGood: b < a }
}

const milliseconds = (ms: number): string => span(ms * MILLISECOND)

/** A metric by its path. */
function score(name: string, path: string, rest: Omit<Score, 'name' | 'read'>): Score {
  return { name, read: (result) => metric(result, path), ...rest }
}

const SCORES: readonly Score[] = [
  score('Served', 'served', {
    help: 'Share of the requests that were answered, in full or degraded',
    write: percent,
    compare: points(true),
  }),
  score('Failed fast', 'refused', {
    help: 'Share of the requests that a pattern turned away on purpose',
    write: percent,
    compare: points(false),
  }),
  score('Failed', 'failed', {
    help: 'Share of the requests that failed in any other way',
    write: percent,
    compare: points(false),
  }),
  {
    name: 'Unfinished',
    help: 'Requests that had no answer when the run ended',
    read: ({ requests }) => requests.unfinished,
    write: count,
    compare: fewer,
  },
  score('Median', 'p50', {
    help: 'Half of the served requests took less, from the moment they were meant to start',
    write: milliseconds,
    compare: factor,
  }),
  score('99th pct.', 'p99', {
    help: '99 of 100 served requests took less',
    write: milliseconds,
    compare: factor,
  }),
  score('Amplification', 'amplification', {
    help: 'Attempts per call between services; 1 means that nothing is sent twice',
    write: (value) => `×${NBSP}${digits(value, 2)}`,
    compare: factor,
  }),
  score('Work for nobody', 'wasted', {
    help: 'Share of the finished work whose caller had given up',
    write: percent,
    compare: points(false),
  }),
]

/** Most rows that a file adds with its claims. */
const OWN_ROWS = 3

/** What the claims of a file are about, beside the usual: signals of patterns and numbers of services that differ. */
export function ownScores(
  claims: readonly string[],
  a: VariantResult | undefined,
  b: VariantResult | undefined,
): readonly Score[] {
  if (!a || !b) return []
  const asked = claims.flatMap((claim) => [...claim.matchAll(/(\w+)\([\w-]+, ([^(),]+)\)/g)])
  const paths = [...new Set(asked.map(([, name, argument]) => `${name!}(${argument!})`))]
  return paths
    .flatMap((path) => ownScore(path) ?? [])
    .filter(({ read }) => Math.abs(read(b) - read(a)) > 0)
    .slice(0, OWN_ROWS)
}

/** A row for `signal(store.rejected)` or `ok(shop)`; undefined for other metrics. */
function ownScore(path: string): Score | undefined {
  const found = parseMetric(path)
  const [kind] = found?.metric.args ?? []
  if (!found || (kind?.kind !== 'signal' && kind?.kind !== 'service')) return undefined
  const { name, unit, help } = found.metric
  const [argument = ''] = found.args.map(String)
  const isSignal = kind.kind === 'signal'
  return score(isSignal ? spaced(argument.replace('.', ' ')) : `${name} ${argument}`, path, {
    help: isSignal ? `${argument}, as the pattern counts it` : help,
    write: unit === 'share' ? percent : unit === 'ms' ? milliseconds : count,
    compare:
      unit === 'share' ? uncoloured(points(true)) : uncoloured(unit === 'ms' ? sooner : fewer),
  })
}

/** Whether more is better, the page does not know. */
function uncoloured(compare: Score['compare']): Score['compare'] {
  return (a, b) => ({ text: compare(a, b).text, isGood: undefined })
}

/** The rows for runs whose last fault ends at a moment (ns), or that have none. */
export function scores(faultEnd: number | undefined): readonly Score[] {
  if (faultEnd === undefined) return SCORES
  const recovery: Score = {
    name: 'Recovered after',
    help: 'From the end of the last fault until 95 % of the usual share is served, for good',
    read: (result) => metric(result, `recoveryTime(${faultEnd / MILLISECOND}ms)`) * MILLISECOND,
    write: span,
    compare: sooner,
  }
  return [...SCORES, recovery]
}
