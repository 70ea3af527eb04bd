/** The schema of a component's knobs, derived from the knobs: nothing about a pattern is written twice. */
import { z } from './zod.ts'
import { FAILURES } from '../../model/failure.ts'
import type { Param, Params, WorkflowStep } from '../../params.ts'
import { type About, type Read, type Reading, accept, leaf, refuse } from './leaf.ts'
import {
  anyText,
  type Bounds,
  plainNumber,
  quantity,
  readQuantity,
  share,
  truth,
  whole,
  word,
} from './values.ts'
import { written } from './written.ts'

/** The schema of one knob. What it reads is in engine units: ns, 1/s, bytes, shares. */
export function paramSchema(param: Param<unknown>, more: About = {}): z.ZodType<unknown> {
  const about: About = { description: helpOf(param), ...examplesOf(param), ...more }
  if (param.kind === 'group') return paramsSchema(param.members!).meta(about as z.core.GlobalMeta)
  if (param.kind === 'steps') return stepsSchema(about)
  return leaf(reader(param), { ...typeOf(param), ...about })
}

function helpOf({ help, fixed }: Param<unknown>): string {
  return fixed ? `${help} (laid down at the start: no \`config\` fault turns it)` : help
}

/** The schema of a set of knobs, none of which must be there. */
export function paramsSchema(params: Params): z.ZodObject {
  return z.strictObject(optionalParams(params))
}

/** The knobs of a set, none of which must be there; with their defaults for editors, where those hold. */
export function optionalParams(params: Params, tell?: 'defaults'): Record<string, z.ZodType> {
  const entries = Object.entries(params).map(([name, param]) => {
    const about = tell ? { default: written(param, param.initial) } : {}
    return [name, paramSchema(param, about).optional()]
  })
  return Object.fromEntries(entries)
}

/** A value of a scenario section that is described like a knob; its default stands when it is left out. */
export function field<T>(param: Param<T>): z.ZodPrefault<z.ZodType<T>> {
  const schema = paramSchema(param) as z.ZodType<T>
  return schema.prefault(written(param, param.initial))
}

/** The same without a default: what would be one is an example. */
export function maybe<T>(param: Param<T>): z.ZodOptional<z.ZodType<T>> {
  const examples = [written(param, param.initial)]
  return (paramSchema(param, { examples }) as z.ZodType<T>).optional()
}

/** The same, and it must be there. */
export function needed<T>(param: Param<T>): z.ZodType<T> {
  return paramSchema(param) as z.ZodType<T>
}

function reader(param: Param<unknown>): Read<unknown> {
  const bounds = { min: param.min, max: param.max }
  switch (param.kind) {
    case 'ratio':
      return share(bounds)
    case 'count':
      return whole(bounds)
    case 'number':
      return plainNumber(bounds)
    case 'duration':
    case 'rate':
    case 'size':
      return quantity(param.kind, bounds)
    case 'choice':
      return word(param.choices ?? [])
    case 'toggle':
      return truth
    case 'count-or-duration':
      return countOrDuration(bounds)
    case 'service':
      return anyText
    case 'services':
      return listOf(anyText, 'a list of services')
    case 'failures':
      return listOf(word(FAILURES), 'a list of failures')
    case 'steps':
    case 'group':
      return accept
  }
}

function countOrDuration(bounds: Bounds): Read<number> {
  return (value) =>
    typeof value === 'number' ? whole(bounds)(value) : readQuantity('duration', value, bounds)
}

function listOf<T>(read: Read<T>, what: string): Read<readonly T[]> {
  return (value): Reading<readonly T[]> => {
    if (!Array.isArray(value)) return refuse('E_TYPE', `it must be ${what}`, 'Write [a, b].')
    const values: T[] = []
    for (const [index, item] of value.entries()) {
      const reading = read(item)
      if (!reading.ok) return { ...reading, says: `item ${index + 1}: ${reading.says}` }
      values.push(reading.value)
    }
    return accept(values)
  }
}

function stepsSchema(about: About): z.ZodType<readonly WorkflowStep[]> {
  const text = (description: string) => leaf(anyText, { type: 'string', description })
  const step = z.strictObject({
    service: text('Service that acts'),
    act: text('Operation that does it'),
    undo: text('Operation that undoes it; left out: nothing undoes it').optional(),
  })
  const complete = step.transform(({ service, act, undo }) => ({ service, act, undo }))
  return z.array(complete).meta(about as z.core.GlobalMeta)
}

function typeOf(param: Param<unknown>): About {
  const { min, max } = param
  const bounds = {
    ...(min === undefined || !Number.isFinite(min) ? {} : { minimum: min }),
    ...(max === undefined || !Number.isFinite(max) ? {} : { maximum: max }),
  }
  switch (param.kind) {
    case 'ratio':
      return { type: ['string', 'number'], ...bounds }
    case 'count':
      return { type: 'integer', ...bounds }
    case 'number':
      return { type: 'number', ...bounds }
    case 'count-or-duration':
      return { type: ['integer', 'string'] }
    case 'choice':
      return { enum: param.choices ?? [] }
    case 'toggle':
      return { type: 'boolean' }
    case 'services':
      return { type: 'array', items: { type: 'string' } }
    case 'failures':
      return { type: 'array', items: { enum: FAILURES } }
    case 'duration':
    case 'rate':
    case 'size':
    case 'service':
    case 'steps':
    case 'group':
      return { type: 'string' }
  }
}

const EXAMPLES: Readonly<Partial<Record<Param<unknown>['kind'], readonly unknown[]>>> = {
  ratio: ['50%'],
  duration: ['250ms', '2s'],
  rate: ['300/s'],
  size: ['20kB'],
  'count-or-duration': [100, '10s'],
}

function examplesOf(param: Param<unknown>): About {
  const examples = EXAMPLES[param.kind]
  return examples ? { examples } : {}
}
