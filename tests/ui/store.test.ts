import { describe, expect, it } from 'vitest'
import { Store } from '../../ui/store.ts'

interface State {
  readonly document: { readonly title: string; readonly switches: Record<string, boolean> }
  readonly time: number
}

/** A store whose frames are drawn by hand. */
function storeAndFrames() {
  const due: (() => void)[] = []
  const start: State = { document: { title: 'a', switches: {} }, time: 0 }
  const store = new Store<State>(start, (run) => void due.push(run))
  const drawFrame = (): void => due.splice(0).forEach((run) => run())
  return { store, drawFrame }
}

describe('store', () => {
  it('never changes a state that was handed out', () => {
    const { store } = storeAndFrames()
    const before = store.get()
    store.update((draft) => void (draft.time = 5))
    expect(before.time).toBe(0)
    expect(store.get().time).toBe(5)
  })

  it('takes edits back and does them again', () => {
    const { store } = storeAndFrames()
    store.edit('one', (draft) => void (draft.switches['breaker'] = true))
    store.edit('two', (draft) => void (draft.title = 'b'))
    expect(store.undo()).toBe('two')
    expect(store.get().document).toEqual({ title: 'a', switches: { breaker: true } })
    expect(store.undo()).toBe('one')
    expect(store.get().document).toEqual({ title: 'a', switches: {} })
    expect(store.undo()).toBeUndefined()
    expect(store.redo()).toBe('one')
    expect(store.redo()).toBe('two')
    expect(store.get().document).toEqual({ title: 'b', switches: { breaker: true } })
  })

  it('leaves the cursor alone when it undoes', () => {
    const { store } = storeAndFrames()
    store.edit('title', (draft) => void (draft.title = 'b'))
    store.update((draft) => void (draft.time = 9))
    store.undo()
    expect(store.get()).toMatchObject({ time: 9, document: { title: 'a' } })
  })

  it('takes edits in a row with one label back in one step', () => {
    const { store } = storeAndFrames()
    for (const title of ['b', 'c', 'd']) store.edit('drag', (draft) => void (draft.title = title))
    store.undo()
    expect(store.get().document.title).toBe('a')
    store.redo()
    expect(store.get().document.title).toBe('d')
  })

  it('forgets what was undone after a new edit', () => {
    const { store } = storeAndFrames()
    store.edit('one', (draft) => void (draft.title = 'b'))
    store.undo()
    store.edit('two', (draft) => void (draft.title = 'c'))
    expect(store.canRedo).toBe(false)
    expect(store.redo()).toBeUndefined()
  })

  it('does not count an edit that changes nothing', () => {
    const { store } = storeAndFrames()
    store.edit('same', (draft) => void (draft.title = 'a'))
    expect(store.canUndo).toBe(false)
  })

  it('tells watchers of each change, and painters once per frame', () => {
    const { store, drawFrame } = storeAndFrames()
    let [heard, painted] = [0, 0]
    store.watch(() => heard++)
    store.subscribe(() => painted++)
    drawFrame()
    for (let time = 1; time <= 4; time++) store.update((draft) => void (draft.time = time))
    expect([heard, painted]).toEqual([4, 1])
    drawFrame()
    drawFrame()
    expect([heard, painted]).toEqual([4, 2])
  })
})
