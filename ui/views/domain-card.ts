/** An open capsule: the services of a domain by name, each with its state, to be looked at and chosen. */
import type { Plan } from '../draw/plan.ts'
import { el, setAll, setText } from '../dom.ts'
import { GLYPH } from '../facts/health.ts'
import { HUE } from '../draw/topology-nodes.ts'
import { choose } from '../selection.ts'
import type { Reading } from './topology-showing.ts'

/** Makes the card; it is hidden while no capsule is open. */
export function domainCard(close: () => void) {
  const title = el('h3', {})
  const shut = el('button', { class: 'link', type: 'button', 'aria-label': 'Close' }, '✕')
  const list = el('ul', {})
  const element = el('section', { class: 'card domain-card', hidden: true }, title, shut, list)
  shut.addEventListener('click', close)
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    close()
  })
  element.addEventListener('click', ({ target }) => {
    const name = (target as Element).closest<HTMLElement>('[data-member]')?.dataset['member']
    if (name === undefined) return
    close()
    choose(element, { service: name })
  })
  let shown: string | undefined
  return {
    element,
    show({ now }: Reading, domain: string | undefined, plan: Plan | undefined): void {
      const capsule = plan?.capsules.find((one) => one.domain === domain)
      element.hidden = !capsule
      if (!capsule) return void (shown = undefined)
      setText(title, capsule.title)
      const rows = capsule.members.map((name) => ({ name, now: now.services.get(name) }))
      if (shown !== capsule.title) list.replaceChildren(...rows.map(({ name }) => rowOf(name)))
      for (const [at, row] of rows.entries()) {
        const state = row.now?.health ?? 'ok'
        const [mark, label] = list.children[at]!.firstElementChild!.children
        setText(mark!, GLYPH[state])
        setAll(mark!, { class: `mark ${HUE[state]}` })
        setAll(label!.parentElement!, { 'aria-label': `${row.name}, ${state}` })
      }
      if (shown !== capsule.title) put(element, capsule.box)
      shown = capsule.title
    },
  }
}

function rowOf(name: string): HTMLElement {
  const button = el('button', { type: 'button', 'data-member': name })
  button.append(el('i', { class: 'mark' }), el('span', {}, name))
  return el('li', {}, button)
}

/** Over its capsule, as far as there is room. */
function put(card: HTMLElement, box: { readonly x: number; readonly y: number }): void {
  const room = card.parentElement!
  const most = { x: room.clientWidth - card.offsetWidth, y: room.clientHeight - card.offsetHeight }
  const x = Math.max(0, Math.min(box.x, most.x))
  const y = Math.max(0, Math.min(box.y, most.y))
  card.style.transform = `translate(${x.toFixed(0)}px, ${y.toFixed(0)}px)`
}
