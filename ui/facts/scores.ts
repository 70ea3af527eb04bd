/** The rows of the scoreboard: metrics of both runs and their difference. */
import { parseMetric } from '../../engine/results/metrics.ts'
import type { VariantResult } from '../../engine/results/result.ts'
import { MILLISECOND } from '../../engine/units.ts'
import { count, digits, NBSP, percent, span, spaced } from '../format.ts'
import { GLOSSARY } from './glossary.ts'
import { metric } from './standing.ts'

/** A difference in words, and whether it is an improvement; undefined when it is too small to say. */
export interface Delta {
  readonly text: string
  readonly isGood: boolean | undefined
}

/** How two values are compared: as points of a percentage, as a factor, a number, a time (ms), or a moment that may never come. */
export type Comparing = 'points' | 'factor' | 'number' | 'time' | 'recovery'

/** A row: what is measured, in one line, and how to read and compare it. */
export interface Score {
  readonly id: string
  readonly name: string
  readonly help: string
  /** Kind of row of the stack that shows it over time. */
  readonly row: string | undefined
  readonly by: Comparing
  read(result: VariantResult): number
  /** The same for requests that ended in a part of the run; undefined: only the whole run has it. */
  readonly path: string | undefined
  write(value: number): string
  compare(a: number, b: number): Delta
}

const SAME: Delta = { text: '±0', isGood: undefined }

/** Points of a percentage; less than half a point is not coloured. */
function points(isMoreBetter: boolean) {
  return (a: number, b: number): Delta => {
    const difference = (b - a) * 100
    if (Number.isNaN(difference)) return { text: '', isGood: undefined }
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
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return SAME
  if (!Number.isFinite(b)) return { text: 'never', isGood: false }
  if (!Number.isFinite(a)) return { text: 'back', isGood: true }
  return { text: `${b < a ? '−' : '+'}${span(Math.abs(b - a))}`, isGood: b < a }
}

const milliseconds = (ms: number): string => span(ms * MILLISECOND)

type Rest = Omit<Score, 'id' | 'name' | 'read' | 'path'>

/** A metric by its path. */
function score(name: string, path: string, rest: Rest): Score {
  return { id: path, name, path, read: (result) => metric(result, path), ...rest }
}

function share(name: string, path: string, isMoreBetter: boolean, row: string, help: string) {
  return score(name, path, {
    help,
    row,
    by: 'points',
    write: percent,
    compare: points(isMoreBetter),
  })
}

function latency(name: string, path: string, help: string): Score {
  return score(name, path, {
    help,
    row: 'latency',
    by: 'factor',
    write: milliseconds,
    compare: factor,
  })
}

const SCORES: readonly Score[] = [
  share('Served', 'served', true, 'requests', GLOSSARY.Served),
  share(
    'Failed fast',
    'refused',
    false,
    'requests',
    'Share of the requests that a pattern turned away on purpose, at once',
  ),
  share(
    'Failed',
    'failed',
    false,
    'requests',
    'Share of the requests that failed in any other way',
  ),
  {
    id: 'unfinished',
    name: 'Unfinished',
    help: 'Requests that had no answer when the run ended',
    row: 'requests',
    by: 'number',
    path: undefined,
    read: ({ requests }) => requests.unfinished,
    write: count,
    compare: fewer,
  },
  latency('Median', 'p50', GLOSSARY.Median),
  latency('99th pct.', 'p99', GLOSSARY['99th pct.']),
  score('Amplification', 'amplification', {
    help: GLOSSARY.Amplification,
    row: 'retries',
    by: 'factor',
    write: (value) => `×${NBSP}${digits(value, 2)}`,
    compare: factor,
  }),
  share('Wasted work', 'wasted', false, 'retries', GLOSSARY['Wasted work']),
]

/** Most rows that a file adds with its claims. */
const OWN_ROWS = 2

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
    row: undefined,
    ...(unit === 'share' ? OWN.share : unit === 'ms' ? OWN.time : OWN.number),
  })
}

/** How numbers of a file's own are written and compared. */
const OWN = {
  share: { by: 'points', write: percent, compare: uncoloured(points(true)) },
  time: {
    by: 'time',
    write: milliseconds,
    compare: uncoloured((a, b) => sooner(a * MILLISECOND, b * MILLISECOND)),
  },
  number: { by: 'number', write: count, compare: uncoloured(fewer) },
} as const

/** Whether more is better, the page does not know. */
function uncoloured(compare: Score['compare']): Score['compare'] {
  return (a, b) => ({ text: compare(a, b).text, isGood: undefined })
}

/** The unit of the numbers of a row, by its id: `ms`, `share`, `factor`. */
export function unitOfScore(id: string): string {
  return UNITS[id] ?? parseMetric(id)?.metric.unit ?? ''
}

const UNITS: Readonly<Record<string, string>> = {
  unfinished: 'count',
  recovery: 'ns',
  objective: '1 = kept',
}

/** The rows for runs whose last fault ends at a moment (ns), or that have none. */
export function scores(faultEnd: number | undefined): readonly Score[] {
  if (faultEnd === undefined) return SCORES
  const recovery: Score = {
    id: 'recovery',
    name: 'Recovered',
    help: GLOSSARY.Recovered,
    row: 'requests',
    by: 'recovery',
    path: undefined,
    read: (result) => metric(result, `recoveryTime(${faultEnd / MILLISECOND}ms)`) * MILLISECOND,
    write: span,
    compare: sooner,
  }
  return [...SCORES, recovery]
}
