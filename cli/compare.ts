/** `sim compare FILE --seeds N`: paired runs, differences with intervals. */
import type { Command } from 'commander'
import type { VariantResult } from '../engine/run.ts'
import { ENGINE_VERSION } from '../engine/run.ts'
import type { Job } from './execution.ts'
import { assertLaws, execute, taskOf, warn } from './execution.ts'
import { BadInput, EXIT } from './exit.ts'
import type { OpenedFile } from './files.ts'
import { openFile } from './files.ts'
import type { Measure } from './measures.ts'
import { measures, valueOf } from './measures.ts'
import type { ChangeOptions, RunningOptions } from './options.ts'
import { anotherMetric, count, firstSeed, seedRow, withChanges, withRunning } from './options.ts'
import type { Interval } from '../engine/results/statistics.ts'
import { CONFIDENCE, mean, pairedInterval } from '../engine/results/statistics.ts'
import { change, interval, quantity, table } from './text.ts'
import type { NamedVariant } from './variants.ts'
import { variantsOf } from './variants.ts'

interface Options extends ChangeOptions, RunningOptions {
  readonly json?: boolean
  readonly seeds: number
  readonly from: number
  readonly metric: readonly string[]
}

/** A metric over all pairs: means by variant, and each variant's difference from the first one. */
interface Row {
  readonly measure: Measure
  readonly means: readonly number[]
  /** Undefined where a run had no such value, such as a recovery that never came. */
  readonly differences: readonly (Interval | undefined)[]
}

/** Declares the command; `finish` is told the exit code. */
export function compareCommand(program: Command, finish: (code: number) => void): void {
  const command = program
    .command('compare')
    .description('run all variants of a scenario under the same seeds; differences with intervals')
    .argument('<file>', 'scenario file with a `compare` section')
    .requiredOption('--seeds <n>', 'how many seeds, at least 2', count)
    .option('--from <seed>', 'first seed', firstSeed, 1)
    .option('--json', 'print means and intervals as JSON')
    .option('--metric <path>', 'compare this metric too; may be repeated', anotherMetric, [])
  withRunning(withChanges(command)).action(async (path: string, options: Options) => {
    finish(await compare(path, options))
  })
}

async function compare(path: string, options: Options): Promise<number> {
  if (options.seeds < 2)
    throw new BadInput('A difference needs an interval, and that needs --seeds 2 or more.')
  const file = openFile(path, options)
  const shown = measures(options.metric)
  const variants = variantsOf(file)
  if (variants.length < 2) throw new BadInput(`${path} has no two variants to compare.`)
  warn([file])
  const seeds = seedRow(options.from, options.seeds)
  const results = await pairs(file, variants, seeds, options)
  const done = seeds.filter((_, at) => results[at] !== undefined)
  if (done.length < 2) return EXIT.cancelled
  const rows = shown.map((measure) =>
    rowOf(
      measure,
      results.filter((each) => each !== undefined),
    ),
  )
  const print = options.json ? asJson : asText
  process.stdout.write(print(file, variants, done, rows))
  return done.length < seeds.length ? EXIT.cancelled : EXIT.fine
}

/** Results by seed, then variant; undefined for a seed whose runs were not all done. */
async function pairs(
  file: OpenedFile,
  variants: readonly NamedVariant[],
  seeds: readonly number[],
  options: Options,
): Promise<(VariantResult[] | undefined)[]> {
  const jobs: Job[] = seeds.flatMap((seed) =>
    variants.map(({ variant }) => ({ file, task: taskOf(file, options, variant, seed) })),
  )
  const done = await execute(jobs, options)
  done.forEach((each, at) => each && assertLaws(each.result, jobs[at]!))
  return seeds.map((_, at) => {
    const row = done.slice(at * variants.length, (at + 1) * variants.length)
    return row.includes(undefined) ? undefined : row.map((each) => each!.result)
  })
}

function rowOf(measure: Measure, results: readonly VariantResult[][]): Row {
  const values = results[0]!.map((_, variant) =>
    results.map((row) => valueOf(measure, row[variant]!)),
  )
  const [first, ...others] = values as [number[], ...number[][]]
  const isKnown = (row: readonly number[]): boolean => row.every(Number.isFinite)
  const differences = others.map((other) =>
    isKnown(first) && isKnown(other) ? pairedInterval(first, other) : undefined,
  )
  return { measure, means: values.map(mean), differences }
}

function asJson(
  file: OpenedFile,
  variants: readonly NamedVariant[],
  seeds: readonly number[],
  rows: readonly Row[],
): string {
  const keys = variants.map(({ key }) => key)
  const metrics = rows.map(({ measure, means, differences }) => {
    const { unit } = measure.metric
    const mean = Object.fromEntries(keys.map((key, at) => [key, means[at]]))
    const pairs = differences.map((each, at) => [`${keys[at + 1]}-${keys[0]}`, each ?? null])
    return [measure.label, { unit, mean, difference: Object.fromEntries(pairs) }]
  })
  const printed = {
    engine: ENGINE_VERSION,
    scenario: file.name,
    seeds,
    n: seeds.length,
    confidence: CONFIDENCE,
    metrics: Object.fromEntries(metrics),
  }
  return `${JSON.stringify(printed, null, 2)}\n`
}

function asText(
  file: OpenedFile,
  variants: readonly NamedVariant[],
  seeds: readonly number[],
  rows: readonly Row[],
): string {
  const [first, ...others] = variants as [NamedVariant, ...NamedVariant[]]
  const heads = ['', ...variants.map(({ key }) => `mean ${key}`)]
  for (const { key } of others) heads.push(`${key}−${first.key}`, '95 % interval')
  heads.push('N')
  const body = rows.map(({ measure, means, differences }) => {
    const { unit } = measure.metric
    const cells = [measure.label, ...means.map((value) => quantity(value, unit))]
    for (const each of differences) {
      if (each) cells.push(change(each.mean, unit), interval(each.low, each.high, unit))
      else cells.push('–', '–')
    }
    return [...cells, String(seeds.length)]
  })
  const names = variants.map(({ key, title }) => `${key}  ${title}`)
  const range = `seeds ${seeds[0]} to ${seeds.at(-1)}, the same for all variants; paired t`
  return [file.scenario.title, '', ...names, range, '', table([heads, ...body])].join('\n')
}
