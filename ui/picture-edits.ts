/** What pictures of the system ask for that changes the scenario: positions of services, and the menu of a service. */
import type { Position } from './draw/graph.ts'
import type { MenuAsked } from './panels/node-menu.ts'
import type { Desk } from './panels/panel.ts'

/** Positions to be written into the file. */
interface PlacesAsked {
  /** What the step is called in undo; steps in a row with one name are one. */
  readonly label: string
  readonly places: ReadonlyMap<string, Position>
  /** Told whether the file has them now. */
  done(isWritten: boolean): void
}

/** Asks for positions to be written into the file; the page listens. */
export function askPlaces(
  host: Element,
  label: string,
  places: ReadonlyMap<string, Position>,
  done: (isWritten: boolean) => void = () => {},
): void {
  const detail: PlacesAsked = { label, places, done }
  host.dispatchEvent(new CustomEvent('places', { bubbles: true, detail }))
}

/** Asks for the menu of a service. */
export function askMenu(host: Element, detail: MenuAsked): void {
  host.dispatchEvent(new CustomEvent('node-menu', { bubbles: true, detail }))
}

/** What pictures of the system can be told from outside: to find a service, to change the focus. */
export type TopologyOrder = 'find' | 'focus'

/** Tells the picture that is seen first. */
export function askTopology(order: TopologyOrder): void {
  document.dispatchEvent(new CustomEvent('topology', { cancelable: true, detail: order }))
}

/** Hears what pictures are told, for as long as the panel is seen and no other has taken it. */
export function hearTopology(host: HTMLElement, obey: (order: TopologyOrder) => void): () => void {
  const hear = (event: Event): void => {
    if (event.defaultPrevented || host.offsetParent === null) return
    event.preventDefault()
    obey((event as CustomEvent<TopologyOrder>).detail)
  }
  document.addEventListener('topology', hear)
  return () => document.removeEventListener('topology', hear)
}

/** Does what pictures ask for. The menu is fetched when it is first wanted. */
export function listenToPictures(desk: Desk, now: () => number): void {
  document.addEventListener('places', (event) => {
    const { label, places, done } = (event as CustomEvent<PlacesAsked>).detail
    void (async () => done(await writePlaces(desk, label, places)))()
  })
  document.addEventListener('node-menu', (event) => {
    const { detail } = event as CustomEvent<MenuAsked>
    void openMenu(desk, detail, now())
  })
}

async function openMenu(desk: Desk, asked: MenuAsked, time: number): Promise<void> {
  const { openNodeMenu } = await import('./panels/node-menu.ts')
  openNodeMenu(desk, asked, time)
}

/** Writes positions into the text of the file, as one step that can be undone. */
async function writePlaces(
  { store, conductor }: Desk,
  label: string,
  places: ReadonlyMap<string, Position>,
): Promise<boolean> {
  const { withPlaces } = await import('../engine/scenario/edit.ts')
  const { text } = store.get().document
  const changed = withPlaces(text, places)
  if (changed === undefined) return false
  return conductor.amend(label, changed, () => {})
}
