/** Pointer and keyboard on a topology: choose, point, drag, zoom, and ask for the menu of a service. */
import { distanceTo, type Dot } from '../draw/bezier.ts'
import { WHOLE } from '../draw/fit.ts'
import type { NodePlan } from '../draw/plan.ts'
import { askMenu } from '../picture-edits.ts'
import { choose } from '../selection.ts'
import { dotIn, Drag, DRAGS, listenToNudges, type Hands } from './topology-drag.ts'
import type { Sharing } from './topology-sharing.ts'

/** How near a pointer must be to an edge or a badge to point at it, in pixels. */
const NEAR = 8
/** How long a finger rests on a service before its menu opens, ms. */
const LONG = 500
/** Factor of one turn of the wheel. */
const TURN = 1.15
const MOST_ZOOM = 6

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

/** The edge of the system under a pointer; a bundle is no single edge. */
function edgeAt({ room, buttons: { plan } }: Hands, event: MouseEvent): string | undefined {
  const dot = dotIn(room, event)
  const single = (plan?.edges ?? []).filter(({ edges, name }) => edges[0] === name)
  const near = single.map(({ name, curve }) => ({ name, way: distanceTo(curve, dot) }))
  const [first] = near.filter(({ way }) => way < NEAR).toSorted((a, b) => a.way - b.way)
  return first?.name
}

/** The service under a pointer: its button, or the badge at its upper right. */
function serviceUnder({ room, buttons }: Hands, event: MouseEvent): string | undefined {
  const service = buttons.serviceOf(event.target)
  if (service !== undefined || !isOnPaper(event.target)) return service
  const { x, y } = dotIn(room, event)
  const nodes = [...(buttons.plan?.nodes ?? [])].filter(([, { place }]) => !place.isLoad)
  const isNear = ({ spot }: NodePlan): boolean =>
    Math.hypot(spot.x + spot.radius - 1 - x, spot.y - spot.radius + 1 - y) < NEAR
  return nodes.find(([, node]) => isNear(node))?.[0]
}

function isOnPaper(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('.card, button') === null
}

function listenToPointing(hands: Hands): void {
  const { room, buttons, sharing } = hands
  room.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'touch') return
    const service = serviceUnder(hands, event)
    const isFree = service === undefined && isOnPaper(event.target)
    const edge = isFree ? edgeAt(hands, event) : undefined
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
    const service = serviceUnder(hands, event)
    const domain = buttons.domainOf(target)
    if (service !== undefined) {
      choose(host, { service: buttons.chosen === service ? undefined : service })
    } else if (domain !== undefined) sharing.toggle(domain)
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
  buttons.more.addEventListener('click', ({ currentTarget }) => {
    const { right, bottom } = (currentTarget as Element).getBoundingClientRect()
    if (buttons.chosen !== undefined)
      askMenu(host, { service: buttons.chosen, x: right, y: bottom })
  })
  listenToFinger(buttons.list, ask)
}

/** A finger that rests asks for the menu; not every browser says so by itself. */
function listenToFinger(list: HTMLElement, ask: (target: EventTarget | null) => boolean): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = (): void => clearTimeout(timer)
  list.addEventListener('pointerdown', ({ pointerType, target }) => {
    stop()
    if (pointerType === 'touch') timer = setTimeout(() => ask(target), LONG)
  })
  list.addEventListener('pointermove', (event) => isFar(event) && stop())
  for (const end of ['pointerup', 'pointercancel', 'contextmenu'] as const) {
    list.addEventListener(end, stop)
  }
}

function isFar({ movementX, movementY }: PointerEvent): boolean {
  return Math.hypot(movementX, movementY) > DRAGS
}

/** The wheel zooms with Ctrl, as a pinch does; so do + and - where a service has the focus. The paper can be dragged. */
function listenToZoom(hands: Hands): void {
  const { room, buttons, sharing } = hands
  room.addEventListener('wheel', (event) => turnWheel(hands, event), { passive: false })
  room.addEventListener('dblclick', ({ target }) => {
    if (isOnPaper(target)) sharing.zoomTo(WHOLE)
  })
  room.addEventListener('pointermove', ({ buttons: pressed, target, movementX, movementY }) => {
    if (pressed !== 1 || sharing.zoom.factor === 1 || !isOnPaper(target)) return
    const { factor, x, y } = sharing.zoom
    sharing.zoomTo({ factor, x: x + movementX, y: y + movementY })
  })
  buttons.list.addEventListener('keydown', (event) => {
    const turns = { '+': 2, '=': 2, '-': -2, '0': -Infinity }[event.key]
    const service = buttons.serviceOf(event.target)
    const spot = service === undefined ? undefined : buttons.plan?.nodes.get(service)?.spot
    if (turns === undefined || !spot || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    zoomAt(sharing, spot, turns)
  })
}

function turnWheel({ room, sharing }: Hands, event: WheelEvent): void {
  if (!event.ctrlKey && !event.metaKey) return
  event.preventDefault()
  zoomAt(sharing, dotIn(room, event), -event.deltaY / 60)
}

/** What lies under the point stays there. */
function zoomAt(sharing: Sharing, { x, y }: Dot, turns: number): void {
  const before = sharing.zoom
  const factor = Math.max(1, Math.min(MOST_ZOOM, before.factor * Math.pow(TURN, turns)))
  const ratio = factor / before.factor
  sharing.zoomTo({ factor, x: x - (x - before.x) * ratio, y: y - (y - before.y) * ratio })
}
