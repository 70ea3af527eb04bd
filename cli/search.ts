/** `sim search FILE`: the worst seed, or the smallest fault that breaks a line of `expect`. */
import type { Command } from 'commander'
import { Option } from 'commander'
import { parse } from 'yaml'
import { ENGINE_VERSION } from '../engine/run.ts'
import { candidatesOf, draftOf, lineOf } from '../engine/studies/fault-draft.ts'
import { faultSearch, type FaultPlan, type FoundFault } from '../engine/studies/fault-search.ts'
import { betterOf } from '../engine/studies/measure.ts'
import { type Worst, type WorstPlan, worstSeed } from '../engine/studies/worst.ts'
import { SECOND } from '../engine/units.ts'
import { taskOf, warn } from './execution.ts'
import { BadInput, EXIT } from './exit.ts'
import { openFile, type OpenedFile } from './files.ts'
import { measureOf } from './measures.ts'
import type { ChangeOptions, RunningOptions } from './options.ts'
import { count, firstSeed, seedRow, withChanges, withRunning } from './options.ts'
import { pursue } from './studying.ts'
import { linesOf, variantNamed } from './sweep.ts'
import { quantity } from './text.ts'

interface Options extends ChangeOptions, RunningOptions {
  readonly json?: boolean
  readonly worstSeed?: string
  readonly fault?: string | true
  readonly worse?: 'high' | 'low'
  readonly variant?: string
  readonly pairs: number
  readonly seeds?: number
  readonly from: number
}

/** Declares the command; `finish` is told the exit code. */
export function searchCommand(program: Command, finish: (code: number) => void): void {
  const command = program
    .command('search')
    .description('look for the worst seed, or for the smallest fault that breaks an `expect` line')
    .argument('<file>', 'scenario file')
    .option('--worst-seed <metric>', 'the seed under which this metric is worst')
    .addOption(new Option('--worse <end>', 'which values are worse').choices(['high', 'low']))
    .option('--variant <name>', 'the variant to look at; the last one of the file')
    .option('--fault [line]', 'the smallest fault that breaks this line, or the first of the file')
    .option('--pairs <n>', 'pairs of faults to try where no single one breaks it', count, 40)
    .option('--seeds <n>', 'seeds to look through (200), or to judge a fault by (5)', count)
    .option('--from <seed>', 'first seed', firstSeed, 1)
    .option('--json', 'print what was found as JSON')
  withRunning(withChanges(command)).action(async (path: string, options: Options) => {
    finish(await search(path, options))
  })
}

function search(path: string, options: Options): Promise<number> {
  const file = openFile(path, options)
  const isSeed = options.worstSeed !== undefined
  if (isSeed === (options.fault !== undefined))
    throw new BadInput('Say what to look for: --worst-seed METRIC, such as p99, or --fault.')
  seedRow(options.from, options.seeds ?? 0)
  warn([file])
  return isSeed ? worst(file, options) : fault(file, options)
}

async function worst(file: OpenedFile, options: Options): Promise<number> {
  const measure = measureOf(options.worstSeed!)
  const better = betterOf(measure)
  const worse =
    options.worse ?? (better === 'more' ? 'low' : better === 'less' ? 'high' : undefined)
  if (!worse)
    throw new BadInput(`${measure.label} is neither good nor bad: say --worse high or --worse low.`)
  const last = Object.keys(file.scenario.compare).at(-1)
  const variant = variantNamed(file, options.variant) ?? last
  const { from, seeds = 200 } = options
  const plan: WorstPlan = { base: taskOf(file, options, variant), measure, worse, from, seeds }
  const { answer, isCancelled } = await pursue(file, worstSeed(plan), options)
  if (!answer) return isCancelled ? EXIT.cancelled : nothing(measure.label)
  process.stdout.write(worstReport(file, plan, answer, options.json ?? false))
  return isCancelled ? EXIT.cancelled : EXIT.fine
}

function nothing(label: string): never {
  throw new BadInput(`${label} has no value in any of these runs.`)
}

function worstReport(file: OpenedFile, plan: WorstPlan, found: Worst, isJson: boolean): string {
  const { measure, base, worse, from } = plan
  const { unit } = measure.metric
  const { worst: rows, n, median, best, lacking } = found
  const variant = base.variant
  if (isJson) {
    const engine = ENGINE_VERSION
    const printed = {
      engine,
      scenario: file.name,
      variant: variant ?? null,
      metric: measure.label,
      unit,
      worse,
      ...found,
    }
    return `${JSON.stringify(printed, null, 2)}\n`
  }
  const [first] = rows
  const where = variant === undefined ? '' : `, variant ${variant}`
  const lines = rows.map(({ seed, value }) => `  seed ${seed}   ${quantity(value, unit)}`)
  return [
    `${file.scenario.title}${where}: ${measure.label} is worst under seed ${first!.seed}`,
    `the ${rows.length} worst of ${n} seeds from ${from} on (${worse} is worse):`,
    ...lines,
    `median ${quantity(median, unit)}, best ${quantity(best, unit)}${lacking > 0 ? `, without a value ${lacking}` : ''}`,
    'Each is 1 seed, picked because it is bad: something to look at, no estimate of anything.',
    `See it: npm run -s sim -- run ${file.path} --seed ${first!.seed}`,
    '',
  ].join('\n')
}

async function fault(file: OpenedFile, options: Options): Promise<number> {
  const [tree] = linesOf(file, options.fault)
  const { scenario } = file
  const { duration, warmup, faults } = scenario
  const at = faults[0]?.at ?? Math.ceil((warmup + (duration - warmup) / 4) / SECOND) * SECOND
  const span = Math.max(1, Math.floor((duration - at) / 3 / SECOND)) * SECOND
  if (at + span > duration)
    throw new BadInput(`${file.path} is too short for a fault: ${duration / SECOND} s.`)
  const drafts = faults.map((spec) => draftOf(spec, duration))
  const plan: FaultPlan = {
    base: taskOf(file, options, undefined),
    tree: tree!,
    from: options.from,
    seeds: options.seeds ?? Math.min(5, tree!.seeds),
    present: presentIn(file),
    drafts: drafts.every((draft) => draft !== undefined) ? drafts : undefined,
    candidates: candidatesOf(scenario, at, span),
    pairs: options.pairs,
    duration,
  }
  const { answer } = await pursue(file, faultSearch(plan), options, (now, say) =>
    say(`${now.phase}: ${now.tried} tried, ${now.breaking} break it`),
  )
  if (!answer) return EXIT.cancelled
  process.stdout.write(options.json ? faultJson(file, answer) : faultText(file, answer))
  return EXIT.fine
}

/** The faults of the file as it writes them. */
function presentIn({ text }: OpenedFile): unknown[] {
  const tree = parse(text) as { faults?: unknown[] } | null
  return tree?.faults ?? []
}

function faultJson(file: OpenedFile, found: FoundFault): string {
  const faults = found.faults.map(lineOf)
  return `${JSON.stringify({ engine: ENGINE_VERSION, scenario: file.name, ...found, faults }, null, 2)}\n`
}

function faultText({ scenario }: OpenedFile, found: FoundFault): string {
  const { line, seeds, faults, isOwn, tried, breaking, isConfirmed } = found
  const how = `${tried} sets of faults tried over ${seeds} seeds each, ${breaking} broke it`
  const head = `${scenario.title}\n${line}\n${how}`
  if (faults.length === 0) {
    const why =
      breaking > 0 ? 'It is broken without any further fault.' : 'Nothing that was tried breaks it.'
    return `${head}\n${why}\n`
  }
  const which = isOwn
    ? 'The faults of the file, made as small as they still break it:'
    : 'The smallest further fault that breaks it:'
  const sure = isConfirmed ? 'broken' : 'NOT broken: give more --seeds'
  const notes = [
    `Over all seeds of the line: ${sure}.`,
    'Shorter or milder by a sixteenth, it holds. In a file:',
    'faults:',
    ...faults.map((one) => `  - ${lineOf(one)}`),
  ]
  return `${head}\n${which}\n${notes.join('\n')}\n`
}
