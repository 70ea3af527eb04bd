/** The last panel of the results: whether it is luck, or the services at the cursor; and what the seeds are asked for. */
import { el, setAll } from '../dom.ts'
import type { Player } from '../player.ts'
import type { Seeds } from '../seeds.ts'
import type { SeedRequest } from '../views/seeds.ts'
import type { Desk } from './panel.ts'

/** Builds the tabs over the two parts that stand in the panel. */
export function luckTabs(host: HTMLElement): void {
  const parts = [...host.querySelectorAll<HTMLElement>('[role=tabpanel]')]
  const tabs = parts.map((part) =>
    el(
      'button',
      { type: 'button', role: 'tab', id: `${part.id}-tab`, 'aria-controls': part.id },
      part.getAttribute('aria-label') ?? part.id,
    ),
  )
  const choose = (at: number): void => {
    for (const [index, tab] of tabs.entries()) {
      setAll(tab, { 'aria-selected': String(index === at), tabindex: index === at ? 0 : -1 })
      parts[index]!.hidden = index !== at
    }
  }
  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener('click', () => choose(index))
    tab.addEventListener('keydown', (event) => {
      const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
      if (way === undefined) return
      event.preventDefault()
      const next = (index + way + tabs.length) % tabs.length
      choose(next)
      tabs[next]!.focus()
    })
  }
  choose(0)
  host.prepend(
    el('div', { role: 'tablist', class: 'tab-list', 'aria-label': 'Seeds or services' }, tabs),
  )
}

/** Does what the squares ask for. */
export function listenToSeeds(seeds: Seeds, { store }: Desk, player: Player): void {
  document.addEventListener('seeds', (event) => {
    const { detail } = event as CustomEvent<SeedRequest>
    if ('more' in detail) return seeds.more()
    if ('untilNarrow' in detail) return seeds.untilNarrow(detail.untilNarrow)
    const time = player.now()
    store.edit(`seed ${detail.load}`, (draft) => {
      draft.seed = detail.load
    })
    // The story of another seed may be elsewhere; whoever compares seeds wants to stay where they are.
    store.update((draft) => {
      draft.view.time = time
    })
  })
}
