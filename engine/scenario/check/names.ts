/** Names that a file gives: readable, and no two that can be confused. */
import { type Finding, type Path, escaped, finding, pathText } from '../problem.ts'
import { faultOfName, nameKey } from '../text/names.ts'
import { type Node, entriesAt, nodeAt } from '../text/tree.ts'

/** Everything that is wrong with the names of a file. */
export function checkNames(root: Node): Finding[] {
  return [
    ...namesIn(root, [['services'], ['load']]),
    ...namesIn(root, [['patterns']]),
    ...namesIn(root, [['compare']]),
    ...entriesAt(root, ['load']).flatMap(([load]) => [
      ...namesIn(root, [['load', load, 'mix']]),
      ...namesIn(root, [['load', load, 'tenants']]),
    ]),
    ...entriesAt(root, ['services']).flatMap(([service]) => [
      ...operations(root, ['services', service, 'work']),
      ...operations(root, ['services', service, 'calls']),
    ]),
    ...reservedKeys(root, []),
  ]
}

/** Names of several sections that share one space. */
function namesIn(root: Node, sections: readonly Path[]): Finding[] {
  const found: Finding[] = []
  const seen = new Map<string, { name: string; path: Path }>()
  for (const section of sections) {
    for (const [name] of entriesAt(root, section)) {
      const path = [...section, name]
      const fault = faultOfName(name)
      if (fault !== undefined) found.push(badName(name, fault, path))
      const twin = seen.get(nameKey(name))
      if (twin) found.push(sameName(name, twin, path))
      seen.set(nameKey(name), { name, path })
    }
  }
  return found
}

function badName(name: string, fault: string, path: Path): Finding {
  const says = `${pathText(path)}: the name "${escaped(name, 80)}" ${fault}.`
  const hint = 'Names hold letters, digits, - and _, and start with a letter.'
  return finding('E_NAME', path, says, { at: 'key', hint })
}

function sameName(name: string, twin: { name: string; path: Path }, path: Path): Finding {
  const shown = escaped(name, 80)
  const other = `"${escaped(twin.name, 80)}" (${pathText(twin.path)})`
  const says =
    name === twin.name
      ? `${pathText(path)}: the name "${shown}" is already taken by ${pathText(twin.path)}.`
      : `${pathText(path)}: the name "${shown}" can hardly be told from ${other}.`
  return finding('E_DUP_ID', path, says, { at: 'key', hint: 'Choose another name.' })
}

/** Operations are names too, and `*` stands for the rest. */
function operations(root: Node, section: Path): Finding[] {
  return entriesAt(root, section)
    .map(([name]) => ({ name, fault: name === '*' ? undefined : faultOfName(name) }))
    .filter(({ fault }) => fault !== undefined)
    .map(({ name, fault }) => badName(name, fault!, [...section, name]))
}

const OF_NAMES = new Set(['services', 'load', 'patterns', 'compare'])

/** `__proto__` is no key, wherever it stands. */
function reservedKeys(node: Node, path: Path): Finding[] {
  if (node.kind === 'list') {
    return node.items.flatMap((item, index) => reservedKeys(item, [...path, index]))
  }
  if (node.kind === 'scalar') return []
  return [...node.entries].flatMap(([key, { value }]) => {
    const full = [...path, key]
    if (key !== '__proto__') return reservedKeys(value, full)
    if (path.length === 1 && OF_NAMES.has(String(path[0]))) return []
    return nodeAt(node, [key]) ? [reserved(full)] : []
  })
}

function reserved(path: Path): Finding {
  const says = `${pathText(path)} is not known: no mapping has a key "__proto__".`
  return finding('E_UNKNOWN_KEY', path, says, { at: 'key', hint: 'Take it out.' })
}
