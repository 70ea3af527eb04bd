/** What only a phone needs: one big switch between the two worlds, tabs for A and B, tabs for the parts of the page. */
import { el, setAll, setText, sideTag } from '../dom.ts'
import { servedAt } from '../facts/window.ts'
import { wholePercent } from '../format.ts'
import { SIDES, type Side, type State, type Tab } from '../state.ts'
import type { Store } from '../store.ts'
import { turnWords } from '../switches.ts'
import type { Desk, Panel } from './panel.ts'

const TABS: readonly (readonly [Tab, string])[] = [
  ['watch', 'Watch'],
  ['patterns', 'Patterns'],
  ['charts', 'Charts'],
  ['events', 'Events'],
]

/** Shows A or B: what the switched pattern changes, at the same moment. */
export const bigSwitch: Panel = (host, { store }) => {
  const label = el('span', { id: 'big-switch-label' })
  const knob = el('button', {
    class: 'switch big',
    type: 'button',
    role: 'switch',
    'aria-labelledby': 'big-switch-label',
    onclick: () => showSide(store, store.get().view.side === 'A' ? 'B' : 'A'),
  })
  host.replaceChildren(label, knob)
  return ({ view }, { difference }) => {
    setText(label, turnWords(difference))
    setAll(knob, { 'aria-checked': String(view.side === 'B') })
  }
}

/** Tabs for A and B with their live share of served requests. */
export const sideTabs: Panel = (host, { store }) => {
  const shares = { A: el('b', {}), B: el('b', {}) }
  const tabs = SIDES.map((side) =>
    el(
      'button',
      { type: 'button', 'data-side': side, onclick: () => showSide(store, side) },
      sideTag(side),
      shares[side],
    ),
  )
  host.replaceChildren(...tabs)
  return ({ view }, runs) => {
    for (const [at, side] of SIDES.entries()) {
      setAll(tabs[at]!, { 'aria-pressed': String(view.side === side) })
      const run = runs[side]
      if (!run) continue
      const served = servedAt(run, view.time ?? 0)
      setText(shares[side], wholePercent(served))
      shares[side].className = served < 0.9 ? 'bad' : 'good'
    }
  }
}

/** The parts of the page that a phone shows one at a time. */
export function tabBar(host: HTMLElement, { store }: Desk): (state: State) => void {
  const tabs = TABS.map(([tab, name]) =>
    el('button', { type: 'button', 'data-tab': tab, onclick: () => showTab(store, tab) }, name),
  )
  host.replaceChildren(...tabs)
  return ({ view }) => {
    for (const tab of tabs) {
      setAll(tab, { 'aria-current': tab.dataset['tab'] === view.tab ? 'page' : 'false' })
    }
    document.body.dataset['tab'] = view.tab
    document.body.dataset['side'] = view.side
  }
}

/** Shows a variant where there is room for one only. */
export function showSide(store: Store<State>, side: Side): void {
  store.update((draft) => {
    draft.view.side = side
  })
}

function showTab(store: Store<State>, tab: Tab): void {
  store.update((draft) => {
    draft.view.tab = tab
  })
}
