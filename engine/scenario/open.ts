/** From the bytes of a file to the tree of a mapping in the current version of the format. */
import { migrate } from './migrate.ts'
import { refused, type Refused } from './places.ts'
import { type Finding, finding } from './problem.ts'
import { decode } from './text/bytes.ts'
import { compose } from './text/compose.ts'
import { Lines } from './text/lines.ts'
import { scan } from './text/scan.ts'
import { type MapNode, type Node, nodeAt } from './text/tree.ts'

/** A file that is a mapping of the current version. */
export interface Opened {
  readonly root: MapNode
  readonly lines: Lines
  readonly findings: readonly Finding[]
}

/** Opens a file; says what keeps it from being read any further. */
export function openFile(source: string | Uint8Array): Opened | { readonly refusal: Refused } {
  const decoded = decode(source)
  const lines = new Lines(decoded.text)
  const refuse = (findings: readonly Finding[]) => ({ refusal: refused({ lines }, findings) })
  if (!decoded.ok) return refuse([decoded.finding])
  const forbidden = scan(decoded.text)
  if (forbidden.length > 0) return refuse(forbidden)
  const { root, findings } = compose(decoded.text, lines)
  if (!root) return refuse(findings)
  if (root.kind !== 'map') return refuse([...findings, ...notAMapping(root)])
  const version = migrate(root)
  const unreadable = version.filter((one) => nodeAt(root, one.path))
  if (unreadable.length > 0) return { refusal: refused({ root, lines }, unreadable) }
  return { root, lines, findings: [...findings, ...version] }
}

function notAMapping(root: Node): Finding[] {
  const got = kindOfNode(root)
  const says = `$ is ${got}: expected a mapping, got ${got}.`
  return [finding('E_TYPE', [], says, { hint: 'Start with the line `schema: 1`.' })]
}

function kindOfNode(node: Node): string {
  if (node.kind !== 'scalar') return node.kind === 'list' ? 'a list' : 'a mapping'
  return node.value === null ? 'nothing' : 'a word'
}
