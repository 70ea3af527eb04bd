/** What the page cannot do without. A browser that lacks some of it is told so, and shows no empty frame. */
import { el } from './dom.ts'

/** Names of what this browser lacks. */
export function missing(): string[] {
  const needs: readonly (readonly [string, boolean])[] = [
    ['web workers', typeof Worker === 'function'],
    ['message channels', typeof MessageChannel === 'function'],
    ['resize observers', typeof ResizeObserver === 'function'],
    ['dialogs', typeof HTMLDialogElement === 'function'],
    ['popovers', 'popover' in HTMLElement.prototype],
    ['structured copies', typeof structuredClone === 'function'],
    ['sorted copies of lists', typeof Array.prototype.toSorted === 'function'],
    ['light-dark colours', CSS.supports('color', 'light-dark(#fff, #000)')],
  ]
  return needs.filter(([, isThere]) => !isThere).map(([name]) => name)
}

/** Says what is missing, in place of the page. */
export function tellUnsupported(lacks: readonly string[]): void {
  const main = document.querySelector('main') ?? document.body
  main.replaceChildren(
    el(
      'section',
      { class: 'panel unsupported', role: 'alert' },
      el('h1', {}, 'This browser is too old for Faultline'),
      el('p', {}, `It has no ${lacks.join(', no ')}.`),
      el('p', {}, 'Firefox 125, Chrome 123, Safari 17.5 and newer ones have all it needs.'),
    ),
  )
}
