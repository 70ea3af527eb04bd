/** The steps of a comparison without a fault: how A does, where B parts from it, and how B does. */
import { parting } from '../facts/divergence.ts'
import { partingWords } from '../facts/verdict.ts'
import { acted, baseline, fared } from './sentences.ts'
import { joined, sameness, step, turning, type Draft, type Tale } from './tale.ts'

/** Share of the run that is shown before anything is asked. */
const OPENING = 0.1

/** All steps but the last ones. */
export function plainSteps(tale: Tale): Draft[] {
  const { a, b, left, right, end } = tale
  const { at = 0 } = parting(a, b)
  const calm = Math.min(end, Math.max(at, OPENING * end))
  const opening = step('before', [0, calm], 'A', baseline(a, 0, calm), ['#topology-a'])
  const same = sameness(tale, calm)
  if (same) return [opening, same]
  const question = 'Will B serve more of the requests than A?'
  const bet = { question, isYes: right.served > left.served }
  const words = joined(`${partingWords(a, b)}`, acted(b), `In B ${lower(fared(b, right, end))}`)
  const shown = step('pattern', [at, end], 'AB', words, ['#topology-b', '#requests-b'])
  return [
    opening,
    { ...step('bet', [calm, end], 'A', fared(a, left, end), ['#requests-a']), bet },
    turning(tale, at),
    { ...shown, isReveal: true },
  ]
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}
