/** The verdict: one sentence about both runs, made of their numbers. */
import type { Scenario } from '../../engine/scenario/scenario.ts'
import { capitalised, count, listed, moment, percent, span, withArticle, words } from '../format.ts'
import type { VariantRun } from '../runs.ts'
import { differences, nameAmong, type Difference } from '../switches.ts'
import { faultBegins } from './faults.ts'
import { standing, type Standing } from './standing.ts'

/** A stretch of a sentence, and whether it is good or bad news. */
export interface Part {
  readonly text: string
  readonly tone?: 'good' | 'bad' | undefined
}

/** The verdict and what stands below it. */
export interface Verdict {
  readonly parts: readonly Part[]
  readonly below: string
}

/** Judges two finished runs. */
export function verdict(
  a: VariantRun,
  b: VariantRun,
  scenario: Scenario,
  difference: Difference,
): Verdict | undefined {
  const [left, right] = [standing(a), standing(b)]
  if (!left || !right) return undefined
  return {
    parts: sentence(a, b, left, right, scenario, difference),
    below: below(a, b, difference),
  }
}

function sentence(
  a: VariantRun,
  b: VariantRun,
  left: Standing,
  right: Standing,
  scenario: Scenario,
  difference: Difference,
): Part[] {
  const fault = { text: faultWords(a) ?? `${scenario.title}: ` }
  if (a.result?.digest === b.result?.digest) {
    const isSame = differences(difference) === 0
    const how = `${capitalised(howTheyDiffer(difference))} nothing changes`
    return [fault, clause(left), { text: `. ${isSame ? 'A and B are the same run' : how}.` }]
  }
  const how = { text: `. ${capitalised(howTheyDiffer(difference))} ` }
  return [fault, clause(left), how, clause(right), { text: '.' }]
}

/** `ledger-db slows down ×2.7 for 15 s: `. */
function faultWords({ layout }: VariantRun): string | undefined {
  const { faults } = layout
  const [first] = faults
  if (!first) return undefined
  if (faults.length > 2) return `${faults.length} faults: `
  const { from, until } = first
  const lasts = faults.length === 1 && until > from ? ` for ${span(until - from)}` : ''
  return `${capitalised(faults.map(faultBegins).join(', '))}${lasts}: `
}

function clause({ fate, served, servedLast, recovery }: Standing): Part {
  switch (fate) {
    case 'faultless':
      return { text: `${percent(served)} of all requests are served` }
    case 'untouched':
      return { text: 'users hardly notice', tone: 'good' }
    case 'back':
      if (recovery === 0) return { text: 'it is back when the fault ends', tone: 'good' }
      return { text: `it is back ${span(recovery)} after the fault`, tone: 'good' }
    case 'limping':
      return {
        text: `the system never fully recovers (${percent(servedLast)} served)`,
        tone: 'bad',
      }
    case 'down':
      return { text: 'the system goes down and stays down', tone: 'bad' }
  }
}

/** `with a circuit breaker`, `without the cache`, `in B`. */
function howTheyDiffer({ patterns, values }: Difference): string {
  const [first] = patterns
  if (!first || patterns.length + values.length > 1) return 'in B'
  const name = words(first.attachment.use)
  return first.B ? `with ${withArticle(name)}` : `without the ${name}`
}

function below(a: VariantRun, b: VariantRun, difference: Difference): string {
  const { result } = b
  const seed = `Same seed ${a.layout.seed}`
  const offered = a.result!.requests.offered
  const same =
    offered === result!.requests.offered
      ? `same ${count(offered)} requests`
      : `${count(offered)} requests in A, ${count(result!.requests.offered)} in B`
  const faults = a.layout.faults.length > 0 ? ', same fault' : ''
  return `${seed}, ${same}${faults}. ${onlyDifference(difference)}`
}

/** What A and B differ in, as a sentence. */
export function onlyDifference({ patterns, values }: Difference): string {
  const names = [...patterns.map((one) => nameAmong(one, patterns)), ...values]
  if (names.length === 0) return 'Nothing differs between A and B.'
  if (names.length === 1) return `The only difference between A and B is one switch: ${names[0]!}.`
  return `A and B differ in ${names.length} things (${listed(names)}), so the cause is not isolated.`
}

/** Where and when the fault is, for those who look for it: `30.0 s – 45.0 s`. */
export function faultSpan(run: VariantRun): string {
  const [first] = run.layout.faults
  return first ? `${moment(first.from)} – ${moment(first.until)}` : ''
}
