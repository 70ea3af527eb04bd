/** Where patterns sit, and the services that their knobs name. */
import type { AnyComponent } from '../../component.ts'
import type { Param, Params } from '../../params.ts'
import { type Finding, type Path, finding, pathText, show } from '../problem.ts'
import { parseEdge } from '../text/selector.ts'
import { didYouMean } from '../text/suggest.ts'
import { orList } from '../schema/values.ts'
import { type Node, entriesAt, itemsAt, nodeAt, textAt } from '../text/tree.ts'
import { checkEdge } from './edges.ts'
import { type World, checkService, paramsOf } from './world.ts'

/** Every attachment's places and service names. */
export function checkAttachments(world: World): Finding[] {
  const attached = [...world.patterns].flatMap(([id, component]) =>
    component ? checkAttachment(world, id, component) : [],
  )
  return [...attached, ...checkListed(world)]
}

/** People who know other tools write a list of patterns; its words are checked all the same. */
function checkListed({ root, catalogue }: World): Finding[] {
  const names = [...catalogue.keys()]
  return itemsAt(root, ['patterns']).flatMap((_, index) => {
    const path = ['patterns', index]
    const name = textAt(root, path)
    if (name === undefined || catalogue.has(name)) return []
    const says = `${pathText(path)} is ${show(name)}; it must be ${orList(names)}.`
    return [finding('E_ENUM', path, says, { hint: didYouMean(name, names) })]
  })
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
  if (param.kind === 'service') return checkName(world, node, path)
  if (param.kind === 'group') return checkValues(world, param.members!, path)
  const items = itemsAt(node, []).map((item, index) => ({ item, at: [...path, index] }))
  if (param.kind === 'services') return items.flatMap(({ item, at }) => checkName(world, item, at))
  if (param.kind !== 'steps') return []
  return items.flatMap(({ item, at }) => {
    const service = nodeAt(item, ['service'])
    return service ? checkName(world, service, [...at, 'service']) : []
  })
}

function checkName(world: World, node: Node, path: Path): Finding[] {
  const isName = node.kind === 'scalar' && typeof node.value === 'string' && node.value !== ''
  return isName ? checkService(world, node.value, path) : []
}
