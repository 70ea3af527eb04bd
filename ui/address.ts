/** Keeps the address in step with the state, and the state with an address that somebody typed. */
import { castDraft } from 'immer'
import type { Conductor } from './conductor.ts'
import { withPart } from './lazy.ts'
import { entryNamed, HOME, library, loadLibrary } from './library.ts'
import { notify } from './notices.ts'
import { isPacked, packText, PackError, unpackText } from './pack.ts'
import { unchanged, type Document, type State, type View } from './state.ts'
import type { Store } from './store.ts'
import { LONGEST, readLink, writeLink, type Link } from './url.ts'

/** Browsers count how often an address is replaced; this is rare enough, ms. */
const PAUSE = 300

/** Longest address that is kept while somebody works; a longer one makes browsers slow. */
const LONGEST_KEPT = 500_000

/** Fetches the library when a link asks for anything of it beyond the home scenario. */
export async function libraryFor({ scenario }: Link): Promise<void> {
  if (scenario === undefined || isPacked(scenario) || entryNamed(scenario)) return
  await withPart(loadLibrary, () => {})
}

/** The document that a link asks for: the home scenario when it asks for none that is known, or for a packed file. */
export function documentOf(link: Link): Document {
  const entry = entryNamed(link.scenario) ?? entryNamed(HOME) ?? library[0]
  const document = entry ? unchanged(entry.name, entry.text) : unchanged('empty', '')
  const isIt = link.scenario === undefined || link.scenario === entry?.name
  if (!isIt) return document
  return { ...document, ...changesOf(link) }
}

function changesOf({ seed, set, switches }: Link): Pick<Document, 'seed' | 'set' | 'switches'> {
  return { seed, set, switches }
}

/** What of the view a link says. */
export function viewOf(link: Link): Partial<View> {
  const { time, range, span, service, edge, request, isDifference, side, mode = 'compare' } = link
  return { time, range, span, service, edge, request, isDifference, side, mode }
}

/** The file of a document as a link has it; undefined: the library has it. */
export async function packedOf({ name, text }: Document): Promise<string | undefined> {
  if (entryNamed(name)?.text === text) return undefined
  const before = lastPacked.get(text)
  if (before !== undefined) return before
  const packed = await packText(text)
  lastPacked.clear()
  lastPacked.set(text, packed)
  return packed
}

/** The last text that was packed: it is asked for again and again. */
const lastPacked = new Map<string, string>()

/** Opens what a link asks for beyond `documentOf`: the file that travels in it. Says so when that is not possible. */
export async function openPacked(
  link: Link,
  store: Store<State>,
  conductor: Conductor,
): Promise<boolean> {
  const name = link.name ?? 'shared'
  try {
    const text = await unpackText(link.scenario!)
    if (!(await conductor.open(name, text, `${name}.yaml`, changesOf(link)))) return false
    store.update((draft) => void Object.assign(draft.view, viewOf(link)))
    return true
  } catch (error) {
    const why = error instanceof PackError ? error.message : String(error)
    const text = `${why} Ask for the link again, or for the file.`
    notify({ id: 'link', tone: 'bad', title: 'The file in this link could not be opened', text })
    return false
  }
}

/** Says that a link is too long to be read, or names a scenario that is not here. */
export function tellStrange({ scenario }: Link): void {
  const { length } = location.hash
  if (length > LONGEST) {
    const title = `This link is too long to be opened: ${length} characters, limit ${LONGEST}`
    const text = 'Ask for the file itself. This is the scenario that the page opens with.'
    notify({ id: 'link', tone: 'bad', title, text })
  }
  if (scenario === undefined || isPacked(scenario) || entryNamed(scenario)) return
  const title = `There is no scenario called “${scenario.slice(0, 60)}”`
  notify({ id: 'link', tone: 'bad', title, text: 'This is the one that the page opens with.' })
}

/**
 * Writes the address after changes, and reads it when it is changed from outside.
 * @param begunWith its fragment when the page began to load; another one has come in the meantime
 */
export function keepAddress(store: Store<State>, conductor: Conductor, begunWith: string): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let place = placeOf(store.get())
  let known = begunWith
  const write = async (): Promise<void> => {
    const { document } = store.get()
    const packed = await packedOf(document)
    timer = undefined
    const state = store.get()
    if (state.document.text !== document.text) return wait()
    // Somebody has just changed it: that will be told at once, and must not be written over.
    if (location.hash !== known) return
    const isShort = (packed?.length ?? 0) <= LONGEST_KEPT
    const fragment = `#${writeLink(state, isShort ? packed : undefined)}`
    const isElsewhere = placeOf(state) !== place
    place = placeOf(state)
    if (fragment === location.hash) return
    if (isElsewhere) history.pushState(null, '', fragment)
    else history.replaceState(history.state, '', fragment)
    known = location.hash
  }
  const wait = (): void => {
    timer ??= setTimeout(() => void write(), PAUSE)
  }
  store.watch(wait)
  const heed = (): void => {
    known = location.hash
    void follow(readLink(known), store, conductor, () => (place = placeOf(store.get())))
  }
  addEventListener('hashchange', heed)
  if (location.hash !== begunWith) heed()
}

/** What somebody goes to and comes back from: a scenario, an arrangement, a request. */
function placeOf({ document: { name, text }, view: { mode, request } }: State): string {
  return JSON.stringify([name, text.length, mode, request])
}

async function follow(
  link: Link,
  store: Store<State>,
  conductor: Conductor,
  arrived: () => void,
): Promise<void> {
  if (location.hash === `#${writeLink(store.get(), await packedOf(store.get().document))}`) return
  await libraryFor(link)
  tellStrange(link)
  if (isPacked(link.scenario)) await openPacked(link, store, conductor)
  else await openNamed(link, store, conductor)
  arrived()
}

async function openNamed(link: Link, store: Store<State>, conductor: Conductor): Promise<void> {
  const wanted = documentOf(link)
  const { document } = store.get()
  if (wanted.text !== document.text && !(await conductor.open(wanted.name, wanted.text))) return
  store.update((draft) => {
    draft.document = castDraft(wanted)
    Object.assign(draft.view, viewOf(link))
  })
}
