/** How single values are read: numbers with and without units, words, names. Never a silent conversion. */
import {
  formatDuration,
  parseDuration,
  parseRate,
  parseSize,
  splitNumber,
  unitWords,
} from '../../units.ts'
import { nearest } from '../text/suggest.ts'
import { type Read, type Reading, accept, refuse } from './leaf.ts'

export interface Bounds {
  readonly min?: number | undefined
  readonly max?: number | undefined
}

/** A number that stands with its unit. */
export type Quantity = 'duration' | 'rate' | 'size' | 'bandwidth'

interface Words {
  readonly parse: (text: string) => number | undefined
  readonly units: readonly string[]
  /** Written out units, for people who write `5 minutes`. */
  readonly long: ReadonlyMap<string, string>
  readonly examples: readonly string[]
  readonly what: string
  readonly write: (value: number) => string
  /** Smallest step of the engine, with its name. */
  readonly tick: string | undefined
}

const LONG_TIMES = new Map([
  ['nanoseconds', 'ns'],
  ['microseconds', 'us'],
  ['milliseconds', 'ms'],
  ['seconds', 's'],
  ['secs', 's'],
  ['minutes', 'min'],
  ['hours', 'h'],
  ['days', 'd'],
])
const LONG_RATES = new Map([...LONG_TIMES].slice(3).map(([long, unit]) => [`/${long}`, `/${unit}`]))
const LONG_SIZES = new Map([
  ['bytes', 'B'],
  ['kilobytes', 'kB'],
  ['KB', 'kB'],
  ['megabytes', 'MB'],
  ['gigabytes', 'GB'],
])

/** Bytes as people write them. */
export function formatSize(bytes: number): string {
  const steps: [number, string][] = [
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ]
  for (const [size, name] of steps) if (bytes >= size) return `${short(bytes / size)}${name}`
  return `${short(bytes)}B`
}

/** A number with at most six digits. */
export function short(value: number): string {
  return String(Number(value.toPrecision(6)))
}

/** A span of time in the largest unit that fits, up to days. */
export function formatSpan(span: number): string {
  const day = 86_400e9
  return span >= day && span !== Infinity ? `${short(span / day)}d` : formatDuration(span)
}

const QUANTITIES: Readonly<Record<Quantity, Words>> = {
  duration: {
    parse: parseDuration,
    units: unitWords.duration,
    long: LONG_TIMES,
    examples: ['5ms', '5s', '5min', '5h'],
    what: 'a span of time',
    write: formatSpan,
    tick: '1ns',
  },
  rate: {
    parse: parseRate,
    units: unitWords.rate.map((unit) => `/${unit}`),
    long: LONG_RATES,
    examples: ['300/s', '20/min'],
    what: 'a rate',
    write: (value) => `${short(value)}/s`,
    tick: undefined,
  },
  size: {
    parse: parseSize,
    units: unitWords.size,
    long: LONG_SIZES,
    examples: ['200B', '20kB', '5MB'],
    what: 'a size',
    write: formatSize,
    tick: '1B',
  },
  bandwidth: {
    parse: (text) => (text.trim().endsWith('/s') ? parseSize(text.trim().slice(0, -2)) : undefined),
    units: unitWords.size.map((unit) => `${unit}/s`),
    long: new Map(),
    examples: ['10MB/s', '200kB/s'],
    what: 'a bandwidth',
    write: (value) => `${formatSize(value)}/s`,
    tick: '1B/s',
  },
}

/** Reads a number with its unit, in engine units. */
export function quantity(kind: Quantity, bounds: Bounds = {}): Read<number> {
  return (value) => readQuantity(kind, value, bounds)
}

/** Reads a number with its unit, in engine units. */
export function readQuantity(kind: Quantity, value: unknown, bounds: Bounds): Reading<number> {
  const words = QUANTITIES[kind]
  if (typeof value === 'number') return withoutUnit(words, value, bounds)
  if (typeof value !== 'string') return notAQuantity(words, bounds)
  if (value === 'none' && bounds.max === Infinity) return accept(Infinity)
  const parts = splitNumber(value)
  if (!parts) return notAQuantity(words, bounds)
  if (parts.unit === '') return refuse('E_UNIT', `${value.trim()} what?`, units(words, parts.value))
  const read = words.parse(value)
  if (read === undefined) return unknownUnit(words, parts.value, parts.unit)
  if (parts.value !== 0 && read === 0 && words.tick !== undefined) {
    return refuse('E_RANGE', `it is smaller than the clock tick or grain (${words.tick})`)
  }
  return within(read, bounds, words.write)
}

function withoutUnit(words: Words, value: number, bounds: Bounds): Reading<number> {
  if (!Number.isFinite(value)) return within(value, bounds, words.write)
  return refuse('E_UNIT', `${value} what?`, units(words, value))
}

function units(words: Words, value: number): string {
  const examples = words.examples.map((example) => {
    const unit = splitNumber(example)!.unit
    return Number.isFinite(value) ? `${value}${unit}` : example
  })
  return `Write ${orList(examples)}.`
}

function unknownUnit(words: Words, value: number, unit: string): Reading<number> {
  const near = nearest(unit, [...words.units, ...words.long.keys()])
  const meant = near === undefined ? undefined : (words.long.get(near) ?? near)
  const says = `there is no unit "${unit.slice(0, 40)}"; it must be ${words.what}`
  if (meant !== undefined) return refuse('E_UNIT', says, `Did you mean ${value}${meant}?`)
  return refuse('E_UNIT', says, `Write ${orList(words.examples)}.`)
}

function notAQuantity(words: Words, bounds: Bounds): Reading<number> {
  const none = bounds.max === Infinity && words.units.includes('ms') ? ', or none' : ''
  return refuse('E_TYPE', `it must be ${words.what} such as ${words.examples[0]}${none}`)
}

/** Checks bounds; names them in the words of the unit. */
export function within(
  value: number,
  bounds: Bounds,
  write: (value: number) => string,
): Reading<number> {
  const { min = -Infinity, max = Infinity } = bounds
  if (Number.isFinite(value) && value >= min && value <= max) return accept(value)
  const range = rangeText(bounds, write)
  if (Number.isNaN(value)) return refuse('E_RANGE', `that is not a number; it must be ${range}`)
  if (!Number.isFinite(value)) return refuse('E_RANGE', `that is not finite; it must be ${range}`)
  return refuse('E_RANGE', `it must be ${range}`)
}

/** `from 1 to 1000`, `above 0/s and at most 1000000000/s`. */
export function rangeText(bounds: Bounds, write: (value: number) => string): string {
  const { min = -Infinity, max = Infinity } = bounds
  const most = max === Infinity ? '' : ` at most ${write(max)}`
  if (min === 1e-9) return `> ${write(0)}${most === '' ? '' : ` and${most}`}`
  if (min === -Infinity) return most === '' ? 'a number' : most.trim()
  return max === Infinity ? `at least ${write(min)}` : `from ${write(min)} to ${write(max)}`
}

/** `a, b or c`. */
export function orList(words: readonly string[]): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/** Reads a share: `50%` or `0.5`. */
export function share(bounds: Bounds = { min: 0, max: 1 }): Read<number> {
  return (value) => {
    if (typeof value === 'number') return within(value, bounds, percentText)
    const parts = typeof value === 'string' ? splitNumber(value) : undefined
    if (parts?.unit === '%') return within(parts.value / 100, bounds, percentText)
    if (parts && parts.unit !== '') {
      return refuse('E_UNIT', `there is no unit "${parts.unit.slice(0, 40)}" here`, 'Write 50%.')
    }
    const says = `it must be a share such as 50%, ${rangeText(bounds, percentText)}`
    return refuse('E_TYPE', says, parts ? 'Take the quotes away, or add %.' : '')
  }
}

/** A share as people write it. */
export function percentText(value: number): string {
  return value >= 0 && value <= 1 ? `${short(value * 100)}% (${short(value)})` : short(value)
}

/** Reads a whole number. */
export function whole(bounds: Bounds = {}, code: 'E_RANGE' | 'E_LIMIT' = 'E_RANGE'): Read<number> {
  const must = `it must be a whole number ${rangeText(bounds, String)}`
  return (value) => {
    if (typeof value !== 'number') return refuse('E_TYPE', must, quotesHint(value))
    if (!Number.isFinite(value)) return within(value, bounds, String)
    if (value > (bounds.max ?? Infinity)) return refuse(code, must)
    if (value < (bounds.min ?? -Infinity)) return refuse('E_RANGE', must)
    return Number.isInteger(value) ? accept(value) : refuse('E_TYPE', must)
  }
}

/** Reads a plain number. */
export function plainNumber(bounds: Bounds = {}): Read<number> {
  return (value) => {
    if (typeof value === 'number') return within(value, bounds, String)
    const must = `it must be a number ${rangeText(bounds, String)}`
    return refuse('E_TYPE', must, quotesHint(value))
  }
}

function quotesHint(value: unknown): string {
  if (typeof value !== 'string' || value === '') return ''
  const isNumber = Number.isFinite(Number(value))
  return isNumber ? `Write ${Number(value)} without quotes or leading zeros.` : ''
}

/** Reads one word of a list. */
export function word<W extends string>(
  words: readonly W[],
  aliases: readonly string[] = [],
): Read<W> {
  const must = `it must be ${orList([...words, ...aliases])}`
  return (value) => {
    if (typeof value === 'string' && words.includes(value as W)) return accept(value as W)
    const near = typeof value === 'string' ? nearest(value, words) : undefined
    return refuse('E_ENUM', must, near === undefined ? '' : `Did you mean ${near}?`)
  }
}

/** Reads true or false; the many other words for them are refused. */
export const truth: Read<boolean> = (value) => {
  if (typeof value === 'boolean') return accept(value)
  return refuse('E_TYPE', 'it must be true or false', 'Write true or false.')
}

/** Reads a text; numbers and booleans must be put in quotes. */
export const anyText: Read<string> = (value) => {
  if (typeof value === 'string') return accept(value)
  const quotable = typeof value === 'number' || typeof value === 'boolean'
  return refuse('E_TYPE', 'it must be text', quotable ? `Write '${String(value)}'.` : '')
}
