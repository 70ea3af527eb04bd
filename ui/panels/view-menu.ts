/** The menu of a view: its numbers as a table, and ways to take numbers and picture away. */
import { el, setAll } from '../dom.ts'
import type { exports, Subject } from '../export/index.ts'
import { withPart } from '../lazy.ts'
import type { Runs } from '../runs.ts'
import type { Drawing } from '../view.ts'

/** What is on the screen, and of what. */
export interface Exhibition {
  readonly drawings: ReadonlyMap<string, Drawing>
  readonly runs: Runs
  /** Where the cursor is, ns. */
  readonly time: number
}

/** What the menu offers, and whether it takes numbers. */
const ITEMS: readonly { readonly name: keyof typeof exports; readonly needsTable: boolean }[] = [
  { name: 'Show as table', needsTable: true },
  { name: 'Copy CSV', needsTable: true },
  { name: 'Save CSV', needsTable: true },
  { name: 'Save PNG', needsTable: false },
  { name: 'Save SVG', needsTable: false },
]

/** Id of the menu. */
const MENU = 'view-menu'

/** Views that are no pictures of their own: the ruler, and the sentence that is there to be read. */
const WITHOUT = new Set(['axis', 'verdict'])

/** Puts a menu on every view that is on the screen; call it whenever that may have changed. */
export function viewMenus(
  exhibition: () => Exhibition | undefined,
): (ids: Iterable<string>) => void {
  const menu = new Menu(exhibition)
  return (ids) => {
    for (const id of ids) {
      const host = WITHOUT.has(id) ? null : document.getElementById(id)
      if (host && host.lastElementChild?.className !== 'view-menu') host.append(opener(host, menu))
    }
  }
}

function opener(host: HTMLElement, menu: Menu): HTMLButtonElement {
  const known = host.querySelector<HTMLButtonElement>(':scope > .view-menu')
  if (known) return known
  const button = el('button', {
    class: 'view-menu',
    type: 'button',
    title: 'Table and export',
    'aria-label': `Table and export: ${titleOf(host)}`,
    'aria-haspopup': 'menu',
    'aria-expanded': 'false',
    popovertarget: MENU,
  })
  button.addEventListener('click', () => menu.of(host, button))
  button.addEventListener('pointerdown', (event) => event.stopPropagation())
  return button
}

/** Opens the menu of the view that has the focus, else of the first on the screen. */
export function openViewMenu(): void {
  const focused = document.activeElement?.closest(':has(> .view-menu)')
  const [first] = [...(focused ?? document).querySelectorAll<HTMLElement>('.view-menu')].filter(
    (one) => one.checkVisibility(),
  )
  first?.click()
}

function act(name: keyof typeof exports, subject: Subject): Promise<void> {
  return withPart(
    () => import('../export/index.ts'),
    (part) => part.exports[name](subject),
  )
}

/** `Requests, variant A`: what a host calls itself. */
function titleOf(host: HTMLElement): string {
  const name =
    host.getAttribute('aria-label') ?? host.querySelector('h2, .row-label b')?.textContent
  const side = /-([ab])$/.exec(host.id)?.[1]?.toUpperCase()
  const title = (name ?? host.id).trim()
  const isSaid = side === undefined || new RegExp(`(variant|in) ${side}$`).test(title)
  return isSaid ? title : `${title}, variant ${side}`
}

/** One menu for all views: it is open for one of them at most. */
class Menu {
  private readonly exhibition: () => Exhibition | undefined
  private readonly element = el('div', { id: MENU, role: 'menu', popover: 'auto' })
  private opener: HTMLButtonElement | undefined

  constructor(exhibition: () => Exhibition | undefined) {
    this.exhibition = exhibition
    this.element.addEventListener('keydown', (event) => this.key(event))
    this.element.addEventListener('toggle', (event) => this.toggled(event))
    document.body.append(this.element)
  }

  /** The browser opens it next, below the button of a view. */
  of(host: HTMLElement, button: HTMLButtonElement): void {
    this.opener = button
    this.element.replaceChildren(...this.items(host))
  }

  private items(host: HTMLElement): HTMLElement[] {
    const shown = this.exhibition()
    if (!shown) return []
    const { drawings, runs, time } = shown
    const table = drawings.get(host.id)?.table?.()
    const subject = { id: host.id, title: titleOf(host), host, table, runs, time }
    const isEmpty = !runs.A && !runs.B
    return ITEMS.map(({ name, needsTable }) => {
      const button = el('button', { type: 'button', role: 'menuitem', tabindex: -1 }, name)
      button.disabled = isEmpty || (needsTable && !table)
      button.addEventListener('click', () => {
        this.element.hidePopover()
        void act(name, subject)
      })
      return button
    })
  }

  private buttons(): HTMLButtonElement[] {
    return [...this.element.querySelectorAll('button')].filter(({ disabled }) => !disabled)
  }

  /** Below its button, and within the window. */
  private place(button: HTMLElement): void {
    const at = button.getBoundingClientRect()
    const { width, height } = this.element.getBoundingClientRect()
    const left = Math.max(4, Math.min(at.right - width, innerWidth - width - 4))
    const below = at.bottom + 2
    const top = below + height > innerHeight ? Math.max(4, at.top - height - 2) : below
    Object.assign(this.element.style, { left: `${left}px`, top: `${top}px` })
  }

  private toggled({ newState }: ToggleEvent): void {
    const isOpen = newState === 'open'
    for (const button of document.querySelectorAll('.view-menu')) {
      setAll(button, { 'aria-expanded': String(isOpen && button === this.opener) })
    }
    if (!isOpen || !this.opener) return
    this.place(this.opener)
    this.buttons()[0]?.focus()
  }

  /** Arrows go round; keys of the page stay out. */
  private key(event: KeyboardEvent): void {
    event.stopPropagation()
    const all = this.buttons()
    const at = all.indexOf(document.activeElement as HTMLButtonElement)
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const ends = { Home: 0, End: all.length - 1 }[event.key]
    if (event.key === 'Tab') this.element.hidePopover()
    if (step === undefined && ends === undefined) return
    event.preventDefault()
    all[ends ?? (at + step! + all.length) % all.length]?.focus()
  }
}
