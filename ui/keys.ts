/** Keys for the whole page. Letters go by their place on the keyboard; nothing is heard while somebody types. */

/** What a key does, for the help. */
export interface Key {
  readonly keys: string
  readonly does: string
  /** `KeyboardEvent.code`. */
  readonly code: string
  readonly act: Act
}

/** What the page can be told by a key. */
export type Act =
  | 'play'
  | 'back'
  | 'forward'
  | 'start'
  | 'end'
  | 'toggle'
  | 'swap'
  | 'next-seed'
  | 'cancel'
  | 'help'

/** All keys. `Shift` makes ten steps of one. */
export const KEYS: readonly Key[] = [
  { keys: 'Space', does: 'play or pause', code: 'Space', act: 'play' },
  { keys: ',', does: 'one step back', code: 'Comma', act: 'back' },
  { keys: '.', does: 'one step on', code: 'Period', act: 'forward' },
  { keys: '←', does: 'one step back (Shift: ten)', code: 'ArrowLeft', act: 'back' },
  { keys: '→', does: 'one step on (Shift: ten)', code: 'ArrowRight', act: 'forward' },
  { keys: 'Home', does: 'to the start', code: 'Home', act: 'start' },
  { keys: 'End', does: 'to the end', code: 'End', act: 'end' },
  { keys: 'B', does: 'switch the pattern that differs, in B', code: 'KeyB', act: 'toggle' },
  { keys: 'X', does: 'show the other variant (on a phone)', code: 'KeyX', act: 'swap' },
  { keys: 'N', does: 'next seed', code: 'KeyN', act: 'next-seed' },
  { keys: 'Esc', does: 'stop computing', code: 'Escape', act: 'cancel' },
  { keys: '?', does: 'this help', code: 'Slash', act: 'help' },
]

/** Hears keys for the page; `act` is told what is wanted, and by how many steps. */
export function listenToKeys(act: (what: Act, steps: number) => void): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    if (isTaken(event)) return
    const key = KEYS.find(({ code }) => code === event.code)
    if (!key || (key.act === 'help' && !event.shiftKey)) return
    event.preventDefault()
    act(key.act, event.shiftKey ? 10 : 1)
  })
}

/** Undo and redo, wherever the focus is, but for text fields, which have their own. */
export function listenToUndo(undo: () => void, redo: () => void): void {
  addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.code !== 'KeyZ' || isTyping(event.target)) return
    event.preventDefault()
    if (event.shiftKey) redo()
    else undo()
  })
}

/** Whether the focused control wants the key for itself. */
function isTaken({ target, code }: KeyboardEvent): boolean {
  if (document.querySelector('dialog[open]')) return true
  if (!(target instanceof Element)) return false
  if (isTyping(target) || target.closest('select, input[type=range]')) return true
  return code === 'Space' && target.closest('button, summary, a, input') !== null
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input:not([type=range]):not([type=checkbox]), textarea') !== null
  )
}
