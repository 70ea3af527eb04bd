/** Values of knobs as text of a scenario file, and back to a number where a slider needs one. */
import type { Param } from '../engine/params.ts'
import {
  formatDuration,
  parseDuration,
  parsePercent,
  parseRate,
  parseSize,
} from '../engine/units.ts'
import { count, digits } from './format.ts'

type Knob = Pick<Param<unknown>, 'kind' | 'min' | 'max' | 'choices'>

/** A value in engine units as an author writes it: `250ms`, `50%`, `[timeout, error]`. */
export function textOf({ kind }: Knob, value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(itemText).join(', ')}]`
  if (typeof value !== 'number') return String(value)
  switch (kind) {
    case 'ratio':
      return `${short(value * 100)}%`
    case 'duration':
      return formatDuration(value)
    case 'rate':
      return `${short(value)}/s`
    case 'size':
      return sizeText(value)
    case 'count-or-duration':
      return value >= 1e6 ? formatDuration(value) : String(value)
    case 'count':
    case 'number':
    case 'choice':
    case 'toggle':
    case 'service':
    case 'services':
    case 'failures':
    case 'steps':
    case 'group':
      return short(value)
  }
}

/** A text as a number in engine units; undefined when it is none of that kind. */
export function numberOf({ kind }: Knob, text: string): number | undefined {
  const trimmed = text.trim()
  switch (kind) {
    case 'ratio':
      return parsePercent(trimmed) ?? plain(trimmed)
    case 'duration':
      return trimmed === 'none' ? Infinity : parseDuration(trimmed)
    case 'rate':
      return parseRate(trimmed)
    case 'size':
      return parseSize(trimmed)
    case 'count-or-duration':
      return parseDuration(trimmed) ?? plain(trimmed)
    case 'count':
    case 'number':
      return plain(trimmed)
    case 'choice':
    case 'toggle':
    case 'service':
    case 'services':
    case 'failures':
    case 'steps':
    case 'group':
      return undefined
  }
}

/** What may be written, in words: `0% to 100%`, `at least 1`, `closed, open or half-open`. */
export function rangeText(knob: Knob): string {
  const { kind, min, max, choices } = knob
  if (choices) return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}`
  if (kind === 'service') return 'the name of a service'
  if (kind === 'services') return 'names of services, with commas'
  if (min === undefined || kind === 'toggle') return ''
  const isOpen = max === undefined || max >= 1e9 * (kind === 'duration' ? 86_400 : 1)
  return isOpen ? `at least ${textOf(knob, min)}` : `${textOf(knob, min)} to ${textOf(knob, max)}`
}

/** How to write it, for those who wrote something else. */
export function exampleText({ kind }: Knob): string {
  const examples: Partial<Record<Knob['kind'], string>> = {
    ratio: '50%',
    duration: '250ms',
    rate: '300/s',
    size: '20kB',
    'count-or-duration': '100 or 10s',
  }
  return examples[kind] ?? 'a number'
}

function itemText(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item)
  const { service, act } = item as { service: string; act: string }
  return `${service}.${act}`
}

function plain(text: string): number | undefined {
  const value = Number(text)
  return text === '' || Number.isNaN(value) ? undefined : value
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)))
}

function sizeText(bytes: number): string {
  if (bytes >= 1e9) return `${digits(bytes / 1e9, 6)}GB`
  if (bytes >= 1e6) return `${digits(bytes / 1e6, 6)}MB`
  return bytes >= 1e3 ? `${digits(bytes / 1e3, 6)}kB` : `${count(bytes)}B`
}
