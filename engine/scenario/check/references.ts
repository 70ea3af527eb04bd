/** Names that a file mentions must be names that it gives. */
import { type Finding, type Path, finding, pathText, show } from '../problem.ts'
import { isShare } from '../schema/steps.ts'
import { parseEdge } from '../text/selector.ts'
import { type Node, entriesAt, itemsAt, nodeAt, textAt } from '../text/tree.ts'
import { checkAttachments } from './attachments.ts'
import { checkExpectations } from './expectations.ts'
import { checkFaults } from './faults.ts'
import { checkEdge } from './edges.ts'
import { type World, checkService, unknownName } from './world.ts'

/** Every mention of something that is not there. */
export function checkReferences(world: World): Finding[] {
  return [
    ...checkCalls(world),
    ...checkLinks(world),
    ...checkLoads(world),
    ...checkAttachments(world),
    ...checkIds(world, ['order']),
    ...checkFaults(world),
    ...world.variants.flatMap((name) => checkIds(world, ['compare', name, 'without'])),
    ...checkExpectations(world),
  ]
}

function checkCalls(world: World): Finding[] {
  return entriesAt(world.root, ['services']).flatMap(([name]) => {
    const path = ['services', name, 'calls']
    const node = nodeAt(world.root, path)
    if (!node) return []
    if (node.kind !== 'map') return checkSteps(world, node, path)
    return [...node.entries].flatMap(([op, { value }]) => checkSteps(world, value, [...path, op]))
  })
}

function checkSteps(world: World, node: Node, path: Path): Finding[] {
  return callsIn(node, path).flatMap((call) => checkService(world, call.to, call.path))
}

/** The services that a piece of `calls` mentions, and where. */
export function callsIn(node: Node, path: Path): { to: string; path: Path }[] {
  if (node.kind === 'scalar')
    return typeof node.value === 'string' ? [{ to: node.value, path }] : []
  if (node.kind === 'list') return node.items.flatMap((item, i) => callsIn(item, [...path, i]))
  return [...node.entries]
    .filter(([key]) => key === 'call' || key === 'parallel' || isShare(key))
    .flatMap(([key, { value }]) => callsIn(value, [...path, key]))
}

function checkLinks(world: World): Finding[] {
  return entriesAt(world.root, ['links'])
    .filter(([name]) => name !== 'default')
    .flatMap(([name]) => {
      const path = ['links', name]
      const edge = parseEdge(name)
      return edge ? checkEdge(world, name, path, 'key') : [noLink(name, path)]
    })
}

function noLink(name: string, path: Path): Finding {
  const says = `${pathText(path)}: ${show(name)} is no link; a link is called default, or a -> b.`
  return finding('E_REF', path, says, { at: 'key' })
}

function checkLoads(world: World): Finding[] {
  return world.loads.flatMap((name) => {
    const path = ['load', name, 'to']
    return checkService(world, textAt(world.root, path), path)
  })
}

/** A list of names of patterns. */
function checkIds(world: World, section: Path): Finding[] {
  const ids = [...world.patterns.keys()]
  return itemsAt(world.root, section).flatMap((_, index) => {
    const path = [...section, index]
    const id = textAt(world.root, path)
    return id === undefined || ids.includes(id) ? [] : [unknownName('pattern', id, ids, path)]
  })
}
