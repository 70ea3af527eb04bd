/** The command line: `npm run -s sim -- <command>`. Data goes to stdout, all else to stderr. */
import { Command, CommanderError } from 'commander'
import { ENGINE_VERSION } from '../engine/run.ts'
import { calibrateCommand } from './calibrate.ts'
import { checkCommand } from './check.ts'
import { compareCommand } from './compare.ts'
import { divergeCommand } from './diverge.ts'
import { fidelityCommand } from './fidelity.ts'
import { BadInput, EXIT, InternalError } from './exit.ts'
import { metastabilityCommand } from './metastability.ts'
import { metricsCommand } from './metrics.ts'
import { patternsCommand } from './patterns.ts'
import { lineOf } from './problems.ts'
import { runCommand } from './run.ts'
import { searchCommand } from './search.ts'
import { selftestCommand } from './selftest.ts'
import { sweepCommand } from './sweep.ts'
import { validateCommand } from './validate.ts'

const COMMANDS = [
  runCommand,
  compareCommand,
  checkCommand,
  validateCommand,
  divergeCommand,
  patternsCommand,
  metricsCommand,
  fidelityCommand,
  selftestCommand,
  calibrateCommand,
  sweepCommand,
  searchCommand,
  metastabilityCommand,
]

/** Runs a command and answers its exit code. */
export async function main(argv: string[]): Promise<number> {
  let code: number = EXIT.fine
  const program = new Command('sim')
    .description('Faultline: small faults in distributed systems, simulated to the last event.')
    .version(ENGINE_VERSION)
    .exitOverride()
  for (const declare of COMMANDS) declare(program, (result) => (code = result))
  try {
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    return codeOf(error, argv.includes('--json'))
  }
}

/** Tells what went wrong, and answers the exit code for it. */
function codeOf(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) return misused(error, json)
  if (error instanceof BadInput) return badInput(error, json)
  if (error instanceof InternalError) return internal(error, json)
  throw error
}

/** Commander has told already; help and version were asked for. */
function misused({ exitCode, message }: CommanderError, json: boolean): number {
  if (exitCode === 0) return EXIT.fine
  if (json) printErrors([{ message }])
  return EXIT.badInput
}

function badInput({ message, problems }: BadInput, json: boolean): number {
  if (message !== '') process.stderr.write(`error: ${message}\n`)
  for (const problem of problems) process.stderr.write(`${lineOf(problem)}\n`)
  const errors = problems.length > 0 ? problems : [{ message }]
  if (json) printErrors(errors)
  return EXIT.badInput
}

function printErrors(errors: readonly object[]): void {
  process.stdout.write(`${JSON.stringify({ errors }, null, 2)}\n`)
}

function internal({ crash, again }: InternalError, json: boolean): number {
  const { message, event, time, seed, stack } = crash
  process.stderr.write(
    `internal error at event ${event} (t = ${time / 1e9} s, seed ${seed}): ${message}\n`,
  )
  process.stderr.write(`To see it again: ${again}\n`)
  if (stack !== undefined) process.stderr.write(`${stack}\n`)
  if (json) process.stdout.write(`${JSON.stringify({ crash }, null, 2)}\n`)
  return EXIT.internal
}
