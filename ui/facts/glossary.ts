/** Every term on the screen in one line. Tooltips, the help and screen readers are given the same words. */

/** Terms by the name under which they stand on the screen. */
export const GLOSSARY = {
  Served: 'Share of the requests that were answered, in full or degraded',
  Slow: 'Answered, but later than the objective allows',
  'Failed fast': 'A pattern turned the request away on purpose, at once',
  Failed: 'Ended without an answer: timed out, overloaded or broken',
  Unfinished: 'Had no answer yet when the run ended',
  Offered: 'Requests that users sent, whatever became of them',
  Median: 'Half of the served requests took less, from the moment they were meant to start',
  '99th pct.': '99 of 100 served requests took less',
  'p50, p99': 'Half of the served requests, and 99 of 100 of them, took less',
  'Requests per cell': 'How many requests took so long at that time; the same scale in A and B',
  Amplification: 'Attempts per call; below 1 when calls are refused or answered before',
  'Wasted work': 'Share of the finished work whose caller had given up',
  Recovered: 'From the end of the last fault until 95 % of the usual share is served, for good',
  Objective: 'What the file promises to its users',
  Seed: 'The number from which all chance is drawn; the same seed gives the same run',
  Digest: 'A fingerprint of a run; equal digests mean equal runs',
  Slots: 'How many calls a service works on at the same time',
  Queue: 'Calls that wait for a slot',
  Fault: 'What goes wrong on purpose, and when',
  Variant: 'The scenario with or without a pattern: A is dashed, B is solid',
} as const satisfies Readonly<Record<string, string>>

/** A term of the glossary. */
export type Term = keyof typeof GLOSSARY

/** What a term means, whatever the case of its letters; undefined: nobody has said. */
export function meaningOf(name: string): string | undefined {
  const wanted = name.trim().toLowerCase()
  return Object.entries(GLOSSARY).find(([term]) => term.toLowerCase() === wanted)?.[1]
}
