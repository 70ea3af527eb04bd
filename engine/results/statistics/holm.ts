/** Several comparisons at once: none may be called a difference by mere chance. */
import { CONFIDENCE, type Intervals, pValue } from './interval.ts'

/**
 * The confidence that each of several intervals needs so that with 95 % not one of them leaves out zero wrongly: Holm
 * 1979. The comparison that stands out most is held to 1 − 5 %/k, the next to 1 − 5 %/(k − 1), and so on; the first
 * that does not stand out at its level keeps all after it at that level, so none of them can.
 */
export function holm(comparisons: readonly Intervals[], confidence = CONFIDENCE): number[] {
  const found = comparisons.map((intervals, at) => ({ at, p: pValue(intervals) }))
  const levels = comparisons.map(() => confidence)
  let left = comparisons.length
  let isOpen = true
  for (const { at, p } of found.toSorted((x, y) => x.p - y.p || x.at - y.at)) {
    const error = (1 - confidence) / left
    levels[at] = 1 - error
    isOpen &&= p <= error
    if (isOpen) left--
  }
  return levels
}
