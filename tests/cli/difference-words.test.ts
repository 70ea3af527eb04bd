import { describe, expect, it } from 'vitest'
import { differenceWords } from '../../cli/difference-words.ts'
import { measures } from '../../cli/measures.ts'
import type { Compared } from '../../engine/studies/comparison.ts'

const measure = (label: string) => measures([]).find((one) => one.label === label)!

/** A difference with its interval, where ± 5 would be narrow enough. */
function compared(
  mean: number,
  low: number,
  high: number,
  change: Partial<Compared> = {},
): Compared {
  const rest = { method: 'paired t', confidence: 0.95, skewness: 0, saved: 1 } as const
  return { mean, low, high, n: 40, tolerance: 5, missing: 0, ...rest, ...change }
}

describe('a difference in words', () => {
  it.each([
    ['p99', compared(-33, -37, -29), 'faster by 33.0 ± 4.0 ms (95 %, 40 paired runs)'],
    ['p99', compared(33, 29, 37), 'slower by 33.0 ± 4.0 ms (95 %, 40 paired runs)'],
    ['p99', compared(33, 30, 41), 'slower by 33.0 ms [30.0 to 41.0 ms] (95 %, 40 paired runs)'],
    ['served', compared(0.365, 0.36, 0.37), 'higher by 36.50 ± 0.50 pt (95 %, 40 paired runs)'],
    ['goodput', compared(-3, -5, -1), 'lower by 3.0 ± 2.0/s (95 %, 40 paired runs)'],
    ['p99', compared(1, -3, 5), 'no difference shown (±4.0 ms, 95 %, 40 paired runs)'],
    [
      'p99',
      compared(1, -9, 11, { missing: 180 }),
      'too noisy: about 180 more runs (±10 ms, 95 %, 40 paired runs)',
    ],
    [
      'p99',
      compared(1, -9, 11, { missing: Infinity }),
      'too noisy: say with --delta what would not matter (±10 ms, 95 %, 40 paired runs)',
    ],
    ['p99', compared(0, 0, 0), 'the same in all 40 paired runs'],
    [
      'p99',
      compared(-33, -37, -29, { confidence: 0.975 }),
      'faster by 33.0 ± 4.0 ms (97.5 %, 40 paired runs)',
    ],
  ])('%s: %#', (label, found, words) => {
    expect(differenceWords(found, measure(label))).toBe(words)
  })
})
