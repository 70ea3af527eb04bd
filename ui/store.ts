/**
 * One state for the page, changed with immer. Edits of the document can be undone; everything else
 * (cursor, progress, problems) cannot. Whoever draws is told at most once per animation frame.
 */
import {
  applyPatches,
  enablePatches,
  produce,
  produceWithPatches,
  type Draft,
  type Patch,
} from 'immer'

interface Edit {
  readonly label: string
  readonly patches: readonly Patch[]
  readonly inverse: readonly Patch[]
}

/** Runs a function soon, once per frame of the screen. */
export type Schedule = (run: () => void) => void

const onNextFrame: Schedule = (run) => void requestAnimationFrame(run)

/** Most steps that can be taken back. */
const MOST_STEPS = 200

/** Holds a state whose `document` can be edited with undo. */
export class Store<S extends { readonly document: object }> {
  private state: S
  private readonly done: Edit[] = []
  private undone: Edit[] = []
  private readonly watchers = new Set<(state: S) => void>()
  private readonly painters = new Set<(state: S) => void>()
  private readonly schedule: Schedule
  private isPaintDue = false

  constructor(initial: S, schedule: Schedule = onNextFrame) {
    enablePatches()
    this.state = produce(initial, () => {})
    this.schedule = schedule
  }

  /** The state as it is; it never changes, it is replaced. */
  get(): S {
    return this.state
  }

  /** Changes the state; not for undo. */
  update(recipe: (draft: Draft<S>) => void): void {
    this.set(
      produce(this.state, (draft) => {
        recipe(draft)
      }),
    )
  }

  /** Edits the document, in one step that can be undone. Edits in a row with one label are one step. */
  edit(label: string, recipe: (draft: Draft<S['document']>) => void): void {
    const [document, patches, inverse] = produceWithPatches(
      this.state.document as S['document'],
      (draft) => {
        recipe(draft)
      },
    )
    if (patches.length === 0) return
    const last = this.done.at(-1)
    const isSame = last?.label === label && this.undone.length === 0
    if (isSame) {
      this.done.pop()
      this.done.push({
        label,
        patches: [...last.patches, ...patches],
        inverse: [...inverse, ...last.inverse],
      })
    } else this.done.push({ label, patches, inverse })
    if (this.done.length > MOST_STEPS) this.done.shift()
    this.undone = []
    this.set({ ...this.state, document })
  }

  /** Takes the last edit back; answers what it was. */
  undo(): string | undefined {
    const edit = this.done.pop()
    if (!edit) return undefined
    this.undone.push(edit)
    this.patch(edit.inverse)
    return edit.label
  }

  /** Does again what was taken back. */
  redo(): string | undefined {
    const edit = this.undone.pop()
    if (!edit) return undefined
    this.done.push(edit)
    this.patch(edit.patches)
    return edit.label
  }

  /** Forgets all edits: another document has been opened. */
  forget(): void {
    this.done.length = 0
    this.undone = []
  }

  get canUndo(): boolean {
    return this.done.length > 0
  }
  get canRedo(): boolean {
    return this.undone.length > 0
  }

  /** Tells at once of every change. Answers how to stop. */
  watch(watcher: (state: S) => void): () => void {
    this.watchers.add(watcher)
    return () => void this.watchers.delete(watcher)
  }

  /** Tells before the next frame is drawn, however much has changed since the last one. */
  subscribe(painter: (state: S) => void): () => void {
    this.painters.add(painter)
    this.requestPaint()
    return () => void this.painters.delete(painter)
  }

  /** Something outside the state has changed that is drawn. */
  requestPaint(): void {
    if (this.isPaintDue) return
    this.isPaintDue = true
    this.schedule(() => {
      this.isPaintDue = false
      for (const painter of this.painters) painter(this.state)
    })
  }

  private patch(patches: readonly Patch[]): void {
    const document = applyPatches(this.state.document, [...patches])
    this.set({ ...this.state, document })
  }

  private set(state: S): void {
    if (state === this.state) return
    this.state = state
    for (const watcher of this.watchers) watcher(state)
    this.requestPaint()
  }
}
