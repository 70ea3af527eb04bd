/** What a batch of scenarios has covered. Plain data, so that the parts of a batch can be added up. */
import type { Scenario } from '../../engine/scenario/scenario.ts'
import type { Judgement } from './judge.ts'

/** Counts of a batch. */
export interface Tally {
  runs: number
  refused: number
  events: number
  /** How often each pattern was in, and each two of them together (`a + b`, in the order of the alphabet). */
  readonly patterns: Record<string, number>
  readonly pairs: Record<string, number>
  readonly refusals: Record<string, number>
  /** In how many scenarios each thing happened. */
  readonly happened: Record<string, number>
}

/** Nothing counted yet. */
export function emptyTally(): Tally {
  return { runs: 0, refused: 0, events: 0, patterns: {}, pairs: {}, refusals: {}, happened: {} }
}

/** Counts one scenario. */
export function count(tally: Tally, { scenario, refusal, happened, events }: Judgement): void {
  tally.runs++
  tally.events += events
  if (refusal !== undefined) {
    tally.refused++
    add(tally.refusals, refusal.replaceAll(/\d+/g, '#'))
  }
  for (const what of happened) add(tally.happened, what)
  if (scenario) countPatterns(tally, scenario)
}

function countPatterns(tally: Tally, { patterns, faults }: Scenario): void {
  const names = patterns.map(({ use }) => use).toSorted((a, b) => (a < b ? -1 : 1))
  for (const [at, name] of names.entries()) {
    add(tally.patterns, name)
    for (const other of names.slice(at + 1)) add(tally.pairs, `${name} + ${other}`)
  }
  for (const verb of new Set(faults.map((fault) => fault.verb)))
    add(tally.happened, `fault ${verb}`)
}

function add(counts: Record<string, number>, key: string, by = 1): void {
  counts[key] = (counts[key] ?? 0) + by
}

/** Adds the counts of one part of a batch to those of another. */
export function merge(into: Tally, from: Tally): void {
  into.runs += from.runs
  into.refused += from.refused
  into.events += from.events
  for (const part of ['patterns', 'pairs', 'refusals', 'happened'] as const)
    for (const [key, value] of Object.entries(from[part])) add(into[part], key, value)
}
