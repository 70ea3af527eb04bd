/** Whom the page asks about single requests and about causes: a worker for each variant, started when it is needed. */
import type { InspectionProgress } from '../workers/inspection-protocol.ts'
import { Inspector } from '../workers/inspector.ts'
import type { Pauser } from '../workers/pauser.ts'
import type { WorkerHandle } from '../workers/seat.ts'
import { taskOf } from './conductor.ts'
import { spawnInspection } from './spawn-inspection.ts'
import { isComputing, SIDES, type Side, type State } from './state.ts'
import type { Store } from './store.ts'

/** Told how far a question about a variant has come, or that its worker was lost and the question is asked again. */
export interface InspectorListener {
  onProgress(side: Side, progress: InspectionProgress): void
  onTrouble(side: Side, message: string): void
}

/** An inspector for each variant, always about the run that the document asks for. */
export class Inspectors {
  private readonly store: Store<State>
  private readonly inspectors: Readonly<Record<Side, Inspector>>
  private readonly listeners = new Set<InspectorListener>()
  private readonly others: Pauser
  private readonly busy = new Set<Side>()

  /** @param others are held while a question waits for its answer */
  constructor(store: Store<State>, others: Pauser, spawn: () => WorkerHandle = spawnInspection) {
    this.store = store
    this.others = others
    const make = (side: Side): Inspector =>
      new Inspector({
        spawn,
        onProgress: (progress) => this.tell((each) => each.onProgress(side, progress)),
        onBusy: (isBusy) => this.hold(side, isBusy),
        onTrouble: (message) => this.tell((each) => each.onTrouble(side, message)),
      })
    this.inspectors = { A: make('A'), B: make('B') }
    store.watch((state) => this.makeRoom(state))
  }

  /** Whether runs are being computed: they come first. */
  get isComputing(): boolean {
    return isComputing(this.store.get())
  }

  /** The inspector of a variant. */
  of(side: Side): Inspector {
    const { document, opened } = this.store.get()
    const inspector = this.inspectors[side]
    inspector.use(taskOf(side, document, opened))
    return inspector
  }

  /** Gives up all questions. */
  cancel(): void {
    for (const side of SIDES) this.inspectors[side].cancel()
  }

  listen(listener: InspectorListener): void {
    this.listeners.add(listener)
  }

  /** While runs are computed, no checkpoints are made beside them. */
  private makeRoom(state: State): void {
    for (const side of SIDES) this.inspectors[side].hold(isComputing(state))
  }

  private hold(side: Side, isBusy: boolean): void {
    if (isBusy) this.busy.add(side)
    else this.busy.delete(side)
    if (this.busy.size > 0) this.others.pause()
    else this.others.resume()
  }

  private tell(say: (listener: InspectorListener) => void): void {
    for (const listener of this.listeners) say(listener)
  }
}
