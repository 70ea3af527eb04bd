/** `sim calibrate`: do the intervals that are shown hold the truth as often as they say? */
import type { Command } from 'commander'
import { ENGINE_VERSION } from '../engine/run.ts'
import { BOUNDS, calibration, type Calibrated, isFine } from './calibration/calibrate.ts'
import { type Model, MODELS, textOf } from './calibration/models.ts'
import { BadInput, EXIT } from './exit.ts'
import type { OpenedFile } from './files.ts'
import { count, type RunningOptions, withRunning } from './options.ts'
import { pursue } from './studying.ts'
import { quantity, table } from './text.ts'
import { readScenario } from '../engine/scenario/read.ts'

interface Options extends RunningOptions {
  readonly json?: boolean
  readonly only?: string
  readonly repetitions: number
}

/** Fewest repetitions of which a share of 95 % says anything. */
const FEWEST = 100

/** Declares the command; `finish` is told the exit code. */
export function calibrateCommand(program: Command, finish: (code: number) => void): void {
  const command = program
    .command('calibrate')
    .description('how often do intervals hold the truth? 92 to 98 % of them must, at nominal 95 %')
    .option('--repetitions <n>', 'whole experiments per model, 20 pairs of runs each', count, 400)
    .option('--only <text>', 'only models whose name holds this')
    .option('--json', 'print the rows as JSON')
  withRunning(command).action(async (options: Options) => {
    finish(await calibrate(options))
  })
}

async function calibrate(options: Options): Promise<number> {
  const { only = '', repetitions, json } = options
  const models = MODELS.filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()))
  if (models.length === 0)
    throw new BadInput(`No model fits. There are ${MODELS.map(({ name }) => name).join(', ')}.`)
  if (repetitions < FEWEST)
    throw new BadInput(
      `Fewer than ${FEWEST} repetitions say nothing of 95 %: give --repetitions 400.`,
    )
  const rows: Calibrated[] = []
  for (const model of models) {
    const study = calibration(model, repetitions)
    const { isCancelled } = await pursue(fileOf(model), study, options, (row, say) => {
      rows.push(row)
      if (!json) say(rowOf(row).slice(0, 4).join('  '))
    })
    if (isCancelled) return EXIT.cancelled
  }
  const printed = { engine: ENGINE_VERSION, repetitions, bounds: BOUNDS, rows }
  process.stdout.write(json ? `${JSON.stringify(printed, null, 2)}\n` : asText(rows))
  return rows.every(isFine) ? EXIT.fine : EXIT.broken
}

/** A model as if it had been read from a file. */
function fileOf(model: Model): OpenedFile {
  const text = textOf(model, 'short')
  const read = readScenario(text, 'calibration')
  if (!read.ok) throw new Error(`${model.name}: ${read.errors[0]?.message}`)
  return { path: model.name, name: 'calibration', text, scenario: read.scenario, warnings: [] }
}

function asText(rows: readonly Calibrated[]): string {
  const heads = ['model', 'interval', 'holds the truth', 'of', 'refused', 'half width', '']
  const body = rows.map(rowOf)
  const wrong = rows.filter((row) => !isFine(row)).length
  const { low, high } = BOUNDS
  const last = `${rows.length - wrong} of ${rows.length} as they must be: ${low * 100} to ${high * 100} % at nominal 95 %, controls below`
  return `${table([heads, ...body], 2)}${last}\n`
}

function rowOf(row: Calibrated): string[] {
  const { model, kind, held, told, refused, width, isControl } = row
  const verdict = isFine(row) ? (isControl ? 'found out' : 'fine') : 'WRONG'
  const cells = [quantity(held / told, 'share'), String(told), String(refused)]
  return [model, kind, ...cells, `±${quantity(width, 'share')}`, verdict]
}
