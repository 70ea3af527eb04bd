/** Retries and work for nobody in words and as a table. */
import type { Time } from '../../engine/units.ts'
import { binStart } from '../draw/time-scale.ts'
import { arrows, count, digits, NBSP, percent, wholePercent } from '../format.ts'
import type { Runs } from '../runs.ts'
import { SIDES, type Side } from '../state.ts'
import type { Amplification } from './amplification.ts'
import type { Table } from './table.ts'

/** What is known of each variant. */
export type Facts = Readonly<Record<Side, Amplification | undefined>>

/** `× 2.6`. */
export function times(ratio: number): string {
  return `×${NBSP}${digits(ratio, 2)}`
}

/** `A × 2.6 payments → ledger-db`; without the side where there is only one. */
export function worstWords(facts: Facts, side: Side): string {
  const worst = facts[side]?.worst
  if (!worst) return ''
  const isBoth = facts.A !== undefined && facts.B !== undefined
  return `${isBoth ? `${side} ` : ''}${arrows(worst.name)} ${times(worst.ratio)}`
}

/** What is at a moment. */
export function retryWords(facts: Facts, runs: Runs, time: Time): string {
  const told = SIDES.flatMap((side) => {
    const [one, run] = [facts[side], runs[side]]
    if (!one || !run) return []
    const bin = Math.floor((time / run.layout.bucket - one.bins.first) / one.bins.buckets)
    const ratio = one.ratio[bin]
    if (ratio === undefined) return []
    const sent = Number.isNaN(ratio) ? 'too few calls' : `${times(ratio)} per call`
    const lost = one.wasted[bin]!
    return `${side} ${sent}${lost > 0 ? `, ${wholePercent(lost)} of the work for nobody` : ''}`
  })
  return told.join(' · ')
}

/** Both variants in a few sentences. */
export function retrySentence(facts: Facts): string {
  const told = SIDES.flatMap((side) => {
    const one = facts[side]
    if (!one) return []
    const { total, worst, wastedShare } = one
    if (total.calls === 0) return `In ${side} no service called another.`
    const ratio = total.attempts / total.calls
    const most = worst ? `, the most from ${worst.name.replace(' -> ', ' to ')}` : ''
    const again =
      total.retries === 0 ? 'none was sent again' : `${count(total.retries)} tries again`
    const lost = `${percent(wastedShare)} of the working time was for nobody`
    return `In ${side} ${count(total.calls)} calls, ${again}${most}: ${digits(ratio, 2)} per call; ${lost}.`
  })
  return `Calls between services and how often they were sent. ${told.join(' ')}`
}

/** A line for each bin that is drawn. */
export function retryTable(facts: Facts, runs: Runs): Table | undefined {
  const first = facts.A ?? facts.B
  const run = runs.A ?? runs.B
  if (!first || !run) return undefined
  const sides = SIDES.filter((side) => facts[side])
  const rows = Array.from({ length: first.bins.count }, (_, bin) => [
    binStart(run, first.bins, bin) / 1e9,
    ...sides.flatMap((side) => valuesOf(facts[side]!, bin)),
  ])
  const names = ['calls', 'attempts', 'tries again', 'late replies', 'work for nobody (%)']
  const columns = sides.flatMap((side) => names.map((name) => `${name} ${side}`))
  return { caption: retrySentence(facts), columns: ['from (s)', ...columns], rows }
}

function valuesOf(one: Amplification, bin: number): number[] {
  const { calls, attempts, retries, late, wasted } = one
  const share = Number((wasted[bin]! * 100).toFixed(2))
  return [calls[bin]!, attempts[bin]!, retries[bin]!, late[bin]!, share]
}
