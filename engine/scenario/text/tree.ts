/** A file as a tree of plain values that know their place in the text. */
import type { Path } from '../problem.ts'

/** A value of the file. `start` is its offset; -1 when it does not stem from the file. */
export type Node = ScalarNode | ListNode | MapNode

export interface ScalarNode {
  readonly kind: 'scalar'
  readonly start: number
  /** Characters before its text (a quote); undefined when the text does not stand in the file as it is. */
  readonly inset: number | undefined
  readonly value: string | number | boolean | null
  /** How a number stands in the file, with all its digits. */
  readonly source?: string
}
export interface ListNode {
  readonly kind: 'list'
  readonly start: number
  readonly items: Node[]
}
export interface MapNode {
  readonly kind: 'map'
  readonly start: number
  readonly entries: Map<string, Entry>
}
/** A key and its value. */
export interface Entry {
  readonly keyStart: number
  readonly keyInset: number
  readonly value: Node
}

/** The value as plain data; mappings have no prototype. */
export function plain(node: Node): unknown {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map(plain)
  const record = bare<unknown>()
  for (const [key, entry] of node.entries) record[key] = plain(entry.value)
  return record
}

/** A record without a prototype: any name is a safe key. */
export function bare<T>(entries: Iterable<readonly [string, T]> = []): Record<string, T> {
  const record = Object.create(null) as Record<string, T>
  for (const [key, value] of entries) record[key] = value
  return record
}

/** The value at a path; undefined when there is none. */
export function nodeAt(root: Node, path: Path): Node | undefined {
  let node: Node | undefined = root
  for (const step of path) node = node && childOf(node, step)
  return node
}

/** An entry or item of a node. */
export function childOf(node: Node, step: string | number): Node | undefined {
  if (node.kind === 'map') return node.entries.get(String(step))?.value
  return node.kind === 'list' ? node.items[Number(step)] : undefined
}

/** Entries of the mapping at a path; none when it is something else. */
export function entriesAt(root: Node, path: Path): [string, Entry][] {
  const node = nodeAt(root, path)
  return node?.kind === 'map' ? [...node.entries] : []
}

/** Items of the list at a path; none when it is something else. */
export function itemsAt(root: Node, path: Path): Node[] {
  const node = nodeAt(root, path)
  return node?.kind === 'list' ? node.items : []
}

/** The text at a path; undefined when it is no text. */
export function textAt(root: Node, path: Path): string | undefined {
  const node = nodeAt(root, path)
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined
}

/** Offset of a value, or of the key in front of it; of what encloses it where it is not in the file. */
export function offsetOf(root: Node, path: Path, at: 'key' | 'value', shift: number): number {
  let node = root
  let offset = Math.max(0, root.start)
  for (const [index, step] of path.entries()) {
    const isLast = index === path.length - 1
    const entry = node.kind === 'map' ? node.entries.get(String(step)) : undefined
    const child = entry?.value ?? childOf(node, step)
    if (!child) return offset
    offset = placed(offset, entry?.keyStart)
    if (isLast && at === 'key' && entry) return offset + shiftWithin(entry, shift)
    offset = placed(offset, child.start)
    node = child
  }
  return node.kind === 'scalar' && node.start >= 0 ? offset + inside(node.inset, shift) : offset
}

function shiftWithin(entry: Entry, shift: number): number {
  return entry.keyStart < 0 ? 0 : inside(entry.keyInset, shift)
}

function inside(inset: number | undefined, shift: number): number {
  return inset === undefined || shift === 0 ? 0 : inset + shift
}

function placed(fallback: number, offset: number | undefined): number {
  return offset === undefined || offset < 0 ? fallback : offset
}

const NO_PLACE = -1

/** Plain data as a tree without places, for values that do not stem from the file. */
export function treeOf(value: unknown, depth = 0): Node {
  if (Array.isArray(value)) {
    const items = depth > 32 ? [] : value.map((item) => treeOf(item, depth + 1))
    return { kind: 'list', start: NO_PLACE, items }
  }
  if (typeof value === 'object' && value !== null) return mapOf(value, depth)
  const isScalar = ['string', 'number', 'boolean'].includes(typeof value)
  const scalar = isScalar ? (value as string | number | boolean) : null
  return { kind: 'scalar', start: NO_PLACE, inset: undefined, value: scalar }
}

function mapOf(value: object, depth: number): MapNode {
  const entries = new Map<string, Entry>()
  if (depth <= 32) {
    for (const [key, item] of Object.entries(value)) {
      entries.set(key, { keyStart: NO_PLACE, keyInset: 0, value: treeOf(item, depth + 1) })
    }
  }
  return { kind: 'map', start: NO_PLACE, entries }
}
