/** `sim metrics`: everything that can be asked of a run by name. */
import type { Command } from 'commander'
import { METRICS } from '../engine/results/metrics.ts'
import { EXIT } from './exit.ts'
import { table } from './text.ts'

/** Declares the command; `finish` is told the exit code. */
export function metricsCommand(program: Command, finish: (code: number) => void): void {
  program
    .command('metrics')
    .description('list the metrics that `expect` lines and tables can name')
    .option('--json', 'print them as JSON')
    .action((options: { json?: boolean }) => {
      process.stdout.write(options.json ? asJson() : asText())
      finish(EXIT.fine)
    })
}

function asJson(): string {
  const printed = METRICS.map(({ name, args, unit, help }) => ({ name, args, unit, help }))
  return `${JSON.stringify(printed, null, 2)}\n`
}

/** In an expectation the variant comes first: `served(B)`, `utilisation(B, db)`. */
function asText(): string {
  const rows = METRICS.map(({ name, args, unit, help }) => {
    const names = args.map((argument) => (argument.optional ? `[${argument.name}]` : argument.name))
    return [`${name}(${['variant', ...names].join(', ')})`, unit, help]
  })
  return table([['metric', 'unit', 'what it is'], ...rows], 3)
}
