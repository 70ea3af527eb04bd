/** From the findings of the schema to ours: which value, what is wrong with it, what to write instead. */
import type { z } from 'zod'
import { type Finding, type Path, type ProblemCode, finding, pathText, show } from '../problem.ts'
import { didYouMean } from '../text/suggest.ts'

type Issue = z.core.$ZodIssue

/** Everything the schema found. */
export function findingsOf(issues: readonly Issue[], root: unknown): Finding[] {
  return issues.flatMap((issue) => findingsOfIssue(issue, root))
}

function findingsOfIssue(issue: Issue, root: unknown): Finding[] {
  const path = issue.path as Path
  switch (issue.code) {
    case 'custom':
      return [ofRefusal(issue, path, valueAt(root, path))]
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path, issue.message.split('\n')))
    case 'invalid_type':
      return [wrongType(String(issue.expected), path, valueAt(root, path))]
    case 'too_small':
    case 'too_big':
      return [wrongLength(issue, path)]
    default:
      return [subjectFinding('E_TYPE', path, valueAt(root, path), 'it cannot stand here', '')]
  }
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}

interface Refused {
  readonly code: ProblemCode
  readonly says: string
  readonly hint: string
}

function ofRefusal(issue: Issue & { code: 'custom' }, path: Path, value: unknown): Finding {
  const { code, says, hint } = issue.params as unknown as Refused
  return subjectFinding(code, path, value, says, hint)
}

/** "a.b is 5; it must be …". */
function subjectFinding(
  code: ProblemCode,
  path: Path,
  value: unknown,
  says: string,
  hint: string,
): Finding {
  const is = value === undefined ? 'is missing' : `is ${show(value)}`
  return finding(code, path, `${pathText(path)} ${is}; ${says}.`, { hint })
}

function unknownKey(key: string, path: Path, known: readonly string[]): Finding {
  const full = [...path, key]
  const where = path.length === 0 ? 'a scenario' : pathText(path)
  const says = `${pathText(full)} is not known: ${where} has no key "${key}".`
  return finding('E_UNKNOWN_KEY', full, says, { at: 'key', hint: didYouMean(key, known, 'It has') })
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ['object', 'a mapping'],
  ['record', 'a mapping'],
  ['array', 'a list'],
  ['tuple', 'a list of two numbers'],
])

function wrongType(expected: string, path: Path, value: unknown): Finding {
  const kind = KINDS.get(expected) ?? 'something else'
  const isEmptyList = Array.isArray(value) && value.length === 0 && kind === 'a mapping'
  if (isEmptyList) {
    const says = 'it must be a mapping with at least 1 entry'
    return finding('E_RANGE', path, `${pathText(path)} is an empty list; ${says}.`)
  }
  if (value === undefined) return subjectFinding('E_TYPE', path, value, `it must be ${kind}`, '')
  const says = `${pathText(path)} is ${show(value)}: expected ${kind}, got ${kindOf(value)}.`
  return finding('E_TYPE', path, says)
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return 'text'
  if (typeof value === 'number') return 'a number'
  return typeof value === 'boolean' ? 'true or false' : 'a mapping'
}

function wrongLength(issue: Issue & { code: 'too_small' | 'too_big' }, path: Path): Finding {
  const isSmall = issue.code === 'too_small'
  const limit = isSmall ? issue.minimum : issue.maximum
  const says = `${pathText(path)} must hold at ${isSmall ? 'least' : 'most'} ${limit} items.`
  return finding(isSmall ? 'E_RANGE' : 'E_LIMIT', path, says)
}
