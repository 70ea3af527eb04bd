/** `sim check FILE…`: the `expect` lines of scenarios as tests. */
import type { Command } from 'commander'
import { ENGINE_VERSION } from '../engine/run.ts'
import type { CheckedFile, CheckedLine, Plan } from './checking.ts'
import { judge, planOf } from './checking.ts'
import { canFail } from './control.ts'
import { executeEach, warn } from './execution.ts'
import { BadInput, EXIT } from './exit.ts'
import { openFiles } from './files.ts'
import type { RunningOptions } from './options.ts'
import { count, withRunning } from './options.ts'
import { table } from './text.ts'

interface Options extends RunningOptions {
  readonly json?: boolean
  readonly control?: boolean
  readonly seeds?: number
}

/** Declares the command; `finish` is told the exit code. */
export function checkCommand(program: Command, finish: (code: number) => void): void {
  const command = program
    .command('check')
    .description('test the `expect` lines of scenarios over their seeds')
    .argument('<file...>', 'scenario files, or folders of them')
    .option('--control', 'prove instead that each line can fail: variants swapped, pattern inert')
    .option('--seeds <n>', 'seeds per line, instead of the number in it', count)
    .option('--json', 'print the lines and their values as JSON')
  withRunning(command).action(async (paths: string[], options: Options) => {
    finish(await check(paths, options))
  })
}

async function check(paths: readonly string[], options: Options): Promise<number> {
  const files = openFiles(paths)
  warn(files)
  const control = options.control ?? false
  const plans = files.map((file) => planOf(file, { control, seeds: options.seeds }))
  if (plans.every((plan) => plan.lines.length === 0)) {
    throw new BadInput('There is nothing to check: no file has an `expect` section.')
  }
  const batches = plans.map((plan) => plan.jobs)
  const judged = await executeEach(batches, options, (batch, done) => {
    const results = done.flatMap((each) => (each ? [each.result] : []))
    return results.length < done.length ? undefined : judge(plans[batch]!, results)
  })
  const checked = judged.filter((each) => each !== undefined)
  const fine = checked.every((file) => isFine(file, control))
  process.stdout.write(options.json ? asJson(checked, fine) : asText(checked, plans, control))
  if (checked.length < judged.length) return EXIT.cancelled
  return fine ? EXIT.fine : EXIT.broken
}

function isFine({ lines, violations }: CheckedFile, control: boolean): boolean {
  return violations.length === 0 && lines.every((line) => isLineFine(line, control))
}

/** With `--control` a line that holds is fine when it can fail, or when no control has a hold on it. */
function isLineFine({ held, controls }: CheckedLine, control: boolean): boolean {
  if (!control || !controls) return held
  const applies = Object.values(controls).some((each) => each !== 'does not apply')
  return held && (!applies || canFail(controls))
}

function asJson(checked: readonly CheckedFile[], held: boolean): string {
  return `${JSON.stringify({ engine: ENGINE_VERSION, held, files: checked }, null, 2)}\n`
}

function asText(checked: readonly CheckedFile[], plans: readonly Plan[], control: boolean): string {
  const rows = checked.flatMap(({ file, lines, violations }) => [
    ...lines.map((line) => rowOf(file, line, control)),
    ...violations.map((sentence) => ['broken', file, sentence, '']),
  ])
  const lines = checked.flatMap((file) => file.lines)
  const bad = rows.filter(([verdict]) => verdict !== 'held').length
  const runs = plans.reduce((sum, plan) => sum + plan.jobs.length, 0)
  const all = `${numbered(lines.length, 'line')}, ${numbered(checked.length, 'file')}, ${numbered(runs, 'run')}`
  return `${table(rows, 4)}${all}: ${bad === 0 ? 'all hold' : `${bad} not held`}\n`
}

function numbered(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

function rowOf(file: string, line: CheckedLine, control: boolean): string[] {
  const { held, text, value, seeds, controls } = line
  const words = [`value ${rounded(value)}`, `${seeds} seeds`]
  if (controls) words.push(`swapped: ${controls.swapped}`, `inert: ${controls.inert}`)
  const verdict = !held ? 'broken' : isLineFine(line, control) ? 'held' : 'cannot fail'
  return [verdict, `${file}:${line.line}`, text, words.join(', ')]
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(4)))
}
