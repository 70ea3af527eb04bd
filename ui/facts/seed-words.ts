/** What a row of seeds says, in sentences, with as many digits as the intervals support. */
import { wilsonInterval, type Interval } from '../../engine/results/statistics.ts'
import { count, NBSP, words } from '../format.ts'
import type { Runs } from '../runs.ts'
import { SIDES, type Side } from '../state.ts'
import { nameAmong, type Difference } from '../switches.ts'
import { judgeOf, type Judge } from './judge.ts'
import { told, written, type Wording } from './measure-words.ts'
import { FEWEST_PAIRS, summaryOf, type Summary } from './seed-summary.ts'
import type { Mark } from './standing.ts'
import type { Cell, Table } from './table.ts'
import { howTheyDiffer, type Part } from './verdict.ts'

/** `85 %, 95 % CI 64–95 %` of so many hits. */
export function proportion(hits: number, n: number): string {
  const { mean, low, high } = wilsonInterval(hits, n)
  const whole = (share: number): string => String(Math.round(share * 100))
  return `${whole(mean)}${NBSP}%, 95${NBSP}% CI ${whole(low)}–${whole(high)}${NBSP}%`
}

/** A number with no more digits than half the width of its interval allows, and three at most. */
export function sized(value: number, half: number, largest = Math.abs(value)): string {
  const most = largest > 0 ? 2 - Math.floor(Math.log10(largest)) : 2
  const allowed = half > 0 ? Math.ceil(-Math.log10(half * 1.05)) : most
  const decimals = Math.max(0, Math.min(most, allowed, 3))
  const text = decimals === 0 ? count(Math.round(value)) : value.toFixed(decimals)
  return Number(text) === 0 ? '0' : text.replace('-', '−')
}

/** Numbers of a measure as people compare them: shares in points, times in ms. */
export function comparable(value: number, unit: Wording['unit']): number {
  return unit === 'share' ? value * 100 : value
}

/** What such numbers are called. */
export function unitOf(unit: Wording['unit'], isShort = false): string {
  if (unit === 'share') return isShort ? `${NBSP}pt` : ' points'
  return unit === 'ms' ? `${NBSP}ms` : ''
}

/** What an axis of differences is called: `B − A, milliseconds`. */
export function differenceAxis({ unit, clause }: Pick<Wording, 'unit' | 'clause'>): string {
  const points = `points${clause.includes('served') ? ' served' : ''}`
  const units = { share: points, ms: 'milliseconds', count: 'number', factor: 'times' }
  return `B − A, ${units[unit]}`
}

/** `+35 points (95 % CI 31–38)`. */
export function difference({ mean, low, high }: Interval, unit: Wording['unit']): string {
  const [middle, from, to] = [mean, low, high].map((value) => comparable(value, unit))
  const half = (to! - from!) / 2
  const sign = middle! > 0 ? '+' : ''
  return `${sign}${sized(middle!, half)}${unitOf(unit)} (95${NBSP}% CI ${range(from!, to!, half)})`
}

/** `31–38`, `−2 to 1`. */
export function range(low: number, high: number, half: number): string {
  const largest = Math.max(Math.abs(low), Math.abs(high))
  const [from, to] = [low, high].map((end) => sized(end, half, largest))
  return low < 0 || high < 0 ? `${from!} to ${to!}` : `${from!}–${to!}`
}

/** Whether an interval leaves out zero. */
export function isClear(interval: Interval | undefined): interval is Interval {
  return interval !== undefined && (interval.low > 0 || interval.high < 0)
}

/** In how many seeds it comes out as on the screen, in words; undefined before there are five. */
export function luckWords(runs: Runs): string | undefined {
  const judge = judgeOf(runs)
  const summary = judge && runs.seeds && summaryOf(runs.seeds, judge)
  if (!summary || summary.n < FEWEST_PAIRS) return undefined
  return luck(summary, judge, runs)
    .map(({ text }) => text)
    .join('')
}

/** `Seed 7. The same verdict holds in 18 of 20 seeds.`; `1 seed (7).` for as long as there is no other. */
export function seedLine(runs: Runs): string {
  const { A, B, seeds } = runs
  const seed = (A ?? B)?.layout.seed ?? ''
  const judge = judgeOf(runs)
  const summary = judge && seeds && summaryOf(seeds, judge)
  if (!summary || summary.n < 2 || seeds.current !== seed) return `1 seed (${seed}).`
  const { same, n, wanted } = summary
  const so = n < wanted ? 'So far the' : 'The'
  return `Seed ${seed}. ${so} same verdict holds in ${same} of ${n} seeds.`
}

/** What the seeds say of the question, and of the gain; nothing before there is one. */
export function luck(summary: Summary, judge: Judge, asked: Asked): Part[] {
  if (summary.n === 0) return []
  return judge.about === 'recovery'
    ? [...fates(summary, asked.difference), gain(summary)]
    : amounts(summary, judge, asked)
}

/** What the sentences are about. */
type Asked = Pick<Runs, 'difference' | 'opened'>

const SAYINGS: Readonly<Record<Exclude<Mark, 'fine'>, string>> = {
  down: 'the system stays down',
  limping: 'the system never fully recovers',
}

/** `Without the circuit breaker the system stays down in 17 of 20 seeds (85 %, 95 % CI 64–95 %). With it: 0 of 20 …` */
function fates({ marked, n }: Summary, differs: Difference): Part[] {
  const worst = (['down', 'limping'] as const).find((mark) =>
    SIDES.some((side) => marked[side][mark] > 0),
  )
  if (!worst) return [{ text: `Both come back in ${n} of ${n} seeds (${proportion(n, n)}).` }]
  const [before, after] = sideWords(differs)
  const share = (side: Side): string => proportion(marked[side][worst], n)
  return [
    { text: `${before} ${SAYINGS[worst]} in ` },
    { text: `${marked.A[worst]} of ${n} seeds`, tone: marked.A[worst] > 0 ? 'bad' : undefined },
    { text: ` (${share('A')}). ${after}: ` },
    { text: `${marked.B[worst]} of ${n}`, tone: marked.B[worst] > 0 ? 'bad' : 'good' },
    { text: ` (${share('B')}).` },
  ]
}

/** `Without the circuit breaker`, `With it`; `In A`, `In B` where more than one thing differs. */
function sideWords({ patterns, values }: Difference): readonly [string, string] {
  const [first] = patterns
  if (!first || patterns.length + values.length > 1) return ['In A', 'In B']
  const name = words(nameAmong(first, patterns))
  return first.B ? [`Without the ${name}`, 'With it'] : [`With the ${name}`, 'Without it']
}

function gain({ interval }: Summary): Part {
  if (!interval) return { text: '' }
  const said = difference(interval, 'share').replace(' points', ' points served')
  if (!isClear(interval)) return { text: ` No clear gain: ${said}.` }
  return { text: ` Mean ${interval.mean > 0 ? 'gain' : 'loss'} ${said.replace(/^[+−]/, '')}.` }
}

/** `Mean of 20 seeds: quiet-shop answers 62 % of its calls; with a bulkhead 90 %. Difference +28 points …` */
function amounts(summary: Summary, { measure }: Judge, { difference: differs, opened }: Asked) {
  const { n, interval, means } = summary
  const up = summary.differences.filter(({ value }) => value > 0).length
  const down = summary.differences.filter(({ value }) => value < 0).length
  if (up + down === 0) return [{ text: `A and B are the same in ${n} of ${n} seeds.` }]
  if (!interval) return [{ text: '' }]
  const { unit } = measure
  const [a, b] = [means.A, means.B].map((value) => roundedMean(value, interval, unit))
  const [most, way] = up >= down ? [up, 'up'] : [down, 'down']
  const how = howTheyDiffer(differs, opened)
  const tone = toneOf(interval, measure.isMoreBetter)
  return [
    { text: `Mean of ${n} seeds: ${told(measure, means.A, a)}; ${how} ${b!}. Difference ` },
    { text: difference(interval, unit), tone },
    { text: `, ${way} in ${most} of ${n} (${proportion(most, n)}).` },
  ]
}

/** A mean has no more digits than its difference. */
function roundedMean(value: number, { low, high }: Interval, unit: Wording['unit']): string {
  if (value === 0) return written(0, unit)
  const scale = unit === 'share' ? 100 : 1
  const number = sized(value * scale, ((high - low) / 2) * scale)
  return unit === 'share' ? `${number}${NBSP}%` : `${number}${unitOf(unit)}`
}

function toneOf(interval: Interval, isMoreBetter: boolean | undefined): Part['tone'] {
  if (!isClear(interval) || isMoreBetter === undefined) return undefined
  return interval.mean > 0 === isMoreBetter ? 'good' : 'bad'
}

/** Every pair as a row. */
export function seedTable(runs: Runs): Table | undefined {
  const judge = judgeOf(runs)
  if (!judge || !runs.seeds) return undefined
  const { squares, n } = summaryOf(runs.seeds, judge)
  const { measure } = judge
  const asked = measure.clause.replace('$', '…')
  const rows = runs.seeds.pairs.map(({ seed, A, B }, at): Cell[] => {
    const values = [A, B].map((result) => result && measure.read(result))
    const [a, b] = values
    const gain = a === undefined || b === undefined ? undefined : b - a
    return [seed, squares.A[at]!.mark, squares.B[at]!.mark, a, b, gain]
  })
  return {
    caption: luckWords(runs) ?? `${n} of ${rows.length} seeds are computed so far.`,
    columns: ['seed', 'A', 'B', `${asked} (A)`, `${asked} (B)`, 'B − A'],
    rows,
  }
}
