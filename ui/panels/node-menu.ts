/** The menu of a service: break it here and now, set its slots, put a pattern in front of it, follow it. */
import { withFault } from '../../engine/scenario/edit.ts'
import { edgeText } from '../../engine/scenario/text/selector.ts'
import { addPattern } from '../add-pattern.ts'
import { el } from '../dom.ts'
import { capitalised, moment, words } from '../format.ts'
import { withPart } from '../lazy.ts'
import { loadPatterns, type Catalogue } from '../patterns.ts'
import { setValue } from './set-value.ts'
import type { Desk } from './panel.ts'

/** Faults that are offered, in words, and as the file says them: `$` is the service. */
const FAULTS: readonly (readonly [says: string, fault: string])[] = [
  ['Slow it down ×3 for 10 s', 'for: 10s, slow: $, by: 3'],
  ['Crash it for 10 s', 'for: 10s, crash: $'],
  ['Let half of its calls fail for 10 s', 'for: 10s, errors: $, by: 50%'],
  ['Stop it for 2 s', 'for: 2s, pause: $'],
]

/** Most slots that can be set. */
const MOST_SLOTS = 1_000_000

/** Where the menu of a service is wanted, in pixels of the window. */
export interface MenuAsked {
  readonly service: string
  readonly x: number
  readonly y: number
}

/** Opens the menu of a service beside it; `time` is where the cursor is. */
export function openNodeMenu(desk: Desk, asked: MenuAsked, time: number): void {
  const { service } = asked
  const title = el('h2', { id: 'node-menu-title' }, service)
  const menu = el(
    'div',
    { class: 'panel node-menu', popover: 'auto', role: 'dialog', 'aria-labelledby': title.id },
    title,
  )
  const close = (): void => menu.hidePopover()
  const act = (says: string, does: () => void): HTMLButtonElement =>
    el('button', { type: 'button', onclick: () => (close(), does()) }, says)
  menu.append(
    followPart(desk, service, act),
    el('h3', {}, `Break it at ${moment(time)}`),
    ...FAULTS.map(([says, fault]) => act(says, () => void addFault(desk, fault, service, time))),
    slotsPart(desk, service, close),
    el('h3', {}, 'Put in front of it'),
    patternPart(desk, service, close),
  )
  show(menu, asked)
}

type Act = (says: string, does: () => void) => HTMLButtonElement

function followPart({ store }: Desk, service: string, act: Act): HTMLElement {
  const isFollowed = store.get().view.service === service
  return act(isFollowed ? `Stop following ${service}` : `Follow ${service}`, () =>
    store.update((draft) => {
      draft.view.service = isFollowed ? undefined : service
    }),
  )
}

/** Adds a fault to the file, in one step that can be undone. */
async function addFault(
  { store, conductor }: Desk,
  fault: string,
  service: string,
  time: number,
): Promise<void> {
  const said = `{ at: ${Math.round(time / 1e6)}ms, ${fault.replace('$', () => quoted(service))} }`
  const text = withFault(store.get().document.text, said)
  if (text !== undefined) await conductor.amend(`break ${service}: ${said}`, text, () => {})
}

/** A name that YAML would read as something else stands in quotes. */
function quoted(name: string): string {
  return /^[a-z][\w-]*$/i.test(name) ? name : JSON.stringify(name)
}

/** Slots of one instance, as a number to type. */
function slotsPart(desk: Desk, service: string, close: () => void): HTMLElement {
  const spec = desk.store.get().opened?.scenario.services[service]
  const input = el('input', { type: 'text', inputmode: 'numeric', name: 'slots', size: 6 })
  input.value = String(spec?.concurrency ?? '')
  const set = (): void => {
    const slots = Number(input.value)
    const isGood = Number.isInteger(slots) && slots >= 1 && slots <= MOST_SLOTS
    input.setCustomValidity(isGood ? '' : 'Write a whole number from 1 to 1,000,000.')
    if (!input.reportValidity()) return
    close()
    setValue(`services.${service}.concurrency`, String(slots), desk)
  }
  const form = el('form', { class: 'slots' }, [
    el('label', {}, 'Slots of an instance ', input),
    el('button', { class: 'btn', type: 'submit' }, 'Set'),
  ])
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    set()
  })
  input.addEventListener('input', () => input.setCustomValidity(''))
  return form
}

/** All patterns that stand between callers and a service, to choose from. */
function patternPart(desk: Desk, service: string, close: () => void): HTMLElement {
  const select = el('select', { 'aria-label': 'Pattern', name: 'pattern' })
  const add = el('button', { class: 'btn', type: 'submit' }, 'Add to B')
  const form = el('form', { class: 'slots' }, select, add)
  const fill = (catalogue: Catalogue): void => {
    const fitting = [...catalogue.values()].filter(
      ({ at }) => at.includes('client') || at.includes('server'),
    )
    const options = fitting.map(({ name }) =>
      el('option', { value: name }, capitalised(words(name))),
    )
    select.replaceChildren(...options)
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      const component = fitting.find(({ name }) => name === select.value)
      close()
      if (!component) return
      const where = component.at.includes('client') ? edgeText('*', service) : service
      void addPattern(component, desk, where)
    })
  }
  void withPart(loadPatterns, fill)
  return form
}

/** Beside the service, within the window; the focus goes into the menu and back. */
function show(menu: HTMLElement, { x, y }: MenuAsked): void {
  const before = document.activeElement
  document.body.append(menu)
  menu.addEventListener('toggle', (event) => {
    if (event.newState !== 'closed') return
    const isLost = menu.contains(document.activeElement) || document.activeElement === document.body
    if (isLost && before instanceof HTMLElement) before.focus({ preventScroll: true })
    menu.remove()
  })
  menu.addEventListener('keydown', (event) => walk(menu, event))
  menu.showPopover()
  const { offsetWidth, offsetHeight, style } = menu
  style.left = `${Math.max(8, Math.min(x + 8, innerWidth - offsetWidth - 8))}px`
  style.top = `${Math.max(8, Math.min(y - 20, innerHeight - offsetHeight - 8))}px`
  menu.querySelector('button')?.focus()
}

/** Arrow keys go from entry to entry; Escape closes the menu and does nothing else. */
function walk(menu: HTMLElement, event: KeyboardEvent): void {
  if (event.key === 'Escape') {
    event.preventDefault()
    menu.hidePopover()
    return
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step === undefined || event.target instanceof HTMLSelectElement) return
  const all = [...menu.querySelectorAll<HTMLElement>('button, input, select')]
  const at = all.indexOf(document.activeElement as HTMLElement)
  all[(at + step + all.length) % all.length]?.focus()
  event.preventDefault()
}
