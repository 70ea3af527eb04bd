/** The two bricks every part of the schema is made of: a value that is read in one go, and a choice between forms. */
import { z } from './zod.ts'
import type { ProblemCode } from '../problem.ts'
import { bare } from '../text/tree.ts'

z.config({ jitless: true })

/** Why a value was not accepted: `says` continues the sentence "a.b is 5; …". */
export interface Refusal {
  readonly ok: false
  readonly code: ProblemCode
  readonly says: string
  readonly hint: string
  /** Key within the value that is meant. */
  readonly key?: string
}
export type Reading<T> = { readonly ok: true; readonly value: T } | Refusal
export type Read<T> = (value: unknown) => Reading<T>

/** A value that was understood. */
export function accept<T>(value: T): Reading<T> {
  return { ok: true, value }
}

/** A value that was not. */
export function refuse(code: ProblemCode, says: string, hint = ''): Refusal {
  return { ok: false, code, says, hint }
}

/** What editors and the reference are told of a value. */
export interface About {
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly examples?: readonly unknown[]
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly [key: string]: unknown
}

/** Reports a refusal at a place within a value. */
export function report(
  context: { issues: z.core.$ZodRawIssue[] },
  refusal: Refusal,
  input: unknown,
  path: readonly string[] = [],
): void {
  const { code, says, hint } = refusal
  const params = { code, says, hint }
  context.issues.push({ code: 'custom', input, path: [...path], message: says, params })
}

const abouts = new WeakMap<object, About>()

/** What editors are told of a schema. */
export function aboutOf(schema: z.core.$ZodType): About | undefined {
  return abouts.get(schema) ?? (z.globalRegistry.get(schema) as About | undefined)
}

/** A value that one function reads. `In` is what a TypeScript author may write there. */
export function leaf<T, In = unknown>(read: Read<T>, about: About): z.ZodType<T, In> {
  const schema = z.unknown().transform((input, context): T => {
    const reading = read(input)
    if (reading.ok) return reading.value
    report(context, reading, input)
    return z.NEVER
  })
  schema._zod.toJSONSchema = () => ({ ...about })
  abouts.set(schema, about)
  return schema as unknown as z.ZodType<T, In>
}

/** How a schema is asked: a finding about unknown keys carries the known ones as its message, a line each. */
export const PARSING = {
  error: (issue: z.core.$ZodRawIssue) =>
    issue.code === 'unrecognized_keys' ? keysOf(issue.inst).join('\n') : issue.code,
}

function keysOf(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

/** One of several forms; `pick` looks at the value and says which, or why none. */
export function oneOf<T, In>(
  pick: (value: unknown) => z.ZodType<T, In> | Refusal,
  forms: readonly z.ZodType<unknown, unknown>[],
  about: About = {},
): z.ZodType<T, In> {
  const schema = z.unknown().transform((input, context): T => {
    const form = pick(input)
    if ('ok' in form) {
      report(context, form, input, form.key === undefined ? [] : [form.key])
      return z.NEVER
    }
    const result = form.safeParse(input, PARSING)
    if (result.success) return result.data
    for (const issue of result.error.issues) context.issues.push(issue as z.core.$ZodRawIssue)
    return z.NEVER
  })
  const union = z.union(forms as [z.ZodType, z.ZodType])
  const { processJSONSchema } = union._zod
  if (processJSONSchema) schema._zod.processJSONSchema = processJSONSchema
  abouts.set(schema, about)
  return schema as unknown as z.ZodType<T, In>
}

/** Whether a value of a file is a mapping. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A mapping from names to values of one kind, safe for any name. */
export function mapping<T, In>(
  value: z.ZodType<T, In>,
  about: About = {},
): z.ZodType<Record<string, T>, Record<string, In>> {
  const record = z.record(z.string(), value).transform((entries) => bare(Object.entries(entries)))
  const described = record.meta(about as z.core.GlobalMeta)
  return described
}
