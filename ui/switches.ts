/** Which patterns are switched on in A and in B, and in what the two differ. */
import type { Attachment, Scenario, Variant } from '../engine/scenario/scenario.ts'
import { words } from './format.ts'
import { SIDES, type Document, type Opened, type Side } from './state.ts'

/** A pattern of the file and where its switches stand. */
export interface Switch {
  readonly attachment: Attachment
  readonly A: boolean
  readonly B: boolean
}

/** `circuit breaker`; where several are of one kind, with its own name if that says more: `cache plain`. */
export function nameAmong({ attachment }: Switch, all: readonly Switch[]): string {
  const { id, use } = attachment
  const isOnlyOne = all.every((one) => one.attachment.use !== use || one.attachment.id === id)
  return isOnlyOne || id.startsWith(use) ? words(use) : `${words(use)} ${id}`
}

/** Name of the variant that a side shows; undefined: the file as it stands. */
export function variantName({ compare }: Scenario, side: Side): string | undefined {
  const names = Object.keys(compare)
  if (Object.hasOwn(compare, side)) return side
  const rest = names.filter((name) => !SIDES.includes(name as Side))
  return side === 'A' ? rest[0] : rest[names.includes('A') ? 0 : 1]
}

/** The variant that a side shows. */
export function variantOf(scenario: Scenario, side: Side): Variant | undefined {
  const name = variantName(scenario, side)
  return name === undefined ? undefined : scenario.compare[name]
}

/** Whether the file has a pattern on in a side, before anybody touched the switches. */
function isOnInFile({ scenario, off }: Opened, side: Side, id: string): boolean {
  if (off.some((attachment) => attachment.id === id)) return false
  return !(variantOf(scenario, side)?.without.includes(id) ?? false)
}

/** Whether a pattern is on in a side. */
export function isOn(opened: Opened, document: Document, side: Side, id: string): boolean {
  return document.switches[side][id] ?? isOnInFile(opened, side, id)
}

/** All patterns of the file with their switches, in the order of the file as far as it is known. */
export function switchesOf(opened: Opened, document: Document): Switch[] {
  return [...opened.scenario.patterns, ...opened.off].map((attachment) => ({
    attachment,
    A: isOn(opened, document, 'A', attachment.id),
    B: isOn(opened, document, 'B', attachment.id),
  }))
}

/** What is switched by hand in a side, as a task says it. */
export function tasksSwitches(
  opened: Opened | undefined,
  document: Document,
  side: Side,
): { on: string[]; off: string[] } {
  const ids = opened
    ? switchesOf(opened, document).map(({ attachment }) => attachment.id)
    : Object.keys(document.switches[side])
  const changed = ids.filter((id) => Object.hasOwn(document.switches[side], id))
  return {
    on: changed.filter((id) => document.switches[side][id]),
    off: changed.filter((id) => !document.switches[side][id]),
  }
}

/** In what A and B differ, in words: patterns by their ids, values by their paths. */
export interface Difference {
  readonly patterns: readonly Switch[]
  readonly values: readonly string[]
}

/** What differs between A and B. */
export function differenceOf(opened: Opened, document: Document): Difference {
  const a = variantOf(opened.scenario, 'A')?.set ?? {}
  const b = variantOf(opened.scenario, 'B')?.set ?? {}
  const paths = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  return {
    patterns: switchesOf(opened, document).filter((one) => one.A !== one.B),
    values: paths.filter((path) => JSON.stringify(a[path]) !== JSON.stringify(b[path])),
  }
}

/** How many things differ. */
export function differences({ patterns, values }: Difference): number {
  return patterns.length + values.length
}

/** What the big switch and the button of the story say: `Turn on the circuit breaker`. */
export function turnWords({ patterns, values }: Difference): string {
  const [first] = patterns
  if (!first || patterns.length + values.length > 1) return 'Show variant B'
  return `${first.B ? 'Turn on' : 'Turn off'} the ${words(first.attachment.use)}`
}
