/** Says that there is no network, and that it does not matter: everything is computed here. */
import { el } from '../dom.ts'
import { explain } from '../hint.ts'
import type { Show } from './panel.ts'

/** The chip; hidden while there is a network. */
export function offlineChip(): { element: HTMLElement; show: Show } {
  const chip = el('span', { class: 'offline', role: 'status' }, 'offline')
  explain(chip, 'No network. Everything is computed here, so nothing is missing.')
  const set = (): void => {
    chip.hidden = navigator.onLine
  }
  addEventListener('online', set)
  addEventListener('offline', set)
  set()
  return { element: chip, show: () => {} }
}
