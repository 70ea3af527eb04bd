/** What faults are aimed at must be there. */
import type { Param } from '../../params.ts'
import { type Finding, type Path, finding, pathText, show } from '../problem.ts'
import { type Aim, AIMS, VERBS, verbsIn } from '../schema/faults.ts'
import { isMapping } from '../schema/leaf.ts'
import { ATTACHMENT_KEYS } from '../schema/patterns.ts'
import { didYouMean } from '../text/suggest.ts'
import { parseEdge, parseInstance } from '../text/selector.ts'
import { itemsAt, plain, textAt } from '../text/tree.ts'
import { checkEdge } from './edges.ts'
import { type World, checkService, paramsOf, unknownName } from './world.ts'

/** Every fault's target. */
export function checkFaults(world: World): Finding[] {
  return itemsAt(world.root, ['faults']).flatMap((item, index) => {
    const value = plain(item)
    const [verb, ...more] = isMapping(value) ? verbsIn(value) : []
    if (verb === undefined || more.length > 0) return []
    const path = ['faults', index, verb]
    const target = textAt(world.root, path)
    return target === undefined ? [] : checkTarget(world, VERBS[verb].aim, target, path)
  })
}

function checkTarget(world: World, aim: Aim, target: string, path: Path): Finding[] {
  switch (aim) {
    case 'service':
      return checkService(world, target, path)
    case 'instance':
      return checkInstance(world, target, path)
    case 'edge':
      return parseEdge(target)
        ? checkEdge(world, target, path, 'value')
        : [noAim(aim, target, path)]
    case 'cut':
      return checkCut(world, target, path)
    case 'pattern':
      return checkName('pattern', target, [...world.patterns.keys()], path)
    case 'knob':
      return checkKnob(world, target, path)
    case 'load':
    case 'rate':
      return checkName('load', target, world.loads, path)
    case 'area':
      return checkName('region or zone', target, world.areas, path)
  }
}

function noAim(aim: Aim, target: string, path: Path): Finding {
  return finding('E_REF', path, `${pathText(path)}: ${show(target)} is not ${AIMS[aim]}.`)
}

function checkName(what: string, name: string, names: readonly string[], path: Path): Finding[] {
  return names.includes(name) ? [] : [unknownName(what, name, names, path)]
}

function checkInstance(world: World, target: string, path: Path): Finding[] {
  const parts = parseInstance(target)
  return parts ? checkService(world, parts.service, path) : [noAim('instance', target, path)]
}

function checkCut(world: World, target: string, path: Path): Finding[] {
  const edge = parseEdge(target)
  if (!edge) return [noAim('cut', target, path)]
  const names = [...world.services, ...world.loads, ...world.areas]
  const what = 'service, zone or region'
  const ends = [
    { name: edge.from, shift: 0 },
    { name: edge.to, shift: edge.toShift },
  ]
  return ends
    .filter(({ name }) => !names.includes(name))
    .map(({ name, shift }) => unknownName(what, name, names, path, { shift }))
}

/** Steps of `patterns.retries.maxAttempts`: the attachment, then the knob. */
export function knobPath(target: string): readonly string[] | undefined {
  const [section, id, ...knob] = target.split('.').map((step) => step.trim())
  return section === 'patterns' && id !== undefined && knob.length > 0 ? [id, ...knob] : undefined
}

function checkKnob(world: World, target: string, path: Path): Finding[] {
  const [id, ...steps] = knobPath(target) ?? []
  if (id === undefined) return [noAim('knob', target, path)]
  if (!world.patterns.has(id)) return [unknownName('pattern', id, [...world.patterns.keys()], path)]
  const component = world.patterns.get(id)
  if (!component || knobOf(paramsOf(component), steps)) return []
  const known = Object.keys(paramsOf(component))
  const says = `${pathText(path)}: ${component.name} has no knob ${show(steps.join('.'))}.`
  return [finding('E_REF', path, says, { hint: didYouMean(steps[0]!, known, 'It has') })]
}

/** The knob at the end of the steps; undefined when there is none. */
export function knobOf(
  params: Readonly<Record<string, Param<unknown>>>,
  steps: readonly string[],
): Param<unknown> | undefined {
  const [first, ...rest] = steps
  if (first === undefined || !Object.hasOwn(params, first)) return undefined
  if ((ATTACHMENT_KEYS as readonly string[]).includes(first)) return undefined
  const param = params[first]!
  return rest.length === 0 ? param : knobOf(param.members ?? {}, rest)
}
