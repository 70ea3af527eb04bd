/** `sim validate FILE…`: reads files and says what is wrong with them. */
import type { Command } from 'commander'
import { BadInput, EXIT } from './exit.ts'
import { filesIn, readFile } from './files.ts'
import { inFile, lineOf } from './problems.ts'

/** Declares the command; `finish` is told the exit code. */
export function validateCommand(program: Command, finish: (code: number) => void): void {
  program
    .command('validate')
    .description('read scenario files and say what is wrong with them, with line and column')
    .argument('<file...>', 'scenario files, or folders of them')
    .option('--json', 'print what was found as JSON')
    .action((paths: string[], options: { json?: boolean }) => {
      finish(validate(paths, options.json ?? false))
    })
}

function validate(paths: readonly string[], json: boolean): number {
  const files = filesIn(paths)
  if (files.length === 0) throw new BadInput(`There are no scenario files in ${paths.join(', ')}.`)
  const found = files.map((path) => {
    const read = readFile(path)
    const ok = !('problems' in read)
    return { file: path, ok, problems: ok ? inFile(path, read.warnings) : read.problems }
  })
  const problems = found.flatMap((each) => each.problems)
  for (const problem of problems) process.stderr.write(`${lineOf(problem)}\n`)
  const ok = found.every((each) => each.ok)
  const errors = problems.filter(({ severity }) => severity === 'error')
  const text = found.filter((each) => each.ok).map(({ file }) => `${file}  fine\n`)
  process.stdout.write(
    json ? `${JSON.stringify({ ok, errors, files: found }, null, 2)}\n` : text.join(''),
  )
  return ok ? EXIT.fine : EXIT.badInput
}
