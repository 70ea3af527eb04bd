/**
 * Controls for the knobs of a pattern, derived from the knobs themselves: kind, bounds, unit and help are
 * said once, in the component. A control answers in the words of the scenario file.
 */
import { scaleLinear, scaleLog } from 'd3'
import { FAILURES } from '../engine/model/failure.ts'
import type { Param, Params } from '../engine/params.ts'
import { checkField } from './checked-field.ts'
import { el } from './dom.ts'
import { capitalised, spaced } from './format.ts'
import { exampleText, numberOf, rangeText, textOf } from './param-text.ts'

/** Is told the path of a knob below its pattern (`slidingWindow.size`) and its new text. */
export type Change = (path: string, text: string) => void

/** Steps of a slider. */
const STEPS = 200

/** Controls for a set of knobs with their values; without `change` they only show. */
export function controls(
  params: Params,
  values: Readonly<Record<string, unknown>>,
  change: Change | undefined,
  prefix = '',
): HTMLElement[] {
  return Object.entries(params).map(([name, param]) => {
    const path = `${prefix}${name}`
    const value = values[name] ?? param.initial
    if (param.kind !== 'group') return knob(path, name, param, value, change)
    const members = values[name] as Readonly<Record<string, unknown>> | undefined
    return el(
      'fieldset',
      { class: 'knobs' },
      el('legend', {}, capitalised(spaced(name))),
      el('p', { class: 'small' }, param.help),
      controls(
        param.members!,
        members ?? (param.initial as Record<string, unknown>),
        change,
        `${path}.`,
      ),
    )
  })
}

function knob(
  path: string,
  name: string,
  param: Param<unknown>,
  value: unknown,
  change: Change | undefined,
): HTMLElement {
  const tell = change && ((text: string): void => change(path, text))
  const inputs = inputsFor(path, param, value, tell)
  const initial = textOf(param, param.initial)
  const help = [param.help, capitalised(rangeText(param)), `Default ${initial || 'none'}`]
  return el(
    'div',
    { class: `knob ${param.kind}`, 'data-param': path },
    el('label', {}, capitalised(spaced(name)), inputs),
    el('small', {}, el('code', {}, path), ` ${help.filter((part) => part !== '').join('. ')}.`),
  )
}

type Tell = ((text: string) => void) | undefined

function inputsFor(path: string, param: Param<unknown>, value: unknown, tell: Tell): HTMLElement[] {
  switch (param.kind) {
    case 'choice':
      return [choice(path, param.choices ?? [], String(value), tell)]
    case 'toggle':
      return [tick(path, value === true, tell)]
    case 'failures':
      return [failures(path, value as readonly string[], tell)]
    case 'steps':
      return [el('output', {}, textOf(param, value))]
    case 'service':
    case 'services':
      return [field(path, param, value, tell)]
    case 'ratio':
    case 'count':
    case 'number':
    case 'duration':
    case 'rate':
    case 'size':
    case 'count-or-duration':
    case 'group':
      return numeric(path, param, value as number, tell)
  }
}

function choice(name: string, words: readonly string[], value: string, tell: Tell): HTMLElement {
  const options = words.map((word) => el('option', { value: word, selected: word === value }, word))
  const select = el('select', { name, disabled: !tell }, options)
  select.addEventListener('change', () => tell?.(select.value))
  return select
}

function tick(name: string, isOn: boolean, tell: Tell): HTMLElement {
  const box = el('input', { name, type: 'checkbox', checked: isOn, disabled: !tell })
  box.addEventListener('change', () => tell?.(String(box.checked)))
  return box
}

function failures(name: string, chosen: readonly string[], tell: Tell): HTMLElement {
  const boxes = FAILURES.map((failure) =>
    el('input', {
      type: 'checkbox',
      value: failure,
      checked: chosen.includes(failure),
      disabled: !tell,
    }),
  )
  const group = el('span', { class: 'ticks', role: 'group', 'aria-label': name })
  for (const box of boxes) group.append(el('label', {}, box, box.value))
  group.addEventListener('change', () => {
    const now = boxes.filter(({ checked }) => checked).map(({ value }) => value)
    tell?.(`[${now.join(', ')}]`)
  })
  return group
}

/** A text field that keeps to itself what it cannot understand. */
function field(name: string, param: Param<unknown>, value: unknown, tell: Tell): HTMLInputElement {
  const input = el('input', { name, type: 'text', readonly: !tell, spellcheck: 'false' })
  input.value = textOf(param, value).replace(/^\[(.*)\]$/, '$1')
  const isList = param.kind === 'services'
  input.addEventListener('change', () => tell?.(isList ? `[${input.value}]` : input.value))
  return input
}

/** A slider for the quick hand and a field for the exact value. */
function numeric(path: string, param: Param<unknown>, value: number, tell: Tell): HTMLElement[] {
  const input = el('input', { name: path, type: 'text', inputmode: 'decimal', readonly: !tell })
  input.value = textOf(param, value)
  checkField(input, (text) => {
    const now = numberOf(param, text)
    const { min = -Infinity, max = Infinity } = param
    if (now === undefined) return `Write it like ${exampleText(param)}.`
    if (now < min || now > max) return `${rangeText(param)}.`
    tell?.(text)
    return ''
  })
  const slider = sliderFor(path, param, value, input, tell)
  return slider ? [slider, input] : [input]
}

function sliderFor(
  path: string,
  param: Param<unknown>,
  value: number,
  input: HTMLInputElement,
  tell: Tell,
): HTMLElement | undefined {
  if (!tell || !Number.isFinite(value) || param.kind === 'count-or-duration') return undefined
  const scale = sliderScale(param, value)
  const slider = el('input', {
    type: 'range',
    min: 0,
    max: STEPS,
    'aria-label': `${spaced(path)}, slider`,
  })
  slider.value = String(Math.round(scale(value)))
  slider.addEventListener('input', () => {
    const exact = scale.invert(Number(slider.value))
    const rounded = param.kind === 'count' ? Math.round(exact) : Number(exact.toPrecision(2))
    const { min = -Infinity, max = Infinity } = param
    input.value = textOf(param, Math.min(max, Math.max(min, rounded)))
    slider.setAttribute('aria-valuetext', input.value)
  })
  slider.addEventListener('change', () => tell(input.value))
  return slider
}

/** Shares run evenly, everything that may span magnitudes by factors; zero has no place among factors. */
function sliderScale({ kind, min = 0, max = Infinity }: Param<unknown>, value: number) {
  const smallest = kind === 'duration' ? 1e6 : kind === 'rate' ? 0.1 : 1
  const top = Math.min(max, Math.max(value, smallest) * 100)
  if (kind === 'ratio' || min < 0 || top / smallest < 30) {
    return scaleLinear([min, kind === 'ratio' ? Math.min(1, max) : top], [0, STEPS]).clamp(true)
  }
  const low = Math.max(min, smallest)
  return scaleLog([low, Math.max(top, low * 10)], [0, STEPS]).clamp(true)
}
