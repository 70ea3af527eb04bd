import { afterEach, describe, expect, it, vi } from 'vitest'
import { cancel } from '../../ui/actions.ts'
import { listenToDismissal } from '../../ui/notices.ts'
import type { Desk } from '../../ui/panels/panel.ts'
import { initialState, unchanged, type State } from '../../ui/state.ts'
import { Store } from '../../ui/store.ts'

afterEach(() => vi.unstubAllGlobals())

/** A page that shows a file that was not opened, or a change that made no sense. */
function stage(isRejected: boolean) {
  vi.stubGlobal('document', new EventTarget())
  const first = initialState(unchanged('home', ''))
  const trouble = { name: 'bad.yaml', problems: [], more: 0, isRejected }
  const store = new Store<State>({ ...first, trouble }, () => {})
  const desk = { store, conductor: { cancel: vi.fn() } } as unknown as Desk
  const dismissed = vi.fn()
  listenToDismissal(dismissed)
  return { store, desk, dismissed }
}

describe('Escape', () => {
  it('first picks nothing, then dismisses what went wrong', () => {
    const { store, desk, dismissed } = stage(true)
    store.update((draft) => void (draft.view.service = 'db'))
    cancel(desk)
    expect(store.get().view.service).toBeUndefined()
    expect(store.get().trouble).toBeDefined()
    expect(dismissed).not.toHaveBeenCalled()
    cancel(desk)
    expect(store.get().trouble).toBeUndefined()
    expect(dismissed).toHaveBeenCalledOnce()
  })

  it('leaves the problems of a change, which has to be undone', () => {
    const { store, desk } = stage(false)
    cancel(desk)
    expect(store.get().trouble).toBeDefined()
  })
})
