/** Who sends how many requests, and how to change it. A change goes into the scenario and runs both variants again. */
import type { Arrivals, LoadSpec } from '../../engine/scenario/scenario.ts'
import { formatDuration } from '../../engine/units.ts'
import { checkField } from '../checked-field.ts'
import { el, setText } from '../dom.ts'
import { digits, plural } from '../format.ts'
import { setValue } from './set-value.ts'
import type { Desk, Panel } from './panel.ts'

/** Most loads that have rows of their own. */
const MOST = 3

/** The panel. */
export const loadPanel: Panel = (host, desk) => {
  const title = el('h2', {}, 'Load')
  const rows = el('div', {})
  const more = el('p', { class: 'small' })
  host.replaceChildren(title, rows, more)
  let shown: unknown
  return ({ opened }) => {
    if (!opened || shown === opened) return
    shown = opened
    const loads = Object.entries(opened.scenario.load)
    const [first] = loads
    setText(title, loads.length === 1 ? `Load: ${first![0]} to ${first![1].to}` : 'Load')
    rows.replaceChildren(
      ...loads.slice(0, MOST).flatMap((load) => rowsOf(load, loads.length, desk)),
    )
    const others = loads.length - MOST
    setText(more, others > 0 ? `and ${plural(others, 'more load')} in the file` : '')
    more.hidden = others <= 0
  }
}

/** A number of a load that can be changed: what it is called, and how the file says it with another value. */
interface Knob {
  readonly name: string
  readonly value: number
  /** Requests per second, or users. */
  readonly unit: '/s' | ''
  /** Path of the value in the file, and its text there. */
  readonly path: string
  text(value: number): string
}

function rowsOf([name, spec]: [string, LoadSpec], loads: number, desk: Desk): HTMLElement[] {
  const knobs = knobsOf(name, spec)
  const said = loads > 1 ? `${name}: ` : ''
  if (knobs.length === 0) return [el('p', { class: 'small' }, `${said}${wordsOf(spec.arrivals)}`)]
  return knobs.map((knob, at) => {
    const label = loads === 1 ? knob.name : `${name}, ${knob.name}`
    const title = loads > 1 && at === 0 ? name : knob.name
    return rowOf(knob, title, label, desk)
  })
}

function wordsOf(arrivals: Arrivals | undefined): string {
  return arrivals?.kind === 'trace'
    ? `${plural(arrivals.times.length, 'arrival')} as listed`
    : 'as in the file'
}

/** Knobs of a load; none where a rate is not what it is made of. */
function knobsOf(load: string, { arrivals, users }: LoadSpec): Knob[] {
  if (arrivals) {
    const path = `load.${load}.arrivals`
    return ratesOf(arrivals).map(({ name, value, text }) => ({
      name,
      value,
      unit: '/s',
      path,
      text,
    }))
  }
  const text = (value: number): string => String(Math.max(1, Math.round(value)))
  return [{ name: 'users', value: users, unit: '', path: `load.${load}.users`, text }]
}

type Rate = Pick<Knob, 'name' | 'value' | 'text'>

/** Rates of arrivals that can be changed. */
function ratesOf(arrivals: Arrivals): Rate[] {
  const { kind } = arrivals
  switch (kind) {
    case 'poisson':
    case 'constant':
      return [{ name: 'rate', value: arrivals.rate, text: (rate) => `${kind}(${rate}/s)` }]
    case 'ramp':
      return pair(kind, ['from', arrivals.from], ['to', arrivals.to], arrivals.over)
    case 'spike':
      return pair(kind, ['rate', arrivals.rate], ['peak', arrivals.peak], arrivals.at, arrivals.for)
    case 'bursty': {
      const { quiet, busy, quietFor, busyFor } = arrivals
      return pair(kind, ['quiet', quiet], ['busy', busy], quietFor, busyFor)
    }
    case 'diurnal':
      return [{ name: 'mean', value: arrivals.mean, text: (mean) => diurnal(arrivals, mean) }]
    case 'trace':
    case 'renewal':
      return []
  }
}

type Named = readonly [name: string, value: number]

/** Two rates that stand in one text, before times: `spike(25/s 100/s 60s 180s)`. */
function pair(kind: string, a: Named, b: Named, ...times: number[]): Rate[] {
  const end = times.map(formatDuration).join(' ')
  const text = (one: number, other: number): string => `${kind}(${one}/s ${other}/s ${end})`
  return [
    { name: a[0], value: a[1], text: (value) => text(value, b[1]) },
    { name: b[0], value: b[1], text: (value) => text(a[1], value) },
  ]
}

/** The swing is never more than the mean: rates are not negative. */
function diurnal(
  { amplitude, period }: Extract<Arrivals, { kind: 'diurnal' }>,
  mean: number,
): string {
  return `diurnal(${mean}/s ${Math.min(amplitude, mean)}/s ${formatDuration(period)})`
}

/** Steps of a slider. */
const STEPS = 120

/** Name, slider and field. */
function rowOf(knob: Knob, title: string, label: string, desk: Desk): HTMLElement {
  const { value, unit } = knob
  const most = Math.max(value * 3, unit === '' ? 10 : 1)
  const range = el('input', { type: 'range', min: 0, max: STEPS, 'aria-label': `${label}, slider` })
  const input = el('input', { type: 'text', 'aria-label': label, size: 6 })
  range.value = String((value / most) * STEPS)
  input.value = written(knob, value)
  const tell = (text: string): string => tellValue(knob, text, desk)
  range.addEventListener('input', () => {
    const share = Math.max(1, Number(range.value)) / STEPS
    input.value = written(knob, share * most)
  })
  range.addEventListener('change', () => tell(input.value))
  checkField(input, tell)
  return el('div', { class: 'fault-row' }, el('span', { title: label }, title), range, input)
}

function written({ unit }: Knob, amount: number): string {
  return `${digits(amount, 3)}${unit}`
}

/** Sets what the field says, or answers what is wrong with it. */
function tellValue(knob: Knob, text: string, desk: Desk): string {
  const amount = Number(text.replace(/\s*\/\s*s$/, ''))
  const isGood = text.trim() !== '' && amount > 0 && Number.isFinite(amount)
  if (!isGood) return `Write it like ${written(knob, knob.value)}.`
  setValue(knob.path, knob.text(amount), desk)
  return ''
}
