/** How long a run could be that is quicker to compute and still shows its faults. */
import type { Scenario } from '../../engine/scenario/scenario.ts'
import { SECOND, type Duration } from '../../engine/units.ts'

/** A run must go on for this long after its last fault, as a factor. */
const AFTER = 1.2
/** It is worth it only when it is at most so long, as a share of what it is. */
const SHORTER = 0.6

/** A round duration, ns, of at most about half of the run; undefined when its faults do not fit into any. */
export function shorterRun({ duration, faults }: Scenario): Duration | undefined {
  const ends = faults.map(({ at = 0, for: lasts }) => at + (Number.isFinite(lasts) ? lasts : 0))
  const least = AFTER * Math.max(0, ...ends)
  const half = roundBelow(duration / 2)
  if (half >= least) return half
  const snug = Math.ceil(least / SECOND) * SECOND
  return snug <= SHORTER * duration ? snug : undefined
}

/** 1, 2 or 5 and zeros. */
function roundBelow(value: number): number {
  const unit = Math.pow(10, Math.floor(Math.log10(value)))
  const step = [5, 2, 1].find((one) => one * unit <= value) ?? 1
  return Math.max(1, Math.round(step * unit))
}
