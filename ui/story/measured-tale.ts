/** The rest of a story whose point is not whether something comes back: how much of something there is in A, and in B. */
import type { Time } from '../../engine/units.ts'
import { parting } from '../facts/divergence.ts'
import { told } from '../facts/measure-words.ts'
import { howTheyDiffer, otherSide, partingWords } from '../facts/verdict.ts'
import { capitalised } from '../format.ts'
import { acted } from './sentences.ts'
import type { Bet } from './step.ts'
import { joined, sameness, step, turning, type Draft, type Tale } from './tale.ts'

/** A to its end with a bet on B, the switch, and B. */
export function measuredSteps(tale: Tale, from: Time): Draft[] {
  const { a, b, judge, difference, opened, end } = tale
  const same = sameness(tale, from)
  if (same) return [same]
  const { at = 0 } = parting(a, b)
  const { measure } = judge
  const alone = `${capitalised(told(measure, measure.read(a.result!)))}.`
  const how = capitalised(howTheyDiffer(difference, opened))
  const but = otherSide(a.result!, b.result!, measure)?.text ?? ''
  const then = `${how}: ${told(measure, measure.read(b.result!))}${but}.`
  const words = joined(partingWords(a, b), acted(b), then)
  const points = ['#topology-b', '#requests-b']
  return [
    { ...step('bet', [from, end], 'A', alone, ['#requests-a']), bet: betOn(tale) },
    turning(tale, at),
    { ...step('pattern', [at, end], 'AB', words, points), isReveal: true },
  ]
}

/** Whether B is better; of what is neither good nor bad, or both at once, whether there is more. */
function betOn({ a, b, judge: { about, measure } }: Tale): Bet {
  const [left, right] = [measure.read(a.result!), measure.read(b.result!)]
  const { isMoreBetter } = measure
  const isMixed = isMoreBetter === undefined || otherSide(a.result!, b.result!, measure)
  if (isMixed) return { question: 'Will it be more in B?', isYes: right > left }
  const isBetter = about !== 'same' && right !== left && right > left === isMoreBetter
  return { question: 'Will B do better?', isYes: isBetter }
}
