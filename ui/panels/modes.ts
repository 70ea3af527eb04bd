/** How the same run is arranged: one variant at large, or both side by side. Time, seed and choices stay. */
import { el, setAll } from '../dom.ts'
import type { Mode, State } from '../state.ts'
import type { Store } from '../store.ts'
import type { Panel } from './panel.ts'

/** Arrangements that there are, in the order of their keys 1, 2 …, with the question each answers. */
const MODES: readonly (readonly [Mode, string, string])[] = [
  ['run', 'Run', 'What happens? One variant, at large'],
  ['compare', 'Compare', 'Does the pattern help? A and B side by side'],
]

/** The control; the arrangement stands on the body, for the style sheets. */
export const modesPanel: Panel = (host, { store }) => {
  const buttons = MODES.map((_, at) => buttonOf(at, store))
  setAll(host, { role: 'group', 'aria-label': 'Arrangement' })
  host.replaceChildren(...buttons)
  return ({ view }) => {
    for (const button of buttons) {
      setAll(button, { 'aria-pressed': String(button.dataset['mode'] === view.mode) })
    }
    setAll(document.body, { 'data-mode': view.mode })
  }
}

function buttonOf(at: number, store: Store<State>): HTMLButtonElement {
  const [mode, name, question] = MODES[at]!
  const attributes = { type: 'button', 'data-mode': mode, title: `${question} (${at + 1})` }
  return el('button', { ...attributes, onclick: () => arrange(store, mode) }, name)
}

/** Arranges the page anew; what is looked at stays. */
export function arrange(store: Store<State>, mode: Mode): void {
  store.update((draft) => {
    draft.view.mode = mode
  })
}

/** Draws B - A in place of both, or both again. There is nothing to subtract where one variant is on the screen. */
export function toggleDelta(store: Store<State>): void {
  store.update(({ view }) => {
    view.isDifference = view.mode === 'run' || !view.isDifference
    if (view.mode === 'run') view.mode = 'compare'
  })
}

/** Draws what B served over what A served, or each for itself again. */
export function toggleOverlay(store: Store<State>): void {
  store.update(({ view }) => {
    view.isOverlay = view.mode === 'run' || !view.isOverlay
    if (view.mode === 'run') view.mode = 'compare'
  })
}
