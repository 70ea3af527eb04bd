/** How a command ends, for the shell and for whoever reads stderr. */
import type { Crash } from '../workers/protocol.ts'
import type { FileProblem } from './problems.ts'

/** Exit codes. */
export const EXIT = { fine: 0, broken: 1, badInput: 2, internal: 3, cancelled: 130 } as const

/** Something in a file or on the command line is wrong. */
export class BadInput extends Error {
  readonly problems: readonly FileProblem[]

  constructor(message: string, problems: readonly FileProblem[] = []) {
    super(message)
    this.name = 'BadInput'
    this.problems = problems
  }
}

/** The engine failed; the crash says at which event of which seed. */
export class InternalError extends Error {
  readonly crash: Crash
  /** The command that does it again. */
  readonly again: string

  constructor(crash: Crash, again: string) {
    super(crash.message)
    this.name = 'InternalError'
    this.crash = crash
    this.again = again
  }
}
