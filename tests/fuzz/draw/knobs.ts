/** Values of knobs, derived from what a component declares: a new component is drawn without a word about it here. */
import fc from 'fast-check'
import { FAILURES } from '../../../engine/model/failure.ts'
import type { Param, Params, Values } from '../../../engine/params.ts'
import { written } from '../../../engine/scenario/schema/written.ts'
import { choice, chosen, type Pen, share, span } from './draws.ts'
import { OPERATIONS } from './services.ts'

/** A value of a knob in engine units; services are choices that the file makes names of. */
export type KnobDraw = unknown

/** Draws some of the knobs; those that are left out keep their defaults. */
export function knobs(params: Params): fc.Arbitrary<Record<string, KnobDraw>> {
  const each = Object.entries(params).map(([name, param]) => [
    name,
    fc.option(knob(param), { nil: undefined, freq: 2 }),
  ])
  return fc.record(Object.fromEntries(each) as Record<string, fc.Arbitrary<KnobDraw>>)
}

function knob(param: Param<unknown>): fc.Arbitrary<KnobDraw> {
  switch (param.kind) {
    case 'ratio':
      return share.map((value) => clamped(param, value))
    case 'count':
    case 'number':
      return amount(param)
    case 'rate':
      return fc.oneof(amount(param), fc.integer({ min: 1, max: 300 }))
    case 'size':
      return fc.integer({ min: 1, max: 100_000 }).map((value) => clamped(param, value))
    case 'duration':
      return duration(param)
    case 'count-or-duration':
      return fc.oneof(
        fc.integer({ min: 1, max: 20 }),
        span.map((value) => Math.max(1e6, value)),
      )
    case 'choice':
      return fc.constantFrom(...param.choices!)
    case 'toggle':
      return fc.boolean()
    case 'service':
      return choice
    case 'services':
      return fc.array(choice, { maxLength: 3 })
    case 'failures':
      return fc.subarray([...FAILURES])
    case 'steps':
      return fc.array(workflowStep, { minLength: 1, maxLength: 4 })
    case 'group':
      return knobs(param.members!)
  }
}

const workflowStep = fc.record({
  service: choice,
  act: fc.constantFrom(...OPERATIONS),
  undo: fc.option(fc.constant('undo'), { nil: undefined }),
})

/** The least, one more, the default, few, and seldom the most that is allowed. */
function amount(param: Param<unknown>): fc.Arbitrary<number> {
  const { min = 0, initial } = param
  const few = fc.integer({ min: 0, max: 12 }).map((more) => clamped(param, Math.ceil(min) + more))
  const most = param.max !== undefined && param.max >= 1e6 ? [param.max] : []
  return fc.oneof(
    { weight: 4, arbitrary: few },
    { weight: 1, arbitrary: fc.constantFrom(min, initial as number, ...most) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 40 }).map((value) => clamped(param, value)) },
  )
}

/** Times that fall within a run of some seconds; the ends of what is allowed, too. */
function duration(param: Param<unknown>): fc.Arbitrary<number> {
  const { min = 0, max = Infinity, initial } = param
  const within = span.map((value) => clamped(param, value))
  return fc.oneof(
    { weight: 6, arbitrary: within },
    { weight: 1, arbitrary: fc.constantFrom(initial as number, min, max) },
  )
}

function clamped({ min = -Infinity, max = Infinity }: Param<unknown>, value: number): number {
  return Math.min(max, Math.max(min, value))
}

/** Makes names of choices, and puts times on the grid: values in engine units. */
export function resolved(
  params: Params,
  draws: Readonly<Record<string, KnobDraw>>,
  names: readonly string[],
  pen: Pen,
): Record<string, unknown> {
  const drawn = Object.entries(params).filter(([name]) => draws[name] !== undefined)
  return Object.fromEntries(
    drawn.map(([name, param]) => [name, resolvedKnob(param, draws[name], names, pen)]),
  )
}

function resolvedKnob(
  param: Param<unknown>,
  draw: KnobDraw,
  names: readonly string[],
  pen: Pen,
): unknown {
  const { kind } = param
  const name = (which: unknown): string => chosen(names, which as number)!
  if (kind === 'service') return name(draw)
  if (kind === 'services') return (draw as number[]).map(name)
  if (kind === 'steps')
    return (draw as { service: number }[]).map((each) => ({ ...each, service: name(each.service) }))
  if (kind === 'group') return resolved(param.members!, draw as Record<string, unknown>, names, pen)
  return kind === 'duration' ? clamped(param, pen.onGrid(draw as number)) : draw
}

/** Values over the defaults, groups knob by knob. */
export function complete(
  params: Params,
  values: Readonly<Record<string, unknown>>,
): Values<Params> {
  const all = Object.entries(params).map(([name, param]) => {
    const value = values[name]
    const isGroup = param.kind === 'group'
    const own = isGroup ? complete(param.members!, (value ?? {}) as never) : value
    return [name, own ?? param.initial]
  })
  return Object.fromEntries(all) as Values<Params>
}

/** Values as a file has them. */
export function writtenKnobs(
  params: Params,
  values: Readonly<Record<string, unknown>>,
  pen: Pen,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, writtenKnob(params[name]!, value, pen)]),
  )
}

function writtenKnob(param: Param<unknown>, value: unknown, pen: Pen): unknown {
  if (param.kind === 'group')
    return writtenKnobs(param.members!, value as Record<string, unknown>, pen)
  if (param.kind === 'duration') return value === Infinity ? 'none' : `${String(value)}ns`
  return written(param, value)
}
