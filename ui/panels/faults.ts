/** The faults of the scenario: when one starts, how long it lasts, how bad it is, and a way to add another. */
import type { FaultSpec } from '../../engine/scenario/scenario.ts'
import { formatDuration, parseDuration, parsePercent } from '../../engine/units.ts'
import { checkField } from '../checked-field.ts'
import { el, setText } from '../dom.ts'
import { nameOf } from '../facts/faults.ts'
import { capitalised, digits } from '../format.ts'
import { setValue } from './set-value.ts'
import type { Desk, Panel } from './panel.ts'

/** The panel. Of several faults one is shown; which, is a list. */
export const faultsPanel: Panel = (host, desk) => {
  const title = el('h2', {})
  const list = el('select', { 'aria-label': 'Which fault', class: 'which-fault' })
  const rows = el('div', {})
  const add = el('button', { type: 'button', class: 'link' }, '+ add a fault')
  host.replaceChildren(title, list, rows, add)
  let faults: readonly FaultSpec[] = []
  let duration = 1
  let time = 0
  const show = (): void => {
    const at = Math.min(faults.length - 1, Math.max(0, Number(list.value)))
    rows.replaceChildren(...(faults[at] ? rowsOf(faults[at], at, duration, desk) : []))
  }
  list.addEventListener('change', show)
  add.addEventListener('click', () => void openDialog(desk, time))
  let shown: unknown
  return ({ opened, view }) => {
    time = view.time ?? 0
    if (!opened || shown === opened) return
    shown = opened
    ;({ faults, duration } = opened.scenario)
    const [first] = faults
    list.hidden = faults.length < 2
    setText(title, titleOf(faults))
    fillList(list, faults)
    if (first) show()
    else rows.replaceChildren(el('p', { class: 'small' }, 'Nothing goes wrong in this file.'))
  }
}

function titleOf(faults: readonly FaultSpec[]): string {
  const [first] = faults
  if (!first) return 'Faults'
  return faults.length === 1 ? `Fault: ${nameOf(first)}` : `${faults.length} faults`
}

/** The list keeps what was picked for as long as there is one at that place; a new fault is picked. */
function fillList(list: HTMLSelectElement, faults: readonly FaultSpec[]): void {
  const before = list.options.length
  const isMore = before > 0 && faults.length === before + 1
  const picked = isMore ? faults.length - 1 : Math.min(Number(list.value), faults.length - 1)
  const options = faults.map((fault, at) =>
    el('option', { value: at }, `${at + 1}: ${capitalised(nameOf(fault))}`),
  )
  list.replaceChildren(...options)
  list.value = String(Math.max(0, picked))
}

/** What the dialog needs to know of the format comes with it when it is first wanted. */
async function openDialog(desk: Desk, time: number): Promise<void> {
  const { openAddFault } = await import('./add-fault.ts')
  openAddFault(desk, time)
}

/** Verbs whose `by` is a factor, a share, or a time that may be negative. */
const FACTORS: readonly string[] = ['slow', 'spike']
const SHARES: readonly string[] = ['errors', 'abort', 'loss', 'duplicate', 'hot-key']
const TIMES: readonly string[] = ['skew', 'jump']

function rowsOf(fault: FaultSpec, place: number, duration: number, desk: Desk): HTMLElement[] {
  const index = fault.index ?? place
  const set = (key: string) => (text: string) => setValue(`faults[${index}].${key}`, text, desk)
  const { at, for: length, mtbf, mttr, verb, by } = fault
  const rows: HTMLElement[] = []
  if (at !== undefined) rows.push(timeRow('starts', at, duration, set('at')))
  if (Number.isFinite(length) && at !== undefined)
    rows.push(timeRow('lasts', length, duration, set('for')))
  if (mtbf !== undefined) rows.push(timeRow('every', mtbf, duration, set('mtbf')))
  if (mttr !== undefined) rows.push(timeRow('mean', mttr, duration, set('mttr')))
  if (FACTORS.includes(verb)) rows.push(factorRow(by, set('by')))
  if (SHARES.includes(verb)) rows.push(shareRow(by, set('by')))
  if (TIMES.includes(verb)) rows.push(timeRow('by', by, duration, set('by')))
  return rows
}

function timeRow(name: string, value: number, duration: number, tell: (text: string) => void) {
  const step = duration / 240
  const text = (at: number): string => formatDuration(Math.round(at * step))
  const steps = Math.round(value / step)
  const slider = { min: Math.min(0, steps * 2), max: 240, at: steps, text }
  return row(name, formatDuration(value), slider, (written) => {
    if (parseDuration(written) === undefined) return 'Write it with its unit, like 15s.'
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

function shareRow(value: number, tell: (text: string) => void): HTMLElement {
  const text = (at: number): string => `${digits(at, 3)}%`
  const slider = { min: 0, max: 100, at: value * 100, text }
  return row('share', text(value * 100), slider, (written) => {
    const share = parsePercent(written)
    if (share === undefined || share < 0 || share > 1) return 'Write it like 20%.'
    tell(written)
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
  range.addEventListener('input', () => {
    input.value = text(Number(range.value))
    range.setAttribute('aria-valuetext', input.value)
  })
  range.addEventListener('change', () => tell(input.value))
  checkField(input, tell)
  return el('div', { class: 'fault-row' }, el('span', {}, name), range, input)
}
