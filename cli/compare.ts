/** `sim compare FILE`: paired runs, differences with intervals; as many runs as it takes, or a fixed number. */
import type { Command } from 'commander'
import { looksUpTo, MOST_RUNS } from '../engine/results/statistics.ts'
import { comparison, type ComparisonPlan, type Looked } from '../engine/studies/comparison.ts'
import { asJson, asText, type Asked } from './compare-report.ts'
import { taskOf, warn } from './execution.ts'
import { BadInput, EXIT } from './exit.ts'
import { openFile } from './files.ts'
import { measures } from './measures.ts'
import type { ChangeOptions, RunningOptions } from './options.ts'
import { anotherMetric, count, firstSeed, seedRow, withChanges, withRunning } from './options.ts'
import { delta, type Delta, precisionOf, relative } from './precision.ts'
import { pursue } from './studying.ts'
import { variantsOf } from './variants.ts'

interface Options extends ChangeOptions, RunningOptions {
  readonly json?: boolean
  readonly seeds?: number
  readonly maxSeeds?: number
  readonly precision?: number
  readonly delta?: Delta
  readonly from: number
  readonly metric: readonly string[]
}

/** Declares the command; `finish` is told the exit code. */
export function compareCommand(program: Command, finish: (code: number) => void): void {
  const command = program
    .command('compare')
    .description('run all variants of a scenario under the same seeds; differences with intervals')
    .argument('<file>', 'scenario file with a `compare` section')
    .option('--seeds <n>', 'exactly so many seeds; without it, as many as it takes', count)
    .option('--precision <share>', 'narrow enough: this share of the first variant (5%)', relative)
    .option('--delta <size>', 'narrow enough, too: a difference that would not matter', delta)
    .option('--max-seeds <n>', `give up after so many seeds (${MOST_RUNS})`, count)
    .option('--from <seed>', 'first seed', firstSeed, 1)
    .option('--json', 'print means and intervals as JSON')
    .option(
      '--metric <path>',
      'compare this metric too, and let it decide; may be repeated',
      anotherMetric,
      [],
    )
  withRunning(withChanges(command)).action(async (path: string, options: Options) => {
    finish(await compare(path, options))
  })
}

async function compare(path: string, options: Options): Promise<number> {
  const file = openFile(path, options)
  const variants = variantsOf(file)
  if (variants.length < 2) throw new BadInput(`${path} has no two variants to compare.`)
  const base = taskOf(file, options, undefined)
  const keys = variants.map(({ key }) => key)
  const plan: ComparisonPlan = { base, variants: keys, ...planOf(options) }
  warn([file])
  const { answer, isCancelled } = await pursue(file, comparison(plan), options, (looked, say) => {
    if (options.seeds === undefined) say(`${looked.seeds.length} pairs: ${nextOf(looked, plan)}`)
  })
  if (!answer) return EXIT.cancelled
  const asked: Asked = { file, variants, plan, isFixed: options.seeds !== undefined, ...options }
  process.stdout.write(options.json ? asJson(asked, answer) : asText(asked, answer))
  return isCancelled ? EXIT.cancelled : EXIT.fine
}

/** Looks, and what decides: the metrics that were named, or the share of requests that are served. */
function planOf(options: Options): Omit<ComparisonPlan, 'base' | 'variants'> {
  const { seeds, maxSeeds, from, metric } = options
  const most = seeds ?? maxSeeds ?? MOST_RUNS
  if (most < 2)
    throw new BadInput('A difference needs an interval, and that needs --seeds 2 or more.')
  if (seeds !== undefined && maxSeeds !== undefined)
    throw new BadInput('--seeds is the number of seeds; leave out --max-seeds.')
  seedRow(from, most)
  const shown = measures(metric)
  const labels = metric.length > 0 ? [...new Set(metric)] : ['served']
  const deciding = labels.map((name) => shown.findIndex(({ label }) => label === name))
  const units = deciding.map((at) => shown[at]!.metric.unit)
  if (options.delta && units.every((unit) => options.delta!.byUnit[unit] === undefined))
    throw new BadInput(
      `--delta ${options.delta.text} is no size of ${deciding.map((at) => shown[at]!.label).join(', ')}. Name the metric that it is of with --metric.`,
    )
  return {
    from,
    looks: seeds === undefined ? looksUpTo(most) : [seeds],
    measures: shown,
    deciding: seeds === undefined ? deciding : [],
    precision: ({ metric: { unit } }) => precisionOf(unit, options),
  }
}

function nextOf({ seeds, isPrecise }: Looked, { looks }: ComparisonPlan): string {
  if (isPrecise) return 'narrow enough'
  const next = looks.find((look) => look > seeds.length)
  return next === undefined ? 'not narrow enough' : `not narrow enough yet, going on to ${next}`
}
