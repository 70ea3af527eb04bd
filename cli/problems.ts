/** What is wrong with files, for people on stderr and for machines on stdout. */
import type { Problem } from '../engine/scenario/read.ts'
import { formatProblem } from '../engine/scenario/read.ts'

/** A problem, and the file it is in. */
export interface FileProblem extends Omit<Problem, 'code'> {
  readonly file: string
  readonly code: string
}

/** The problems of a file, under the name the user gave it. */
export function inFile(file: string, problems: readonly Problem[]): FileProblem[] {
  return problems.map((problem) => ({ file, ...problem }))
}

/** A file that could not be read at all. */
export function unreadable(file: string, message: string): FileProblem {
  const place = { path: '$', line: 1, column: 1 }
  return { file, code: 'E_FILE', ...place, message, hint: '', severity: 'error' }
}

/** One line: `retry-storm.yaml:18:24  No service called "leger-db". Did you mean ledger-db?` */
export function lineOf(problem: FileProblem): string {
  return formatProblem(problem.file, problem as Problem)
}
