/** From findings to problems: where each stands in the file, in the order of the file, each told once. */
import { escaped, type Finding, pathText, type Problem } from './problem.ts'
import type { Attachment, Scenario } from './scenario.ts'
import type { Lines } from './text/lines.ts'
import { type Node, offsetOf } from './text/tree.ts'

/** A scenario and what to know about it, or what is wrong with the file. */
export type ReadResult =
  | {
      readonly ok: true
      readonly scenario: Scenario
      /** Attachments of the file that are switched off here. */
      readonly off: readonly Attachment[]
      readonly warnings: readonly Problem[]
    }
  | Refused

/** What is wrong with a file. */
export interface Refused {
  readonly ok: false
  /** At most twenty, in the order of the file. */
  readonly errors: readonly Problem[]
  /** How many more there are. */
  readonly more: number
}

/** Longest message, in characters. */
const LONGEST = 2000

/** Most problems that are told at once. */
const MOST_PROBLEMS = 20

/** Where findings stand. */
export interface Places {
  readonly root?: Node
  readonly lines: Lines
}

/** The result for a file that has these findings. */
export function refused(places: Places, findings: readonly Finding[]): Refused {
  const errors = inOrder(
    places,
    findings.filter((one) => one.severity === 'error'),
  )
  const told = errors.slice(0, MOST_PROBLEMS).map((one) => problemOf(one, places.lines))
  return { ok: false, errors: told, more: errors.length - told.length }
}

/** Findings with their places, in the order of the file, each told once. */
export function problemsOf(places: Places, findings: readonly Finding[]): Problem[] {
  return inOrder(places, findings).map((one) => problemOf(one, places.lines))
}

interface Placed {
  readonly one: Finding
  readonly offset: number
}

function inOrder({ root }: Places, findings: readonly Finding[]): Placed[] {
  const placed = findings.map((one) => ({ one, offset: offsetIn(root, one) }))
  placed.sort((a, b) => a.offset - b.offset)
  const seen = new Set<string>()
  return placed.filter(({ one }) => !seen.has(told(one)) && seen.add(told(one)))
}

function offsetIn(root: Node | undefined, one: Finding): number {
  if (one.offset !== undefined) return one.offset
  return root ? offsetOf(root, one.path, one.at, one.shift) : 0
}

function problemOf({ one, offset }: Placed, lines: Lines): Problem {
  const { code, severity } = one
  const path = pathText(one.path)
  const says = one.says.includes(path) ? one.says : `${path}: ${one.says}`
  const hint = typeof one.hint === 'string' ? one.hint : one.hint()
  const place = lines.placeOf(offset)
  const words = { message: escaped(says, LONGEST), hint: escaped(hint, LONGEST) }
  return { code, path, ...place, ...words, severity }
}

/** What makes two findings the same to a reader. */
function told({ code, path, says }: Finding): string {
  return `${code} ${code === 'E_UNKNOWN_KEY' ? pathText(path) : says}`
}
