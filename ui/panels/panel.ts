/** What a panel is: controls that show the state and change it. */
import type { Conductor } from '../conductor.ts'
import type { Runs } from '../runs.ts'
import type { State } from '../state.ts'
import type { Store } from '../store.ts'

/** What panels may touch. */
export interface Desk {
  readonly store: Store<State>
  readonly conductor: Conductor
}

/** Brings a panel up to date. */
export type Show = (state: State, runs: Runs) => void

/** Builds a panel in its place. */
export type Panel = (host: HTMLElement, desk: Desk) => Show
