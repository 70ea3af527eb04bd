/** What can be wrong with a scenario file, and how it is told: where, what, and a way out. */

/** What kind of mistake it is; machines compare these, people read the message. */
export type ProblemCode =
  | 'E_SYNTAX'
  | 'E_ENCODING'
  | 'E_EMPTY'
  | 'E_TOO_LARGE'
  | 'E_TOO_DEEP'
  | 'E_ALIAS'
  | 'E_TAG'
  | 'E_DUP_KEY'
  | 'E_UNKNOWN_KEY'
  | 'E_TYPE'
  | 'E_RANGE'
  | 'E_UNIT'
  | 'E_ENUM'
  | 'E_REF'
  | 'E_DUP_ID'
  | 'E_CYCLE'
  | 'E_NAME'
  | 'E_SEED'
  | 'E_VERSION'
  | 'E_LIMIT'
  | 'E_UNSTABLE'
  | 'E_ZENO'

export type Severity = 'error' | 'warning'

/** A mistake and its place in the file. */
export interface Problem {
  readonly code: ProblemCode
  /** `services.db.concurrency`, `faults[3].by`; `$` is the whole file. */
  readonly path: string
  /** Both count from 1. */
  readonly line: number
  readonly column: number
  /** Names the path and the value, and says what is allowed. */
  readonly message: string
  /** What to do next; may be empty. */
  readonly hint: string
  readonly severity: Severity
}

/** Steps from the root of a file to a value. */
export type Path = readonly (string | number)[]

/** A mistake as the code that found it knows it: by path, or by offset in the text. */
export interface Finding {
  readonly code: ProblemCode
  readonly path: Path
  /** Whether the key or its value is meant. */
  readonly at: 'key' | 'value'
  /** Characters into the key or value. */
  readonly shift: number
  /** Place in the text, for mistakes found before there is a tree. */
  readonly offset: number | undefined
  readonly says: string
  /** Words, or how to find them: a suggestion costs time that only a mistake which is told is worth. */
  readonly hint: string | (() => string)
  readonly severity: Severity
}

const NOWHERE = { at: 'value', shift: 0, offset: undefined, hint: '', severity: 'error' } as const

/** A mistake at a path. `says` is a whole sentence. */
export function finding(
  code: ProblemCode,
  path: Path,
  says: string,
  more: Partial<Pick<Finding, 'at' | 'shift' | 'hint' | 'severity'>> = {},
): Finding {
  return { ...NOWHERE, code, path, says, ...more }
}

/** A mistake at a place in the text. */
export function findingAt(
  code: ProblemCode,
  offset: number,
  says: string,
  hint: string,
  path: Path = [],
): Finding {
  return { ...NOWHERE, code, path, offset, says, hint }
}

/** A path as people write it; `$` is the root. */
export function pathText(path: Path): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (!isPlainKey(step)) text += `["${escaped(step, 80)}"]`
    else text += text === '' ? step : `.${step}`
  }
  return text === '' ? '$' : text
}

function isPlainKey(key: string): boolean {
  return key !== '' && escaped(key, 80) === key && !/[\s.,:;'"`#*<>()[\]{}]/.test(key)
}

/** How a problem is printed: `retry-storm.yaml:18:24  No service called "leger-db". Did you mean ledger-db?` */
export function formatProblem(fileName: string, problem: Problem): string {
  const sentence = withoutPath(problem)
  const kind = problem.severity === 'warning' ? 'Warning: ' : ''
  const hint = problem.hint === '' ? '' : ` ${problem.hint}`
  return `${fileName}:${problem.line}:${problem.column}  ${kind}${sentence}${hint}`
}

/** Line and column say where; a sentence that is whole without its path does without. */
function withoutPath({ message, path }: Problem): string {
  const prefix = `${path}: `
  if (!message.startsWith(prefix)) return message
  const sentence = message.slice(prefix.length)
  return path === '$' || /^[A-Z]/.test(sentence) ? sentence : message
}

/** A value as it may be quoted in a message: at most 80 characters, nothing that a terminal would obey. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return 'empty'
  if (typeof value === 'string') return `"${escaped(value, 80)}"`
  if (typeof value === 'number') return Number.isNaN(value) ? 'not a number' : String(value)
  if (typeof value === 'boolean') return String(value)
  return Array.isArray(value) ? 'a list' : 'a mapping'
}

/** Text with control characters, direction marks and broken surrogates escaped, cut to a length. */
export function escaped(text: string, length: number): string {
  let shown = ''
  let count = 0
  for (const character of text) {
    if (count++ === length) return `${shown}…`
    const code = character.codePointAt(0)!
    shown += isUnprintable(code) ? codeName(code) : character
  }
  return shown
}

/** `U+0000`, the name of a code point. */
export function codeName(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

/** Control characters: they may not occur in names. */
export function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029
}

/** Half of a pair of UTF-16 units: it has no UTF-8 form. */
export function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff
}

/** Marks that turn the direction of text, or show nothing at all. */
export function isInvisible(code: number): boolean {
  return (
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x2069) ||
    code === 0xfeff
  )
}

function isUnprintable(code: number): boolean {
  return isControl(code) || isSurrogate(code) || isInvisible(code)
}
