/** The script of a comparison: with a fault, what breaks and what brings it back; without one, what differs. */
import { judgeOf } from '../facts/judge.ts'
import { standing } from '../facts/standing.ts'
import type { Runs } from '../runs.ts'
import { faultSteps } from './fault-tale.ts'
import { plainSteps } from './plain-tale.ts'
import { timed, type Script } from './step.ts'
import { ending } from './tale.ts'

/**
 * The story of two runs; undefined until both are finished.
 * @param luck in how many seeds it comes out like this, as the page says it; undefined: not counted yet
 */
export function scriptOf(runs: Runs, luck?: string): Script | undefined {
  const { A: a, B: b, opened, difference } = runs
  if (!a?.isDone || !b?.isDone || !opened) return undefined
  const [left, right] = [standing(a), standing(b)]
  const judge = judgeOf(runs)
  if (!left || !right || !judge) return undefined
  const end = a.layout.duration - a.layout.bucket
  const tale = { a, b, left, right, judge, opened, difference, end }
  const steps = a.layout.faults.length > 0 ? faultSteps(tale) : plainSteps(tale)
  return { steps: timed([...steps, ...ending(tale, luck)]) }
}
