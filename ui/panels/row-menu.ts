/** The tools of the stack: which rows there are, which stand at the top, and whether B - A is drawn. */
import { el, setAll } from '../dom.ts'
import { icon } from '../draw/icons.ts'
import { KEYS, type Act } from '../keys.ts'
import { arrangementOf, entriesOf, ROWS, type Entry } from '../rows.ts'
import { PHONE } from '../stack.ts'
import type { State } from '../state.ts'
import type { Store } from '../store.ts'
import { toggleDelta, toggleOverlay } from './modes.ts'
import type { Desk, Panel, Show } from './panel.ts'

/** Name of the menu, which `P` opens when no row has the focus. */
const MENU = 'row-menu'

/** The buttons beside the ruler, and the menu that one of them opens. */
export const rowTools: Panel = (host, { store }) => {
  const menu = menuOf(store)
  const opener = openerOf(menu.element)
  const delta = toolOf('B−A', `draw the difference (${keyFor('difference')})`, () =>
    toggleDelta(store),
  )
  const overlay = toolOf(
    'A/B',
    `draw what B served over what A served (${keyFor('overlay')})`,
    () => toggleOverlay(store),
  )
  host.replaceChildren(opener, delta, overlay, menu.element)
  return (state, runs) => {
    setAll(delta, { 'aria-pressed': String(isOn(state, 'isDifference')) })
    setAll(overlay, { 'aria-pressed': String(isOn(state, 'isOverlay')) })
    menu.show(state, runs)
  }
}

function openerOf(menu: HTMLElement): HTMLButtonElement {
  const attributes = { class: 'tool', type: 'button', title: 'Rows that are shown' }
  const opener = el(
    'button',
    { ...attributes, 'aria-haspopup': 'dialog', 'aria-expanded': 'false' },
    'Rows',
  )
  opener.addEventListener('click', () => menu.togglePopover())
  menu.addEventListener('toggle', ({ newState }) => {
    setAll(opener, { 'aria-expanded': String(newState === 'open') })
    if (newState === 'open') putBeside(menu, opener)
  })
  return opener
}

function keyFor(act: Act): string {
  return KEYS.find((key) => key.act === act)?.keys ?? ''
}

function isOn({ view }: State, what: 'isDifference' | 'isOverlay'): boolean {
  return view[what] && view.mode !== 'run'
}

function toolOf(text: string, does: string, act: () => void): HTMLButtonElement {
  const name = `${text}: ${does}`
  return el(
    'button',
    { class: 'tool', type: 'button', title: name, 'aria-label': name, onclick: act },
    text,
  )
}

/** Below the button, within the window. */
function putBeside(menu: HTMLElement, opener: HTMLElement): void {
  const { left, bottom } = opener.getBoundingClientRect()
  const { width, height } = menu.getBoundingClientRect()
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`
  menu.style.top = `${Math.max(8, Math.min(bottom + 4, innerHeight - height - 8))}px`
}

function menuOf(store: Store<State>): { element: HTMLElement; show: Show } {
  const phone = matchMedia(PHONE)
  const list = el('ul', {})
  let shown = ''
  return {
    element: menuElement(list, store),
    show({ view }) {
      const arrangement = arrangementOf(view, phone.matches)
      const entries = entriesOf(view, arrangement)
      const key = `${arrangement} ${entries.map((one) => `${one.key} ${one.isPinned}`).join()}`
      if (key !== shown) list.replaceChildren(...entries.map((entry) => itemOf(entry, store)))
      shown = key
      for (const [at, { isOn: isShown }] of entries.entries()) {
        const box = list.children[at]?.querySelector('input')
        if (box) box.checked = isShown
      }
    },
  }
}

function menuElement(list: HTMLElement, store: Store<State>): HTMLElement {
  const reset = el('button', { class: 'link', type: 'button' }, 'default rows')
  reset.addEventListener('click', () => resetRows(store))
  const element = el(
    'div',
    { id: MENU, class: 'panel row-menu', popover: 'auto', role: 'dialog', 'aria-label': 'Rows' },
    el('header', {}, el('h2', {}, 'Rows'), reset),
    list,
    el('p', { class: 'small' }, `${keyFor('pin')} pins the row that has the focus.`),
  )
  listenToMenuKeys(element)
  return element
}

function itemOf({ row, key, name, isPinned }: Entry, store: Store<State>): HTMLElement {
  const box = el('input', { type: 'checkbox', name: `row ${row.id}` })
  box.addEventListener('change', () => showRow(store, key, box.checked))
  const title = `${isPinned ? 'Unpin' : 'Pin'} ${name}`
  const pin = el(
    'button',
    {
      class: 'row-button',
      type: 'button',
      title,
      'aria-label': title,
      'aria-pressed': String(isPinned),
      onclick: () => pinRow(store, row.id),
    },
    icon('pin'),
  )
  return el('li', {}, el('label', {}, box, name), pin)
}

function showRow(store: Store<State>, key: string, isShown: boolean): void {
  store.update(({ view }) => {
    view.rows[key] = isShown
  })
}

/** The rows as the arrangement has them. */
function resetRows(store: Store<State>): void {
  store.update(({ view }) => {
    view.rows = {}
    view.pinned = []
    view.heights = {}
  })
}

/** Puts a row at the top of the stack, or back. */
function pinRow(store: Store<State>, id: string): void {
  store.update(({ view }) => {
    const isPinned = view.pinned.includes(id)
    view.pinned = isPinned ? view.pinned.filter((one) => one !== id) : [...view.pinned, id]
  })
}

/** Pins the row that has the focus; where none has, the menu of rows opens. */
export function pinFocused({ store }: Desk): void {
  const id = document.activeElement?.closest('.row')?.id
  if (id !== undefined && ROWS.some((row) => row.id === id)) pinRow(store, id)
  else document.getElementById(MENU)?.showPopover()
}

/** Arrows go from row to row; Escape closes, and nothing else hears it. */
function listenToMenuKeys(menu: HTMLElement): void {
  menu.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (event.key === 'Escape') {
      menu.hidePopover()
    } else if (step !== 0) {
      const boxes = [...menu.querySelectorAll('input')]
      const at = boxes.indexOf(document.activeElement as HTMLInputElement)
      boxes[Math.min(boxes.length - 1, Math.max(0, at + step))]?.focus()
    } else return
    event.preventDefault()
    event.stopPropagation()
  })
}
