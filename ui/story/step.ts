/** What a guided story is made of: steps over the time of the run, each with its sentence. */
import type { Time } from '../../engine/units.ts'

/** What of the two runs may be seen: A alone, both up to the cursor, or everything. */
export type Sight = 'A' | 'AB' | 'all'

/** A question with two answers, asked when the step has been played. */
export interface Bet {
  readonly question: string
  /** Whether `yes` is what came of it. */
  readonly isYes: boolean
}

/** One step. */
export interface Step {
  readonly id: string
  /** Where the cursor starts and where it comes to; the same: it stands still. */
  readonly from: Time
  readonly to: Time
  /** How long it is shown, in seconds on the wall: for the first part of them the cursor moves. */
  readonly wall: number
  readonly words: string
  /** CSS selectors of what is pointed at. */
  readonly points: readonly string[]
  readonly sight: Sight
  readonly bet?: Bet | undefined
  /** It shows what came of the bet. */
  readonly isReveal?: true | undefined
  /** Text of the button that shows B; the story waits until somebody has pressed it. */
  readonly turn?: string | undefined
}

/** A whole story. */
export interface Script {
  readonly steps: readonly Step[]
}

/** Longest time that a story is played, without the time somebody thinks about a question, s. */
export const LONGEST_STORY = 58

/** Seconds that a sentence is read in: 3.5 words a second, and one to find it. */
export function readingTime(words: string): number {
  return 1 + words.split(' ').length / 3.5
}

/** Share of the time of a step in which the cursor moves; then it stands, so that the end can be read. */
export const MOVING = 0.72

/** Steps with time to read each, and no longer than a story may be. */
export function timed(steps: readonly Omit<Step, 'wall'>[]): Step[] {
  const walls = steps.map(({ words, from, to }) => Math.max(readingTime(words), from < to ? 5 : 3))
  const sum = walls.reduce((all, wall) => all + wall, 0)
  const scale = Math.min(1, LONGEST_STORY / sum)
  return steps.map((step, at) => ({ ...step, wall: walls[at]! * scale }))
}

/** Where the cursor is after so many seconds of a step. */
export function timeIn({ from, to, wall }: Step, seconds: number): Time {
  const share = Math.min(1, Math.max(0, seconds / (wall * MOVING)))
  return from + (to - from) * share
}
