/** What a story is told of, and the steps that all stories share. */
import type { Time } from '../../engine/units.ts'
import { parting } from '../facts/divergence.ts'
import type { Judge } from '../facts/judge.ts'
import type { Standing } from '../facts/standing.ts'
import { notActed, onlyDifference } from '../facts/verdict.ts'
import type { VariantRun } from '../runs.ts'
import { turnWords, type Difference } from '../switches.ts'
import { type Opened } from '../state.ts'
import { compared, fared } from './sentences.ts'
import type { Step } from './step.ts'

/** Two finished runs and how they stand. */
export interface Tale {
  readonly a: VariantRun
  readonly b: VariantRun
  readonly left: Standing
  readonly right: Standing
  /** The question that tells A from B. */
  readonly judge: Judge
  readonly opened: Opened
  readonly difference: Difference
  /** The last moment that the cursor can stand at. */
  readonly end: Time
}

/** A step before it is known how long it is shown. */
export type Draft = Omit<Step, 'wall'>

/** One step; `span` is where the cursor starts and ends. */
export function step(
  id: string,
  [from, to]: readonly [Time, Time],
  sight: Step['sight'],
  words: string,
  points: readonly string[],
): Draft {
  return { id, from, to, sight, words, points }
}

/** The step that waits until somebody shows B. */
export function turning({ a, b, difference }: Tale, at: Time): Draft {
  const isOne = difference.patterns.length === 1 && difference.values.length === 0
  const what = isOne
    ? onlyDifference(difference)
    : `A is “${a.result!.title}”, B is “${b.result!.title}”.`
  const words = `${what} Same seed, same requests.`
  const points = ['.pattern.differs', '#big-switch']
  return { ...step('turn', [at, at], 'A', words, points), turn: turnWords(difference) }
}

/** What there is to say when B does what A does; undefined when it does not. */
export function sameness({ a, b, left, difference, end }: Tale, from: Time): Draft | undefined {
  if (parting(a, b).at !== undefined) return undefined
  const words = `${notActed(difference)} ${fared(a, left, end)}`
  return step('same', [from, end], 'all', words, ['#topology-a', '#topology-b'])
}

/** The end: both in numbers, how much of it is luck, and what to try. */
export function ending({ a, b, end }: Tale, luck: string | undefined): Draft[] {
  const now = [end, end] as const
  const result = step('result', now, 'all', compared(a, b), ['#scores'])
  const seeds = luck ? [step('luck', now, 'all', `Is it luck? ${luck}`, ['#seeds'])] : []
  const yours = 'Your turn: take another seed, change the fault, or add a pattern.'
  return [result, ...seeds, step('yours', now, 'all', yours, ['#patterns', '#faults', '.seed'])]
}

/** Sentences in a row; empty ones are left out. */
export function joined(...sentences: readonly string[]): string {
  return sentences.filter((sentence) => sentence !== '').join(' ')
}
