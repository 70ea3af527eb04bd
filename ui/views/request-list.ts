/** Requests in lines: number, response time as a bar, how it ended, calls and retries. Choosing one follows it. */
import { el, setAll, setText } from '../dom.ts'
import type { RequestFilter, RequestList, RequestSummary } from '../../engine/requests.ts'
import { traitsOf } from '../../engine/requests.ts'
import { lineWords, OUTCOME_GLYPH } from '../facts/request-words.ts'
import { count, plural, span } from '../format.ts'

/** What the list shows. */
export interface ListModel {
  /** Undefined: nothing yet. */
  readonly list: RequestList | undefined
  /** `in A that ended 61.0–61.2 s`. */
  readonly where: string
  readonly filter: RequestFilter | undefined
  readonly chosen: number | undefined
  /** Why there is no list, or that it is on its way. */
  readonly note: string
}

/** What the panel around it is told. */
export interface ListEars {
  onChoose(request: number): void
  onFilter(filter: RequestFilter | undefined): void
}

const CHIPS: readonly (readonly [RequestFilter | undefined, string])[] = [
  [undefined, 'all'],
  ['failed', 'failed'],
  ['slow', 'slow'],
  ['retried', 'retried'],
]

/** Builds the list; answers how to bring it up to date. */
export function requestListView(host: HTMLElement, ears: ListEars): (model: ListModel) => void {
  const title = el('h3', {})
  const chips = CHIPS.map(([filter, name]) =>
    el(
      'button',
      { type: 'button', class: 'chip-button', onclick: () => ears.onFilter(filter) },
      name,
    ),
  )
  const filters = el(
    'div',
    { class: 'chips', role: 'group', 'aria-label': 'Which requests' },
    chips,
  )
  const note = el('p', { class: 'small' })
  const lines = el('div', { class: 'request-lines', role: 'listbox', 'aria-label': 'Requests' })
  const names = ['request', 'response time', '', '', 'calls'].map((name) => el('span', {}, name))
  const head = el('div', { class: 'request-cells names', 'aria-hidden': 'true' }, names)
  host.replaceChildren(title, filters, note, head, lines)
  let drawn: Pick<ListModel, 'list' | 'filter'> | undefined
  listen(lines, ears)
  return (model) => {
    const { list, filter, where, chosen } = model
    setText(title, `Requests ${where}`)
    showChips(chips, model)
    setText(note, noteOf(model))
    if (drawn?.list !== list || drawn?.filter !== filter) lines.replaceChildren(...linesOf(model))
    drawn = { list, filter }
    mark(lines, chosen)
  }
}

function showChips(chips: readonly HTMLElement[], { list, filter }: ListModel): void {
  CHIPS.forEach(([which, name], at) => {
    const many = list && (which === undefined ? list.total : list[which])
    setText(chips[at]!, many === undefined ? name : `${name} ${count(many)}`)
    setAll(chips[at]!, {
      'aria-pressed': String(filter === which),
      disabled: many === undefined || (many === 0 && filter !== which),
    })
  })
}

function noteOf({ list, filter, note }: ListModel): string {
  if (note !== '' || !list) return note
  if (list.total === 0) return 'No request ended like this.'
  const many = filter === undefined ? list.total : list[filter]
  const shown = shownOf(list, filter).length
  return shown < many ? `The first ${count(shown)} of ${plural(many, 'request')}.` : ''
}

function shownOf({ requests }: RequestList, filter: RequestFilter | undefined): RequestSummary[] {
  return requests.filter((one) => filter === undefined || traitsOf(one)[filter])
}

function linesOf({ list, filter }: ListModel): HTMLElement[] {
  if (!list) return []
  const shown = shownOf(list, filter)
  const longest = Math.max(1, ...shown.map(({ latency }) => latency))
  return shown.map((one) => lineOf(one, longest))
}

function lineOf(one: RequestSummary, longest: number): HTMLElement {
  const { request, latency, outcome, calls, retries } = one
  const bar = el('i', { class: `bar ${outcome}` })
  bar.style.width = `${Math.max(2, (latency / longest) * 100).toFixed(1)}%`
  const seen = el(
    'span',
    { class: 'request-cells', 'aria-hidden': 'true' },
    el('code', {}, request),
    el('span', { class: 'track' }, bar),
    el('span', {}, span(latency)),
    el('b', { class: outcome }, OUTCOME_GLYPH[outcome]),
    el('small', {}, calls),
  )
  const title = `${plural(calls, 'call')}, ${plural(retries, 'retry', 'retries')}`
  const line = { role: 'option', class: 'request-line', 'data-request': request, title }
  return el(
    'div',
    { ...line, 'aria-selected': 'false', tabindex: -1 },
    seen,
    el('span', { class: 'hidden' }, lineWords(one)),
  )
}

/** Marks the request that is followed; the keyboard comes in there. */
function mark(lines: HTMLElement, chosen: number | undefined): void {
  const all = [...lines.children] as HTMLElement[]
  const found = all.find(({ dataset }) => Number(dataset['request']) === chosen)
  for (const line of all) {
    const isIt = line === found
    setAll(line, { 'aria-selected': String(isIt), tabindex: line === (found ?? all[0]) ? 0 : -1 })
  }
  if (found && !isSeen(found, lines)) found.scrollIntoView({ block: 'nearest' })
}

function isSeen(line: HTMLElement, { scrollTop, clientHeight }: HTMLElement): boolean {
  const top = line.offsetTop
  return top >= scrollTop && top + line.offsetHeight <= scrollTop + clientHeight
}

function listen(lines: HTMLElement, { onChoose }: ListEars): void {
  const requestOf = (line: Element | null | undefined): number | undefined => {
    const text = (line as HTMLElement | null | undefined)?.dataset['request']
    return text === undefined ? undefined : Number(text)
  }
  lines.addEventListener('click', (event) => {
    const line = event.target instanceof Element ? event.target.closest('.request-line') : null
    const request = requestOf(line)
    if (request !== undefined) onChoose(request)
  })
  lines.addEventListener('keydown', (event) => {
    const line = document.activeElement
    if (!line || line.parentElement !== lines) return
    const next = neighbour(line, event.key)
    if (event.key === 'Enter' || event.key === ' ') onChoose(requestOf(line)!)
    else if (!next) return
    event.preventDefault()
    ;(next as HTMLElement | undefined)?.focus()
    const request = requestOf(next)
    if (request !== undefined) onChoose(request)
  })
}

function neighbour(line: Element, key: string): Element | null | undefined {
  const lines = line.parentElement!
  if (key === 'ArrowDown') return line.nextElementSibling ?? line
  if (key === 'ArrowUp') return line.previousElementSibling ?? line
  if (key === 'Home') return lines.firstElementChild
  return key === 'End' ? lines.lastElementChild : undefined
}
