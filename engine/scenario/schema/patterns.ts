/** The section `patterns`, derived from the components: each has its own keys. */
import { z } from './zod.ts'
import type { AnyComponent } from '../../component.ts'
import type { Params } from '../../params.ts'
import { bare } from '../text/tree.ts'
import { nearest } from '../text/suggest.ts'
import { isMapping, leaf, oneOf, refuse } from './leaf.ts'
import { optionalParams, paramSchema, paramsSchema } from './params.ts'
import { anyText, orList, truth, word } from './values.ts'

/** Every component by its name in files. */
export type Catalogue = ReadonlyMap<string, AnyComponent>

/** A line of `where`: a selector, and the values that differ there. */
export interface WhereFile {
  readonly selector: string
  readonly values: Readonly<Record<string, unknown>>
}

/** An attachment as the file has it, its values in engine units but incomplete. */
export interface PatternFile {
  readonly use: string
  readonly enabled: boolean
  readonly where: readonly WhereFile[] | undefined
  readonly values: Readonly<Record<string, unknown>>
}

/** The schema of the section. */
export function patternsSchema(catalogue: Catalogue): z.ZodType<Record<string, PatternFile>> {
  const forms = new Map([...catalogue].map(([name, one]) => [name, attachmentSchema(one)]))
  const attachment = oneOf<PatternFile, unknown>(
    (value) => formOf(value, forms),
    [...forms.values()],
  )
  const about = {
    description: 'Patterns under names of your own; `use` says which, `where` says at which places',
  }
  const record = z.record(z.string(), attachment).transform((all) => bare(Object.entries(all)))
  return record.meta(about)
}

function formOf(value: unknown, forms: ReadonlyMap<string, z.ZodType<PatternFile>>) {
  const hint = 'Write `breaker: { use: circuit-breaker }`.'
  if (!isMapping(value)) return refuse('E_TYPE', 'it must be a mapping with `use`', hint)
  const { use } = value
  if (use === undefined) return refuse('E_TYPE', 'it does not say which pattern to use', hint)
  return (typeof use === 'string' ? forms.get(use) : undefined) ?? unknownPattern(use, forms)
}

function unknownPattern(use: unknown, forms: ReadonlyMap<string, unknown>) {
  const names = [...forms.keys()]
  const near = typeof use === 'string' ? nearest(use, names) : undefined
  const hint = near === undefined ? '' : `Did you mean ${near}?`
  return { ...refuse('E_ENUM', `it must be ${orList(names)}`, hint), key: 'use' }
}

/** The keys of an attachment that are not knobs. */
export const ATTACHMENT_KEYS = ['use', 'enabled', 'where'] as const

/** The knobs of a component that a file can turn. */
function knobsOf(component: AnyComponent): Params {
  const params = Object.entries(component.params as Params)
  const reserved: readonly string[] = ATTACHMENT_KEYS
  return Object.fromEntries(params.filter(([name]) => !reserved.includes(name)))
}

/** The schema of an attachment of one component. */
export function attachmentSchema(component: AnyComponent): z.ZodType<PatternFile> {
  const use = leaf(word([component.name]), {
    const: component.name,
    description: component.about,
  })
  const enabled = leaf(truth, {
    type: 'boolean',
    description: 'Whether it is switched in; `false` keeps it in the file but out of the system',
  })
  const file = z.strictObject({
    use,
    enabled: enabled.prefault(true),
    where: whereSchema(component).optional(),
    ...optionalParams(knobsOf(component), 'defaults'),
  })
  const read = file.transform(({ use: name, enabled: isIn, where, ...values }) => ({
    use: name,
    enabled: isIn,
    where,
    values: bare(Object.entries(values)),
  }))
  return read
}

const selector = leaf(anyText, {
  type: 'string',
  description: 'An edge `a -> b` or a service; `*` stands for any',
  examples: ['checkout -> payments', '* -> *', 'db'],
})

function whereSchema(component: AnyComponent): z.ZodType<readonly WhereFile[] | undefined> {
  const list = z
    .array(selector)
    .transform((all) => all.map((one) => ({ selector: one, values: {} })))
  const map = z
    .record(z.string(), valuesSchema(component))
    .transform((all) => Object.entries(all).map(([key, values]) => ({ selector: key, values })))
  const described = [z.array(selector), z.record(z.string(), valuesSchema(component))]
  return oneOf<readonly WhereFile[], unknown>(
    (value) => {
      if (Array.isArray(value)) return list
      if (isMapping(value)) return map
      const hint = 'Write [a -> b], or { a -> b: { … } }.'
      return refuse(
        'E_TYPE',
        'it must be a list of places, or a mapping from places to values',
        hint,
      )
    },
    described,
    { description: 'Where it sits; left out: everywhere it can' },
  )
}

/** Values that differ at one place: a mapping, or the value of the main knob. */
function valuesSchema(component: AnyComponent): z.ZodType<Record<string, unknown>> {
  const params = component.params as Params
  const full = paramsSchema(params) as z.ZodType<Record<string, unknown>>
  const main = component.primary
  const knob = main === undefined ? undefined : params[main]
  if (!knob || knob.kind === 'group') return full
  const short = paramSchema(knob).transform((value) => ({ [main!]: value }))
  return oneOf<Record<string, unknown>, unknown>(
    (value) => (isMapping(value) ? full : short),
    [full, paramSchema(knob)],
  )
}
