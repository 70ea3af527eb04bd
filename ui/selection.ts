/** What all views look at, and how a view asks for something else to be looked at. */
import type { Time } from '../engine/units.ts'

/** A stretch of time; `until` is not part of it. */
export interface Span {
  readonly from: Time
  readonly until: Time
}

/** What somebody has picked. Undefined: nothing. */
export interface Choice {
  /** A brushed stretch: what sums over time (percentiles, scores, lists, topology) sums over it alone. */
  readonly range: Span | undefined
  /** The part of the time axis that is drawn. Undefined: the whole run. */
  readonly span: Span | undefined
  readonly service: string | undefined
  /** Name of an edge: `checkout -> payments`. */
  readonly edge: string | undefined
  /** Number of a request that is followed. */
  readonly request: number | undefined
  /** Whether B - A is drawn in place of A and B. */
  readonly isDifference: boolean
}

/** Nothing picked. */
export const NOTHING: Choice = {
  range: undefined,
  span: undefined,
  service: undefined,
  edge: undefined,
  request: undefined,
  isDifference: false,
}

/** Whether nothing is picked. */
export function isNothing(choice: Choice): boolean {
  const keys = Object.keys(NOTHING) as (keyof Choice)[]
  return keys.every((key) => choice[key] === NOTHING[key])
}

/** What all views look at. */
export interface Selection extends Omit<Choice, 'span'> {
  readonly time: Time
  /** Where the pointer is on the time axis. */
  readonly hover: Time | undefined
  /** What is drawn of the time axis: always given. */
  readonly span: Span
}

/** Asks for the cursor to go to a moment (ns); the page listens. */
export function askSeek(host: HTMLElement, time: Time): void {
  host.dispatchEvent(new CustomEvent<Time>('seek', { bubbles: true, detail: time }))
}

/**
 * Asks for the cursor to go so many buckets from where it is: from the state, not from what is drawn, so that no key is
 * lost that comes before the next frame, and whatever is asked for next finds the cursor there.
 */
export function askStep(host: HTMLElement, buckets: number): void {
  host.dispatchEvent(new CustomEvent<number>('step', { bubbles: true, detail: buckets }))
}

/** Asks for something to be picked; what is not named stays as it is. */
export function choose(host: HTMLElement, choice: Partial<Choice>): void {
  host.dispatchEvent(new CustomEvent<Partial<Choice>>('choose', { bubbles: true, detail: choice }))
}

/** Says where the pointer is on the time axis; undefined: it has left. */
export function askHover(host: HTMLElement, time: Time | undefined): void {
  host.dispatchEvent(new CustomEvent<Time | undefined>('look', { bubbles: true, detail: time }))
}
