/** The steps of a comparison without a fault: how A begins, how it ends, and how B does. */
import { parting } from '../facts/divergence.ts'
import { measuredSteps } from './measured-tale.ts'
import { baseline } from './sentences.ts'
import { step, type Draft, type Tale } from './tale.ts'

/** Share of the run that is shown before anything is asked. */
const OPENING = 0.1

/** All steps but the last ones. */
export function plainSteps(tale: Tale): Draft[] {
  const { a, b, end } = tale
  const { at = 0 } = parting(a, b)
  const calm = Math.min(end, Math.max(at, OPENING * end))
  const opening = step('before', [0, calm], 'A', baseline(a, 0, calm), ['#topology-a'])
  return [opening, ...measuredSteps(tale, calm)]
}
