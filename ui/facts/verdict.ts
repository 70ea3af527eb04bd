/** The verdict: one sentence about both runs, made of their numbers. */
import type { Layout } from '../../engine/results/frame.ts'
import type { VariantResult } from '../../engine/results/result.ts'
import {
  capitalised,
  count,
  digits,
  listed,
  moment,
  percent,
  span,
  withArticle,
  words,
} from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import { differenceOf, differences, nameAmong, variantOf, type Difference } from '../switches.ts'
import { type Opened, unchanged } from '../state.ts'
import { parting } from './divergence.ts'
import { faultBegins } from './faults.ts'
import { judgeOf, SERVED, type Judge } from './judge.ts'
import { told, written } from './measure-words.ts'
import { LEAST, type Measure } from './measures.ts'
import type { Standing } from './standing.ts'

type Fault = Layout['faults'][number]

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
export function verdict(runs: Omit<Runs, 'revision'>): Verdict | undefined {
  const { A, B, opened, difference } = runs
  const judge = judgeOf(runs)
  if (!A || !B || !opened || !judge) return undefined
  const start = { text: faultWords(A) ?? `${opened.scenario.title}: ` }
  const parts = [start, ...sentence(A.result!, B.result!, judge, difference, opened)]
  return { parts, below: below(A, B, difference) }
}

function sentence(
  a: VariantResult,
  b: VariantResult,
  judge: Judge,
  difference: Difference,
  opened: Opened,
): Part[] {
  const how = `. ${capitalised(howTheyDiffer(difference, opened))}`
  const isRecovery = judge.about === 'recovery'
  const { measure } = judge
  const first = isRecovery ? clause(judge.standing(a)) : { text: told(measure, measure.read(a)) }
  if (a.digest === b.digest) {
    const isSame = differences(difference) === 0
    return [first, { text: isSame ? '. A and B are the same run.' : `${how} nothing changes.` }]
  }
  if (isRecovery) return fates(judge.standing(a), judge.standing(b), how)
  if (judge.about === 'same') return [first, { text: `${how} hardly anything changes.` }]
  return amounts(a, b, measure, how)
}

/** `quiet-shop answers 74.3 % of its calls. With a bulkhead: 92.1 %.` */
function amounts(a: VariantResult, b: VariantResult, measure: Measure, how: string): Part[] {
  const { unit, isMoreBetter } = measure
  const [left, right] = [measure.read(a), measure.read(b)]
  const [before, after] = isMoreBetter === undefined ? [] : toned(left, right, isMoreBetter)
  const but = otherSide(a, b, measure)
  return [
    { text: told(measure, left), tone: before },
    { text: `${how}: ` },
    { text: written(right, unit), tone: after },
    ...(but ? [but] : []),
    { text: '.' },
  ]
}

/**
 * Times are those of requests that were served: whoever serves fewer is easily fast. Where the share served goes the
 * other way, that is told in the same breath: `, but 7.6 points fewer are served`.
 */
export function otherSide(
  a: VariantResult,
  b: VariantResult,
  { unit, read }: Measure,
): Part | undefined {
  const gained = SERVED.read(b) - SERVED.read(a)
  const isContrary = read(b) < read(a) ? gained < 0 : gained > 0
  if (unit !== 'ms' || !isContrary || Math.abs(gained) < LEAST) return undefined
  const points = digits(Math.abs(gained) * 100, 2)
  const amount = `${points} ${points === '1' ? 'point' : 'points'}`
  const isMore = gained > 0
  const text = `, but ${amount} ${isMore ? 'more' : 'fewer'} are served`
  return { text, tone: isMore ? 'good' : 'bad' }
}

/** `the system goes down and stays down. With a circuit breaker it is back 2.7 s after the fault.` */
function fates(left: Standing, right: Standing, how: string): Part[] {
  const [before, after] = [clause(left), clause(right)]
  if (before.text === after.text) return [before, { text: `${how} the same happens.` }]
  return [before, { text: `${how} ` }, after, { text: '.' }]
}

/** The worse of two is bad news only where the other one shows that it need not be. */
function toned(a: number, b: number, isMoreBetter: boolean): readonly Part['tone'][] {
  return b > a === isMoreBetter ? ['bad', 'good'] : [undefined, 'bad']
}

/** `Ledger-db slows down ×2.7 for 15 s: `. */
export function faultWords({ layout }: VariantRun): string | undefined {
  const faults = layout.faults.filter(({ verb, target }) => {
    return verb !== 'flush' || !isPattern(layout, target) || unitOf(layout, target) !== undefined
  })
  const [first] = faults
  if (!first) return undefined
  const same = faults.length > 2 ? repeated(faults) : undefined
  if (same !== undefined) return `${capitalised(same)}: `
  if (faults.length > 2) return `${faults.length} faults: `
  const { from, until } = first
  const isTogether = faults.every((one) => one.from === from && one.until === until)
  const lasts = isTogether && until > from ? ` for ${span(until - from)}` : ''
  const begins = faults.map((fault) => faultBegins({ ...fault, target: nameOf(layout, fault) }))
  return `${capitalised(listed(begins))}${lasts}: `
}

/** `worker stands still 4 times`: one fault again and again, at one service. */
function repeated(faults: readonly Fault[]): string | undefined {
  const [first] = faults
  const home = (fault: Fault): string => fault.target.replace(/#.*$/, '')
  const isOne = faults.every((one) => one.verb === first!.verb && home(one) === home(first!))
  return isOne
    ? `${faultBegins({ ...first!, target: home(first!) })} ${faults.length} times`
    : undefined
}

/** A pattern is called by what it is: `the cache`. */
function nameOf(layout: Layout, { target }: Fault): string {
  const unit = unitOf(layout, target)
  return unit === undefined ? target : `the ${words(unit.use)}`
}

function unitOf({ units }: Layout, id: string): Layout['units'][number] | undefined {
  return units.find(({ pattern }) => pattern === id)
}

/** What is neither a place nor a load is a pattern, and this variant may be without it. */
function isPattern({ services, edges, loads }: Layout, target: string): boolean {
  return ![...services, ...edges, ...loads].some(({ name }) => name === target)
}

/** How a variant fared, as the second half of a sentence: `it is back 2.7 s after the fault`. */
export function clause({ fate, served, servedLast, recovery }: Standing): Part {
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

/**
 * `with a circuit breaker`, `without the cache`; where more differs than one pattern, the variant has its own name:
 * `with “a circuit for each shard”`, or it is `in B`.
 */
export function howTheyDiffer(difference: Difference, opened?: Opened): string {
  const { patterns, values } = difference
  const [first] = patterns
  if (!first || patterns.length + values.length > 1) return inOtherWords(difference, opened)
  const name = words(first.attachment.use)
  return first.B ? `with ${withArticle(name)}` : `without the ${name}`
}

/** The title of B says what it is only as long as nobody has switched anything. */
function inOtherWords(difference: Difference, opened: Opened | undefined): string {
  const title = opened && variantOf(opened.scenario, 'B')?.title
  if (!opened || !title) return 'in B'
  const asInFile = differenceOf(opened, unchanged('', ''))
  const idsOf = ({ patterns, values }: Difference): string =>
    [...patterns.map(({ attachment, B }) => `${attachment.id} ${B}`), ...values].join()
  if (idsOf(asInFile) !== idsOf(difference)) return 'in B'
  const isName = /^\S*[A-Z]\S*[A-Z]/.test(title)
  if (/^with /i.test(title)) return `with ${title.slice(5)}`
  return `with “${isName ? title : title.charAt(0).toLowerCase() + title.slice(1)}”`
}

function below(a: VariantRun, b: VariantRun, difference: Difference): string {
  const { result } = b
  const offered = a.result!.requests.offered
  const same =
    offered === result!.requests.offered
      ? `Same ${count(offered)} requests`
      : `${count(offered)} requests in A, ${count(result!.requests.offered)} in B`
  const faults = a.layout.faults.length > 0 ? ', same fault' : ''
  const { at, compared } = parting(a, b)
  const isSame = compared > 0 && at === undefined
  return `${same}${faults}. ${isSame ? notActed(difference) : onlyDifference(difference)}`
}

/** What A and B differ in, as a sentence. */
export function onlyDifference({ patterns, values }: Difference): string {
  const names = [...patterns.map((one) => nameAmong(one, patterns)), ...values]
  if (names.length === 0) return 'Nothing differs between A and B.'
  const kind = patterns.length === 1 ? 'switch' : 'value'
  if (names.length === 1) return `The only difference between A and B is one ${kind}: ${names[0]!}.`
  return `A and B differ in ${names.length} things (${listed(names)}), so the cause is not isolated.`
}

/** `A and B are identical until 34.6 s.`: up to the first bucket in which any count or level differs. */
export function partingWords(a: VariantRun, b: VariantRun): string {
  const { at, within } = parting(a, b)
  if (at === undefined) return 'A and B are identical.'
  if (at === 0) return 'A and B differ from the start.'
  return `A and B are identical until ${moment(at, within < 1e8 ? 2 : 1)}.`
}

/** Why nothing differs: `A and B are identical: the circuit breaker has not acted.` */
export function notActed({ patterns, values }: Difference): string {
  const names = [...patterns.map((one) => nameAmong(one, patterns)), ...values]
  if (names.length === 0) return 'A and B are identical: nothing differs between them.'
  if (patterns.length === 1 && values.length === 0) {
    return `A and B are identical: the ${names[0]!} has not acted.`
  }
  return `A and B are identical: what differs (${listed(names)}) has had no effect.`
}

/** Where and when the fault is, for those who look for it: `30.0 s – 45.0 s`. */
export function faultSpan(run: VariantRun): string {
  const [first] = run.layout.faults
  return first ? `${moment(first.from)} – ${moment(first.until)}` : ''
}
