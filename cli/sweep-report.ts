/** What a sweep, a tipping point and a factorial experiment say, as tables and as JSON. */
import { CONFIDENCE, type Interval } from '../engine/results/statistics.ts'
import { ENGINE_VERSION } from '../engine/run.ts'
import type { Effect, Factorial, FactorialPlan } from '../engine/studies/factorial.ts'
import type { Range } from '../engine/studies/range.ts'
import type { SweepPlan, SweepPoint } from '../engine/studies/sweep.ts'
import type { Tipping } from '../engine/studies/tipping.ts'
import type { OpenedFile } from './files.ts'
import { placeOn } from './ranges.ts'
import { change, interval, quantity, table } from './text.ts'
import type { NamedVariant } from './variants.ts'

/** What was swept. */
export interface Swept {
  readonly file: OpenedFile
  readonly variants: readonly NamedVariant[]
  readonly plan: SweepPlan
  readonly isJson: boolean
}

/** Every point of a sweep. */
export function sweepReport(swept: Swept, points: readonly SweepPoint[]): string {
  if (swept.isJson) return sweepJson(swept, points)
  const { file, plan, variants } = swept
  const { from, seeds, ranges, measures } = plan
  const row = `seeds ${from} to ${from + seeds - 1} at every point, the same for all; 95 % intervals hold point by point`
  const names = variants.map(({ key, title }) => `${key}  ${title}`)
  const parts = measures.map((measure, at) => {
    const heads = [...ranges.map(({ path }) => path), ...headsOf(variants), 'N']
    const body = points.map((point) => [...point.values, ...cellsOf(point, at), String(seeds)])
    return `${measure.label}\n${table([heads, ...body], ranges.length)}`
  })
  return [file.scenario.title, '', ...names, row, '', parts.join('\n')].join('\n')
}

function headsOf([first, ...others]: readonly NamedVariant[]): string[] {
  const means = [first!, ...others].flatMap(({ key }) => [`mean ${key}`, '95 %'])
  return [...means, ...others.flatMap(({ key }) => [`${key}−${first!.key}`, 'interval'])]
}

function cellsOf({ looked }: SweepPoint, at: number): string[] {
  const { measure, means, intervals, differences } = looked.rows[at]!
  const { unit } = measure.metric
  const own = means.flatMap((value, variant) => {
    const known = intervals[variant]
    return [quantity(value, unit), known ? between(known, (end) => quantity(end, unit)) : '–']
  })
  const apart = differences.flatMap((each) =>
    each ? [change(each.mean, unit), interval(each.low, each.high, unit)] : ['–', '–'],
  )
  return [...own, ...apart]
}

function between({ low, high }: Interval, write: (end: number) => string): string {
  return `[${write(low)}, ${write(high)}]`
}

function sweepJson({ file, variants, plan }: Swept, points: readonly SweepPoint[]): string {
  const keys = variants.map(({ key }) => key)
  const printed = {
    engine: ENGINE_VERSION,
    scenario: file.name,
    over: plan.ranges.map(({ path }) => path),
    confidence: CONFIDENCE,
    n: plan.seeds,
    points: points.map(({ values, looked }) => ({
      values,
      metrics: Object.fromEntries(
        looked.rows.map(({ measure, means, intervals, differences }) => [
          measure.label,
          {
            unit: measure.metric.unit,
            ...Object.fromEntries(
              keys.map((key, at) => [key, { mean: means[at], interval: intervals[at] ?? null }]),
            ),
            difference: Object.fromEntries(
              differences.map((each, at) => [`${keys[at + 1]}-${keys[0]}`, each ?? null]),
            ),
          },
        ]),
      ),
    })),
  }
  return `${JSON.stringify(printed, null, 2)}\n`
}

/** Where lines tip over. */
export function tippingReport(
  file: OpenedFile,
  range: Range,
  found: readonly Tipping[],
  isJson: boolean,
): string {
  if (isJson) return tippingJson(file, range, found)
  const { path, from, to } = range
  const lines = found.map((tip) => `${tip.line}\n  ${tippingWords(range, tip)}`)
  return `${file.scenario.title}\n${path} from ${from} to ${to}, each seed bisected by itself\n\n${lines.join('\n')}\n`
}

/** `breaks from 213/s on (95 %: 208/s to 219/s; median of 20 seeds)`. */
function tippingWords(range: Range, { n, way, always, interval: found }: Tipping): string {
  if (always.held === n) return `holds all the way in ${n} of ${n} seeds`
  if (always.broken === n) return `is broken all the way in ${n} of ${n} seeds`
  const tips = n - always.held - always.broken
  const rest = `${tips} of ${n} seeds tip, ${always.held} hold all the way, ${always.broken} are broken all the way`
  if (!found) return `too few seeds for an interval: ${rest}`
  const [middle, low, high] = [found.mean, found.low, found.high].map((at) => placeOn(range, at))
  const against = always.against > 0 ? `; ${always.against} tip the other way and are left out` : ''
  return `${way} from ${middle} on (95 %: ${low} to ${high}; median of ${found.n} seeds; ${rest}${against})`
}

function tippingJson(file: OpenedFile, range: Range, found: readonly Tipping[]): string {
  const lines = found.map((tip) => {
    const { interval: known } = tip
    const places = known && {
      median: placeOn(range, known.mean),
      low: placeOn(range, known.low),
      high: placeOn(range, known.high),
      n: known.n,
    }
    return { line: tip.line, n: tip.n, way: tip.way, always: tip.always, tipsAt: places ?? null }
  })
  const { path, from, to } = range
  const printed = {
    engine: ENGINE_VERSION,
    scenario: file.name,
    over: { path, from, to },
    confidence: CONFIDENCE,
    lines,
  }
  return `${JSON.stringify(printed, null, 2)}\n`
}

/** Which switch matters most. */
export function factorialReport(
  file: OpenedFile,
  { measure, patterns }: FactorialPlan,
  { seeds, effects, subsets }: Factorial,
  isJson: boolean,
): string {
  const { unit } = measure.metric
  if (isJson) {
    const printed = {
      engine: ENGINE_VERSION,
      scenario: file.name,
      metric: measure.label,
      unit,
      patterns,
      seeds,
      n: seeds.length,
      effects: effects.map(({ interval: known, ...rest }) => ({
        ...rest,
        interval: known ?? null,
      })),
      subsets,
    }
    return `${JSON.stringify(printed, null, 2)}\n`
  }
  const rows = effects.map((effect) => effectRow(effect, unit))
  const heads = ['switch', `effect on ${measure.label}`, 'interval', 'Holm', 'says']
  const points = subsets.map(({ on, interval: known }) => [
    on.join(' + ') || 'none',
    quantity(known.mean, unit),
    between(known, (end) => quantity(end, unit)),
  ])
  const how = `all ${subsets.length} subsets under seeds ${seeds[0]} to ${seeds.at(-1)}; intervals hold jointly (Holm), N = ${seeds.length}`
  const what =
    'a: what switching a on changes on the average; a × b: half of what b changes in that'
  return [
    `${file.scenario.title}\n${how}\n${what}\n`,
    table([heads, ...rows]),
    table([['on', `mean ${measure.label}`, '95 %'], ...points]),
  ].join('\n')
}

function effectRow(
  { patterns, interval: known, confidence }: Effect,
  unit: 'ms' | 's' | 'share' | 'count' | '1/s',
): string[] {
  const name = patterns.join(' × ')
  if (!known) return [name, '–', '–', '–', 'some runs have no such value']
  const isClear = known.low > 0 || known.high < 0
  const level = `${Number((confidence * 100).toPrecision(4))} %`
  const says = isClear
    ? 'matters'
    : known.low === 0 && known.high === 0
      ? 'does nothing'
      : 'no effect shown'
  return [name, change(known.mean, unit), interval(known.low, known.high, unit), level, says]
}
