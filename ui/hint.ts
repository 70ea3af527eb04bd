/**
 * Explanations of terms: an element with `data-hint` shows its words on hover, on focus and on a tap, in one small box
 * that Escape puts away (WCAG 1.4.13). The box is a popover: it lies over everything, so no panel cuts it off.
 */
import { el, setAll, setText } from './dom.ts'
import { meaningOf } from './facts/glossary.ts'

const BOX = 'hint'
/** Pixels between the box and what it is about, and the edge of the window. */
const GAP = 6

/** What the keyboard comes to by itself. */
const FOCUSABLE = 'button, a, input, select'

/** Makes an element explain a term of the glossary, or itself in given words; it can then have the focus. */
export function explain<E extends HTMLElement>(
  element: E,
  words = meaningOf(element.textContent),
): E {
  if (words === undefined) return element
  setAll(element, { 'data-hint': words })
  const isReached = element.matches(FOCUSABLE) || element.querySelector(FOCUSABLE) !== null
  if (!isReached) setAll(element, { tabindex: 0 })
  return element
}

/** Shows the words of whatever the pointer or the focus comes to. */
export function listenForHints(): void {
  const box = el('div', { id: BOX, class: 'hint', role: 'tooltip', popover: 'manual' })
  document.body.append(box)
  let about: HTMLElement | undefined
  const show = (target: EventTarget | null): void => {
    const found = target instanceof Element ? target.closest<HTMLElement>('[data-hint]') : null
    if (found === about || (target instanceof Element && target.closest(`#${BOX}`))) return
    about?.removeAttribute('aria-describedby')
    about = found ?? undefined
    box.togglePopover(about !== undefined)
    if (about) place(box, about)
  }
  addEventListener('pointerover', (event) => show(event.target))
  addEventListener('focusin', (event) => show(event.target))
  addEventListener('focusout', () => show(null))
  addEventListener('scroll', () => show(null), { capture: true, passive: true })
  addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !about) return
    show(null)
    event.preventDefault()
  })
}

function place(box: HTMLElement, about: HTMLElement): void {
  setText(box, about.dataset['hint'] ?? '')
  setAll(about, { 'aria-describedby': BOX })
  const { left, right, top, bottom } = about.getBoundingClientRect()
  const { width, height } = box.getBoundingClientRect()
  const x = Math.max(GAP, Math.min(innerWidth - width - GAP, (left + right - width) / 2))
  const isBelow = bottom + GAP + height < innerHeight
  box.style.left = `${x}px`
  box.style.top = `${isBelow ? bottom + GAP : top - GAP - height}px`
}
