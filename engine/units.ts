/** Units of the simulated world. Time is an integer count of nanoseconds held in a number. */

/** A point in virtual time, in nanoseconds since the start of the run. */
export type Time = number
/** A span of virtual time, in nanoseconds. */
export type Duration = number

export const MICROSECOND = 1_000
export const MILLISECOND = 1_000_000
export const SECOND = 1_000_000_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Longest world the integer clock holds: 104 days (2^53 ns). */
export const LONGEST: Duration = 9_007_199_254_740_991

const DURATION_UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['us', MICROSECOND],
  ['µs', MICROSECOND],
  ['ms', MILLISECOND],
  ['s', SECOND],
  ['m', MINUTE],
  ['min', MINUTE],
  ['h', HOUR],
  ['d', DAY],
])
const RATE_UNITS: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['min', 60],
  ['h', 3600],
  ['d', 86_400],
])
const SIZE_UNITS: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['kB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['KiB', 1024],
  ['MiB', 1_048_576],
  ['GiB', 1_073_741_824],
])

/** Words that may follow a number in a duration, a rate (after `/`) and a size. */
export const unitWords = {
  duration: [...DURATION_UNITS.keys()].filter((unit) => unit !== 'µs'),
  rate: [...RATE_UNITS.keys()],
  size: [...SIZE_UNITS.keys()],
} as const

/** Splits `250ms` into number and unit without a backtracking pattern; undefined when there is no number. */
export function splitNumber(text: string): { value: number; unit: string } | undefined {
  const trimmed = text.trim()
  let end = 0
  while (end < trimmed.length && end < 40 && '0123456789.+-eE_'.includes(trimmed[end]!)) {
    if (
      (trimmed[end] === 'e' || trimmed[end] === 'E') &&
      !'0123456789+-'.includes(trimmed[end + 1] ?? 'x')
    )
      break
    end++
  }
  const digits = trimmed.slice(0, end).replaceAll('_', '')
  const value = Number(digits)
  if (digits === '' || Number.isNaN(value)) return undefined
  return { value, unit: trimmed.slice(end).trim() }
}

/** Nanoseconds of `250ms`, `2.4s`, `1h`; undefined when the text is no duration. Whole nanoseconds only. */
export function parseDuration(text: string): Duration | undefined {
  const parts = splitNumber(text)
  const unit = parts && DURATION_UNITS.get(parts.unit)
  return unit === undefined ? undefined : Math.round(parts!.value * unit)
}

/** Events per second of `300/s`, `2/min`; undefined when the text is no rate. */
export function parseRate(text: string): number | undefined {
  const parts = splitNumber(text)
  if (!parts || !parts.unit.startsWith('/')) return undefined
  const unit = RATE_UNITS.get(parts.unit.slice(1).trim())
  return unit === undefined ? undefined : parts.value / unit
}

/** Bytes of `20kB`, `1MiB`; undefined when the text is no size. */
export function parseSize(text: string): number | undefined {
  const parts = splitNumber(text)
  const unit = parts && SIZE_UNITS.get(parts.unit)
  return unit === undefined ? undefined : Math.round(parts!.value * unit)
}

/** Share 0..1 of `50%`; undefined when the text is no percentage. */
export function parsePercent(text: string): number | undefined {
  const parts = splitNumber(text)
  return parts?.unit === '%' ? parts.value / 100 : undefined
}

/** A duration as a person writes it: `250ms`, `2.4s`, `1m30s` is not used. At most six digits. */
export function formatDuration(span: Duration): string {
  if (span === Infinity) return 'none'
  const steps: [number, string][] = [
    [SECOND, 's'],
    [MILLISECOND, 'ms'],
    [MICROSECOND, 'us'],
    [1, 'ns'],
  ]
  for (const [size, name] of steps) if (Math.abs(span) >= size) return `${trim(span / size)}${name}`
  return '0s'
}

function trim(value: number): string {
  return String(Number(value.toPrecision(6)))
}
