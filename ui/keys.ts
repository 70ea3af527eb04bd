/**
 * The one list of what the page can be told to do: the keys, the `?` help and the palette are made of it.
 * Letters go by their place on the keyboard; nothing is heard while somebody types. What an entry does stands in
 * `actions.ts`, under its `act`; the compiler asks for both.
 */
import { recall, remember } from './memory.ts'

/** How a key is pressed. */
export interface Chord {
  /** `KeyboardEvent.code`: the place of a key, whatever the layout prints on it. */
  readonly code?: string
  /** `KeyboardEvent.key`, for signs that every layout has at another place. */
  readonly key?: string
  /** true: only with Shift, false: only without; undefined: either, and Shift makes ten steps of one. */
  readonly shift?: boolean
  /** With Ctrl or ⌘. */
  readonly ctrl?: true
}

/** What can be done, and by which key. */
export interface Key<A extends string = string> extends Chord {
  /** Name of the action. */
  readonly act: A
  /** What it does, for help and palette, without a capital: `next seed`. */
  readonly does: string
  readonly group: Group
  /** As people write it: `Shift+G`; empty: there is no key, only the palette has it. */
  readonly keys: string
}

/** Headings of the help. */
export type Group = 'Time' | 'Comparison' | 'Picture' | 'Page'

/** Everything, one line each: heading, name of the action, what it does, how people write the key, how it is pressed. */
export const KEYS = [
  key('Time', 'play', 'play or pause', 'Space', { code: 'Space' }),
  key('Time', 'back', 'one step back (Shift: ten)', ',', { code: 'Comma' }),
  key('Time', 'forward', 'one step on (Shift: ten)', '.', { code: 'Period' }),
  key('Time', 'back', 'one step back (Shift: ten)', '←', { code: 'ArrowLeft' }),
  key('Time', 'forward', 'one step on (Shift: ten)', '→', { code: 'ArrowRight' }),
  key('Time', 'start', 'to the start', 'Home', { code: 'Home' }),
  key('Time', 'end', 'to the end', 'End', { code: 'End' }),
  key('Time', 'last-event', 'to the event before', 'J', { code: 'KeyJ', shift: false }),
  key('Time', 'next-event', 'to the next event', 'K', { code: 'KeyK', shift: false }),
  key('Time', 'zoom-in', 'come nearer, about the pointer or the cursor', 'W', {
    code: 'KeyW',
    shift: false,
  }),
  key('Time', 'zoom-out', 'go back from it', 'S', { code: 'KeyS', shift: false }),
  key('Time', 'pan-left', 'to an earlier part of what is drawn', 'A', {
    code: 'KeyA',
    shift: false,
  }),
  key('Time', 'pan-right', 'to a later part', 'D', { code: 'KeyD', shift: false }),
  key('Time', 'fit', 'fit the picked stretch; again: the whole run', 'F', {
    code: 'KeyF',
    shift: false,
  }),
  key('Time', 'range-from', 'pick a stretch: it begins at the cursor', '[', {
    code: 'BracketLeft',
    shift: false,
  }),
  key('Time', 'range-until', 'pick a stretch: it ends at the cursor', ']', {
    code: 'BracketRight',
    shift: false,
  }),
  key('Picture', 'find', 'find a service', '/', { key: '/' }),
  key(
    'Picture',
    'focus',
    'focus: all services, the cascade, two calls around the chosen one',
    'G',
    {
      code: 'KeyG',
      shift: false,
    },
  ),
  key('Picture', 'shares', 'requests as shares instead of rates', '%', { key: '%' }),
  key('Comparison', 'toggle', 'switch the pattern that differs, in B', 'B', {
    code: 'KeyB',
    shift: false,
  }),
  key('Comparison', 'swap', 'show the other variant (in Run, or on a phone)', 'X', {
    code: 'KeyX',
    shift: false,
  }),
  key('Comparison', 'difference', 'draw B − A, or A and B', 'Shift+D', {
    code: 'KeyD',
    shift: true,
  }),
  key('Comparison', 'overlay', 'draw what B served over A', 'O', { code: 'KeyO', shift: false }),
  key('Comparison', 'next-seed', 'next seed', 'N', { code: 'KeyN', shift: false }),
  key('Comparison', 'last-seed', 'seed before', 'Shift+N', { code: 'KeyN', shift: true }),
  key('Comparison', 'rerun', 'run again', 'R', { code: 'KeyR', shift: false }),
  key('Comparison', 'request', 'follow one request by its number', 'Shift+R', {
    code: 'KeyR',
    shift: true,
  }),
  key('Picture', 'run', 'arrange: one variant at large', '1', { code: 'Digit1', shift: false }),
  key('Picture', 'compare', 'arrange: A and B side by side', '2', { code: 'Digit2', shift: false }),
  key('Picture', 'pin', 'pin the row with the focus, or choose rows', 'P', {
    code: 'KeyP',
    shift: false,
  }),
  key('Page', 'palette', 'find an action or a scenario', 'Ctrl+K', { code: 'KeyK', ctrl: true }),
  key('Page', 'gallery', 'choose a scenario', 'Shift+G', { code: 'KeyG', shift: true }),
  key('Page', 'story', 'tell the story', 'T', { code: 'KeyT', shift: false }),
  key('Page', 'share', 'share this moment', 'Shift+S', { code: 'KeyS', shift: true }),
  key('Page', 'undo', 'undo', 'Ctrl+Z', { code: 'KeyZ', shift: false, ctrl: true }),
  key('Page', 'redo', 'redo', 'Ctrl+Shift+Z', { code: 'KeyZ', shift: true, ctrl: true }),
  key('Page', 'theme', 'light or dark', '', {}),
  key('Page', 'open', 'open a file', '', {}),
  key('Page', 'export', 'table and export of the view with the focus: CSV, PNG, SVG', '', {}),
  key('Page', 'alerts', 'alerts on or off', '', {}),
  key('Page', 'seeds', 'other seeds at once, or only when asked for', '', {}),
  key('Page', 'letters', 'keys of a single character on or off', '', {}),
  key('Page', 'cancel', 'stop computing, clear the selection, or dismiss what went wrong', 'Esc', {
    code: 'Escape',
  }),
  key('Page', 'help', 'keys and help', '?', { key: '?' }),
]

/** Name of an action. */
export type Act = (typeof KEYS)[number]['act']

/** What every action does. */
export type Actions = Readonly<Record<Act, (steps: number) => unknown>>

function key<A extends string>(
  group: Group,
  act: A,
  does: string,
  keys: string,
  rest: Chord = {},
): Key<A> {
  return { group, act, does, keys, ...rest }
}

/** Where the choice to switch single-letter keys off is kept. */
const LETTERS = 'letters'

/** Whether keys that type a character on their own are heard (WCAG 2.1.4). */
export function hearsLetters(): boolean {
  return recall(LETTERS) !== 'off'
}

/** Switches keys that type a character on their own on or off, for good. */
export function hearLetters(isOn: boolean): void {
  remember(LETTERS, isOn ? 'on' : 'off')
}

/** What of a key press counts. */
export type Press = Pick<
  KeyboardEvent,
  'code' | 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'
>

/** The entry that a key press means, if any. */
export function keyOf(press: Press, letters = true): Key<Act> | undefined {
  const isCtrl = press.ctrlKey || press.metaKey
  if (press.altKey && !isSign(press)) return undefined
  const all: readonly Key<Act>[] = KEYS
  return all.find(
    ({ code, key, shift, ctrl = false }) =>
      (code !== undefined ? code === press.code : key !== undefined && key === press.key) &&
      (shift === undefined || shift === press.shiftKey) &&
      ctrl === isCtrl &&
      (letters || isCtrl || !isCharacter(press)),
  )
}

/** Some layouts type a sign with Alt. */
function isSign({ key }: Press): boolean {
  return key.length === 1 && !/[\p{L}\p{N}]/u.test(key)
}

/** Letters, digits, punctuation and symbols; Space, Escape and the arrows are none. */
function isCharacter({ key, code }: Press): boolean {
  return key.length === 1 && code !== 'Space'
}

/** Hears keys for the page. */
export function listenToKeys(actions: Actions): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented) return
    const found = keyOf(event, hearsLetters())
    if (!found || isTaken(event, found)) return
    event.preventDefault()
    actions[found.act](event.shiftKey && found.shift === undefined ? 10 : 1)
  })
}

/** Whether the focused control, or what lies over the page, wants the key for itself. */
function isTaken({ target, code }: KeyboardEvent, { ctrl, act }: Key): boolean {
  const isInField = isTyping(target)
  if (ctrl) return isInField && (act === 'undo' || act === 'redo')
  if (document.querySelector('dialog[open], :popover-open:not(.hint)')) return true
  if (!(target instanceof Element)) return false
  if (isInField || target.closest('select, input[type=range]')) return true
  return code === 'Space' && target.closest('button, summary, a, input') !== null
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input:not([type=range]):not([type=checkbox]), textarea, [contenteditable]') !==
      null
  )
}
