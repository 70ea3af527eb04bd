/** What becomes of a text that is changed by machine, and of a scenario in which values are set. */
import { hashText } from '../../../engine/core/hash.ts'
import { withFault, withPlaces } from '../../../engine/scenario/edit.ts'
import { openFile } from '../../../engine/scenario/open.ts'
import { readScenario } from '../../../engine/scenario/read.ts'
import { entriesAt, type Node } from '../../../engine/scenario/text/tree.ts'

/** Values that fit some places and not others. */
const VALUES: readonly unknown[] = [
  '20ms',
  '3',
  '[1, 2]',
  '{ a: 1 }',
  'poisson(20/s)',
  '"7',
  'null',
  '50%',
  'a -> b',
  '- x',
  5,
  0.25,
  true,
  null,
  [],
  { use: 'cache' },
]

/** The text with places of services and one more fault, and what is read with values set in it. */
export function edited(text: string): unknown {
  const opened = openFile(text)
  if ('refusal' in opened) return withFault(text, '{ at: 1s, crash: a }')
  const services = entriesAt(opened.root, ['services']).map(([name]) => name)
  const places = new Map(services.slice(0, 2).map((name, at) => [name, [at, 2 * at] as const]))
  const moved = withPlaces(text, places)
  const again = moved && withPlaces(moved, new Map([[services[0]!, [7, 7] as const]]))
  const struck = withFault(text, `{ at: 1s, crash: ${services[0]} }`)
  return [
    moved,
    again,
    struck,
    struck && withFault(struck, '{ at: 2s, nonsense: 1 }'),
    set(text, opened.root),
  ]
}

/** Values set at places that are there, beside them, and beyond. */
function set(text: string, root: Node): unknown {
  const paths = pathsIn(root, '')
  return [1, 2].map((which) => {
    const path = paths[hashText(`${which} ${text}`) % paths.length]!
    const value = VALUES[hashText(`${text} ${which}`) % VALUES.length]
    const at = which === 2 ? `${path}.zz[2]` : path
    const read = readScenario(text, 'set', { set: { [at]: value } })
    return read.ok ? [at, value, read.warnings, read.scenario] : [at, value, read.errors]
  })
}

function pathsIn(node: Node, path: string): string[] {
  if (node.kind === 'scalar') return [path]
  if (node.kind === 'list') {
    return [path, ...node.items.flatMap((item, at) => pathsIn(item, `${path}[${at}]`))]
  }
  const below = [...node.entries].flatMap(([key, { value }]) =>
    pathsIn(value, path === '' ? key : `${path}.${key}`),
  )
  return path === '' ? below : [path, ...below]
}
