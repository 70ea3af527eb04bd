/** What a comparison says: the same numbers as a table, as sentences and as JSON. */
import { CONFIDENCE, FEWEST_BEYOND } from '../engine/results/statistics.ts'
import { ENGINE_VERSION } from '../engine/run.ts'
import type { ComparedRow, ComparisonPlan, Looked } from '../engine/studies/comparison.ts'
import { differenceWords } from './difference-words.ts'
import type { OpenedFile } from './files.ts'
import { change, interval, quantity, table } from './text.ts'
import type { NamedVariant } from './variants.ts'

/** What was asked. */
export interface Asked {
  readonly file: OpenedFile
  readonly variants: readonly NamedVariant[]
  readonly plan: ComparisonPlan
  /** Whether the number of pairs was fixed beforehand. */
  readonly isFixed: boolean
}

/** A comparison for machines. */
export function asJson({ file, variants, plan, isFixed }: Asked, looked: Looked): string {
  const keys = variants.map(({ key }) => key)
  const { seeds, rows, isPrecise } = looked
  const deciding = plan.deciding.map((at) => plan.measures[at]!.label)
  const sequential = { kind: 'sequential', looks: plan.looks, deciding, isPrecise }
  const printed = {
    engine: ENGINE_VERSION,
    scenario: file.name,
    seeds,
    n: seeds.length,
    confidence: CONFIDENCE,
    plan: isFixed ? { kind: 'fixed' } : sequential,
    metrics: Object.fromEntries(rows.map((row) => [row.measure.label, rowAsJson(row, keys)])),
  }
  return `${JSON.stringify(printed, null, 2)}\n`
}

function rowAsJson(row: ComparedRow, keys: readonly string[]) {
  const { measure, means, differences, lacking, beyond } = row
  const byVariant = (values: readonly number[]) =>
    Object.fromEntries(keys.map((key, at) => [key, values[at]]))
  const pairs = differences.map((each, at) => [
    `${keys[at + 1]}-${keys[0]}`,
    each ? { ...each, words: differenceWords(each, measure) } : null,
  ])
  const tail = beyond === undefined ? {} : { samplesBeyond: beyond, isThin: beyond < FEWEST_BEYOND }
  return {
    unit: measure.metric.unit,
    mean: byVariant(means),
    runsWithout: byVariant(lacking),
    ...tail,
    difference: Object.fromEntries(pairs),
  }
}

/** A comparison for people. */
export function asText(asked: Asked, looked: Looked): string {
  const { file, variants } = asked
  const names = variants.map(({ key, title }) => `${key}  ${title}`)
  const parts = [file.scenario.title, '', ...names, howWords(asked, looked), '']
  const notes = notesOf(asked, looked)
  return (
    [...parts, tableOf(asked, looked), ...verdictsOf(asked, looked), ...notes].join('\n') + '\n'
  )
}

function howWords({ plan, isFixed, variants }: Asked, { seeds, isPrecise }: Looked): string {
  const row = `seeds ${seeds[0]} to ${seeds.at(-1)}, the same for all variants`
  const holm = variants.length > 2 ? '; Holm over the variants' : ''
  if (isFixed) return `${row}${holm}`
  const deciding = plan.deciding.map((at) => plan.measures[at]!.label).join(' and ')
  const end = isPrecise ? 'narrow enough' : `not narrow enough after ${seeds.length}`
  return `${row}; looked at ${plan.looks.join(', ')} by the width of ${deciding}: ${end}${holm}`
}

function tableOf({ variants }: Asked, { seeds, rows }: Looked): string {
  const [first, ...others] = variants as [NamedVariant, ...NamedVariant[]]
  const heads = ['', ...variants.map(({ key }) => `mean ${key}`)]
  for (const { key } of others) heads.push(`${key}−${first.key}`, 'interval', 'by', 'saved')
  heads.push('N')
  const body = rows.map(({ measure, means, differences }) => {
    const { unit } = measure.metric
    const cells = [measure.label, ...means.map((value) => quantity(value, unit))]
    for (const each of differences) {
      if (!each) cells.push('–', '–', '–', '–')
      else {
        const { mean, low, high, method, saved } = each
        cells.push(change(mean, unit), interval(low, high, unit), method, timesWords(saved))
      }
    }
    return [...cells, String(seeds.length)]
  })
  return table([heads, ...body])
}

/** `12.3x`: so many times more runs it would take without pairs. */
function timesWords(saved: number): string {
  return Number.isFinite(saved) ? `${saved.toFixed(1)}x` : '–'
}

/** A sentence for each metric that decides, or for the share served. */
function verdictsOf({ plan, variants }: Asked, { rows }: Looked): string[] {
  const chosen = plan.deciding.length > 0 ? plan.deciding : [0]
  return chosen.flatMap((at) => {
    const { measure, differences } = rows[at]!
    return differences.map((each, other) => {
      const names = `${variants[other + 1]!.key} against ${variants[0]!.key}`
      const says = each ? differenceWords(each, measure) : 'some runs have no such value'
      return `${measure.label}, ${names}: ${says}`
    })
  })
}

function notesOf({ variants }: Asked, { rows }: Looked): string[] {
  const thin = rows.filter(({ beyond }) => beyond !== undefined && beyond < FEWEST_BEYOND)
  const notes = thin.map(
    ({ measure, beyond }) =>
      `${measure.label}: not enough data, only ${beyond!} requests of a run lie beyond it (${FEWEST_BEYOND} are needed)`,
  )
  for (const { measure, lacking } of rows) {
    const runs = variants.flatMap(({ key }, at) =>
      lacking[at]! > 0 ? [`${lacking[at]!} of ${key}`] : [],
    )
    if (runs.length > 0) notes.push(`${measure.label}: runs without a value: ${runs.join(', ')}`)
  }
  const saved = 'saved: variance of the difference of independent runs by that of the pairs'
  return [...notes, saved]
}
