/** Handles that are dragged by the pointer or moved by keys. */

/** What a drag does. Distances are pixels from where it began. */
export interface Drag {
  begin?(): void
  move(dx: number, dy: number): void
  /** It is over; not kept when it was broken off by Escape or by the system. */
  end(isKept: boolean): void
}

/** Lets an element be dragged. Nobody else hears the pointer meanwhile, and Escape breaks off. */
export function draggable(element: HTMLElement, drag: Drag): void {
  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    event.stopPropagation()
    event.preventDefault()
    element.focus({ preventScroll: true })
    follow(element, event, drag)
  })
}

function follow(element: HTMLElement, first: PointerEvent, drag: Drag): void {
  const watch = new AbortController()
  const { signal } = watch
  const finish = (isKept: boolean): void => {
    watch.abort()
    element.classList.remove('dragged')
    drag.end(isKept)
  }
  element.setPointerCapture(first.pointerId)
  element.classList.add('dragged')
  drag.begin?.()
  const move = (event: PointerEvent): void =>
    drag.move(event.clientX - first.clientX, event.clientY - first.clientY)
  element.addEventListener('pointermove', move, { signal })
  element.addEventListener('pointerup', () => finish(true), { signal })
  element.addEventListener('pointercancel', () => finish(false), { signal })
  const escape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    event.preventDefault()
    finish(false)
  }
  addEventListener('keydown', escape, { signal, capture: true })
}

/** Arrows, Home and End on a handle, as steps: one, ten with Shift, endlessly many to an end. */
export function onSteps(
  element: HTMLElement,
  axis: 'horizontal' | 'vertical',
  act: (steps: number) => void,
): void {
  const signs: Readonly<Record<string, number>> =
    axis === 'horizontal'
      ? { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }
      : { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity }
  element.addEventListener('keydown', (event) => {
    const sign = signs[event.key]
    if (sign === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    act(event.shiftKey ? sign * 10 : sign)
  })
}

/**
 * Gathers the steps of a frame: whoever goes on from what is drawn would lose a step when two keys come before the next
 * drawing. After an endless step, what is still due waits for the frame that shows where that led.
 */
export function perFrame(act: (steps: number) => void): (steps: number) => void {
  let end: number | undefined
  let due = 0
  let isDue = false
  const plan = (): void => {
    if (!isDue) requestAnimationFrame(take)
    isDue = true
  }
  const take = (): void => {
    const steps = end ?? due
    isDue = false
    if (end === undefined) due = 0
    end = undefined
    if (steps !== 0) act(steps)
    if (due !== 0) plan()
  }
  return (steps) => {
    if (Number.isFinite(steps)) due += steps
    else [end, due] = [steps, 0]
    plan()
  }
}
