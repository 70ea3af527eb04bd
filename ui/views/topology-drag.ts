/** Moves services: with the pointer, or with Alt and the arrow keys. Both pictures follow, and the file is told. */
import type { Dot } from '../draw/bezier.ts'
import type { Position } from '../draw/graph.ts'
import { isArrow, type Arrow } from '../draw/walk.ts'
import { askPlaces } from '../picture-edits.ts'
import type { NodeButtons } from './node-buttons.ts'
import type { Sharing } from './topology-sharing.ts'

/** Pixels that a pointer moves before it drags. */
export const DRAGS = 4
/** Units of the file that a key moves a service by. */
const NUDGE = 10
/** Pixels from the edge of the picture that a service is kept away. */
const MARGIN = 8

/** What hands work on. */
export interface Hands {
  readonly host: HTMLElement
  readonly room: HTMLElement
  readonly buttons: NodeButtons
  readonly sharing: Sharing
}

/** Where a pointer is in the picture, in pixels. */
export function dotIn(room: HTMLElement, { clientX, clientY }: MouseEvent): Dot {
  const { left, top } = room.getBoundingClientRect()
  return { x: clientX - left, y: clientY - top }
}

const STEPS: Readonly<Record<Arrow, readonly [number, number]>> = {
  ArrowLeft: [-NUDGE, 0],
  ArrowRight: [NUDGE, 0],
  ArrowUp: [0, -NUDGE],
  ArrowDown: [0, NUDGE],
}

/** With Alt, arrow keys move the service that has the focus. */
export function listenToNudges({ host, buttons, sharing }: Hands): void {
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
export class Drag {
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
      x: within(x + held.offset.x, room.clientWidth),
      y: within(y + held.offset.y, room.clientHeight),
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

function within(pixel: number, size: number): number {
  return Math.max(MARGIN, Math.min(size - MARGIN, pixel))
}
