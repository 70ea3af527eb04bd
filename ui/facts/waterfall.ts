/** The rows of a waterfall: every attempt its own, or several folded into one where they say the same. */
import type { Time } from '../../engine/units.ts'
import { nodesIn, type CallNode, type CallTree, type Segment } from './call-tree.ts'
import { reasonOf } from './request-words.ts'

/** 0: every attempt. 1: fast calls side by side, and failures in no time, are one row. 2: so are the tries of a call. 3: only the first two levels. */
export type FoldLevel = 0 | 1 | 2 | 3
/** The coarsest. */
export const MOST_FOLDED: FoldLevel = 3

/** Longest part of the request's own time that a call counts as fast with. */
const FAST = 0.1
/** As many names are told; more are counted. */
const MOST_NAMES = 3

/** A mark where an attempt failed. */
export interface FailMark {
  readonly at: Time
  /** Turned away on purpose. */
  readonly isRefusal: boolean
}

/** A row. */
export interface CallRow {
  /** The same for as long as it stands for the same spans. */
  readonly key: string
  readonly depth: number
  readonly label: string
  /** `try 2`; '' where there was but one, or for several in one. */
  readonly tries: string
  /** The attempts it stands for; what is folded below them is not among them. */
  readonly nodes: readonly CallNode[]
  /** Spans it stands for, those folded below it too. */
  readonly spans: ReadonlySet<number>
  readonly segments: readonly Segment[]
  readonly fails: readonly FailMark[]
  /** Whether it can be unfolded, or be folded again. */
  readonly fold: 'none' | 'folded' | 'open'
}

/** How rows are folded: a level, and rows that somebody has opened beyond it, by key. */
export interface Folding {
  readonly level: FoldLevel
  readonly opened: ReadonlySet<string>
}

/** The rows of a tree, each before those below it. */
export function waterfallRows(tree: CallTree, folding: Folding): CallRow[] {
  const took = (tree.answeredAt ?? tree.last) - tree.arrivedAt
  return rowsOf(tree.roots, 0, { ...folding, fast: took * FAST })
}

/** Rows that a text is in, with those above them. Every attempt is looked at: nothing stays hidden in a fold. */
export function rowsWith(tree: CallTree, text: string): CallRow[] {
  const wanted = text.trim().toLowerCase()
  const all = waterfallRows(tree, { level: 0, opened: new Set() })
  const has = (node: CallNode): boolean => wordsIn(node).includes(wanted)
  return all.filter(({ nodes }) => nodes.some((node) => nodesIn([node]).some(has)))
}

function wordsIn({ service, span, call }: CallNode): string {
  const patterns = call.decisions.map(({ pattern }) => pattern)
  return [service, span.edge, span.instance, span.op, reasonOf(span), ...patterns]
    .join(' ')
    .toLowerCase()
}

interface Rule extends Folding {
  /** A call that takes no longer is fast, ns. */
  readonly fast: Time
}

function rowsOf(siblings: readonly CallNode[], depth: number, rule: Rule): CallRow[] {
  if (rule.level === MOST_FOLDED && depth > 1) return []
  return groupsOf(siblings, rule).flatMap((group) => {
    const [first] = group
    if (group.length === 1)
      return [rowOf(first!, depth), ...rowsOf(first!.children, depth + 1, rule)]
    const row = groupRow(group, depth)
    if (!rule.opened.has(row.key)) return [row]
    const inside = group.flatMap((node) => [
      rowOf(node, depth + 1),
      ...rowsOf(node.children, depth + 2, rule),
    ])
    return [{ ...row, segments: [], fails: [], fold: 'open' as const }, ...inside]
  })
}

/** Neighbours that are told in one row. */
function groupsOf(siblings: readonly CallNode[], { level, fast }: Rule): CallNode[][] {
  const groups: CallNode[][] = []
  let kind = ''
  for (const node of siblings) {
    const own = level === 0 ? '' : kindOf(node, level, fast)
    if (own !== '' && own === kind) groups.at(-1)!.push(node)
    else groups.push([node])
    kind = own
  }
  return groups
}

/** Neighbours of one kind go together; '' goes with nobody. */
function kindOf(node: CallNode, level: FoldLevel, fast: Time): string {
  if (isFast(node, fast)) return 'fast'
  if (level >= 2) return `call ${node.call.id}`
  const isInstant = !node.isOk && node.children.length === 0 && !hasBar(node)
  return isInstant ? `${node.call.id} ${reasonOf(node.span)}` : ''
}

/** Whether it went well at once, and everything below it. */
function isFast(node: CallNode, fast: Time): boolean {
  if (node.end - node.span.startedAt > fast) return false
  return nodesIn([node]).every(({ isOk, attempt }) => isOk && attempt <= 1)
}

function hasBar({ segments }: CallNode): boolean {
  return segments.some(({ kind }) => kind === 'queue' || kind === 'work')
}

function rowOf(node: CallNode, depth: number): CallRow {
  const tries = node.attempts > 1 ? `try ${node.attempt}` : ''
  return {
    key: `s${node.span.id}`,
    depth,
    label: node.service,
    tries,
    nodes: [node],
    spans: new Set([node.span.id, node.call.id]),
    segments: node.segments,
    fails: failsOf(node),
    fold: 'none',
  }
}

function groupRow(group: readonly CallNode[], depth: number): CallRow {
  const first = group[0]!
  return {
    key: `g${first.span.id}`,
    depth,
    label: groupLabel(group),
    tries: '',
    nodes: group,
    spans: new Set(nodesIn(group).flatMap(({ span, call }) => [span.id, call.id])),
    segments: group.flatMap(({ segments }) => segments),
    fails: group.flatMap(failsOf),
    fold: 'folded',
  }
}

/** `cart, pricing, inventory`, `5 fast calls`, `ledger-db ×3, queue full`. */
function groupLabel(group: readonly CallNode[]): string {
  const [first] = group
  const isOneCall = group.every(({ call }) => call === first!.call)
  if (isOneCall) {
    const reasons = new Set(group.map(({ span }) => reasonOf(span)))
    const why = reasons.size === 1 ? `, ${[...reasons][0]!}` : ''
    return `${first!.service} ×${group.length}${why}`
  }
  if (group.length > MOST_NAMES) return `${group.length} fast calls`
  return group.map(({ service }) => service).join(', ')
}

function failsOf({ isOk, end, span }: CallNode): FailMark[] {
  if (isOk || span.outcome === 'open') return []
  return [{ at: end, isRefusal: span.outcome === 'refused' }]
}
