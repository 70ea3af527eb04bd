/** A push of configuration at the very beginning is the setting of the file: every knob that can be turned is turned. */
import { patterns as catalogue } from '../../../engine/patterns/index.ts'
import { atPath, merged } from '../../../engine/overlay.ts'
import type { Param, Params } from '../../../engine/params.ts'
import type { VariantResult } from '../../../engine/results/result.ts'
import type { Attachment, FaultSpec } from '../../../engine/scenario/scenario.ts'
import type { Law } from './law.ts'
import { differences, runOf } from './law.ts'

/** Every pattern starts with its defaults, and is given its settings by pushes in the first moment. */
export const pushed: Law = {
  name: 'a push at the beginning is the setting of the file',
  check({ scenario, straight }) {
    if (straight.stopped !== undefined) return []
    const isLeft = ({ id }: Attachment): boolean =>
      scenario.faults.every(({ target }) => !target.startsWith(`patterns.${id}.`))
    const changed = scenario.patterns.map((one) =>
      isLeft(one) ? withPushes(one) : { attachment: one, pushes: [] },
    )
    const faults = [...scenario.faults, ...changed.flatMap(({ pushes }) => pushes)]
    const patterns = changed.map(({ attachment }) => attachment)
    const budget = { ...scenario.budget, events: scenario.budget.events + 10_000 }
    const run = runOf({ ...scenario, faults, patterns, budget }).finish()
    return differences('with all settings pushed', outcomes(straight), outcomes(run))
  },
}

/** How the room of a service is used is told by its largest size, which the defaults may make larger. */
function outcomes({ outcomeDigest, requests, services, edges, latencyMs }: VariantResult) {
  const counts = Object.entries(services).map(([name, one]) => [
    name,
    { ...one, occupancy: undefined },
  ])
  return { outcomeDigest, requests, services: Object.fromEntries(counts), edges, latencyMs }
}

/** An attachment with defaults where it had settings, and the pushes that give it those. */
function withPushes(attachment: Attachment): { attachment: Attachment; pushes: FaultSpec[] } {
  const { id, values } = attachment
  const turned = turnedKnobs(attachment)
  const base = turned.reduce(
    (all: Record<string, unknown>, { path, initial }) =>
      merged(all, atPath(path.join('.'), initial)),
    { ...values },
  )
  const pushes = turned.map(({ path }) => pushOf(id, path, valueAt(values, path)))
  return { attachment: { ...attachment, values: base }, pushes }
}

/** The knobs of an attachment that pushes can turn everywhere at once. */
export function turnedKnobs({ use, values, where }: Attachment): Knob[] {
  const { params, instances } = catalogue.get(use)!
  const onLines = new Set(where.flatMap((line) => Object.keys(line.values)))
  // Places for instances are made for all that may come: a larger world has other dice.
  const isSize = ({ path, initial }: Knob): boolean =>
    instances !== undefined &&
    instances(values as never) !== instances({ ...values, [path[0]!]: initial } as never)
  return knobsOf(params as Params, []).filter(
    (knob) => !onLines.has(knob.path[0]!) && !isSize(knob),
  )
}

interface Knob {
  readonly path: readonly string[]
  readonly initial: unknown
}

/** The knobs that a push can turn, with their defaults; a world that names no services has no ways to them. */
function knobsOf(params: Params, above: readonly string[]): Knob[] {
  const WAYS = ['service', 'services', 'steps']
  return Object.entries(params).flatMap(([name, param]: [string, Param<unknown>]) => {
    const path = [...above, name]
    if (param.fixed || WAYS.includes(param.kind)) return []
    return param.members ? knobsOf(param.members, path) : [{ path, initial: param.initial }]
  })
}

function valueAt(values: Readonly<Record<string, unknown>>, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], values)
}

function pushOf(id: string, path: readonly string[], value: unknown): FaultSpec {
  return {
    verb: 'config',
    target: ['patterns', id, ...path].join('.'),
    at: 0,
    for: Infinity,
    mtbf: undefined,
    mttr: undefined,
    by: 1,
    options: { value },
  }
}
