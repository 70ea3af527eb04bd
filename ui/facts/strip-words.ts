/** The cascade strip in words and as a table. */
import type { Time } from '../../engine/units.ts'
import { capitalised, count, listed, moment, plural } from '../format.ts'
import type { VariantRun } from '../runs.ts'
import { serviceAt, type Health } from './health.ts'
import { STATES, stripRows, type Strip } from './strip.ts'
import type { Table } from './table.ts'

/** What was in trouble, in one sentence; the long form says how the strip is to be read. */
export function stripSentence(run: VariantRun, strip: Strip, isLong: boolean): string {
  const { services, troubles } = strip
  const well = services.length - troubles.length
  const head = isLong ? `Services of variant ${run.layout.variant} over time. ` : ''
  const [first] = troubles
  if (!first) return `${head}None of ${count(services.length)} services was ever in trouble.`
  const order = troubles.map(({ name, time }) => `${name} (${moment(time)})`)
  const rest = well > 0 ? ` ${plural(well, 'service')} stayed well.` : ''
  const amount = `${count(troubles.length)} of ${count(services.length)} in trouble`
  if (!isLong) return `${amount}: ${first.name} first, at ${moment(first.time)}.${rest}`
  return `${head}${amount}, in this order: ${listed(order, 8)}.${rest}`
}

/** What is at a moment: of one service, or of all. */
export function stripWords(
  run: VariantRun,
  strip: Strip,
  time: Time,
  service: string | undefined,
): string {
  const column = Math.floor(time / run.layout.bucket / strip.step)
  if (column < 0 || column >= strip.columns) return ''
  const states = strip.services.map((_, row) => stateIn(strip, row, column))
  if (service !== undefined) {
    const { busy, slots, waiting } = serviceAt(run, service, time)
    const also = waiting >= 1 ? `, ${count(waiting)} waiting` : ''
    const state = states[strip.services.indexOf(service)] ?? ''
    return `${service} ${state} at ${moment(time)} · ${count(busy)} of ${count(slots)} slots${also}`
  }
  return amountsOf(states)
}

function stateIn({ states, columns }: Strip, row: number, column: number): Health {
  return STATES[states[row * columns + column]!]!
}

/** `3 failing · 1 slow`. */
function amountsOf(states: readonly Health[]): string {
  const told = STATES.slice(1).flatMap((state) => {
    const amount = states.filter((one) => one === state).length
    return amount > 0 ? `${amount} ${state}` : []
  })
  return told.length > 0 ? told.join(' · ') : 'all ok'
}

/** A line for each service: its first trouble, and how long it was in each state. */
export function stripTable(run: VariantRun, strip: Strip): Table {
  const { services, troubles, states, columns, step } = strip
  const seconds = (step * run.layout.bucket) / 1e9
  const rows = stripRows(run, strip, 'trouble').map((row) => {
    const trouble = troubles.find(({ name }) => name === services[row])
    const codes = states.subarray(row * columns, (row + 1) * columns)
    const spent = STATES.map((_, code) => codes.filter((one) => one === code).length * seconds)
    return [services[row]!, trouble && trouble.time / 1e9, ...spent.map(rounded)]
  })
  return {
    caption: stripSentence(run, strip, true),
    columns: [
      'service',
      'first trouble (s)',
      ...STATES.map((state) => `${capitalised(state)} (s)`),
    ],
    rows,
  }
}

function rounded(value: number): number {
  return Number(value.toFixed(3))
}
