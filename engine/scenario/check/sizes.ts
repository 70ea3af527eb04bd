/** How much may be in a file: worlds must fit into memory, and mistakes must be found in time. */
import { type Finding, finding } from '../problem.ts'
import { type Node, nodeAt } from '../text/tree.ts'

/** Most entries of each section. */
const MOST: Readonly<Record<string, number>> = {
  services: 500,
  links: 5000,
  load: 100,
  patterns: 500,
  order: 500,
  faults: 1000,
  compare: 20,
  expect: 500,
  expectViolation: 500,
}

/** Sections that hold too much; nothing else is worth telling then. */
export function checkSizes(root: Node): Finding[] {
  return Object.entries(MOST).flatMap(([section, most]) => {
    const node = nodeAt(root, [section])
    const size = node ? sizeOf(node) : 0
    if (size <= most) return []
    const says = `${section} may hold at most ${most} entries; this has ${size}.`
    return [finding('E_LIMIT', [section], says, { at: 'key', hint: 'Leave some of them out.' })]
  })
}

function sizeOf(node: Node): number {
  if (node.kind === 'map') return node.entries.size
  return node.kind === 'list' ? node.items.length : 0
}
