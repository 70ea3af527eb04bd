/** The patterns of the scenario, each with a switch for A and one for B. Rows in which they differ are tinted. */
import { el, setAll, setText, sideTag } from '../dom.ts'
import { capitalised, plural } from '../format.ts'
import { withPart, withPartIfThere } from '../lazy.ts'
import { loadPatterns, type Catalogue } from '../patterns.ts'
import { SIDES, type Side, type Opened } from '../state.ts'
import { differenceOf, differences, nameAmong, switchesOf, type Switch } from '../switches.ts'
import type { Desk, Panel } from './panel.ts'

/** When the catalogue is fetched, in ms, if nobody has asked for it before. */
const AFTER_THE_FIRST_PICTURE = 2500

/** The panel. */
export const patternsPanel: Panel = (host, desk) => {
  const rows = el('div', { class: 'pattern-rows' })
  const note = el('p', { class: 'small note' })
  const more = el('button', { class: 'link', type: 'button' }, 'all patterns')
  more.addEventListener('click', () => showCatalogue(desk))
  const tellSize = ({ size }: Catalogue): void => setText(more, `all ${size} patterns`)
  setTimeout(() => void withPartIfThere(loadPatterns, tellSize), AFTER_THE_FIRST_PICTURE)
  const head = el('header', {}, el('h2', {}, 'Patterns'), SIDES.map(sideTag))
  host.replaceChildren(head, rows, el('footer', {}, note, more))
  let shown: { readonly opened: Opened; readonly rows: readonly Row[] } | undefined
  return ({ opened, document }) => {
    if (!opened) return
    const switches = switchesOf(opened, document)
    if (shown?.opened !== opened) {
      shown = { opened, rows: switches.map((one) => rowOf(one, switches, desk)) }
      rows.replaceChildren(...shown.rows.map(({ element }) => element))
    }
    for (const [at, row] of shown.rows.entries()) row.show(switches[at]!)
    const amount = differences(differenceOf(opened, document))
    const isMixed = amount > 1
    setText(
      note,
      isMixed ? `⚠ ${amount} differences: cause not isolated` : plural(amount, 'difference'),
    )
    note.classList.toggle('warning', isMixed)
  }
}

interface Row {
  readonly element: HTMLElement
  show(now: Switch): void
}

function rowOf(one: Switch, all: readonly Switch[], desk: Desk): Row {
  const { id } = one.attachment
  const name = capitalised(nameAmong(one, all))
  const open = (): void => showKnobs(id, desk)
  const label = el('button', { class: 'name', type: 'button', title: 'Knobs', onclick: open }, name)
  const switches = { A: switchOf(id, name, 'A', desk), B: switchOf(id, name, 'B', desk) }
  const element = el('div', { class: 'pattern', 'data-pattern': id }, label, switches.A, switches.B)
  return {
    element,
    show(now) {
      element.classList.toggle('differs', now.A !== now.B)
      element.classList.toggle('off', !now.A && !now.B)
      for (const side of SIDES) setAll(switches[side], { 'aria-checked': String(now[side]) })
    },
  }
}

function switchOf(id: string, name: string, side: Side, desk: Desk): HTMLElement {
  return el('button', {
    class: 'switch',
    type: 'button',
    role: 'switch',
    'aria-checked': 'false',
    'aria-label': `${name} in ${side}`,
    'data-side': side,
    onclick: () => toggle(id, side, desk),
  })
}

/** Switches a pattern in one variant; only that variant runs again. */
export function toggle(id: string, side: Side, { store }: Desk): void {
  const { opened, document } = store.get()
  if (!opened) return
  const isOn = switchesOf(opened, document).find((one) => one.attachment.id === id)?.[side] ?? false
  store.edit(`switch ${id} ${isOn ? 'off' : 'on'} in ${side}`, (draft) => {
    draft.switches[side][id] = !isOn
  })
}

function showCatalogue(desk: Desk): void {
  void withPart(
    () => Promise.all([import('./catalogue.ts'), loadPatterns()]),
    ([{ openCatalogue }, patterns]) => openCatalogue(patterns, desk),
  )
}

function showKnobs(id: string, desk: Desk): void {
  void withPart(
    () => Promise.all([import('./knobs.ts'), loadPatterns()]),
    ([{ openKnobs }, patterns]) => openKnobs(id, patterns, desk),
  )
}
