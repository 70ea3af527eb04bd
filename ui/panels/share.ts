/** Sharing: a link to this very moment, and what becomes of it where it is opened. */
import { ENGINE_VERSION } from '../../engine/version.ts'
import { packedOf } from '../address.ts'
import { el, setText } from '../dom.ts'
import { reproduction } from '../facts/reproduction.ts'
import { count } from '../format.ts'
import { notify } from '../notices.ts'
import type { Document, State } from '../state.ts'
import type { Store } from '../store.ts'
import { writeLink, writeProof, type Link } from '../url.ts'
import { openDialog } from './dialog.ts'
import type { Show } from './panel.ts'

/** Characters above which programs that pass links on are known to cut them. */
const LONG = 30_000

/** How long a button says what has been done, ms. */
const SAID = 2000

/** The link to what is on the screen: with the digests of both runs, when they are complete. */
export async function linkOf(state: State, time: number, base: string): Promise<string> {
  const packed = await packedOf(state.document)
  const fragment = writeLink({ ...state, view: { ...state.view, time } }, packed)
  const { A, B } = state.progress
  const isDone = A.phase === 'done' && B.phase === 'done' && A.digest && B.digest
  const proof = isDone ? writeProof({ A: A.digest, B: B.digest }, ENGINE_VERSION) : ''
  return `${base}#${fragment}${proof === '' ? '' : `&${proof}`}`
}

/** Hands the link on: by the means of a phone, else to the clipboard, else to be copied by hand. */
export async function share(
  store: Store<State>,
  time: number,
  button: HTMLElement | null,
): Promise<void> {
  const link = await linkOf(store.get(), time, location.href.replace(/#.*$/, ''))
  const title = document.querySelector('h1')?.textContent ?? document.title
  if (await byPhone(title, link)) return
  const isCopied = await copied(link)
  if (isCopied) say(button, 'Link copied')
  if (!isCopied) offer(link)
  warn(link)
}

/** Where there is a thumb there is a sheet for sharing. Answers whether it was used, or put away. */
async function byPhone(text: string, url: string): Promise<boolean> {
  if (!('share' in navigator) || !matchMedia('(pointer: coarse)').matches) return false
  try {
    await navigator.share({ title: 'Faultline', text, url })
    return true
  } catch (error) {
    return error instanceof DOMException && error.name === 'AbortError'
  }
}

async function copied(link: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(link)
    return true
  } catch {
    return false
  }
}

/** Says it on the button; where that has no room for words, in a note. */
function say(button: HTMLElement | null, text: string): void {
  if (!button?.offsetParent) {
    return notify({
      id: 'share',
      tone: 'plain',
      title: text,
      text: 'It leads to this very moment.',
    })
  }
  const before = button.dataset['text'] ?? button.textContent
  button.dataset['text'] = before
  setText(button, text)
  setTimeout(() => setText(button, before), SAID)
}

/** The link in a field, all of it selected. */
function offer(link: string): void {
  const field = el('input', {
    type: 'text',
    class: 'share-link',
    readonly: true,
    'aria-label': 'Link',
  })
  field.value = link
  openDialog('Share this moment', [
    el('p', {}, 'The browser does not let this page copy. Copy the link from here:'),
    field,
  ])
  field.focus()
  field.select()
}

function warn(link: string): void {
  if (link.length <= LONG) return
  const text =
    `It has ${count(link.length)} characters, because the whole file is in it. ` +
    'Some programs cut links that long: send the file as well.'
  notify({ id: 'share', tone: 'plain', title: 'This is a long link', text })
}

/**
 * Shows, once both runs are done, whether a link that was opened shows what its sender saw.
 * @param isOpen whether what the link asks for is on the screen: a file in a link takes a while
 */
export function reproductionChip(
  link: Link,
  isOpen: () => boolean,
): { element: HTMLElement; show: Show } {
  const element = el('span', { class: 'reproduced', role: 'status' })
  let opened: Document | undefined
  let compared: Document | undefined
  const show: Show = ({ document, progress: { A, B }, trouble }) => {
    const { hash, version } = link
    if (hash === undefined || trouble || !isOpen()) return
    opened ??= document
    if (document !== opened) return setText(element, '')
    if (compared === document || A.phase !== 'done' || B.phase !== 'done') return
    if (!A.digest || !B.digest) return
    compared = document
    const found = reproduction({ hash, version }, { A: A.digest, B: B.digest }, ENGINE_VERSION)
    if (found.isExact) return setText(element, `✓ ${found.words}`)
    const title = 'This link shows something else here'
    notify({ id: 'link', tone: 'bad', title, text: found.words })
  }
  return { element, show }
}
