/** Who sends how many requests, and how to change it. A change goes into the scenario and runs both variants again. */
import type { Arrivals, LoadSpec } from '../../engine/scenario/scenario.ts'
import { formatDuration } from '../../engine/units.ts'
import { el, setText } from '../dom.ts'
import { digits, plural } from '../format.ts'
import { setValue } from './knobs.ts'
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
  const path = `load.${load}.arrivals`
  if (!arrivals) {
    const text = (value: number): string => String(Math.max(1, Math.round(value)))
    return [{ name: 'users', value: users, unit: '', path: `load.${load}.users`, text }]
  }
  const rate = (name: string, value: number, text: Knob['text']): Knob => {
    return { name, value, unit: '/s', path, text }
  }
  switch (arrivals.kind) {
    case 'poisson':
    case 'constant':
      return [rate('rate', arrivals.rate, (value) => `${arrivals.kind}(${value}/s)`)]
    case 'ramp': {
      const { from, to, over } = arrivals
      const text = (a: number, b: number): string => `ramp(${a}/s ${b}/s ${formatDuration(over)})`
      return [
        rate('from', from, (value) => text(value, to)),
        rate('to', to, (value) => text(from, value)),
      ]
    }
    case 'spike': {
      const { rate: usual, peak, at, for: length } = arrivals
      const times = `${formatDuration(at)} ${formatDuration(length)}`
      return [
        rate('rate', usual, (value) => `spike(${value}/s ${peak}/s ${times})`),
        rate('peak', peak, (value) => `spike(${usual}/s ${value}/s ${times})`),
      ]
    }
    case 'diurnal': {
      const { mean, amplitude, period } = arrivals
      const swing = (value: number): number => Math.min(amplitude, value)
      const text = (value: number): string =>
        `diurnal(${value}/s ${swing(value)}/s ${formatDuration(period)})`
      return [rate('mean', mean, text)]
    }
    case 'bursty': {
      const { quiet, busy, quietFor, busyFor } = arrivals
      const times = `${formatDuration(quietFor)} ${formatDuration(busyFor)}`
      return [
        rate('quiet', quiet, (value) => `bursty(${value}/s ${busy}/s ${times})`),
        rate('busy', busy, (value) => `bursty(${quiet}/s ${value}/s ${times})`),
      ]
    }
    case 'trace':
    case 'renewal':
      return []
  }
}

/** Steps of a slider. */
const STEPS = 120

/** Name, slider and field. */
function rowOf(
  { value, unit, path, text }: Knob,
  title: string,
  label: string,
  desk: Desk,
): HTMLElement {
  const most = Math.max(value * 3, unit === '' ? 10 : 1)
  const range = el('input', { type: 'range', min: 0, max: STEPS, 'aria-label': `${label}, slider` })
  const input = el('input', { type: 'text', 'aria-label': label, size: 6 })
  range.value = String((value / most) * STEPS)
  const written = (amount: number): string => `${digits(amount, 3)}${unit}`
  input.value = written(value)
  const tell = (): void => {
    const amount = Number(input.value.replace(/\s*\/\s*s$/, ''))
    const isGood = input.value.trim() !== '' && amount > 0 && Number.isFinite(amount)
    input.setCustomValidity(isGood ? '' : `Write it like ${written(value)}.`)
    if (isGood) setValue(path, text(amount), desk)
    else input.reportValidity()
  }
  range.addEventListener('input', () => {
    input.value = written(Math.max(most / STEPS, (Number(range.value) / STEPS) * most))
  })
  range.addEventListener('change', tell)
  input.addEventListener('change', tell)
  return el('div', { class: 'fault-row' }, el('span', { title: label }, title), range, input)
}
