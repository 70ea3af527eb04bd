/** What the page knows, apart from the series: those live in `Runs` and only bump its revision. */
import type { Problem } from '../engine/scenario/problem.ts'
import type { Attachment, Scenario } from '../engine/scenario/scenario.ts'
import type { Time } from '../engine/units.ts'
import { NOTHING, type Choice } from './selection.ts'

/** The two variants on the screen. */
export type Side = 'A' | 'B'
/** Both, in the order they are drawn. */
export const SIDES = ['A', 'B'] as const satisfies readonly Side[]

/** A scenario as the page knows it: with the attachments that the file keeps switched off. */
export interface Opened {
  readonly scenario: Scenario
  /** Attachments that the file leaves out of the system. */
  readonly off: readonly Attachment[]
}

/** How the same run is arranged. */
export type Mode = 'run' | 'compare' | 'replay' | 'author'
/** What a phone shows, where only one thing has room. */
export type Tab = 'watch' | 'patterns' | 'charts' | 'events'

/** A scenario file and what was changed since it was opened. All of this can be undone and shared. */
export interface Document {
  /** Name of the file without its ending. */
  readonly name: string
  readonly text: string
  /** Undefined: the seed of the file. */
  readonly seed: string | undefined
  /** Path of a value in the file to its new text, in both variants. */
  readonly set: Readonly<Record<string, string>>
  /** Patterns that are switched otherwise than the file has it. */
  readonly switches: Readonly<Record<Side, Readonly<Record<string, boolean>>>>
}

/** How far a variant has come. */
export interface Progress {
  readonly phase: 'waiting' | 'computing' | 'done' | 'stopped' | 'failed'
  /** Everything before this moment is computed. */
  readonly to: Time
  readonly events: number
  /** Time it took so far on the wall, in ms. */
  readonly took: number
  /**
   * `shown`: the picture is the stored result of this very task, while it is computed here. `same`: what was
   * computed has the digest of the stored one. Undefined: nothing was stored.
   */
  readonly stored: 'shown' | 'same' | 'other' | undefined
  /** The picture still shows a result from before the last change. */
  readonly isOld: boolean
  readonly digest: string | undefined
  /** Why it failed, for people. */
  readonly message: string
  /** A worker was lost and the run began anew on another one: how that one ended. Empty: all went well. */
  readonly restarted: string
}

/** A file that could not be read, or a change that made no sense. */
export interface Trouble {
  readonly name: string
  readonly problems: readonly Problem[]
  /** How many more there are. */
  readonly more: number
  /** Whether the file never became the open one. */
  readonly isRejected: boolean
}

/** What is looked at. */
export interface View extends Choice {
  /** Undefined: where the story is, just after the last fault. */
  readonly time: Time | undefined
  /** Where the pointer is on the time axis. */
  readonly hover: Time | undefined
  /** Rows of the stack that somebody has put on or taken off the screen, by id. */
  readonly rows: Readonly<Record<string, boolean>>
  /** Rows that somebody has made higher or lower, by id; pixels, as the rows themselves say theirs. */
  readonly heights: Readonly<Record<string, number | undefined>>
  /** Rows that stand at the top of the stack, by id. */
  readonly pinned: readonly string[]
  /** Whether served requests of B are drawn over those of A. */
  readonly isOverlay: boolean
  /** Panels that are open on the left and on the right, by id, where the window is too narrow for all. */
  readonly drawers: Readonly<Record<'left' | 'right', readonly string[]>>
  readonly mode: Mode
  readonly tab: Tab
  /** The variant that a phone shows. */
  readonly side: Side
  readonly isPlaying: boolean
  /** Seconds of the run per second on the wall. */
  readonly speed: number
}

/** The whole state. */
export interface State {
  readonly document: Document
  readonly view: View
  /** The last reading of the document that had no problems; undefined before the first. */
  readonly opened: Opened | undefined
  readonly progress: Readonly<Record<Side, Progress>>
  readonly trouble: Trouble | undefined
}

const START: Progress = {
  phase: 'waiting',
  to: 0,
  events: 0,
  took: 0,
  stored: undefined,
  isOld: false,
  digest: undefined,
  message: '',
  restarted: '',
}

/** A document as it comes from the file. */
export function unchanged(name: string, text: string): Document {
  return { name, text, seed: undefined, set: {}, switches: { A: {}, B: {} } }
}

/** The page before anything has been read. */
export function initialState(document: Document): State {
  return {
    document,
    view: {
      ...NOTHING,
      time: undefined,
      hover: undefined,
      rows: {},
      heights: {},
      pinned: [],
      isOverlay: false,
      drawers: { left: [], right: [] },
      mode: 'compare',
      tab: 'watch',
      side: 'A',
      isPlaying: false,
      speed: 1,
    },
    opened: undefined,
    progress: { A: START, B: START },
    trouble: undefined,
  }
}

/** Whether something is being computed. */
export function isComputing({ progress }: State): boolean {
  return SIDES.some((side) => progress[side].phase === 'computing')
}
