/** Why a call failed. The word travels with the failure to everyone who sees it. */
export type Failure =
  | 'refused'
  | 'overload'
  | 'timeout'
  | 'unreachable'
  | 'error'
  | 'aborted'
  | 'invalid'
  | 'unauthenticated'
  | 'not-leader'
  | 'cancelled'

/** The words in the order of their codes; code 0 means success. The order is part of the digest: append only. */
export const FAILURES: readonly Failure[] = [
  'refused',
  'overload',
  'timeout',
  'unreachable',
  'error',
  'aborted',
  'invalid',
  'unauthenticated',
  'not-leader',
  'cancelled',
]

/** What each failure means, for help texts. */
export const FAILURE_HELP: Readonly<Record<Failure, string>> = {
  refused: 'A pattern turned the call away on purpose (failed fast).',
  overload: 'The queue was full.',
  timeout: 'The caller stopped waiting.',
  unreachable: 'Nobody listens there: the instance is down.',
  error: 'The service answered with an error.',
  aborted: 'A transaction or workflow was undone.',
  invalid: 'The request itself was wrong; trying again cannot help.',
  unauthenticated: 'Certificate or credentials were not accepted.',
  'not-leader': 'The node is not the leader.',
  cancelled: 'The caller took the call back.',
}

const CODES: ReadonlyMap<Failure, number> = new Map(
  FAILURES.map((failure, index) => [failure, index + 1]),
)

/** Code of a failure, 1 upwards. */
export function failureCode(failure: Failure): number {
  return CODES.get(failure)!
}

/** Failure of a code; undefined for 0. */
export function failureOf(code: number): Failure | undefined {
  return FAILURES[code - 1]
}

export const REFUSED = 1
export const OVERLOAD = 2
export const TIMEOUT = 3
export const UNREACHABLE = 4
export const ERROR = 5
export const ABORTED = 6
export const UNAUTHENTICATED = 8
export const CANCELLED = 10

/**
 * What a service reports when a required dependency failed: refusals and verdicts about the request itself
 * travel on unchanged, everything else has become an error of this service.
 */
export function propagated(code: number): number {
  return code === OVERLOAD || code === TIMEOUT || code === UNREACHABLE || code === CANCELLED
    ? ERROR
    : code
}
