/** What is known of the row that is looked at, and ways to the calls behind it. */
import { el } from '../dom.ts'
import { callDetail, type DetailLine } from '../facts/call-detail.ts'
import type { CallTree } from '../facts/call-tree.ts'
import { attemptName, reasonOf } from '../facts/request-words.ts'
import type { CallRow } from '../facts/waterfall.ts'
import { span as duration } from '../format.ts'
import type { Side } from '../state.ts'

/** Attempts of a folded row that are listed at most. */
const MOST = 8

/** Shows a row; `goTo` is told which span somebody wants to see. */
export function showDetail(
  host: HTMLElement,
  row: CallRow,
  { side, tree }: { readonly side: Side; readonly tree: CallTree },
  goTo: (span: number) => void,
): void {
  const [first] = row.nodes
  const isOne = row.nodes.length === 1
  const lines = isOne ? callDetail(first!, tree) : linesOfMany(row)
  host.replaceChildren(
    el('h3', {}, `${side}: ${isOne ? attemptName(first!) : row.label}`),
    el(
      'dl',
      {},
      lines.map((line) => lineOf(line, goTo)),
    ),
  )
}

function linesOfMany({ nodes }: CallRow): DetailLine[] {
  const lines = nodes.slice(0, MOST).map((node) => {
    const took = duration(node.end - node.span.startedAt)
    const name = node.attempts > 1 ? `${node.service}, try ${node.attempt}` : node.service
    const words = `${reasonOf(node.span)} after ${took}`
    return { term: name, words, isBad: !node.isOk, goTo: node.span.id }
  })
  if (nodes.length > MOST) lines.push(rest(nodes.length - MOST))
  return lines
}

function rest(many: number) {
  return { term: 'and', words: `${many} more`, isBad: false, goTo: -1 }
}

function lineOf({ term, words, isBad, goTo }: DetailLine, go: (span: number) => void): Node[] {
  const isLink = goTo !== undefined && goTo >= 0
  const said = isLink
    ? el('button', { type: 'button', class: 'link', onclick: () => go(goTo) }, words)
    : words
  return [el('dt', {}, term), el('dd', { class: isBad ? 'bad' : '' }, said)]
}
