/** How full everything is, in words and as a table. */
import type { Time } from '../../engine/units.ts'
import { binStart } from '../draw/time-scale.ts'
import { count, digits, listed, wholePercent } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import { SIDES } from '../state.ts'
import type { Folded, Lane, Use } from './saturation.ts'
import type { Table } from './table.ts'

/** The most that was used: a share where the capacity is known. */
export function peakWords({ share, of }: Lane): string {
  if (!Number.isNaN(share)) return wholePercent(Math.min(1, share))
  return `≤ ${count(Math.max(...SIDES.flatMap((side) => of[side]?.peak ?? [])))}`
}

/** What is at a moment, of the first lanes. */
export function saturationWords(lanes: readonly Lane[], runs: Runs, time: Time): string {
  const told = lanes.slice(0, 3).map((lane) => {
    const sides = SIDES.flatMap((side) => {
      const [use, run] = [lane.of[side], runs[side]]
      return use && run ? `${side} ${usedAt(use, run, time)}` : []
    })
    return `${lane.name} ${sides.join(', ')} ${lane.unit}`
  })
  return told.join(' · ')
}

function usedAt({ bins, used, capacity }: Use, { layout }: VariantRun, time: Time): string {
  const bin = Math.floor((time / layout.bucket - bins.first) / bins.buckets)
  const here = used[bin]
  if (here === undefined) return '–'
  const most = capacity?.[bin]
  return most === undefined ? digits(here, 2) : `${digits(here, 2)} of ${digits(most, 2)}`
}

/** The fullest, in one sentence. */
export function saturationSentence({ shown, rest }: Folded): string {
  if (shown.length === 0) return 'Nothing here can be full: there are 0 services.'
  const told = shown.map((lane) => {
    const peak = peakWords(lane).replace('≤', 'at most')
    return `${lane.name} ${peak}${Number.isNaN(lane.share) ? ` ${lane.unit}` : ''}`
  })
  const end = rest === '' ? '' : ` ${rest}.`
  return `How full the fullest are, at their peak: ${listed(told, 12)}.${end}`
}

/** A line for each bin: what is used and what there is. */
export function saturationTable(lanes: readonly Lane[], runs: Runs): Table | undefined {
  const run = runs.A ?? runs.B
  const bins = lanes.flatMap(({ of }) => SIDES.flatMap((side) => of[side]?.bins ?? []))[0]
  if (!run || !bins) return undefined
  const series = lanes.flatMap((lane) => columnsOf(lane))
  return {
    caption: saturationSentence({ shown: lanes, rest: '' }),
    columns: ['from (s)', ...series.map(({ name }) => name)],
    rows: Array.from({ length: bins.count }, (_, bin) => [
      binStart(run, bins, bin) / 1e9,
      ...series.map(({ values }) => Number(values[bin]!.toPrecision(6))),
    ]),
  }
}

function columnsOf({ name, unit, of }: Lane): { name: string; values: Float64Array }[] {
  return SIDES.flatMap((side) => {
    const use = of[side]
    if (!use) return []
    const used = { name: `${name} ${side} (${unit})`, values: use.used }
    const { capacity } = use
    return capacity
      ? [used, { name: `capacity ${name} ${side} (${unit})`, values: capacity }]
      : [used]
  })
}
