/** The door: from the bytes of a file to a scenario, or to what is wrong with it. Never throws. */
import { patterns as allPatterns } from '../patterns/index.ts'
import type { RunTask } from '../run.ts'
import { unknownName } from './check/world.ts'
import { interpret, type Reading } from './interpret.ts'
import { type Opened, openFile } from './open.ts'
import { applySet, copyOf, type Patch, setAt } from './patch.ts'
import { problemsOf, type ReadResult, refused } from './places.ts'
import type { Finding } from './problem.ts'
import type { Catalogue } from './schema/patterns.ts'
import { entriesAt, itemsAt, type MapNode, type Node, textAt } from './text/tree.ts'
import { checkVariants, withVariantValues } from './variants.ts'

export type { Patch } from './patch.ts'
export type { ReadResult, Refused } from './places.ts'
export { formatProblem, type Problem, type ProblemCode } from './problem.ts'

/** Reads a file, with a patch laid over it. */
export function readScenario(
  source: string | Uint8Array,
  name: string,
  patch: Patch = {},
  catalogue: Catalogue = allPatterns,
): ReadResult {
  const opened = openFile(source)
  if ('refusal' in opened) return opened.refusal
  const reading = { name, lines: opened.lines, catalogue }
  return readTree(opened, patch, reading, checkVariants)
}

/** Reads the scenario of one run: a variant of the file, with what the task changes by hand. */
export function readTask(task: RunTask, catalogue: Catalogue = allPatterns): ReadResult {
  const opened = openFile(task.text)
  if ('refusal' in opened) return opened.refusal
  const { variant } = task
  const names = entriesAt(opened.root, ['compare']).map(([key]) => key)
  if (variant !== undefined && !names.includes(variant)) {
    return refused(opened, [unknownName('variant', variant, names, ['compare'])])
  }
  const changed = variant === undefined ? opened : withVariantValues(opened, variant)
  const without = variant === undefined ? [] : textsAt(opened.root, ['compare', variant, 'without'])
  const { off, on, inert, set, seed } = task
  const patch = { without: [...without, ...off], on, inert, set, seed }
  return readTree(changed, patch, { name: task.name, lines: opened.lines, catalogue }, () => [])
}

function readTree(
  opened: Opened,
  patch: Patch,
  reading: Reading,
  more: (opened: Opened, reading: Reading) => Finding[],
): ReadResult {
  const root = copyOf(opened.root)
  if (patch.seed !== undefined) setSeed(root, patch.seed)
  const before = [...opened.findings, ...applySet(root, patch.set ?? {})]
  const { normalised, findings } = interpret(root, patch, reading)
  const all = [...before, ...findings]
  const places = { root, lines: opened.lines }
  if (!normalised || all.some(isError)) return refused(places, all)
  const later = more(opened, reading)
  if (later.some(isError)) return refused(places, later)
  const { scenario, off } = normalised
  return { ok: true, scenario, off, warnings: problemsOf(places, all) }
}

function isError({ severity }: Finding): boolean {
  return severity === 'error'
}

/** A seed from outside is a value, not text of a file: the word "07" stays what it is. */
function setSeed(root: MapNode, seed: string | number): void {
  const value: Node = { kind: 'scalar', start: -1, inset: undefined, value: seed }
  setAt(root, 'seed', value)
}

function textsAt(root: Node, path: readonly string[]): string[] {
  return itemsAt(root, path).flatMap((_, index) => textAt(root, [...path, index]) ?? [])
}
