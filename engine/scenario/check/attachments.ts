/** Where patterns sit, and the services that their knobs name. */
import type { AnyComponent } from '../../component.ts'
import type { Param, Params } from '../../params.ts'
import { type Finding, type Path, finding, pathText, show } from '../problem.ts'
import { parseEdge } from '../text/selector.ts'
import { type Node, entriesAt, itemsAt, nodeAt } from '../text/tree.ts'
import { checkEdge } from './edges.ts'
import { type World, checkService, paramsOf } from './world.ts'

/** Every attachment's places and service names. */
export function checkAttachments(world: World): Finding[] {
  return [...world.patterns].flatMap(([id, component]) =>
    component ? checkAttachment(world, id, component) : [],
  )
}

function checkAttachment(world: World, id: string, component: AnyComponent): Finding[] {
  const path = ['patterns', id]
  const params = paramsOf(component)
  return [
    ...checkValues(world, params, path),
    ...selectorsOf(world.root, id).flatMap((place) => checkSelector(world, place, component)),
    ...entriesAt(world.root, [...path, 'where']).flatMap(([selector]) =>
      checkValues(world, params, [...path, 'where', selector]),
    ),
  ]
}

interface Selector {
  readonly text: string
  readonly path: Path
  readonly at: 'key' | 'value'
}

/** The selectors of an attachment and where they stand. */
export function selectorsOf(root: Node, id: string): Selector[] {
  const section = ['patterns', id, 'where']
  const keys = entriesAt(root, section).map(([text]): Selector => ({
    text,
    path: [...section, text],
    at: 'key',
  }))
  const items = itemsAt(root, section).flatMap((item, index): Selector[] =>
    item.kind === 'scalar' && typeof item.value === 'string'
      ? [{ text: item.value, path: [...section, index], at: 'value' }]
      : [],
  )
  return [...keys, ...items]
}

/** Whether a component can sit on edges, and whether on services. */
export function sitsOn({ at }: AnyComponent): { edges: boolean; services: boolean } {
  return {
    edges: at.includes('client') || at.includes('router'),
    services: at.includes('server') || at.includes('controller'),
  }
}

function checkSelector(world: World, place: Selector, component: AnyComponent): Finding[] {
  const { text, path, at } = place
  const sits = sitsOn(component)
  if (parseEdge(text)) {
    if (sits.edges) return checkEdge(world, text, path, at)
    return [misplaced(place, `${component.name} sits on services`, 'Write the name of a service.')]
  }
  if (text.includes('->')) {
    return [misplaced(place, 'an edge has two ends', 'Write a -> b.')]
  }
  if (!sits.services) {
    return [misplaced(place, `${component.name} sits on edges`, `Write * -> ${text}.`)]
  }
  return text === '*' ? [] : checkService(world, text, path, { at })
}

function misplaced({ text, path, at }: Selector, why: string, hint: string): Finding {
  const says = `${pathText(path)}: ${show(text)} cannot be its place; ${why}.`
  return finding('E_REF', path, says, { at, hint })
}

/** The services that a mapping of values names. */
function checkValues(world: World, params: Params, path: Path): Finding[] {
  return Object.entries(params).flatMap(([name, param]) =>
    checkValue(world, param, [...path, name]),
  )
}

function checkValue(world: World, param: Param<unknown>, path: Path): Finding[] {
  const node = nodeAt(world.root, path)
  if (!node) return []
  switch (param.kind) {
    case 'service':
      return checkName(world, node, path)
    case 'services':
      return itemsAt(node, []).flatMap((item, index) => checkName(world, item, [...path, index]))
    case 'steps':
      return itemsAt(node, []).flatMap((item, index) => {
        const service = nodeAt(item, ['service'])
        return service ? checkName(world, service, [...path, index, 'service']) : []
      })
    case 'group':
      return checkValues(world, param.members!, path)
    default:
      return []
  }
}

function checkName(world: World, node: Node, path: Path): Finding[] {
  const isName = node.kind === 'scalar' && typeof node.value === 'string' && node.value !== ''
  return isName ? checkService(world, node.value as string, path) : []
}
