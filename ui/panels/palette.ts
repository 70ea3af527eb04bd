/** The palette: every action with its key, the switches, and every scenario, found by a few letters. */
import { el, setAll } from '../dom.ts'
import { capitalised } from '../format.ts'
import { fuzzy } from '../fuzzy.ts'
import { KEYS, type Actions } from '../keys.ts'
import { library } from '../library.ts'
import { SIDES } from '../state.ts'
import { nameAmong, switchesOf } from '../switches.ts'
import { openDialog } from './dialog.ts'
import type { Desk } from './panel.ts'
import { toggle } from './patterns.ts'
import { OTHER_WORDS } from './palette-words.ts'

/** Something to choose. */
export interface Choice {
  readonly name: string
  /** Keys that do it, as people write them. */
  readonly keys: string
  /** Other words by which it is found. */
  readonly also?: string | undefined
  run(): unknown
}

/** Most entries that are shown. */
const MOST = 200

/** Opens the palette. */
export function openPalette(actions: Actions, desk: Desk): void {
  const all = choicesOf(actions, desk)
  const list = el('ul', { id: 'palette-list', role: 'listbox', 'aria-label': 'Actions' })
  const field = el('input', {
    type: 'text',
    role: 'combobox',
    class: 'palette-field',
    'aria-label': 'Find an action',
    'aria-expanded': 'true',
    'aria-controls': 'palette-list',
    'aria-autocomplete': 'list',
    autocomplete: 'off',
    placeholder: 'What do you want to do?',
  })
  const dialog = openDialog('Find an action', [field, list])
  dialog.classList.add('palette')
  const chosen = picking(field, list, all, (one) => {
    dialog.close()
    one.run()
  })
  field.addEventListener('input', chosen.filter)
  field.addEventListener('keydown', chosen.hear)
  chosen.filter()
  field.focus()
}

/** Everything there is to choose: actions, the switches of the scenario that is open, scenarios. */
export function choicesOf(actions: Actions, desk: Desk): Choice[] {
  return [...actionsOf(actions), ...switches(desk), ...scenarios(desk)]
}

/** Those of them that fit what is asked, the best first. */
export function choicesFor(all: readonly Choice[], asked: string): Choice[] {
  return fuzzy(all, asked, ({ name, also = '' }) => `${name} ${also}`)
}

/** One entry for each action, with all its keys. */
function actionsOf(actions: Actions): Choice[] {
  const names = [...new Set(KEYS.map(({ act }) => act))].filter((act) => act !== 'palette')
  return names.map((act) => {
    const entries = KEYS.filter((one) => one.act === act)
    const keys = entries.map((one) => one.keys).filter((text) => text !== '')
    return {
      name: capitalised(entries[0]!.does),
      keys: keys.join(' '),
      also: OTHER_WORDS[act],
      run: () => actions[act](1),
    }
  })
}

/** `Turn off the retry in B`: both switches of every pattern. */
function switches(desk: Desk): Choice[] {
  const { opened, document } = desk.store.get()
  const all = opened ? switchesOf(opened, document) : []
  return all.flatMap((one) =>
    SIDES.map((side) => ({
      name: `Turn ${one[side] ? 'off' : 'on'} the ${nameAmong(one, all)} in ${side}`,
      keys: '',
      also: `${one.attachment.id} switch pattern`,
      run: () => toggle(one.attachment.id, side, desk),
    })),
  )
}

function scenarios({ conductor }: Desk): Choice[] {
  return library.map(({ name, title, text }) => ({
    name: `Open “${title}”`,
    keys: '',
    also: `${name} scenario`,
    run: () => conductor.open(name, text),
  }))
}

/** The list below the field: what fits, and which of it is picked. */
function picking(
  field: HTMLInputElement,
  list: HTMLElement,
  all: readonly Choice[],
  take: (one: Choice) => void,
) {
  let shown: readonly Choice[] = []
  let at = 0
  const mark = (index: number): void => {
    at = Math.max(0, Math.min(shown.length - 1, index))
    for (const [row, option] of [...list.children].entries()) {
      setAll(option, { 'aria-selected': String(row === at) })
      if (row === at) option.scrollIntoView({ block: 'nearest' })
    }
    setAll(field, { 'aria-activedescendant': shown.length > 0 ? optionId(at) : '' })
  }
  const filter = (): void => {
    shown = choicesFor(all, field.value).slice(0, MOST)
    list.replaceChildren(...shown.map((one, row) => optionOf(one, row, () => take(one))))
    if (shown.length === 0) list.append(el('li', { class: 'small' }, 'Nothing is called that.'))
    mark(0)
  }
  const steps: Readonly<Record<string, () => void>> = {
    ArrowDown: () => mark(at + 1),
    ArrowUp: () => mark(at - 1),
    Enter: () => shown.slice(at, at + 1).forEach(take),
  }
  const hear = (event: KeyboardEvent): void => {
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    step()
  }
  return { filter, hear }
}

function optionId(row: number): string {
  return `palette-${row}`
}

function optionOf({ name, keys }: Choice, row: number, take: () => void): HTMLElement {
  const marks = keys === '' ? [] : keys.split(' ').map((one) => el('kbd', {}, one))
  return el(
    'li',
    { id: optionId(row), role: 'option', 'aria-selected': 'false', onclick: take },
    el('span', {}, name),
    el('span', { class: 'palette-keys' }, marks),
  )
}
