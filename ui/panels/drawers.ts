/** Where the window is too narrow for all panels: a strip of their names, each opens its panel. */
import { el, setAll, setText } from '../dom.ts'
import { icon, type Sign } from '../draw/icons.ts'
import type { State } from '../state.ts'
import type { Store } from '../store.ts'
import type { Desk, Show } from './panel.ts'

/** Sides of the page that fold. */
type Edge = 'left' | 'right'

/** Signs of the panels on the left, whose strip has no room for names. */
const SIGNS: Readonly<Record<string, Sign>> = {
  patterns: 'switches',
  faults: 'bolt',
  load: 'load',
  happened: 'list',
}

/**
 * Builds the strip of the panels that stand in an aside: those that are there now, under their headings. Which is open
 * stands on the body, for the style sheets.
 */
export function drawerStrip(host: HTMLElement, aside: HTMLElement, edge: Edge, desk: Desk): Show {
  const { store } = desk
  let buttons = new Map<string, HTMLButtonElement>()
  for (const part of [host, aside]) listenToEscape(part, edge, store)
  return ({ view }) => {
    const panels = panelsIn(aside)
    if (panels.map(({ id }) => id).join() !== [...buttons.keys()].join()) {
      buttons = new Map(panels.map(({ id }) => [id, buttonOf(id, edge, store)]))
      host.replaceChildren(...buttons.values())
    }
    const open = view.drawers[edge]
    for (const panel of panels) showPanel(panel, buttons.get(panel.id)!, open.includes(panel.id))
    document.body.toggleAttribute(`data-${edge}-open`, open.length > 0)
  }
}

function panelsIn(aside: HTMLElement): HTMLElement[] {
  return [...aside.children].filter(
    (one): one is HTMLElement => one instanceof HTMLElement && one.id !== '' && !one.hidden,
  )
}

function buttonOf(id: string, edge: Edge, store: Store<State>): HTMLButtonElement {
  const sign = edge === 'left' ? SIGNS[id] : undefined
  const text = el('span', { class: sign ? 'hidden' : '' })
  return el(
    'button',
    { class: 'tab', type: 'button', 'aria-controls': id, onclick: () => toggle(id, edge, store) },
    sign ? icon(sign) : undefined,
    text,
  )
}

function showPanel(panel: HTMLElement, button: HTMLButtonElement, isOpen: boolean): void {
  const name = panel.querySelector('h2')?.textContent ?? panel.id
  setText(button.querySelector('span')!, name)
  setAll(button, { 'aria-expanded': String(isOpen), title: name })
  panel.classList.toggle('open-drawer', isOpen)
}

/** On the right there is room for several, on the left for one at a time. */
function toggle(id: string, edge: Edge, store: Store<State>): void {
  store.update(({ view: { drawers } }) => {
    const others = drawers[edge].filter((one) => one !== id)
    const isOpen = others.length < drawers[edge].length
    if (isOpen) drawers[edge] = others
    else drawers[edge] = edge === 'right' ? [...others, id] : [id]
  })
}

/** Escape closes what was opened last, and nothing else hears it; the focus goes back to the strip. */
function listenToEscape(part: HTMLElement, edge: Edge, store: Store<State>): void {
  part.addEventListener('keydown', (event) => {
    const open = store.get().view.drawers[edge].at(-1)
    if (event.key !== 'Escape' || open === undefined) return
    const button = document.querySelector<HTMLElement>(`.tab[aria-controls='${open}']`)
    if (!button?.checkVisibility()) return
    event.preventDefault()
    event.stopPropagation()
    toggle(open, edge, store)
    button.focus()
  })
}
