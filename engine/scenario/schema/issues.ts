/** From the findings of the schema to ours: which value, what is wrong with it, what to write instead. */
import type { z } from 'zod'
import {
  type Finding,
  type Path,
  type ProblemCode,
  escaped,
  finding,
  pathText,
  show,
} from '../problem.ts'
import { didYouMean } from '../text/suggest.ts'
import { type Node, nodeAt, plain } from '../text/tree.ts'

type Issue = z.core.$ZodIssue

/** Everything the schema found. */
export function findingsOf(issues: readonly Issue[], root: Node): Finding[] {
  return issues.flatMap((issue) => findingsOfIssue(issue, root))
}

function findingsOfIssue(issue: Issue, root: Node): Finding[] {
  const path = issue.path as Path
  const value = nodeAt(root, path)
  if (issue.code === 'custom') return [ofRefusal(issue, path, value)]
  if (issue.code === 'invalid_type') return [wrongType(String(issue.expected), path, value)]
  if (issue.code === 'too_small' || issue.code === 'too_big') return [wrongLength(issue, path)]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, path, issue.message.split('\n')))
  }
  return [subjectFinding('E_TYPE', path, value, 'it cannot stand here', '')]
}

interface Refused {
  readonly code: ProblemCode
  readonly says: string
  readonly hint: string
}

function ofRefusal(issue: Issue & { code: 'custom' }, path: Path, value: Value): Finding {
  const { code, says, hint } = issue.params as unknown as Refused
  return subjectFinding(code, path, value, says, hint)
}

/** What stands at a path; undefined when nothing does. */
type Value = Node | undefined

/** "a.b is 5; it must be …", or for mappings and lists "a.b must be …". */
function subjectFinding(
  code: ProblemCode,
  path: Path,
  value: Value,
  says: string,
  hint: string,
): Finding {
  const end = says.endsWith('?') ? '' : '.'
  const isWhole = value !== undefined && value.kind !== 'scalar'
  const whole = says.startsWith('it ') ? says.slice(2) : `: ${says}`
  const sentence = isWhole ? whole : ` is ${shown(value)}; ${says}`
  return finding(code, path, `${pathText(path)}${sentence}${end}`, { hint })
}

/** A value as the file has it: numbers with all their digits. */
function shown(value: Value): string {
  if (value === undefined) return 'missing'
  if (value.kind === 'scalar' && value.source !== undefined) return escaped(value.source, 80)
  return show(plain(value))
}

function unknownKey(key: string, path: Path, known: readonly string[]): Finding {
  const full = [...path, key]
  const where = path.length === 0 ? 'a scenario' : pathText(path)
  const says = `${pathText(full)} is not known: ${where} has no key ${show(key)}.`
  const hint = () => didYouMean(key, known, 'It has')
  return finding('E_UNKNOWN_KEY', full, says, { at: 'key', hint })
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ['object', 'a mapping'],
  ['record', 'a mapping'],
  ['array', 'a list'],
  ['tuple', 'a list of two numbers'],
])

const HOW_TO_WRITE: ReadonlyMap<string, string> = new Map([
  ['a mapping', 'Write it as { name: value }, or as indented lines of name: value.'],
  ['a list', 'Write it as [a, b].'],
  ['a list of two numbers', 'Write it as [880, 300].'],
])

function wrongType(expected: string, path: Path, value: Value): Finding {
  const kind = KINDS.get(expected) ?? 'something else'
  if (value === undefined) return subjectFinding('E_TYPE', path, value, `it must be ${kind}`, '')
  if (value.kind === 'list' && value.items.length === 0 && kind === 'a mapping') {
    const says = 'it must be a mapping with at least 1 entry'
    return finding('E_RANGE', path, `${pathText(path)} is an empty list; ${says}.`)
  }
  const says = `${pathText(path)} is ${shown(value)}: expected ${kind}, got ${kindOf(plain(value))}.`
  return finding('E_TYPE', path, says, { hint: HOW_TO_WRITE.get(kind) ?? '' })
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
