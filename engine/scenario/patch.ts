/** A plain patch on a scenario file: values at paths, patterns switched off, on, or made inert. */
import { type Finding, type Path, finding, pathText, show } from './problem.ts'
import { composeValue } from './text/compose.ts'
import { Lines } from './text/lines.ts'
import { scan } from './text/scan.ts'
import { didYouMean } from './text/suggest.ts'
import { type MapNode, type Node, childOf, entriesAt, treeOf } from './text/tree.ts'

/** What differs from the file as it stands. */
export interface Patch {
  /** Ids of patterns that are left out. */
  readonly without?: readonly string[] | undefined
  /** Ids of patterns that are in, whatever the file says. */
  readonly on?: readonly string[] | undefined
  /** Ids of patterns that run with their inert values. */
  readonly inert?: readonly string[] | undefined
  /** Path of a value (`services.db.concurrency`) to its new value; a text is read as the file would be. */
  readonly set?: Readonly<Record<string, unknown>> | undefined
  readonly seed?: string | number | undefined
}

/** Sections whose entries must be there before a value can be set in them. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ['services', 'service'],
  ['load', 'load'],
  ['patterns', 'pattern'],
  ['compare', 'variant'],
])

/** Steps of a written path: `faults[0].by` is faults, 0, by. */
export function parsePath(text: string): Path {
  const steps: (string | number)[] = []
  for (const part of text.split('.')) {
    const bracket = part.indexOf('[')
    steps.push((bracket < 0 ? part : part.slice(0, bracket)).trim())
    if (bracket < 0) continue
    for (const index of part.slice(bracket + 1).split('[')) {
      const digits = index.endsWith(']') ? index.slice(0, -1) : ''
      steps.push(/^[0-9]{1,6}$/.test(digits) ? Number(digits) : index)
    }
  }
  return steps
}

/** Writes values into the tree; says which paths do not exist. */
export function applySet(root: MapNode, set: Readonly<Record<string, unknown>>): Finding[] {
  return Object.entries(set).flatMap(([path, value]) => {
    const node = typeof value === 'string' ? nodeOfText(value, path) : treeOf(value)
    return 'code' in node ? [node] : setAt(root, path, node)
  })
}

function nodeOfText(text: string, path: string): Node | Finding {
  const [found] = scan(text)
  if (found?.code === 'E_EMPTY') return treeOf(null)
  if (found?.code === 'E_ALIAS' && text.startsWith('*')) return treeOf(text)
  if (found) return finding(found.code, [], `${path}: ${found.says}`, { hint: found.hint })
  return withoutPlaces(composeValue(text, new Lines(text), parsePath(path)))
}

/** A node of another text has no place in this one. */
function withoutPlaces(node: Node | Finding): Node | Finding {
  if ('code' in node) return node
  if (node.kind === 'scalar') return { ...node, start: -1, inset: undefined }
  if (node.kind === 'list') {
    return { ...node, start: -1, items: node.items.map((item) => withoutPlaces(item) as Node) }
  }
  const entries = [...node.entries].map(
    ([key, entry]) =>
      [key, { keyStart: -1, keyInset: 0, value: withoutPlaces(entry.value) as Node }] as const,
  )
  return { ...node, start: -1, entries: new Map(entries) }
}

/** Puts a node at a path, with the mappings on the way to it. */
export function setAt(root: MapNode, text: string, value: Node): Finding[] {
  const path = parsePath(text)
  const unknown = unknownName(root, path)
  if (unknown) return [unknown]
  let node: Node = root
  for (const [index, step] of path.slice(0, -1).entries()) {
    const next: Node | undefined = childOf(node, step) ?? grow(node, step)
    if (!next || next.kind === 'scalar') return [nowhere(path.slice(0, index + 1), text)]
    node = next
  }
  return put(node, path.at(-1)!, value) ? [] : [nowhere(path, text)]
}

function unknownName(root: MapNode, path: Path): Finding | undefined {
  const [section, name] = path
  const what = NAMED.get(String(section))
  if (what === undefined || name === undefined) return undefined
  const names = entriesAt(root, [section!]).map(([key]) => key)
  if (names.includes(String(name))) return undefined
  const hint = didYouMean(String(name), names, 'There are')
  return finding('E_REF', path, `${pathText(path)}: No ${what} called ${show(String(name))}.`, {
    hint,
  })
}

function grow(node: Node, step: string | number): Node | undefined {
  if (node.kind !== 'map') return undefined
  const value: MapNode = { kind: 'map', start: -1, entries: new Map() }
  node.entries.set(String(step), { keyStart: -1, keyInset: 0, value })
  return value
}

function put(node: Node, step: string | number, value: Node): boolean {
  if (node.kind === 'list') {
    const index = Number(step)
    if (!(index >= 0 && index < node.items.length)) return false
    node.items[index] = value
    return true
  }
  if (node.kind !== 'map') return false
  const before = node.entries.get(String(step))
  node.entries.set(String(step), {
    keyStart: before?.keyStart ?? -1,
    keyInset: before?.keyInset ?? 0,
    value,
  })
  return true
}

function nowhere(path: Path, text: string): Finding {
  const says = `${pathText(path)} holds no further values, so ${show(text)} cannot be set.`
  return finding('E_REF', path, says, { hint: 'Check the path.' })
}

/** A copy that can be changed without changing the original. */
export function copyOf<N extends Node>(node: N): N {
  if (node.kind === 'scalar') return node
  if (node.kind === 'list') return { ...node, items: node.items.map(copyOf) }
  const entries = [...node.entries].map(
    ([key, entry]) => [key, { ...entry, value: copyOf(entry.value) }] as const,
  )
  return { ...node, entries: new Map(entries) }
}
