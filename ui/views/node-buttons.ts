/** Buttons over the circles of a topology: one stop for the Tab key, arrow keys follow the calls, every one says its state. */
import type { Layout } from '../../engine/results/frame.ts'
import { el, setAll } from '../dom.ts'
import type { Place } from '../draw/graph.ts'
import type { Plan } from '../draw/plan.ts'
import { isArrow, nextAlong } from '../draw/walk.ts'

/** Pixels of a button at least and at most. */
const SIZE = { least: 24, most: 44 } as const

/** The list of services as buttons; capsules come after them. */
export class NodeButtons {
  readonly list: HTMLUListElement
  /** Opens the menu of the chosen service; it stands beside it. */
  readonly more: HTMLButtonElement
  chosen: string | undefined
  /** What they stand on. */
  plan: Plan | undefined
  /** Services whose positions the file does not have. */
  unplaced: readonly Place[] = []
  private edges: Layout['edges'] = []
  private readonly buttons = new Map<string, HTMLButtonElement>()
  private readonly capsules = new Map<string, HTMLButtonElement>()

  constructor(label: string) {
    this.list = el('ul', { class: 'node-buttons', 'aria-label': label })
    this.more = el('button', { class: 'node-more', type: 'button', hidden: true }, '⋯')
    this.list.addEventListener('keydown', (event) => this.walk(event))
    this.list.addEventListener('focusin', ({ target }) => this.rove(target))
  }

  /** The service that an element of the page belongs to. */
  serviceOf(target: EventTarget | null): string | undefined {
    return target instanceof Element
      ? target.closest<HTMLElement>('[data-service]')?.dataset['service']
      : undefined
  }

  /** The domain whose capsule an element belongs to. */
  domainOf(target: EventTarget | null): string | undefined {
    return target instanceof Element
      ? target.closest<HTMLElement>('[data-domain]')?.dataset['domain']
      : undefined
  }

  /** Puts a button over every service and every capsule. */
  place(plan: Plan, edges: Layout['edges']): void {
    const focused = this.serviceOf(document.activeElement)
    this.plan = plan
    this.edges = edges
    const services = [...plan.nodes].filter(([, { place }]) => !place.isLoad)
    const size = Math.max(SIZE.least, Math.min(SIZE.most, tightest(plan) * 0.95))
    keepOnly(this.buttons, new Set(services.map(([name]) => name)))
    for (const [name, { spot }] of services) {
      const button = this.buttonOf(name)
      put(button, { x: spot.x - size / 2, y: spot.y - size / 2, width: size, height: size })
    }
    keepOnly(this.capsules, new Set(plan.capsules.map(({ domain }) => domain)))
    for (const { domain, title, box } of plan.capsules) {
      const button = this.capsuleOf(domain)
      setAll(button, { 'aria-label': `${title}, folded` })
      put(button, box)
    }
    if (focused !== undefined) this.focus(focused)
    this.rove(document.activeElement)
  }

  /** Says how every service is doing. */
  say(words: ReadonlyMap<string, string>, chosen: string | undefined, opened?: string): void {
    this.chosen = chosen
    this.offerMenu()
    for (const [name, button] of this.buttons) {
      setAll(button, {
        'aria-label': words.get(name) ?? name,
        'aria-pressed': String(name === chosen),
      })
    }
    for (const [domain, button] of this.capsules) {
      setAll(button, { 'aria-expanded': String(domain === opened) })
    }
  }

  /** Focuses a service; answers whether it is drawn. */
  focus(name: string): boolean {
    this.buttons.get(name)?.focus({ preventScroll: true })
    return this.buttons.has(name)
  }

  /** The way to the menu for those who have neither a right mouse button nor a keyboard. */
  private offerMenu(): void {
    const node = this.chosen === undefined ? undefined : this.plan?.nodes.get(this.chosen)
    this.more.hidden = !node
    if (!node) return
    const { x, y, radius } = node.spot
    setAll(this.more, { 'aria-label': `Menu of ${this.chosen}`, title: 'Break it, change it' })
    put(this.more, { x: x - radius - 24, y: y + 4, width: 24, height: 24 })
  }

  private buttonOf(name: string): HTMLButtonElement {
    const made = this.buttons.get(name) ?? this.add({ 'data-service': name })
    this.buttons.set(name, made)
    return made
  }

  private capsuleOf(domain: string): HTMLButtonElement {
    const made = this.capsules.get(domain) ?? this.add({ 'data-domain': domain })
    this.capsules.set(domain, made)
    return made
  }

  private add(data: Readonly<Record<string, string>>): HTMLButtonElement {
    const button = el('button', { type: 'button', tabindex: -1, ...data })
    this.list.append(el('li', {}, button))
    return button
  }

  /** Only one button can be reached with Tab: the one that had the focus last, else the first. */
  private rove(target: EventTarget | null): void {
    const all = [...this.buttons.values(), ...this.capsules.values()]
    const held =
      all.find((button) => button === target) ?? all.find(({ tabIndex }) => tabIndex === 0)
    for (const button of all) button.tabIndex = button === (held ?? all[0]) ? 0 : -1
  }

  private walk(event: KeyboardEvent): void {
    const { key, altKey, ctrlKey, metaKey } = event
    if (!isArrow(key) || altKey || ctrlKey || metaKey || !this.plan) return
    event.preventDefault()
    const from = this.serviceOf(event.target) ?? this.domainOf(event.target)
    const to = from && nextAlong(key, from, this.spots(), this.links())
    if (to) (this.buttons.get(to) ?? this.capsules.get(to))?.focus({ preventScroll: true })
  }

  private spots(): Map<string, { x: number; y: number }> {
    const services = [...this.buttons.keys()].map((name) => [
      name,
      this.plan!.nodes.get(name)!.spot,
    ])
    const capsules = this.plan!.capsules.map(({ domain, box }) => [
      domain,
      { x: box.x + box.width / 2, y: box.y + box.height / 2 },
    ])
    return new Map([...services, ...capsules] as [string, { x: number; y: number }][])
  }

  /** Calls between what is drawn: those of a folded service go to its capsule. */
  private links(): Layout['edges'] {
    const holder = (name: string): string =>
      this.plan!.capsules.find(({ members }) => members.includes(name))?.domain ?? name
    return this.edges.map(({ name, from, to }) => ({ name, from: holder(from), to: holder(to) }))
  }
}

function put(
  button: HTMLElement,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
): void {
  const { style } = button
  style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`
  style.width = `${width.toFixed(1)}px`
  style.height = `${height.toFixed(1)}px`
}

function keepOnly(buttons: Map<string, HTMLButtonElement>, names: ReadonlySet<string>): void {
  for (const [name, button] of buttons) {
    if (names.has(name)) continue
    // First: what loses the focus as it goes has the page drawn anew, and this called again.
    buttons.delete(name)
    button.parentElement!.remove()
  }
}

/** The smallest distance of two services, in pixels. */
function tightest({ nodes }: Plan): number {
  const spots = [...nodes.values()].map(({ spot }) => spot)
  let least: number = SIZE.most
  for (const [at, a] of spots.entries()) {
    for (const b of spots.slice(at + 1)) least = Math.min(least, Math.hypot(a.x - b.x, a.y - b.y))
  }
  return least
}
