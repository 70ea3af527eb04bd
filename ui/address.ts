/** Keeps the address in step with the state, and the state with an address that somebody typed. */
import { castDraft } from 'immer'
import type { Conductor } from './conductor.ts'
import { entryNamed, HOME, library } from './library.ts'
import { unchanged, type Document, type State } from './state.ts'
import type { Store } from './store.ts'
import { readLink, writeLink, type Link } from './url.ts'

/** Browsers count how often an address is replaced; this is rare enough, ms. */
const PAUSE = 300

/** The document that a link asks for: the home scenario when it asks for none that is known. */
export function documentOf(link: Link): Document {
  const entry = entryNamed(link.scenario) ?? entryNamed(HOME) ?? library[0]
  const document = entry ? unchanged(entry.name, entry.text) : unchanged('empty', '')
  const isIt = link.scenario === undefined || link.scenario === entry?.name
  if (!isIt) return document
  return { ...document, seed: link.seed, set: link.set, switches: link.switches }
}

/** Writes the address after changes, and reads it when it is changed from outside. */
export function keepAddress(store: Store<State>, conductor: Conductor): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const write = (): void => {
    timer = undefined
    const fragment = `#${writeLink(store.get())}`
    if (fragment !== location.hash) history.replaceState(history.state, '', fragment)
  }
  store.watch(() => {
    timer ??= setTimeout(write, PAUSE)
  })
  addEventListener('hashchange', () => {
    if (location.hash === `#${writeLink(store.get())}`) return
    void follow(readLink(location.hash), store, conductor)
  })
}

async function follow(link: Link, store: Store<State>, conductor: Conductor): Promise<void> {
  const wanted = documentOf(link)
  const { document } = store.get()
  if (wanted.text !== document.text && !(await conductor.open(wanted.name, wanted.text))) return
  store.update((draft) => {
    draft.document = castDraft(wanted)
    draft.view.time = link.time
    if (link.mode) draft.view.mode = link.mode
  })
}
