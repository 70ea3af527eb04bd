/** The top bar: which scenario, which seed, how it is arranged, how far it is, and what to do with it. */
import { el, setAll, setText } from '../dom.ts'
import { icon, type Sign } from '../draw/icons.ts'
import { explain } from '../hint.ts'
import type { Actions } from '../keys.ts'
import { library } from '../library.ts'
import { nextSeed } from '../next-seed.ts'
import type { Desk, Show } from './panel.ts'
import { statusPart } from './status.ts'

interface Part {
  readonly element: HTMLElement
  readonly show: Show
}

/**
 * Builds the bar.
 * @param guests parts of others that have their place here: alerts, and what became of a link
 */
export function headerPanel(
  host: HTMLElement,
  desk: Desk,
  actions: Actions,
  guests: readonly Part[],
): Show {
  const scenario = scenarioPart(actions)
  const seed = seedPart(desk)
  const status = statusPart(desk)
  const share = el('button', { class: 'btn share', id: 'share', type: 'button' }, icon('share'))
  setAll(share, { 'aria-label': 'Share this moment' })
  share.append(el('span', { 'aria-live': 'polite' }, 'Share this moment'))
  share.addEventListener('click', () => void actions.share(1))
  const undo = iconButton('undo', 'Undo (Ctrl Z)', () => actions.undo(1))
  const redo = iconButton('redo', 'Redo (Ctrl Shift Z)', () => actions.redo(1))
  const theme = iconButton('theme', 'Light or dark', () => actions.theme(1))
  const help = iconButton('help', 'Keys and help', () => actions.help(1))
  const modes = el('div', { id: 'modes', class: 'segments' })
  const others = guests.map(({ element }) => element)
  const left = [brand(), scenario.element, seed.element, modes]
  host.replaceChildren(...left, ...others, status.element, undo, redo, share, theme, help)
  return (state, runs) => {
    for (const { show } of [scenario, seed, status, ...guests]) show(state, runs)
    undo.disabled = !desk.store.canUndo
    redo.disabled = !desk.store.canRedo
  }
}

function brand(): HTMLElement {
  return el(
    'span',
    { class: 'brand' },
    el('i', { class: 'logo', 'aria-hidden': 'true' }),
    el('span', {}, 'Faultline'),
  )
}

/** The title of what is open; a press opens the gallery. */
function scenarioPart(actions: Actions): Part {
  const title = el('span', {})
  const element = el(
    'button',
    { class: 'btn scenario', type: 'button', 'aria-haspopup': 'dialog', title: 'Scenarios' },
    title,
    icon('down'),
  )
  element.addEventListener('click', () => void actions.gallery(1))
  return {
    element,
    show({ document, opened }) {
      const entry = library.find(
        ({ name, text }) => name === document.name && text === document.text,
      )
      const words = entry?.title ?? opened?.scenario.title ?? document.name
      const own = entry || document.name === '' ? '' : ' (own file)'
      setText(title, `${words}${own}`)
      setAll(element, { 'aria-label': `Scenario: ${words}${own}` })
    },
  }
}

function seedPart({ store }: Desk): Part {
  const input = el('input', { type: 'text', name: 'seed', size: 4, maxlength: 200 })
  setAll(input, { 'aria-label': 'Seed' })
  const set = (seed: string): void =>
    store.edit(`seed ${seed}`, (draft) => {
      draft.seed = seed
    })
  input.addEventListener('change', () => input.value !== '' && set(input.value))
  const next = el('button', { type: 'button', title: 'Next seed' }, icon('next'))
  setAll(next, { 'aria-label': 'Next seed' })
  next.addEventListener('click', () => set(nextSeed(input.value)))
  return {
    element: el('span', { class: 'seed' }, explain(el('span', {}, 'seed')), input, next),
    show({ document, opened }) {
      const seed = document.seed ?? opened?.scenario.seed ?? ''
      if (globalThis.document.activeElement !== input && input.value !== seed) input.value = seed
    },
  }
}

function iconButton(sign: Sign, title: string, act: () => unknown): HTMLButtonElement {
  return el(
    'button',
    { class: 'btn icon', type: 'button', title, 'aria-label': title, onclick: () => void act() },
    icon(sign),
  )
}
