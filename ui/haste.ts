/** Whoever drags, scrolls or types comes first: what runs in the background stands still meanwhile. */
import type { Pauser } from '../workers/pauser.ts'

/** So long after the last move the background goes on, ms. */
const QUIET = 400
/** What a hand does that the page has to follow at once. */
const HASTE = ['pointerdown', 'keydown', 'wheel'] as const

/** Holds background runs while somebody is at work on the page, in any of these ways or by a drag. */
export function yieldToHands(background: Pauser, target: EventTarget = document): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const hold = (): void => {
    background.pause('hands')
    clearTimeout(timer)
    timer = setTimeout(() => background.resume('hands'), QUIET)
  }
  for (const name of HASTE) target.addEventListener(name, hold, { capture: true, passive: true })
  const drag = (event: Event): void => {
    if ((event as PointerEvent).buttons > 0) hold()
  }
  target.addEventListener('pointermove', drag, { capture: true, passive: true })
}
