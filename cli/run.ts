/** `sim run FILE`: one run of every variant. */
import type { Command } from 'commander'
import type { VariantResult } from '../engine/run.ts'
import { ENGINE_VERSION } from '../engine/run.ts'
import { type Measure, valueOf } from '../engine/studies/measure.ts'
import type { Done, Job } from './execution.ts'
import { assertLaws, execute, taskOf, warn } from './execution.ts'
import { EXIT } from './exit.ts'
import type { OpenedFile } from './files.ts'
import { openFile } from './files.ts'
import { measures } from './measures.ts'
import type { ChangeOptions, RunningOptions } from './options.ts'
import { anotherMetric, withChanges, withRunning } from './options.ts'
import { printedSeed } from './seeds.ts'
import { change, quantity, table } from './text.ts'
import type { NamedVariant } from './variants.ts'
import { variantsOf } from './variants.ts'

interface Options extends ChangeOptions, RunningOptions {
  readonly json?: boolean
  readonly metric: readonly string[]
}

/** A variant and what came of it. */
interface Ran extends NamedVariant, Done {}

/** Declares the command; `finish` is told the exit code. */
export function runCommand(program: Command, finish: (code: number) => void): void {
  const command = program
    .command('run')
    .description('run every variant of a scenario once, under one seed')
    .argument('<file>', 'scenario file')
    .option('--seed <seed>', 'seed, instead of the one in the file')
    .option('--json', 'print the whole results')
    .option('--metric <path>', 'show this metric too; may be repeated', anotherMetric, [])
  withRunning(withChanges(command)).action(async (path: string, options: Options) => {
    finish(await run(path, options))
  })
}

async function run(path: string, options: Options): Promise<number> {
  const file = openFile(path, options)
  const shown = measures(options.metric)
  warn([file])
  const variants = variantsOf(file)
  const jobs: Job[] = variants.map(({ variant }) => ({
    file,
    task: taskOf(file, options, variant),
  }))
  const done = await execute(jobs, options)
  if (done.includes(undefined)) return EXIT.cancelled
  const ran = variants.map((variant, at): Ran => ({ ...variant, ...done[at]! }))
  ran.forEach(({ result }, at) => assertLaws(result, jobs[at]!))
  process.stdout.write(options.json ? asJson(file, ran) : asText(file, ran, shown))
  return EXIT.fine
}

function asJson(file: OpenedFile, ran: readonly Ran[]): string {
  const variants = ran.map(({ key, result, cpuMs }) => [key, { ...withoutSeries(result), cpuMs }])
  const { seed } = ran[0]!.result
  const printed = {
    engine: ENGINE_VERSION,
    scenario: file.name,
    seed: printedSeed(seed),
    variants: Object.fromEntries(variants),
  }
  return `${JSON.stringify(printed, null, 2)}\n`
}

function withoutSeries(result: VariantResult): object {
  const { series: _, ...rest } = result
  return rest
}

function asText(file: OpenedFile, ran: readonly Ran[], shown: readonly Measure[]): string {
  const { result } = ran[0]!
  const lines = [file.scenario.title, '']
  if (ran.length > 1) for (const { key, title } of ran) lines.push(`${key}  ${title}`)
  lines.push(`1 seed (${result.seed}), ${result.virtualMs / 1000} s of virtual time`, '')
  const stopped = ran.flatMap(({ key, result }) =>
    result.stopped ? [`${key} was stopped: ${result.stopped}`] : [],
  )
  return [...lines, table(rowsOf(ran, shown)), ...stopped].join('\n')
}

function rowsOf(ran: readonly Ran[], shown: readonly Measure[]): string[][] {
  const [first, ...others] = ran as [Ran, ...Ran[]]
  const heads = [
    '',
    ...ran.map(({ key }) => key),
    ...others.map(({ key }) => `${key}−${first.key}`),
  ]
  const rows = shown.map((measure) => {
    const { unit } = measure.metric
    const values = ran.map(({ result }) => valueOf(measure, result))
    const changes = values.slice(1).map((value) => change(value - values[0]!, unit))
    return [measure.label, ...values.map((value) => quantity(value, unit)), ...changes]
  })
  const blanks = others.map(() => '')
  const digest = ['digest', ...ran.map(({ result }) => result.digest.slice(0, 8)), ...blanks]
  const cpu = ['cpu', ...ran.map(({ cpuMs }) => quantity(cpuMs, 'ms')), ...blanks]
  return [heads, ...rows, cpu, digest]
}
