/** Finds a service by a part of its name: type, arrow keys, Enter. */
import { el, setAll } from '../dom.ts'
import { choose } from '../selection.ts'
import type { NodeButtons } from './node-buttons.ts'

/** Names that are offered at most. */
const MOST = 8

/** Names that hold a text, those that begin with it first. */
export function matches(names: readonly string[], text: string): string[] {
  const wanted = text.trim().toLowerCase()
  const found = names.filter((name) => name.toLowerCase().includes(wanted))
  const isFirst = (name: string): number => (name.toLowerCase().startsWith(wanted) ? 0 : 1)
  return found.toSorted((a, b) => isFirst(a) - isFirst(b)).slice(0, MOST)
}

/** Makes the box for a panel; it is hidden until it is opened. */
export function findBox(host: HTMLElement, buttons: NodeButtons) {
  const id = `find-${host.id}`
  const input = el('input', {
    type: 'text',
    role: 'combobox',
    'aria-label': 'Find a service',
    'aria-autocomplete': 'list',
    'aria-expanded': 'true',
    'aria-controls': id,
    placeholder: 'service',
    spellcheck: 'false',
  })
  const list = el('ul', { id, role: 'listbox', 'aria-label': 'Services' })
  const element = el('div', { class: 'card find-box', hidden: true }, input, list)
  const box = new FindBox(host, element, input, list, buttons)
  return {
    element,
    /** Opens the box for typing. */
    open: () => box.open(),
    /** Says what there is to find. */
    offer: (names: readonly string[]) => box.offer(names),
  }
}

class FindBox {
  private readonly host: HTMLElement
  private readonly element: HTMLElement
  private readonly input: HTMLInputElement
  private readonly list: HTMLElement
  private readonly buttons: NodeButtons
  private names: readonly string[] = []
  private found: readonly string[] = []
  private at = 0

  constructor(
    host: HTMLElement,
    element: HTMLElement,
    input: HTMLInputElement,
    list: HTMLElement,
    buttons: NodeButtons,
  ) {
    this.host = host
    this.element = element
    this.input = input
    this.list = list
    this.buttons = buttons
    input.addEventListener('input', () => this.look())
    input.addEventListener('keydown', (event) => this.press(event))
    input.addEventListener('blur', () => this.close())
    list.addEventListener('pointerdown', (event) => {
      event.preventDefault()
      const option = (event.target as Element).closest('[role=option]')
      if (option) this.take(option.textContent)
    })
  }

  offer(names: readonly string[]): void {
    this.names = names
  }

  open(): void {
    this.element.hidden = false
    this.input.value = ''
    this.look()
    this.input.focus()
  }

  private close(): void {
    this.element.hidden = true
  }

  private look(): void {
    this.found = matches(this.names, this.input.value)
    this.list.replaceChildren(
      ...this.found.map((name, at) =>
        el('li', { role: 'option', id: `${this.list.id}-${at}` }, name),
      ),
    )
    this.mark(0)
  }

  private mark(at: number): void {
    const count = this.found.length
    this.at = count === 0 ? 0 : (at + count) % count
    for (const [one, option] of [...this.list.children].entries()) {
      setAll(option, { 'aria-selected': String(one === this.at) })
    }
    const isAny = count > 0
    setAll(this.input, { 'aria-activedescendant': isAny ? `${this.list.id}-${this.at}` : '' })
  }

  private press(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) this.mark(this.at + step)
    else if (event.key === 'Escape') this.close()
    else if (event.key === 'Enter') this.take(this.found[this.at])
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  /** Chooses a service; once it is drawn, it gets the focus. */
  private take(name: string | null | undefined): void {
    this.close()
    if (!name) return
    choose(this.host, { service: name })
    requestAnimationFrame(() => requestAnimationFrame(() => this.buttons.focus(name)))
  }
}
