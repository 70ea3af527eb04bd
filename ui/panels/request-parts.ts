/** The elements of the panel that follows a request. */
import { el } from '../dom.ts'

const LEGEND = [
  ['queue', 'in a queue'],
  ['work', 'at work'],
  ['wait', 'waits for calls'],
  ['idle', 'for nobody, caller gave up'],
  ['failed', 'failed'],
  ['refused', 'turned away'],
] as const

/** Everything that is in the panel. */
export type RequestParts = ReturnType<typeof requestParts>

/** Builds the elements. */
export function requestParts() {
  const number = el('input', {
    type: 'text',
    id: 'request-number',
    inputmode: 'numeric',
    autocomplete: 'off',
    spellcheck: 'false',
    size: 8,
  })
  const form = el(
    'form',
    { class: 'request-form' },
    el('label', { for: 'request-number' }, 'Request no.'),
    number,
    el('button', { class: 'btn', type: 'submit' }, 'Follow'),
  )
  const title = el('h2', {}, 'Follow one request')
  const same = el('small', {})
  const filter = el('input', {
    type: 'text',
    class: 'request-filter',
    placeholder: 'filter calls',
    'aria-label': 'Only calls with this text',
    autocomplete: 'off',
    spellcheck: 'false',
  })
  const less = toolButton('−', 'Fold more ( [ )')
  const more = toolButton('+', 'Unfold ( ] )')
  const path = el(
    'button',
    { class: 'btn', type: 'button', 'aria-pressed': 'false', title: 'Critical path ( C )' },
    'Critical path',
  )
  const tall = toolButton('↕', 'Larger or smaller')
  const close = toolButton('✕', 'Close (Esc)')
  const tools = el('div', { class: 'request-tools' }, filter, less, more, path)
  const ends = el('div', { class: 'request-tools' }, tall, close)
  const headline = el('p', { class: 'request-headline', 'aria-live': 'polite' })
  const problem = el('p', { class: 'request-problem', role: 'alert', hidden: true })
  const again = el('button', { class: 'btn', type: 'button', hidden: true }, 'Try again')
  const busy = el('progress', { max: 1, 'aria-label': 'Running the run again' })
  const stop = el('button', { class: 'btn', type: 'button' }, 'Stop')
  const progress = el('div', { class: 'request-busy', hidden: true }, el('span', {}), busy, stop)
  const list = el('div', { class: 'request-list' })
  const scroll = el('div', { class: 'wf-scroll' })
  const detail = el('div', { class: 'request-detail', 'aria-live': 'off' })
  const back = el('button', { class: 'btn request-back', type: 'button' }, '‹ All requests')
  const main = el(
    'div',
    { class: 'request-main' },
    back,
    legend(),
    progress,
    problem,
    again,
    scroll,
  )
  return {
    number,
    form,
    title,
    same,
    filter,
    less,
    more,
    path,
    tall,
    close,
    headline,
    problem,
    again,
    busy,
    stop,
    progress,
    list,
    scroll,
    detail,
    back,
    header: el('header', { class: 'request-header' }, title, same, form, ends),
    line: el('div', { class: 'request-line-two' }, headline, tools),
    body: el('div', { class: 'request-body' }, list, main, detail),
  }
}

function toolButton(sign: string, name: string): HTMLButtonElement {
  return el('button', { class: 'btn icon', type: 'button', title: name, 'aria-label': name }, sign)
}

function legend(): HTMLElement {
  const entries = LEGEND.map(([mark, words]) =>
    el('li', {}, el('i', { class: `key-${mark}` }, signOf(mark)), words),
  )
  return el('ul', { class: 'wf-legend', 'aria-label': 'Legend' }, entries)
}

function signOf(mark: string): string {
  return mark === 'failed' ? '✕' : mark === 'refused' ? '╱' : ''
}
