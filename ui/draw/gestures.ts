/**
 * What the pointer does over the stack. Mouse: the ruler and the cursor scrub, a drag over the plots picks a stretch, a
 * click goes to a moment, the wheel zooms. Touch: a drag scrubs, a long press picks a stretch, two fingers zoom.
 */

/** What is told. `x` is in pixels from the left end of the time axis, `y` from the top of the window. */
export interface Gestures {
  /** Goes to a moment. */
  seek(x: number): void
  /** Somebody clicked, and did not drag. */
  click(x: number, y: number): void
  /** A stretch is being picked. */
  brush(from: number, to: number): void
  /** Comes nearer by a factor, about a place that stays. */
  zoom(factor: number, x: number): void
  /** Moves the drawn part by so many pixels; answers whether it could. */
  pan(by: number): boolean
  /** Where the pointer is; undefined: gone. */
  point(at: { readonly x: number; readonly y: number } | undefined): void
}

/** Height of the ruler, which scrubs, in pixels. */
export const RULER = 26
/** A pointer that moves less than this has clicked. */
const SLACK = 4
/** Longest touch that is a tap, in ms. */
const LONG_PRESS = 450
/** How much one step of the wheel zooms. */
const WHEEL = 0.0022
const PINCH = 0.011
const DOUBLE = 2.5

/** What has the pointer for itself. */
const OWN = 'button, a, select, input, [role=separator], [role=slider]:not(#cursor)'

/** A pointer that is down. */
interface Press {
  readonly id: number
  readonly x: number
  readonly y: number
  /** What it does when it turns out to be a drag: the cursor and a finger take the cursor along. */
  readonly wants: 'scrub' | 'brush'
  /** Undefined: not known yet whether it is a click. */
  does: 'scrub' | 'brush' | undefined
  timer: ReturnType<typeof setTimeout> | undefined
}

/** Listens on the stack; `room` is the part of it that lies over the plots. */
export function listenToPointer(stack: HTMLElement, room: HTMLElement, act: Gestures): void {
  let press: Press | undefined
  const place = ({ clientX, clientY }: MouseEvent): { x: number; y: number; top: number } => {
    const { left, top } = room.getBoundingClientRect()
    return { x: clientX - left, y: clientY, top }
  }
  const drop = (): void => {
    clearTimeout(press?.timer)
    press = undefined
  }
  const pinch = listenToPinch(stack, place, act, drop)
  stack.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || isOwn(event) || isBeside(event, room) || pinch.isOn()) return
    const { x, y, top } = place(event)
    const isScrub = y - top < RULER
    const isTouch = event.pointerType === 'touch'
    const wants = isTouch || isOnCursor(event) ? 'scrub' : 'brush'
    const does = isScrub ? 'scrub' : undefined
    press = { id: event.pointerId, x, y, wants, does, timer: undefined }
    if (isScrub) act.seek(x)
    else if (isTouch) press.timer = setTimeout(() => press && startBrush(press, act), LONG_PRESS)
  })
  stack.addEventListener('pointermove', (event) => {
    const at = place(event)
    if (!press) return act.point(isBeside(event, room) || isOwn(event) ? undefined : at)
    if (event.pointerId !== press.id) return
    decide(press, at.x, stack)
    if (press.does === 'scrub') act.seek(at.x)
    if (press.does === 'brush') {
      act.brush(press.x, at.x)
      act.point(at)
    }
  })
  stack.addEventListener('pointerup', (event) => {
    if (press?.id !== event.pointerId) return
    const { x, y, does } = press
    drop()
    if (does === undefined) act.click(x, y)
    else if (event.pointerType === 'touch') act.point(undefined)
  })
  stack.addEventListener('pointercancel', drop)
  stack.addEventListener(
    'contextmenu',
    (event) => press?.does === 'brush' && event.preventDefault(),
  )
  // Else the row under the pointer would take the focus, and a drag would mark its words.
  stack.addEventListener('mousedown', (event) => {
    if (isOwn(event) || isBeside(event, room)) return
    event.preventDefault()
    room.querySelector<HTMLElement>('#cursor')?.focus({ preventScroll: true })
  })
  stack.addEventListener('pointerleave', (event) => {
    if (event.pointerType !== 'touch') act.point(undefined)
  })
  listenToZoom(stack, room, place, act)
}

/** A long press picks the bucket under the finger, and what it is drawn over from there. */
function startBrush(press: Press, act: Gestures): void {
  if (press.does !== undefined) return
  press.does = 'brush'
  act.brush(press.x, press.x)
}

/** A press that has moved far enough is a drag: the pointer is ours from then on. */
function decide(press: Press, x: number, stack: HTMLElement): void {
  const isFar = Math.abs(x - press.x) > SLACK
  if (press.does === undefined && isFar) press.does = press.wants
  if (press.does === undefined) return
  clearTimeout(press.timer)
  if (!stack.hasPointerCapture(press.id)) stack.setPointerCapture(press.id)
}

function isOwn({ target }: Event): boolean {
  return target instanceof Element && target.closest(OWN) !== null
}

function isOnCursor({ target }: Event): boolean {
  return target instanceof Element && target.closest('.cursor') !== null
}

function isBeside({ clientX }: MouseEvent, room: HTMLElement): boolean {
  const { left, right } = room.getBoundingClientRect()
  return clientX < left || clientX > right
}

type Place = (event: MouseEvent) => { x: number; y: number }

/** The wheel zooms where the page itself does not scroll; with Ctrl (and pinching on a touchpad) it always does. */
function listenToZoom(stack: HTMLElement, room: HTMLElement, place: Place, act: Gestures): void {
  stack.addEventListener(
    'wheel',
    (event) => {
      if (isBeside(event, room)) return
      const { x } = place(event)
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
      const by = event.deltaX || event.deltaY
      if (isSideways && !event.ctrlKey) {
        if (act.pan(by)) event.preventDefault()
        return
      }
      if (!event.ctrlKey && scrolls(stack)) return
      event.preventDefault()
      act.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? PINCH : WHEEL)), x)
    },
    { passive: false },
  )
  stack.addEventListener('dblclick', (event) => {
    if (isOwn(event) || isBeside(event, room)) return
    act.zoom(event.shiftKey ? 1 / DOUBLE : DOUBLE, place(event).x)
  })
}

/** Whether the wheel has something else to do here: the page, or what the stack lies in, is higher than its window. */
function scrolls(stack: HTMLElement): boolean {
  for (let box: HTMLElement | null = stack; box; box = box.parentElement) {
    if (box.scrollHeight <= box.clientHeight + 1) continue
    const { overflowY } = getComputedStyle(box)
    const isRoot = box === document.documentElement
    if (overflowY === 'auto' || overflowY === 'scroll' || (isRoot && overflowY !== 'hidden'))
      return true
  }
  return false
}

/** Two fingers; the first one stops whatever it did. */
function listenToPinch(stack: HTMLElement, place: Place, act: Gestures, drop: () => void) {
  const fingers = new Map<number, number>()
  const spread = (): number => {
    const [one = 0, other = 0] = [...fingers.values()]
    return Math.max(20, Math.abs(one - other))
  }
  stack.addEventListener(
    'pointerdown',
    (event) => {
      if (event.pointerType !== 'touch') return
      fingers.set(event.pointerId, place(event).x)
      if (fingers.size > 1) drop()
    },
    { capture: true },
  )
  stack.addEventListener('pointermove', (event) => {
    if (fingers.size !== 2 || !fingers.has(event.pointerId)) return
    const before = spread()
    fingers.set(event.pointerId, place(event).x)
    const [one = 0, other = 0] = [...fingers.values()]
    act.zoom(spread() / before, (one + other) / 2)
  })
  const lift = (event: PointerEvent): void => void fingers.delete(event.pointerId)
  for (const name of ['pointerup', 'pointercancel'] as const) addEventListener(name, lift)
  return { isOn: () => fingers.size > 1 }
}
