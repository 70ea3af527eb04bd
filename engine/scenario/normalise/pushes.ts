/** Pushes of configuration that a component cannot take: knobs laid down at the start, settings that contradict. */
import type { AnyComponent } from '../../component.ts'
import type { Params } from '../../params.ts'
import { paramsOf } from '../check/world.ts'
import { type Finding, finding, pathText } from '../problem.ts'
import { pushesOn } from '../pushes.ts'
import type { Attachment, FaultSpec } from '../scenario.ts'
import { isMapping } from '../schema/leaf.ts'
import { merged, type Settings } from './merge.ts'
import { settingsOf } from './patterns.ts'

/** A push as it was read: what it turns, and where it stands in the file. */
interface Push {
  readonly spec: FaultSpec & { readonly index: number }
  readonly values: Settings
}

/** What is wrong with the pushes on one pattern, alone and two at a time. */
export function pushFindings(
  attachment: Attachment,
  component: AnyComponent,
  specs: readonly (FaultSpec & { readonly index: number })[],
): Finding[] {
  const pushes = specs.flatMap((spec) =>
    pushesOn(attachment.id, [spec]).map((values) => ({ spec, values })),
  )
  const fixed = pushes.flatMap((push) => turnsFixed(push, component))
  if (fixed.length > 0 || !component.check) return fixed
  const base = settingsOf(attachment)
  return pushes.flatMap((push, at) => {
    const alone = clash([push], base, component)
    if (alone.length > 0) return alone
    const others = pushes.slice(0, at).filter(({ spec }) => mayMeet(spec, push.spec))
    return others.flatMap((other) => clash([other, push], base, component)).slice(0, 1)
  })
}

function turnsFixed({ spec, values }: Push, component: AnyComponent): Finding[] {
  return fixedIn(paramsOf(component), values, []).map((knob) => {
    const path = ['faults', spec.index, 'config']
    const says = `${pathText(path)}: ${knob} of ${component.name} is laid down when an instance starts; a push cannot change it.`
    return finding('E_REF', path, says, { hint: 'Say it under patterns, or compare two variants.' })
  })
}

/** Names of the knobs among the values that no push can turn. */
function fixedIn(params: Params, values: Settings, above: readonly string[]): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const param = params[name]
    const steps = [...above, name]
    if (param?.fixed) return [steps.join('.')]
    return param?.members && isMapping(value) ? fixedIn(param.members, value, steps) : []
  })
}

/** What a component says of its settings, wherever it sits, under pushes that it would not say without them. */
function clash(
  pushes: readonly Push[],
  base: readonly Settings[],
  component: AnyComponent,
): Finding[] {
  const last = pushes.at(-1)!.spec
  const told = base.flatMap((settings) => {
    const over = pushes.reduce((all: Settings, { values }) => merged(all, values), settings)
    const already = component.check!(settings as never)
    return component.check!(over as never).filter((sentence) => !already.includes(sentence))
  })
  const path = ['faults', last.index, 'value']
  const first = pushes[0]!.spec.index
  const beside = first === last.index ? '' : ` (beside ${pathText(['faults', first])})`
  return [...new Set(told)].map((sentence) => {
    const says = `${pathText(path)}: Then ${sentence.replace(/\.$/, '')}${beside}.`
    return finding('E_RANGE', path, says)
  })
}

/** Whether two faults may hold at one moment; nobody knows when a stochastic one does. */
function mayMeet(a: FaultSpec, b: FaultSpec): boolean {
  if (a.at === undefined || b.at === undefined) return true
  return a.at < b.at + b.for && b.at < a.at + a.for
}
