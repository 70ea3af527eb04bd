/** Faults of every verb, at any moment, aimed at anything they can hit. */
import fc from 'fast-check'
import type { Params } from '../../../engine/params.ts'
import type { Aim } from '../../../engine/scenario/schema/faults.ts'
import { FAULT_VERBS, VERBS } from '../../../engine/scenario/schema/faults.ts'
import type { FaultVerb } from '../../../engine/scenario/scenario.ts'
import { type AttachmentDraw, componentOf, type Ground } from './attachments.ts'
import { distribution, type DistributionDraw, writtenTimes } from './distributions.ts'
import { choice, chosen, mostly, oneOf, percent, share } from './draws.ts'
import { resolved, writtenKnobs } from './knobs.ts'

/** A fault before it is written. */
export interface FaultDraw {
  readonly verb: FaultVerb
  readonly target: number
  readonly other: number
  readonly isWide: boolean
  /** Shares of the run. */
  readonly at: number
  readonly for: number
  readonly isStochastic: boolean
  readonly strength: number
  readonly amount: number
  readonly word: number
  readonly delay: DistributionDraw
}

const fault: fc.Arbitrary<FaultDraw> = fc.record({
  verb: oneOf(FAULT_VERBS),
  target: choice,
  other: choice,
  isWide: fc.boolean(),
  at: oneOf([0.2, 0, 0.5, 0.9]),
  for: oneOf([0.3, 0.01, 0.1, Infinity]),
  isStochastic: mostly(false, [true], 2),
  strength: share,
  amount: oneOf([2, 0.5, 10, 1]),
  word: fc.nat({ max: 1 }),
  delay: distribution,
})

/** Up to six of them. */
export const faults: fc.Arbitrary<FaultDraw[]> = fc.array(fault, { maxLength: 6 })

/** What faults can be aimed at. */
export interface Range extends Ground {
  readonly duration: number
  readonly loads: readonly string[]
  /** Loads whose arrivals have a rate. */
  readonly rates: readonly string[]
  readonly instances: readonly string[]
  readonly areas: readonly string[]
  /** Patterns that are in. */
  readonly patterns: Readonly<Record<string, AttachmentDraw>>
}

/** The section `faults`; those with nothing to aim at are left out. */
export function writtenFaults(draws: readonly FaultDraw[], range: Range): object[] {
  return draws.flatMap((draw) => {
    const target = targetOf(draw, range)
    return target === undefined
      ? []
      : [{ ...timing(draw, range), [draw.verb]: target, ...ownKeys(draw, target, range) }]
  })
}

function timing({ at, for: span, isStochastic, verb }: FaultDraw, { duration, pen }: Range) {
  const part = (of: number): number => Math.max(1, Math.round(of * duration))
  if (isStochastic && verb !== 'flush')
    return { mtbf: pen.span(part(0.2)), mttr: pen.span(part(0.05)) }
  const length = span === Infinity ? {} : { for: pen.span(part(span)) }
  return { at: pen.span(Math.round(at * duration)), ...length }
}

const AIMED: Readonly<Record<Aim, (draw: FaultDraw, range: Range) => string | undefined>> = {
  instance: ({ target, isWide }, { services, instances }) =>
    chosen(isWide ? services : instances, target),
  service: ({ target }, { services }) => chosen(services, target),
  edge: ({ target, isWide }, { edges }) => (isWide ? '* -> *' : chosen(edges, target)),
  cut: ({ target, other, isWide }, { services, areas }) => {
    const list = isWide ? areas : services
    const [from, to] = [chosen(list, target), chosen(list, other)]
    return from === to ? undefined : `${from} -> ${to}`
  },
  pattern: ({ target }, { patterns }) => chosen(Object.keys(patterns), target),
  knob: knobOf,
  load: ({ target }, { loads }) => chosen(loads, target),
  rate: ({ target }, { rates }) => chosen(rates, target),
  area: ({ target }, { areas }) => chosen(areas, target),
}

function targetOf(draw: FaultDraw, range: Range): string | undefined {
  return AIMED[VERBS[draw.verb].aim](draw, range)
}

function knobOf({ target, other }: FaultDraw, { patterns, catalogue }: Range): string | undefined {
  const id = chosen(Object.keys(patterns), target)
  if (id === undefined) return undefined
  const params = catalogue.get(componentOf(id))!.params as Params
  const pushed = Object.entries(patterns[id]!.others).filter(
    ([name, value]) => value !== undefined && !params[name]?.fixed,
  )
  const knob = chosen(pushed, other)
  return knob === undefined ? undefined : `patterns.${id}.${knob[0]}`
}

function ownKeys(draw: FaultDraw, target: string, range: Range): object {
  const { verb, strength, amount, word, other } = draw
  const offset = (amount - 1) * 30 * (word === 0 ? 1 : -1)
  const keys: Record<string, unknown> = {
    how: ['refuse', 'silent'][word],
    direction: ['both', 'one-way'][word],
    by: { share: percent(strength), factor: amount, offset: `${offset}ms` }[
      STRENGTHS[verb] ?? 'share'
    ],
    drift: (word - 0.5) * strength,
    version: 2,
    errors: percent(strength),
    slow: amount,
    key: other % 5,
    value: verb === 'config' ? pushedValue(target, range) : undefined,
  }
  if (verb === 'delay') keys['by'] = writtenTimes(draw.delay, range.pen)
  if (verb === 'bandwidth') keys['by'] = `${1 + other * 50}B/s`
  return Object.fromEntries(Object.keys(VERBS[verb].keys).map((key) => [key, keys[key]]))
}

/** How `by` is measured, where it is not a share. */
const STRENGTHS: Readonly<Partial<Record<FaultVerb, 'factor' | 'offset'>>> = {
  slow: 'factor',
  spike: 'factor',
  skew: 'offset',
  jump: 'offset',
}

/** The other value of a knob that the pattern was drawn with. */
function pushedValue(target: string, { patterns, catalogue, services, pen }: Range): unknown {
  const [, id = '', name = ''] = target.split('.')
  const params = catalogue.get(componentOf(id))!.params as Params
  const values = resolved(params, patterns[id]!.others, services, pen)
  const written = writtenKnobs(params, { [name]: values[name] }, pen)[name]
  const { members } = params[name]!
  if (members === undefined) return written
  const isFree = ([member]: [string, unknown]): boolean => !members[member]?.fixed
  return Object.fromEntries(Object.entries(written as object).filter(isFree))
}
