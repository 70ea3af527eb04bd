/** Numbers for people: two or three significant digits, always with a unit. */
import { MILLISECOND, SECOND, type Duration } from '../engine/units.ts'

/** No-break space: a number and its unit stay together. */
export const NBSP = '\u00a0'

/** `26 ms`, `1.4 s`, `12 µs`. */
export function span(ns: Duration): string {
  if (!Number.isFinite(ns)) return 'never'
  if (ns === 0) return `0${NBSP}s`
  if (ns >= 100 * SECOND) return `${Math.round(ns / SECOND)}${NBSP}s`
  if (ns >= SECOND) return `${digits(ns / SECOND, 2)}${NBSP}s`
  if (ns >= MILLISECOND)
    return `${digits(ns / MILLISECOND, ns < 10 * MILLISECOND ? 2 : 3)}${NBSP}ms`
  return `${digits(ns / 1000, 2)}${NBSP}µs`
}

/** `+3.4 s`, `−0.5 s`, `+12 ms`: how long after something. */
export function signedSpan(ns: Duration): string {
  const size = Math.abs(ns)
  const isShort = size < SECOND / 20 && size > 0
  return `${ns < 0 ? '−' : '+'}${isShort ? span(size) : moment(size)}`
}

/** A moment on the clock of the run: `62.0 s`. */
export function moment(ns: Duration, decimals = 1): string {
  return `${(ns / SECOND).toFixed(decimals)}${NBSP}s`
}

/** `54.6 %`; never 100 % or 0 % when something is missing or there. */
export function percent(share: number): string {
  if (Number.isNaN(share)) return '–'
  const value = share * 100
  if (value > 99.9 && value < 100) return `99.9${NBSP}%`
  if (value > 0 && value < 0.1) return `<${NBSP}0.1${NBSP}%`
  return `${value === 0 || value === 100 ? value : value.toFixed(1)}${NBSP}%`
}

/** `33 %`, for large type. */
export function wholePercent(share: number): string {
  const value = share * 100
  if (value > 99 && value < 100) return `99${NBSP}%`
  if (value > 0 && value < 1) return `1${NBSP}%`
  return `${Math.round(value)}${NBSP}%`
}

/** `36,116`. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `2.4 M`, `318 k`, `950`. */
export function large(value: number): string {
  if (value >= 1e6) return `${digits(value / 1e6, 2)}${NBSP}M`
  if (value >= 1e4) return `${Math.round(value / 1e3)}${NBSP}k`
  return count(value)
}

/** `1`, `2.4`, `26`: at most `most` significant digits, and no trailing zeros after the point. */
export function digits(value: number, most: number): string {
  const whole = Math.abs(value) >= Math.pow(10, most) ? Math.round(value) : value
  return String(
    Number(whole.toPrecision(Math.max(most, String(Math.round(Math.abs(whole))).length))),
  )
}

/** `1 difference`, `2 differences`. */
export function plural(amount: number, one: string, many = `${one}s`): string {
  return `${count(amount)} ${amount === 1 ? one : many}`
}

/** `circuit-breaker` as `circuit breaker`, `crdt-counter` as `CRDT counter`. */
export function words(name: string): string {
  return name.replaceAll(/[-_]/g, ' ').replace(/^crdt\b/, 'CRDT')
}

/** `a -> b` as `a → b`, which no line ends within. */
export function arrows(place: string): string {
  return place.replaceAll(' -> ', `${NBSP}→${NBSP}`)
}

/** The same at the start of a line. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** `slidingWindow` as `sliding window`. */
export function spaced(name: string): string {
  return name.replaceAll(
    /([a-z0-9])([A-Z])/g,
    (_, a: string, b: string) => `${a} ${b.toLowerCase()}`,
  )
}

/** `a breaker`, `an order`, `fencing`. */
export function withArticle(noun: string): string {
  if (noun.endsWith('ing')) return noun
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`
}

/** `gateway`, `gateway and bank`, `gateway, bank and 3 more`. */
export function listed(names: readonly string[], most = 3): string {
  if (names.length <= 1) return names[0] ?? ''
  if (names.length > most) {
    return `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`
  }
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`
}
