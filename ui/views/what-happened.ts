/** The run in words: a list of what happened when, and in which variant. Choosing one goes there. */
import { el, setText, sideTag } from '../dom.ts'
import { happenings, headlines, type Happening } from '../facts/happenings.ts'
import type { Table } from '../facts/table.ts'
import { moment, plural } from '../format.ts'
import type { Runs } from '../runs.ts'
import { askSeek } from '../selection.ts'
import { SIDES, type Side } from '../state.ts'
import { drawing, type View } from '../view.ts'

/** Height of a line that may wrap, in pixels: as many headlines are shown as there is room for. */
const LINE = 31
const PHONE_LINE = 44
const HEADER = 62
/** Lines that are shown of a long list; whoever looks for something filters it. */
const MOST_LINES = 400

/** Headlines, and all of it on demand, to be searched. */
export const whatHappened: View = {
  create(host) {
    const parts = createParts(host)
    const isPhone = matchMedia('(max-width: 719px)')
    let isOpen = false
    let lines: readonly Line[] = []
    let shown = ''
    const made = drawing(host, {
      paint({ height }, runs) {
        const all = happenings(runs)
        const line = isPhone.matches ? PHONE_LINE : LINE
        const room = Math.max(4, Math.floor((height - HEADER) / line))
        const chosen = isOpen ? filtered(all, filterOf(parts)) : headlines(runs, room)
        setText(
          parts.more,
          isOpen ? 'headlines only' : `all ${plural(all.length, 'entry', 'entries')}`,
        )
        parts.more.hidden = !isOpen && chosen.length === all.length
        parts.tools.hidden = !isOpen
        setText(parts.none, isOpen && chosen.length === 0 ? 'Nothing of the kind happened.' : '')
        host.classList.toggle('open', isOpen)
        const key = JSON.stringify(chosen)
        if (key === shown) return
        shown = key
        lines = chosen.slice(0, MOST_LINES).map((one) => lineOf(one, host))
        parts.list.replaceChildren(...lines.map(({ item }) => item))
      },
      seek(_, __, { time }) {
        for (const line of lines) line.button.classList.toggle('later', line.time > time)
      },
      table: tableOf,
    })
    parts.more.addEventListener('click', () => {
      isOpen = !isOpen
      parts.more.setAttribute('aria-expanded', String(isOpen))
      made.repaint()
    })
    parts.tools.addEventListener('input', () => made.repaint())
    return made
  },
}

type Parts = ReturnType<typeof createParts>

function createParts(host: HTMLElement) {
  const list = el('ol', {})
  const log = el(
    'div',
    { class: 'log', role: 'log', 'aria-label': 'What happened', tabindex: 0 },
    list,
  )
  const more = el('button', { class: 'link', type: 'button', 'aria-expanded': 'false' })
  const search = el('input', {
    type: 'text',
    'aria-label': 'Only entries with',
    placeholder: 'filter',
  })
  const options = [
    el('option', { value: '' }, 'A, B'),
    ...SIDES.map((side) => el('option', { value: side }, side)),
  ]
  const side = el('select', { 'aria-label': 'Only of variant' }, options)
  const tools = el('div', { class: 'log-tools', hidden: true }, search, side)
  const none = el('p', { class: 'small' })
  host.replaceChildren(el('h2', {}, 'What happened'), tools, log, none, more)
  return { list, more, search, side, tools, none }
}

interface Filter {
  readonly text: string
  readonly side: Side | undefined
}

function filterOf({ search, side }: Parts): Filter {
  const found = SIDES.find((one) => one === side.value)
  return { text: search.value.trim().toLowerCase(), side: found }
}

/** What happened in both belongs to either. */
function filtered(all: readonly Happening[], { text, side }: Filter): readonly Happening[] {
  return all.filter(
    (one) =>
      (side === undefined || one.side === undefined || one.side === side) &&
      one.words.toLowerCase().includes(text),
  )
}

interface Line {
  readonly time: number
  readonly button: HTMLElement
  readonly item: HTMLElement
}

function lineOf({ time, side, words }: Happening, host: HTMLElement): Line {
  const button = el(
    'button',
    { type: 'button', onclick: () => askSeek(host, time) },
    el('time', { title: moment(time, 3) }, (time / 1e9).toFixed(1)),
    side ? sideTag(side) : el('i', {}),
    el('span', {}, words),
  )
  return { time, button, item: el('li', {}, button) }
}

function tableOf(runs: Runs): Table | undefined {
  const all = happenings(runs)
  const [first] = all
  const last = all.at(-1)
  if (!first || !last) return undefined
  const caption = `${plural(all.length, 'entry', 'entries')}, from ${moment(first.time)} (${first.words}) to ${moment(last.time)} (${last.words}).`
  const rows = all.map(({ time, side, words }) => [time / 1e9, side ?? 'A and B', words])
  return { caption, columns: ['time (s)', 'variant', 'what happened'], rows }
}
