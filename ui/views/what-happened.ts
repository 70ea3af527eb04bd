/** The run in words: a list of what happened when, and in which variant. Choosing one goes there. */
import { el, sideTag } from '../dom.ts'
import { happenings, type Happening } from '../facts/happenings.ts'
import { plural } from '../format.ts'
import { askSeek } from '../selection.ts'
import { drawing, type View } from '../view.ts'

/** Height of a line that may wrap, in pixels: as many headlines are shown as there is room for. */
const LINE = 31
const PHONE_LINE = 44
const HEADER = 62

/** Headlines, and all of it on demand. */
export const whatHappened: View = {
  create(host) {
    const list = el('ol', {})
    const log = el('div', { class: 'log', role: 'log', 'aria-label': 'What happened' }, list)
    const more = el('button', { class: 'link', type: 'button', 'aria-expanded': 'false' })
    const isPhone = matchMedia('(max-width: 719px)')
    let isOpen = false
    let buttons: { time: number; button: HTMLElement }[] = []
    host.replaceChildren(el('h2', {}, 'What happened'), log, more)
    const made = drawing(host, {
      paint({ height }, runs) {
        const all = happenings(runs)
        const room = Math.max(
          4,
          Math.floor((height - HEADER) / (isPhone.matches ? PHONE_LINE : LINE)),
        )
        const shown = isOpen ? all : headlines(all, room)
        buttons = shown.map((one) => ({ time: one.time, button: lineOf(one, host) }))
        list.replaceChildren(...buttons.map(({ button }) => el('li', {}, button)))
        more.textContent = isOpen ? 'fewer' : `all ${plural(all.length, 'entry', 'entries')}`
        more.hidden = !isOpen && shown.length === all.length
        host.classList.toggle('open', isOpen)
      },
      seek(_, __, { time }) {
        for (const line of buttons) line.button.classList.toggle('later', line.time > time)
      },
    })
    more.addEventListener('click', () => {
      isOpen = !isOpen
      more.setAttribute('aria-expanded', String(isOpen))
      made.repaint()
    })
    return made
  },
}

/** The most telling entries that there is room for, in the order of time. */
function headlines(all: readonly Happening[], room: number): Happening[] {
  const chosen = new Set(all.toSorted((a, b) => a.rank - b.rank).slice(0, room))
  return all.filter((one) => chosen.has(one))
}

function lineOf({ time, side, words }: Happening, host: HTMLElement): HTMLElement {
  return el(
    'button',
    { type: 'button', onclick: () => askSeek(host, time) },
    el('time', {}, (time / 1e9).toFixed(1)),
    side ? sideTag(side) : el('i', {}),
    el('span', {}, words),
  )
}
