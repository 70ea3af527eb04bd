/** `sim metastability FILE`: at which loads does which trigger leave a system down? */
import type { Command } from 'commander'
import { readTask } from '../engine/scenario/read.ts'
import { CONFIDENCE } from '../engine/results/statistics.ts'
import { ENGINE_VERSION, type RunTask } from '../engine/run.ts'
import {
  type Cell,
  metastability,
  type MetastabilityPlan,
} from '../engine/studies/metastability.ts'
import { valuesOf } from '../engine/studies/range.ts'
import { taskOf, warn } from './execution.ts'
import { BadInput, EXIT } from './exit.ts'
import { openFile, type OpenedFile } from './files.ts'
import type { ChangeOptions, RunningOptions } from './options.ts'
import { count, firstSeed, withChanges, withRunning } from './options.ts'
import { rangeOf } from './ranges.ts'
import { pursue } from './studying.ts'
import { quantity, table } from './text.ts'
import { type NamedVariant, variantsOf } from './variants.ts'

interface Options extends ChangeOptions, RunningOptions {
  readonly json?: boolean
  readonly load: string
  readonly trigger: string
  readonly seeds: number
  readonly from: number
}

/** Declares the command; `finish` is told the exit code. */
export function metastabilityCommand(program: Command, finish: (code: number) => void): void {
  const command = program
    .command('metastability')
    .description('map load against trigger: does the system come back by itself, and when?')
    .argument('<file>', 'scenario file with a fault that ends')
    .requiredOption('--load <path=from..to:steps>', 'the load to move')
    .requiredOption('--trigger <path=from..to:steps>', 'what of the fault to move: faults[0].for')
    .option('--seeds <n>', 'seeds in every cell', count, 10)
    .option('--from <seed>', 'first seed', firstSeed, 1)
    .option('--json', 'print every cell as JSON')
  withRunning(withChanges(command)).action(async (path: string, options: Options) => {
    finish(await map(path, options))
  })
}

async function map(path: string, options: Options): Promise<number> {
  const file = openFile(path, options)
  if (!file.scenario.faults.some(({ at }) => at !== undefined))
    throw new BadInput(
      `${path} has no fault that could be a trigger: give it one with \`at\` and \`for\`.`,
    )
  const [load, trigger] = [options.load, options.trigger].map((text) =>
    rangeOf(text, file, options),
  )
  const variants = variantsOf(file)
  const { seeds, from } = options
  const base = taskOf(file, options, undefined)
  const keys = variants.map(({ variant }) => variant)
  const rest = { load: load!, trigger: trigger!, seeds, from, triggerEnds }
  const plan: MetastabilityPlan = { base, variants: keys, ...rest }
  warn([file])
  const { answer, isCancelled } = await pursue(file, metastability(plan), options)
  if (!answer || answer.length === 0) return EXIT.cancelled
  process.stdout.write(
    options.json ? asJson(file, plan, answer) : asText(file, plan, variants, answer),
  )
  return isCancelled ? EXIT.cancelled : EXIT.fine
}

/** Milliseconds at which the last fault of a task is over. */
function triggerEnds(task: RunTask): number {
  const read = readTask(task)
  if (!read.ok) return 0
  const { faults, duration } = read.scenario
  const ends = faults.map((spec) => Math.min(duration, (spec.at ?? 0) + spec.for))
  return Math.max(0, ...ends) / 1e6
}

function asJson(
  file: OpenedFile,
  { load, trigger, seeds }: MetastabilityPlan,
  cells: readonly Cell[],
): string {
  const printed = {
    engine: ENGINE_VERSION,
    scenario: file.name,
    load: load.path,
    trigger: trigger.path,
    n: seeds,
    confidence: CONFIDENCE,
    cells: cells.map((cell) => ({
      ...cell,
      trigger: cell.trigger ?? null,
      variant: cell.variant ?? null,
      escapeMs: cell.escape
        ? {
            ...cell.escape,
            low: finite(cell.escape.low),
            high: finite(cell.escape.high),
            mean: finite(cell.escape.mean),
          }
        : null,
      escape: undefined,
    })),
  }
  return `${JSON.stringify(printed, null, 2)}\n`
}

/** JSON has no infinity: a recovery that never comes is null. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

function asText(
  { scenario }: OpenedFile,
  plan: MetastabilityPlan,
  variants: readonly NamedVariant[],
  cells: readonly Cell[],
): string {
  const { load, trigger, seeds } = plan
  const maps = variants.map(({ key, title, variant }) => {
    const heads = [`${load.path} \\ ${trigger.path}`, 'none', ...valuesOf(trigger)]
    const rows = valuesOf(load).map((value) => {
      const row = cells.filter((cell) => cell.load === value && cell.variant === variant)
      return [value, ...row.map(cellWords)]
    })
    return `${key}  ${title}\n${table([heads, ...rows])}`
  })
  return [
    scenario.title,
    `${seeds} seeds in every cell, the same for all; median time to escape after the trigger has ended (95 % interval where there are 6 seeds and more)`,
    '',
    maps.join('\n'),
    'back: all seeds recover before the run ends. stuck: none does. k of n: some do. overloaded: down without the trigger, too.',
    '',
  ].join('\n')
}

function cellWords({ fate, recovered, escape }: Cell): string {
  const { n, mean } = recovered
  if (fate === 'overloaded' || fate === 'stuck') return `${fate} (${Math.round(mean * n)} of ${n})`
  const part = fate === 'recovers' ? `back (${n} of ${n})` : `${Math.round(mean * n)} of ${n} back`
  if (!escape) return part
  const [middle, low, high] = [escape.mean, escape.low, escape.high].map(seconds)
  return `${part}, ${middle} [${low}, ${high}]`
}

function seconds(ms: number): string {
  return quantity(ms / 1000, 's')
}
