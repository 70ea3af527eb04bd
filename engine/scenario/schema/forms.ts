/** Values written as a word with arguments: each word is one row of a table. */
import type { Expression } from '../text/expression.ts'
import { nearest } from '../text/suggest.ts'
import { valueOf } from '../text/compose.ts'
import { type Reading, type Refusal, accept, refuse } from './leaf.ts'
import { orList, plainNumber, readQuantity, share, whole } from './values.ts'

/** What an argument is. `value` is a span of time or a size, as the place demands. */
export type Argument =
  | 'value'
  | 'positive'
  | 'rate'
  | 'anyRate'
  | 'span'
  | 'number'
  | 'above0'
  | 'count'
  | 'stages'
  | 'share'

/** One word, its arguments, and what it makes of them. */
export interface Form<T> {
  readonly word: string
  readonly args: readonly Argument[]
  /** Whether the last argument may be repeated. */
  readonly more?: boolean
  readonly example: string
  readonly help: string
  /** A sentence when the arguments do not fit together. */
  readonly check?: (values: readonly number[]) => string | undefined
  readonly build: (values: readonly number[]) => T
}

/** Longest span of time and largest size that an argument may be. */
const MOST = { duration: 8_640_000_000_000_000, size: 1e15 } as const
/** What a bare `value` is at a place. */
export type Unit = keyof typeof MOST

/** Reads an expression with the table. */
export function readForm<T>(
  forms: readonly Form<T>[],
  { word, args = [] }: Expression,
  unit: Unit,
): Reading<T> {
  const form = forms.find((candidate) => candidate.word === word)
  if (!form) return unknownForm(forms, word)
  const fits = form.more ? args.length >= form.args.length : args.length === form.args.length
  if (!fits) return refuse('E_TYPE', takes(form), parted(args) ?? like(form))
  const values: number[] = []
  for (const [index, arg] of args.entries()) {
    const kind = form.args[Math.min(index, form.args.length - 1)]!
    const reading = readArgument(kind, arg, unit)
    if (!reading.ok) return inForm(form, index, reading)
    values.push(reading.value)
  }
  const clash = form.check?.(values)
  return clash === undefined ? accept(form.build(values)) : refuse('E_RANGE', clash, like(form))
}

function unknownForm<T>(forms: readonly Form<T>[], word: string): Refusal {
  const words = forms.map((form) => form.word)
  const near = nearest(word, words)
  const hint = near === undefined ? '' : `Did you mean ${near}?`
  return refuse('E_ENUM', `there is no "${word.slice(0, 40)}"; it must be ${orList(words)}`, hint)
}

function inForm<T>(form: Form<T>, index: number, refusal: Refusal): Refusal {
  const { code, says, hint } = refusal
  return refuse(
    code,
    `value ${index + 1} of ${form.word}: ${says}`,
    hint === '' ? like(form) : hint,
  )
}

function takes<T>({ word, args, more }: Form<T>): string {
  const least = more === true ? 'at least ' : ''
  return `${word} takes ${least}${args.length} ${args.length === 1 ? 'value' : 'values'}`
}

/** The way out where a blank stands between a number and its unit. */
function parted(args: readonly Expression[]): string | undefined {
  for (const [index, { word }] of args.entries()) {
    const next = args[index + 1]
    if (next && !next.args && /^[\d.]+$/.test(word) && /^[a-zA-Zµ%/]+$/.test(next.word))
      return `Write ${word}${next.word}, without a blank: blanks part the values.`
  }
  return undefined
}

function like<T>(form: Form<T>): string {
  return `Write it like ${form.example}.`
}

/** Reads one argument. */
export function readArgument(
  kind: Argument,
  { word, args }: Expression,
  unit: Unit,
): Reading<number> {
  if (args) return refuse('E_TYPE', `${word}(…) cannot stand here`)
  const value = valueOf(word)
  switch (kind) {
    case 'value':
      return readQuantity(unit, value, { min: 0, max: MOST[unit] })
    case 'positive':
      return readQuantity(unit, value, { min: 1, max: MOST[unit] })
    case 'span':
      return readQuantity('duration', value, { min: 1, max: MOST.duration })
    case 'rate':
      return readQuantity('rate', value, { min: 1e-9, max: 1e9 })
    case 'anyRate':
      return readQuantity('rate', value, { min: 0, max: 1e9 })
    case 'number':
      return plainNumber({ min: 0, max: 1e6 })(value)
    case 'above0':
      return plainNumber({ min: 1e-9, max: 1e6 })(value)
    case 'count':
      return whole({ min: 1, max: 1_000_000 })(value)
    case 'stages':
      return whole({ min: 1, max: 1000 })(value)
    case 'share':
      return share()(value)
  }
}

/** Reads a text or a number as an expression; a number is a word without unit. */
export function wordOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : undefined
}
