/** What a file names: services, loads, patterns, variants. References are checked against this. */
import type { AnyComponent } from '../../component.ts'
import type { Params } from '../../params.ts'
import { type Finding, type Path, finding, pathText, show } from '../problem.ts'
import type { Catalogue } from '../schema/patterns.ts'
import { didYouMean } from '../text/suggest.ts'
import { type Node, entriesAt, plain, textAt } from '../text/tree.ts'

/** The tree of a file and the names in it. */
export interface World {
  readonly root: Node
  readonly catalogue: Catalogue
  readonly services: readonly string[]
  readonly loads: readonly string[]
  /** Ids of the attachments, with what each uses where that is known. */
  readonly patterns: ReadonlyMap<string, AnyComponent | undefined>
  readonly variants: readonly string[]
  /** Zones and regions. */
  readonly areas: readonly string[]
}

/** Collects the names of a file. */
export function worldOf(root: Node, catalogue: Catalogue): World {
  const names = (section: string) => entriesAt(root, [section]).map(([key]) => key)
  const uses = names('patterns').map((id) => {
    const use = textAt(root, ['patterns', id, 'use'])
    return [id, use === undefined ? undefined : catalogue.get(use)] as const
  })
  return {
    root,
    catalogue,
    services: names('services'),
    loads: names('load'),
    patterns: new Map(uses),
    variants: names('compare'),
    areas: areasOf(root),
  }
}

function areasOf(root: Node): string[] {
  const areas = ['services', 'load'].flatMap((section) =>
    entriesAt(root, [section]).flatMap(([name]) => [
      textAt(root, [section, name, 'zone']),
      textAt(root, [section, name, 'region']),
    ]),
  )
  return [...new Set(areas)].filter((area) => area !== undefined && area !== '') as string[]
}

/** A sentence about a name that nothing has. */
export function unknownName(
  what: string,
  name: string,
  names: readonly string[],
  path: Path,
  place: { at?: 'key' | 'value'; shift?: number } = {},
): Finding {
  const says = `${pathText(path)}: No ${what} called ${show(name)}.`
  const hint = () => didYouMean(name, names, 'There are')
  return finding('E_REF', path, says, { ...place, hint })
}

/** Nothing when a service has that name, or none has any, else the finding. */
export function checkService(
  world: World,
  name: string | undefined,
  path: Path,
  place: { at?: 'key' | 'value'; shift?: number } = {},
): Finding[] {
  const isKnown = name === undefined || world.services.includes(name)
  if (isKnown || world.services.length === 0) return []
  return [unknownName('service', name, world.services, path, place)]
}

/** The knobs of a component. */
export function paramsOf(component: AnyComponent): Params {
  return component.params as Params
}

/** A value of the tree as plain data; undefined when there is none. */
export function plainAt(node: Node | undefined): unknown {
  return node === undefined ? undefined : plain(node)
}
