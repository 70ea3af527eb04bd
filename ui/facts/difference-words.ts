/** B minus A in words and as tables. One run of each says nothing about luck, and the words say so. */
import { HEAT, heatEdge } from '../../engine/results/frame.ts'
import type { Time } from '../../engine/units.ts'
import { binStart, type Binning } from '../draw/time-scale.ts'
import { count, digits, moment, plural, span } from '../format.ts'
import type { VariantRun } from '../runs.ts'
import type { HeatDifference, OutcomeDifference } from './difference.ts'
import type { Table } from './table.ts'

const ONE_SEED = 'One seed: this is no proof.'

/** `+120`, `−4.2`, `±0`. */
export function signed(value: number): string {
  const text = digits(Math.abs(value), 2)
  return text === '0' ? '±0' : `${value > 0 ? '+' : '−'}${text}`
}

/** The bin of a moment; -1: outside. */
function binOf({ bins }: { bins: Binning }, { layout }: VariantRun, time: Time): number {
  const bin = Math.floor((time / layout.bucket - bins.first) / bins.buckets)
  return bin >= 0 && bin < bins.count ? bin : -1
}

/** A cell under the pointer. */
export function cellWords(
  difference: HeatDifference,
  run: VariantRun,
  time: Time,
  row: number,
): string {
  const bin = binOf(difference, run, time)
  const delta = difference.deltas[row * difference.bins.count + bin]
  if (bin < 0 || delta === undefined) return ''
  const between = `${span(heatEdge(row))}–${span(heatEdge(row + 1))}`
  if (delta === 0) return `${between}: as many in A as in B`
  return `${between}: ${plural(Math.abs(delta), 'request')} more in ${delta > 0 ? 'B' : 'A'}`
}

/** Where each variant has more, in one sentence. */
export function heatSentence({ deltas, bins }: HeatDifference): string {
  const sides = [1, -1].map((sign) => {
    let [amount, weighted] = [0, 0]
    for (let row = 0; row < HEAT.rows; row++) {
      for (let bin = 0; bin < bins.count; bin++) {
        const more = Math.max(0, sign * deltas[row * bins.count + bin]!)
        amount += more
        weighted += more * Math.log(heatEdge(row) * 1.1)
      }
    }
    return { amount, typical: amount > 0 ? Math.exp(weighted / amount) : 0 }
  })
  const tell = (name: string, { amount, typical }: (typeof sides)[number]): string =>
    amount === 0
      ? `${name} has no cell with more`
      : `${name} has ${count(amount)} more, typically of ${span(typical)}`
  return `Served requests by response time, B minus A. ${tell('B', sides[0]!)}; ${tell('A', sides[1]!)}. ${ONE_SEED}`
}

/** A line for each cell that differs. */
export function heatTable(difference: HeatDifference, run: VariantRun): Table {
  const { bins, deltas } = difference
  const rows: (readonly number[])[] = []
  for (let bin = 0; bin < bins.count; bin++) {
    for (let row = 0; row < HEAT.rows; row++) {
      const delta = deltas[row * bins.count + bin]!
      if (delta === 0) continue
      const [low, high] = [heatEdge(row) / 1e6, heatEdge(row + 1) / 1e6]
      rows.push([binStart(run, bins, bin) / 1e9, low, high, delta])
    }
  }
  const columns = ['from (s)', 'longer than (ms)', 'at most (ms)', 'B − A (requests)']
  return { caption: heatSentence(difference), columns, rows }
}

/** What is at a moment. */
export function outcomeWords(shown: OutcomeDifference, run: VariantRun, time: Time): string {
  const bin = binOf(shown, run, time)
  if (bin < 0) return ''
  const rate = (values: Float64Array): string => `${signed(values[bin]! / shown.bins.seconds)}/s`
  const { served, refused, failed } = shown
  return `B − A: ${rate(served)} served · ${rate(refused)} failed fast · ${rate(failed)} failed`
}

/** The whole stretch in one sentence. */
export function outcomeSentence({ served, refused, failed, bins }: OutcomeDifference): string {
  const total = (values: Float64Array): string => {
    const sum = values.reduce((all, one) => all + one, 0)
    return sum === 0 ? '±0' : `${sum > 0 ? '+' : '−'}${count(Math.abs(sum))}`
  }
  const best = served.reduce((top, one, bin) => (one > served[top]! ? bin : top), 0)
  const most = `${signed(served[best]! / bins.seconds)} served per second at best`
  return (
    `Requests by how they ended, B minus A: ${total(served)} served, ${total(refused)} failed fast, ` +
    `${total(failed)} failed; ${most}. ${ONE_SEED}`
  )
}

/** A line for each bin that is drawn. */
export function outcomeTable(shown: OutcomeDifference, run: VariantRun): Table {
  const { bins, served, refused, failed } = shown
  return {
    caption: outcomeSentence(shown),
    columns: ['from (s)', 'served B − A', 'failed fast B − A', 'failed B − A'].map((name, at) =>
      at === 0 ? name : `${name} (requests)`,
    ),
    rows: Array.from({ length: bins.count }, (_, bin) => [
      binStart(run, bins, bin) / 1e9,
      served[bin]!,
      refused[bin]!,
      failed[bin]!,
    ]),
  }
}

/** Served requests of both variants, bin by bin, and what was offered. */
export interface Overlay {
  readonly bins: Binning
  readonly a: Float64Array
  readonly b: Float64Array
  readonly offered: Float64Array
}

/** What is at a moment. */
export function overlayWords(shown: Overlay, run: VariantRun, time: Time): string {
  const bin = binOf(shown, run, time)
  if (bin < 0) return ''
  const rate = (values: Float64Array): string => `${digits(values[bin]! / shown.bins.seconds, 2)}/s`
  return `served at ${moment(time)}: A ${rate(shown.a)}, B ${rate(shown.b)}`
}

/** The whole stretch in one sentence. */
export function overlaySentence({ a, b, offered }: Overlay): string {
  const total = (values: Float64Array): string => count(values.reduce((all, one) => all + one, 0))
  return (
    `Served requests, B over A: of ${total(offered)} offered, A served ${total(a)} ` +
    `and B ${total(b)}. ${ONE_SEED}`
  )
}

/** A line for each bin that is drawn. */
export function overlayTable(shown: Overlay, run: VariantRun): Table {
  const { bins, a, b, offered } = shown
  return {
    caption: overlaySentence(shown),
    columns: ['from (s)', 'offered (requests)', 'served A (requests)', 'served B (requests)'],
    rows: Array.from({ length: bins.count }, (_, bin) => [
      binStart(run, bins, bin) / 1e9,
      offered[bin]!,
      a[bin]!,
      b[bin]!,
    ]),
  }
}
