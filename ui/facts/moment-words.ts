/** What rows say of the moment under the pointer. */
import type { Time } from '../../engine/units.ts'
import { count, digits, NBSP, percent } from '../format.ts'
import type { VariantRun } from '../runs.ts'
import type { Span } from '../selection.ts'
import { binAt, binSeconds, type Bins } from './bins.ts'

/** How people are told the ways to end, in the order of the picture. */
const WORDS = [
  ['slow', 'slow'],
  ['degraded', 'degraded'],
  ['refused', 'failed fast'],
  ['failed', 'failed'],
] as const

/** `47.2 s`; with as many decimals as the buckets of the run deserve. */
export function at(run: VariantRun, time: Time): string {
  return `${(time / 1e9).toFixed(decimals(run))}${NBSP}s`
}

/** `40.0 – 52.0 s`. */
export function fromTo(run: VariantRun, { from, until }: Span): string {
  return `${(from / 1e9).toFixed(decimals(run))} – ${at(run, until)}`
}

/** Decimals of a second that tell one bucket from the next; at least one. */
export function decimals({ layout }: VariantRun): number {
  return Math.max(1, Math.min(4, Math.ceil(-Math.log10(layout.bucket / 1e9))))
}

/** A rate without more digits than it deserves: `301/s`, `2.4/s`. */
export function rate(value: number): string {
  return `${value >= 10 ? count(value) : digits(value, 2)}/s`
}

/** `47.2 s: 301/s offered, 62 served, 240 failed, 512 under way`; all rates per second but the last. */
export function requestsAt(run: VariantRun, bins: Bins, time: Time): string {
  const bin = binAt(bins, time)
  const seconds = binSeconds(run, bins, bin)
  const { offered, ok, slow, degraded, waiting } = bins.sums
  const amount = (sum: number): string => rate(sum / seconds).replace('/s', '')
  const served = ok[bin]! + slow[bin]! + degraded[bin]!
  const others = WORDS.flatMap(([metric, word]) => {
    const sum = bins.sums[metric][bin]!
    return sum > 0 ? [`${amount(sum)} ${word}`] : []
  })
  const parts = [`${rate(offered[bin]! / seconds)} offered`, `${amount(served)} served`, ...others]
  const open = waiting[bin]!
  return `${at(run, time)}: ${[...parts, `${count(open)} under way`].join(', ')}`
}

/** `47.2 s: 21 % served, 79 % failed`, of those that ended. */
export function sharesAt(run: VariantRun, bins: Bins, time: Time): string {
  const bin = binAt(bins, time)
  const ended = bins.ended[bin]!
  if (ended === 0) return `${at(run, time)}: no request ended`
  const { ok, slow, degraded } = bins.sums
  const served = ok[bin]! + slow[bin]! + degraded[bin]!
  const others = WORDS.flatMap(([metric, word]) => {
    const sum = bins.sums[metric][bin]!
    return sum > 0 ? [`${percent(sum / ended)} ${word}`] : []
  })
  return `${at(run, time)}: ${[`${percent(served / ended)} served`, ...others].join(', ')}`
}
