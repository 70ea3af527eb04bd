/** The first fault of the scenario: when it starts, how long it lasts, how bad it is. */
import type { FaultSpec } from '../../engine/scenario/scenario.ts'
import { formatDuration, parseDuration } from '../../engine/units.ts'
import { el, setText } from '../dom.ts'
import { arrows, digits, plural, words } from '../format.ts'
import { setValue } from './knobs.ts'
import type { Desk, Panel } from './panel.ts'

/** The panel; hidden when nothing goes wrong. */
export const faultsPanel: Panel = (host, desk) => {
  const title = el('h2', {})
  const rows = el('div', {})
  const more = el('p', { class: 'small' })
  host.replaceChildren(title, rows, more)
  host.hidden = true
  let shown: unknown
  return ({ opened }) => {
    if (!opened || shown === opened) return
    shown = opened
    const { faults, duration } = opened.scenario
    const [first] = faults
    host.hidden = !first
    if (!first) return
    setText(title, `Fault: ${words(first.verb)} ${arrows(first.target)}`)
    rows.replaceChildren(...rowsOf(first, duration, desk))
    const others = faults.length - 1
    setText(more, others > 0 ? `and ${plural(others, 'more fault')} in the file` : '')
    more.hidden = others === 0
  }
}

/** Verbs whose `by` is a factor. */
const FACTORS: readonly string[] = ['slow', 'spike']

function rowsOf(fault: FaultSpec, duration: number, desk: Desk): HTMLElement[] {
  const set = (key: string) => (text: string) => setValue(`faults[0].${key}`, text, desk)
  const rows: HTMLElement[] = []
  if (fault.at !== undefined) rows.push(timeRow('starts', fault.at, duration, set('at')))
  if (Number.isFinite(fault.for)) rows.push(timeRow('lasts', fault.for, duration, set('for')))
  if (FACTORS.includes(fault.verb)) rows.push(factorRow(fault.by, set('by')))
  return rows
}

function timeRow(name: string, value: number, duration: number, tell: (text: string) => void) {
  const step = duration / 240
  const text = (at: number): string => formatDuration(Math.round(at * step))
  const steps = Math.round(value / step)
  return row(name, formatDuration(value), { min: 0, max: 240, at: steps, text }, (written) => {
    if (parseDuration(written) === undefined) return 'Write it like 15s.'
    tell(written)
    return ''
  })
}

function factorRow(value: number, tell: (text: string) => void): HTMLElement {
  const text = (at: number): string => `× ${digits(at / 10, 3)}`
  const slider = { min: 10, max: Math.max(60, value * 10), at: value * 10, text }
  return row('factor', text(value * 10), slider, (written) => {
    const factor = Number(written.replace(/[×x\s]/g, ''))
    if (!(factor > 0)) return 'Write it like 2.7.'
    tell(String(factor))
    return ''
  })
}

interface Slider {
  readonly min: number
  readonly max: number
  readonly at: number
  text(at: number): string
}

/** Name, slider and field; `tell` answers what is wrong with a text. */
function row(name: string, value: string, slider: Slider, tell: (text: string) => string) {
  const { min, max, at, text } = slider
  const range = el('input', { type: 'range', min, max, 'aria-label': `${name}, slider` })
  range.value = String(at)
  const input = el('input', { type: 'text', 'aria-label': name, size: 6 })
  input.value = value
  range.addEventListener('input', () => (input.value = text(Number(range.value))))
  range.addEventListener('change', () => tell(input.value))
  input.addEventListener('change', () => {
    input.setCustomValidity(tell(input.value.trim()))
    input.reportValidity()
  })
  return el('div', { class: 'fault-row' }, el('span', {}, name), range, input)
}
