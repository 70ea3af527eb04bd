/** A whole scenario file: every section and what it is for. */
import { z } from './zod.ts'
import { duration, number, ratio, size } from '../../params.ts'
import type { FaultSpec, LoadSpec, ServiceSpec, Variant } from '../scenario.ts'
import { isControl, isInvisible, isSurrogate } from '../problem.ts'
import { bare } from '../text/tree.ts'
import { fault, VERBS } from './faults.ts'
import { type Read, type Reading, accept, leaf, mapping, refuse, report } from './leaf.ts'
import { load } from './load.ts'
import { field, maybe } from './params.ts'
import { type Catalogue, patternsSchema } from './patterns.ts'
import { link, service } from './services.ts'
import { anyText, word } from './values.ts'

const text = (description: string, read: Read<string> = anyText) =>
  leaf(read, { type: 'string', description })
const optionalText = (description: string) => text(description).prefault('')

/** Reads a seed: a text, or a whole number that stands for the same text. */
export const readSeed: Read<string> = (value): Reading<string> => {
  if (typeof value === 'number') return seedOfNumber(value)
  if (typeof value === 'string' && value.length <= 200 && value !== '') {
    return isReadable(value) ? accept(value) : refuse('E_SEED', 'it must be readable text')
  }
  const must = 'it must be a whole number or a text of up to 200 characters'
  return refuse('E_SEED', must, 'Write `seed: 7`; leave the line out for seed 1.')
}

/** Seeds end up in digests: nothing that UTF-8 cannot hold, nothing that nobody can see. */
function isReadable(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0)!
    if (isControl(code) || isSurrogate(code) || isInvisible(code)) return false
  }
  return true
}

function seedOfNumber(value: number): Reading<string> {
  if (Number.isSafeInteger(value)) return accept(String(value))
  const hint = 'Write it as a quoted string.'
  return Math.abs(value) > Number.MAX_SAFE_INTEGER
    ? refuse('E_SEED', 'that is beyond 2^53-1', hint)
    : refuse('E_SEED', 'it must be a whole number', hint)
}

const variant: z.ZodType<Variant & { title: string | undefined }> = z.strictObject({
  title: text('What people call it').optional(),
  without: z
    .array(text('Name of a pattern in this file'))
    .prefault([])
    .meta({ description: 'Patterns that are left out', examples: [['breaker']] }),
  set: mapping(z.unknown(), {
    description: 'Values that differ, by their path in the file',
    examples: [{ 'services.db.concurrency': 10 }],
  }).prefault({}),
}) as unknown as z.ZodType<Variant & { title: string | undefined }>

/** There must be something. */
function some<T>(entries: z.ZodType<Record<string, T>>, what: string) {
  return entries.superRefine((all, context) => {
    if (Object.keys(all).length > 0) return
    const hint = 'Add one under a name of your own; what you leave out has a default.'
    report(context, refuse('E_RANGE', `it must hold at least 1 ${what}`, hint), all)
  })
}

const tags = z.strictObject({
  patterns: z.array(text('Name of a pattern')).prefault([]).meta({ description: 'What it shows' }),
  problem: optionalText('What goes wrong, in a few words'),
  difficulty: leaf(word(['beginner', 'intermediate', 'advanced']), {
    enum: ['beginner', 'intermediate', 'advanced'],
    description: 'Who it is for',
  }).optional(),
})

const objective = z.strictObject({
  served: maybe(ratio(0.99, 'Share of requests that should be served')),
  p99: maybe(duration('500ms', '99th percentile of latency that should not be exceeded')),
})

const budget = z.strictObject({
  events: field(number(1e9, 'A run stops after so many events', { min: 1, max: 1e15 })),
  memory: field(size('1GB', 'A run stops when it holds more than this', { min: 1e6, max: 1e12 })),
})

/** The schema of a file with these patterns. */
export function fileSchema(catalogue: Catalogue) {
  return z.strictObject({
    schema: leaf<number>((value) => accept(value as number), {
      const: 1,
      description: 'Version of the format',
    }),
    title: text('What people call it').optional(),
    question: optionalText('The question it answers'),
    about: optionalText('What happens, and what to look at'),
    tags: tags.prefault({}).meta({ description: 'How it is found' }),
    duration: field(duration('60s', 'How long the run is', { min: '1ms' })),
    warmup: field(duration('0s', 'Requests that arrive before this moment are not counted')),
    seed: leaf(readSeed, {
      type: ['integer', 'string'],
      description: 'Decides every draw; 7 and "7" are the same seed',
      examples: [7],
    }).prefault('1'),
    services: some<ServiceSpec>(mapping(service, { description: 'What there is' }), 'service'),
    links: mapping(link, {
      description: '`default`, and edges `a -> b` that differ from it',
      examples: [{ default: { latency: 'uniform(0.6ms 1.4ms)' } }],
    }).prefault({}),
    load: some<LoadSpec>(mapping(load, { description: 'Who sends requests' }), 'load'),
    patterns: patternsSchema(catalogue).prefault({}),
    order: z.array(text('Name of a pattern')).prefault([]).meta({
      description:
        'Patterns from the outermost layer (at the caller) to the innermost (at the wire)',
    }),
    faults: z
      .array(fault)
      .prefault([])
      .meta({ description: 'What goes wrong', examples: [[VERBS.slow.example]] }),
    objective: objective.prefault({}).meta({ description: 'What users were promised' }),
    compare: mapping(variant, { description: 'Variants of the file, run side by side' }).prefault(
      {},
    ),
    expect: z
      .array(text('An expectation, such as mean(served(B)) > 90% over 20 seeds'))
      .prefault([])
      .meta({ description: 'What must come out, checked over a set of seeds' }),
    expectViolation: z
      .array(text('A law'))
      .prefault([])
      .meta({ description: 'Laws that this scenario breaks on purpose' }),
    budget: budget.prefault({}).meta({ description: 'Where a run stops, whatever happens' }),
  })
}

/** What the schema makes of a file. */
export type FileSchema = ReturnType<typeof fileSchema>
/** A file after its values were read, before names were resolved. */
export type ReadFile = Omit<z.output<FileSchema>, 'faults'> & { faults: readonly FaultSpec[] }

/** The title of a variant that has none is its name. */
export function titled(variants: ReadFile['compare']): Record<string, Variant> {
  const entries = Object.entries(variants)
  return bare(entries.map(([name, one]) => [name, { ...one, title: one.title ?? name }]))
}
