/** Faults that hit something: instances that can be there, patterns that are in, values that knobs take. */
import type { AnyComponent } from '../../component.ts'
import { knobOf, knobPath } from '../check/faults.ts'
import { paramsOf } from '../check/world.ts'
import { type Finding, type Path, finding, pathText, show } from '../problem.ts'
import { loadsWithRate } from '../rates.ts'
import type { Attachment, FaultSpec, ServiceSpec } from '../scenario.ts'
import { AIMS, VERBS } from '../schema/faults.ts'
import type { ReadFile } from '../schema/file.ts'
import { findingsOf } from '../schema/issues.ts'
import { PARSING } from '../schema/leaf.ts'
import { paramSchema } from '../schema/params.ts'
import type { Catalogue } from '../schema/patterns.ts'
import { orList } from '../schema/values.ts'
import { parseInstance } from '../text/selector.ts'
import { treeOf } from '../text/tree.ts'
import { merged, type Settings } from './merge.ts'
import { pushesOn } from '../pushes.ts'
import { pushFindings } from './pushes.ts'

/** A fault on a pattern that is not in the system hits nothing. */
function isAimedAtNothing({ verb, target }: FaultSpec, ids: ReadonlySet<string>): boolean {
  if (verb === 'flush') return !ids.has(target)
  return verb === 'config' && !ids.has(knobPath(target)?.[0] ?? '')
}

/** Faults; the value of a config push is read like the knob it turns. */
export function faultsOf(file: ReadFile, all: readonly Attachment[], catalogue: Catalogue) {
  const findings: Finding[] = []
  const components = new Map(all.map(({ id, use }) => [id, catalogue.get(use)!]))
  const specs = file.faults.map((fault, index) => {
    const spec = { ...fault, index }
    if (spec.verb !== 'config') return spec
    const read = readConfig(spec, ['faults', index, 'value'], components)
    if (!Array.isArray(read)) return { ...spec, options: { ...spec.options, value: read.value } }
    findings.push(...read)
    return spec
  })
  if (findings.length > 0) return { specs, findings }
  const range = { services: file.services, faults: specs, patterns: all, catalogue }
  const nowhere = specs.filter((spec) => !isThere(spec, range)).map(noInstance)
  const rates = loadsWithRate(file.load)
  const steady = specs.filter(({ verb, target }) => isAtRate(verb) && !rates.includes(target))
  const pushed = all.flatMap((one) => pushFindings(one, components.get(one.id)!, specs))
  return { specs, findings: [...nowhere, ...steady.map((spec) => noRate(spec, rates)), ...pushed] }
}

/** What decides which instances there can be. */
interface Range {
  readonly services: Readonly<Record<string, ServiceSpec>>
  readonly faults: readonly FaultSpec[]
  readonly patterns: readonly Attachment[]
  readonly catalogue: Catalogue
}

function readConfig(
  { target, options }: FaultSpec,
  path: Path,
  components: ReadonlyMap<string, AnyComponent>,
): Finding[] | { value: unknown } {
  const [id = '', ...steps] = knobPath(target) ?? []
  const component = components.get(id)
  const knob = component && knobOf(paramsOf(component), steps)
  if (!knob) return []
  const { value } = options
  const result = paramSchema(knob).safeParse(value, PARSING)
  if (result.success) return { value: result.data }
  return findingsOf(result.error.issues, treeOf(value)).map((one) => {
    const says = pathText(path) + one.says.slice(one.says.startsWith('$') ? 1 : 0)
    return { ...one, path, says }
  })
}

/** Instances of a service that can come to be: those of the file, or as many as a controller may start. */
function mostInstances(name: string, { services, faults, patterns, catalogue }: Range): number {
  const scaled = patterns.flatMap((one) => {
    const { instances } = catalogue.get(one.use)!
    const lines = one.where.filter(({ selector }) => selector === '*' || selector === name)
    if (!instances || lines.length === 0) return []
    const values = lines.reduce<Settings>((all, line) => merged(all, line.values), one.values)
    const pushed = pushesOn(one.id, faults).map((push) => merged(values, push))
    return [values, ...pushed].map((each) => instances(each as never))
  })
  return Math.max(services[name]!.instances, ...scaled)
}

/** Whether the instance that a fault names can be there; `db` alone always can. */
function isThere({ target }: FaultSpec, range: Range): boolean {
  if (!target.includes('#')) return true
  const { service = '', instance = 0 } = parseInstance(target) ?? {}
  return range.services[service] !== undefined && instance < mostInstances(service, range)
}

function noInstance({ verb, target, index }: FaultSpec): Finding {
  const path = ['faults', index!, verb]
  const says = `${pathText(path)}: There is no instance ${target}; the first is #0.`
  return finding('E_REF', path, says)
}

function isAtRate(verb: FaultSpec['verb']): boolean {
  return VERBS[verb].aim === 'rate'
}

/** Users who think, and arrivals at given times, have no rate that could rise. */
function noRate({ verb, target, index }: FaultSpec, rates: readonly string[]): Finding {
  const path = ['faults', index!, verb]
  const says = `${pathText(path)}: ${show(target)} is not ${AIMS.rate}.`
  const more = rates.length > 0 ? `, or aim at ${orList(rates.map(show))}` : ''
  const hint = `Add a load that comes \`from\` its beginning \`until\` its end${more}.`
  return finding('E_REF', path, says, { hint })
}

/** The faults that have something to hit when only these patterns are in the system. */
export function withTargets(
  faults: readonly FaultSpec[],
  { services }: ReadFile,
  patterns: readonly Attachment[],
  catalogue: Catalogue,
): FaultSpec[] {
  const ids = new Set(patterns.map(({ id }) => id))
  const range = { services, faults, patterns, catalogue }
  return faults.filter((spec) => !isAimedAtNothing(spec, ids) && isThere(spec, range))
}
