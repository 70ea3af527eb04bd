/** Tables and numbers for people. */
import type { MetricUnit } from '../engine/results/metric.ts'

/** Columns side by side, numbers to the right; `left` columns to the left. */
export function table(rows: readonly (readonly string[])[], left = 1): string {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)))
  const lines = rows.map((row) =>
    row
      .map((cell, at) => (at < left ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join('   ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}

/** A value of a metric: `97.9 %`, `12.4 ms`, `36,012`. */
export function quantity(value: number, unit: MetricUnit): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : 'never'
  if (unit === 'share') return `${digits(value * 100, 3)} %`
  return `${digits(value, 4)}${suffixOf(unit)}`
}

/** A difference, with its sign; between shares it is in percentage points. */
export function change(value: number, unit: MetricUnit): string {
  if (!Number.isFinite(value)) return '–'
  const sign = value > 0 ? '+' : ''
  if (unit === 'share') return `${sign}${digits(value * 100, 3)} pt`
  return `${sign}${digits(value, 4)}${suffixOf(unit)}`
}

/** `[+35.1, +37.9]` in the unit of the difference. */
export function interval(low: number, high: number, unit: MetricUnit): string {
  return `[${change(low, unit)}, ${change(high, unit)}]`
}

/** A number with two of the digits of half the width of its interval; shares as points. */
export function sized(value: number, half: number, unit: MetricUnit): string {
  const scale = unit === 'share' ? 100 : 1
  const size = half * scale
  const places = size > 0 ? Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(size)))) : 3
  return grouped((value * scale).toFixed(places))
}

/** What stands behind a difference: ` pt`, ` ms`, `/s`. */
export function unitWord(unit: MetricUnit): string {
  return unit === 'share' ? ' pt' : suffixOf(unit)
}

function suffixOf(unit: MetricUnit): string {
  if (unit === 'count') return ''
  return unit === '1/s' ? '/s' : ` ${unit}`
}

/** So many digits, whole numbers in full, thousands apart. */
function digits(value: number, most: number): string {
  const size = Math.abs(value)
  const places =
    size >= 10 ** most ? 0 : Math.max(0, most - Math.max(1, Math.ceil(Math.log10(size || 1))))
  const [whole = '', fraction] = value.toFixed(Math.min(places, 6)).split('.')
  const kept = Number.isInteger(value) ? undefined : fraction
  const text = kept ? `${grouped(whole)}.${kept}` : grouped(whole)
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text
}

/** Thousands apart. */
function grouped(digits: string): string {
  const [whole = '', ...fraction] = digits.split('.')
  return [whole.replaceAll(/\B(?=(\d{3})+$)/g, ','), ...fraction].join('.')
}
