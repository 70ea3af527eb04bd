/** Pointer and keyboard on a topology: choose, point, drag, zoom, and ask for the menu of a service. */
import { distanceTo, type Dot } from '../draw/bezier.ts'
import type { Position } from '../draw/graph.ts'
import { isArrow, type Arrow } from '../draw/walk.ts'
import { askMenu, askPlaces } from '../picture-edits.ts'
import { choose } from '../selection.ts'
import type { NodeButtons } from './node-buttons.ts'
import type { Sharing } from './topology-sharing.ts'

/** Pixels that a pointer moves before it drags, and how near it must be to an edge to point at it. */
const DRAGS = 4
const NEAR = 8
/** How long a finger rests on a service before its menu opens, ms. */
const LONG = 500
/** Units of the file that a key moves a service by. */
const NUDGE = 10
/** Factor of one turn of the wheel. */
const TURN = 1.15
const MOST_ZOOM = 6

/** What hands work on. */
export interface Hands {
  readonly host: HTMLElement
  readonly room: HTMLElement
  readonly buttons: NodeButtons
  readonly sharing: Sharing
}

/** Listens; answers how to stop what goes on. */
export function listenToHands(hands: Hands): () => void {
  const drag = new Drag(hands)
  listenToPointing(hands)
  listenToChoosing(hands, drag)
  listenToMenu(hands)
  listenToNudges(hands)
  listenToZoom(hands)
  return () => drag.cancel()
}

function dotIn(room: HTMLElement, { clientX, clientY }: MouseEvent): Dot {
  const { left, top } = room.getBoundingClientRect()
  return { x: clientX - left, y: clientY - top }
}

/** The edge of the system under a pointer; a bundle is no single edge. */
function edgeAt({ room, buttons: { plan } }: Hands, event: MouseEvent): string | undefined {
  const dot = dotIn(room, event)
  const single = (plan?.edges ?? []).filter(({ edges, name }) => edges[0] === name)
  const near = single.map(({ name, curve }) => ({ name, way: distanceTo(curve, dot) }))
  const [first] = near.filter(({ way }) => way < NEAR).toSorted((a, b) => a.way - b.way)
  return first?.name
}

function isOnPaper(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('.card, button') === null
}

function listenToPointing(hands: Hands): void {
  const { room, buttons, sharing } = hands
  room.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'touch') return
    const service = buttons.serviceOf(event.target)
    const edge = isOnPaper(event.target) ? edgeAt(hands, event) : undefined
    room.classList.toggle('on-edge', edge !== undefined)
    sharing.point({ service, edge })
  })
  room.addEventListener('pointerleave', () => sharing.point({}))
  buttons.list.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element && target.matches(':focus-visible')) {
      sharing.point({ service: buttons.serviceOf(target) })
    }
  })
  buttons.list.addEventListener('focusout', () => sharing.point({}))
}

function listenToChoosing(hands: Hands, drag: Drag): void {
  const { host, room, buttons, sharing } = hands
  room.addEventListener('click', (event) => {
    if (drag.hasJustMoved()) return
    const { target } = event
    const service = buttons.serviceOf(target)
    const domain = buttons.domainOf(target)
    const isChosen = target instanceof Element && target.closest('[aria-pressed=true]') !== null
    if (service !== undefined) choose(host, { service: isChosen ? undefined : service })
    else if (domain !== undefined) sharing.toggle(domain)
    else if (isOnPaper(target)) choose(host, { edge: edgeAt(hands, event) })
  })
}

function listenToMenu({ host, buttons }: Hands): void {
  const ask = (target: EventTarget | null): boolean => {
    const service = buttons.serviceOf(target)
    if (service === undefined || !(target instanceof Element)) return false
    const { right, top, height } = target.getBoundingClientRect()
    askMenu(host, { service, x: right, y: top + height / 2 })
    return true
  }
  buttons.list.addEventListener('contextmenu', (event) => {
    if (ask(event.target)) event.preventDefault()
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = (): void => clearTimeout(timer)
  buttons.list.addEventListener('pointerdown', ({ pointerType, target }) => {
    stop()
    if (pointerType === 'touch') timer = setTimeout(() => ask(target), LONG)
  })
  for (const end of ['pointerup', 'pointercancel', 'pointermove', 'contextmenu'] as const) {
    buttons.list.addEventListener(end, (event) => {
      if (end !== 'pointermove' || !event.isPrimary || isFar(event)) stop()
    })
  }
}

function isFar(event: Event): boolean {
  const { movementX, movementY } = event as PointerEvent
  return Math.hypot(movementX, movementY) > DRAGS
}

const STEPS: Readonly<Record<Arrow, readonly [number, number]>> = {
  ArrowLeft: [-NUDGE, 0],
  ArrowRight: [NUDGE, 0],
  ArrowUp: [0, -NUDGE],
  ArrowDown: [0, NUDGE],
}

/** With Alt, arrow keys move the service that has the focus. */
function listenToNudges({ host, buttons, sharing }: Hands): void {
  buttons.list.addEventListener('keydown', (event) => {
    const service = buttons.serviceOf(event.target)
    if (!event.altKey || !isArrow(event.key) || service === undefined || !buttons.plan) return
    event.preventDefault()
    const { x, y } = buttons.plan.nodes.get(service)!.place
    const [right, down] = STEPS[event.key]
    const at: Position = [Math.round(x + right), Math.round(y + down)]
    const places = new Map<string, Position>([...computedPlaces(buttons), [service, at]])
    write(host, sharing, places, `move ${service}`)
  })
}

/** Moves services at once; once the file has their positions, those count. */
function write(
  host: HTMLElement,
  sharing: Sharing,
  places: ReadonlyMap<string, Position>,
  label: string,
): void {
  for (const [name, at] of places) sharing.moves.set(name, at)
  sharing.tell()
  askPlaces(host, label, places, (isWritten) => {
    if (isWritten) sharing.settle()
    else for (const name of places.keys()) sharing.moves.delete(name)
    sharing.tell()
  })
}

/** Drags a service, in both pictures at once. Where positions were computed, all of them go into the file with it. */
class Drag {
  private readonly hands: Hands
  private held: { name: string; from: Dot; offset: Dot; pointer: number } | undefined
  private hasMoved = false

  constructor(hands: Hands) {
    this.hands = hands
    const { list } = hands.buttons
    list.addEventListener('pointerdown', (event) => this.take(event))
    list.addEventListener('pointermove', (event) => this.move(event))
    list.addEventListener('pointerup', () => this.drop())
    list.addEventListener('pointercancel', () => this.cancel())
  }

  /** Whether the click that comes now ends a drag. */
  hasJustMoved(): boolean {
    const { hasMoved } = this
    this.hasMoved = false
    return hasMoved
  }

  cancel(): void {
    if (this.held && this.hasMoved) this.hands.sharing.moves.delete(this.held.name)
    this.held = undefined
  }

  private take(event: PointerEvent): void {
    const { buttons, room } = this.hands
    const name = buttons.serviceOf(event.target)
    const spot = name === undefined ? undefined : buttons.plan?.nodes.get(name)?.spot
    this.hasMoved = false
    if (name === undefined || !spot || event.button !== 0 || event.pointerType === 'touch') return
    const from = dotIn(room, event)
    const offset = { x: spot.x - from.x, y: spot.y - from.y }
    this.held = { name, from, offset, pointer: event.pointerId }
  }

  private move(event: PointerEvent): void {
    const { held, hands } = this
    const { room, buttons, sharing } = hands
    if (!held || !buttons.plan) return
    const { x, y } = dotIn(room, event)
    if (!this.hasMoved && Math.hypot(x - held.from.x, y - held.from.y) < DRAGS) return
    if (!this.hasMoved) (event.target as Element).setPointerCapture(held.pointer)
    this.hasMoved = true
    const inRoom = {
      x: Math.max(8, Math.min(room.clientWidth - 8, x + held.offset.x)),
      y: Math.max(8, Math.min(room.clientHeight - 8, y + held.offset.y)),
    }
    sharing.moves.set(held.name, buttons.plan.fit.placeOf(inRoom))
    sharing.tell()
  }

  private drop(): void {
    const { held, hasMoved } = this
    const { host, sharing, buttons } = this.hands
    this.held = undefined
    const at = held && sharing.moves.get(held.name)
    if (!held || !hasMoved || !at) return
    const places = new Map<string, Position>([...computedPlaces(buttons), [held.name, at]])
    write(host, sharing, places, `move ${held.name} to ${at.join(', ')}`)
  }
}

/** Positions that the file does not have yet. */
function computedPlaces({ unplaced }: NodeButtons): readonly (readonly [string, Position])[] {
  return unplaced.map(({ name, x, y }) => [name, [Math.round(x), Math.round(y)]] as const)
}

/** The wheel zooms with Ctrl, as a pinch does; the paper can be dragged when there is more than is seen. */
function listenToZoom({ room, sharing }: Hands): void {
  room.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      const { x, y } = dotIn(room, event)
      const before = sharing.zoom
      const turned = before.factor * Math.pow(TURN, -event.deltaY / 60)
      const factor = Math.max(1, Math.min(MOST_ZOOM, turned))
      const ratio = factor / before.factor
      sharing.zoomTo({ factor, x: x - (x - before.x) * ratio, y: y - (y - before.y) * ratio })
    },
    { passive: false },
  )
  room.addEventListener('dblclick', ({ target }) => {
    if (isOnPaper(target)) sharing.zoomTo({ factor: 1, x: 0, y: 0 })
  })
  room.addEventListener('pointermove', ({ buttons, target, movementX, movementY }) => {
    if (buttons !== 1 || sharing.zoom.factor === 1 || !isOnPaper(target)) return
    const { factor, x, y } = sharing.zoom
    sharing.zoomTo({ factor, x: x + movementX, y: y + movementY })
  })
}
