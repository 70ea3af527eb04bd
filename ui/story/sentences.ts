/** The sentences of a story. Every number is one that the page shows elsewhere, made by the same functions. */
import { HEAT } from '../../engine/results/frame.ts'
import type { Time } from '../../engine/units.ts'
import { attemptsAt } from '../facts/attempts.ts'
import { faultBegins, faultEnds } from '../facts/faults.ts'
import { firstTroubles, serviceAt, type Trouble } from '../facts/health.ts'
import { quantile } from '../facts/quantiles.ts'
import { scores } from '../facts/scores.ts'
import { metric, type Standing } from '../facts/standing.ts'
import { clause } from '../facts/verdict.ts'
import { outcomes, type Stretch } from '../facts/window.ts'
import {
  arrows,
  capitalised,
  count,
  listed,
  moment,
  percent,
  span,
  wholePercent,
  words,
} from '../format.ts'
import type { VariantRun } from '../runs.ts'
import type { Opened } from '../state.ts'

type Fault = VariantRun['layout']['faults'][number]

/** `300 requests a second from shoppers. All of them are served, half of them within 26 ms.` */
export function baseline(run: VariantRun, from: Time, until: Time): string {
  const stretch = {
    from: run.bucketAt(from),
    to: Math.max(run.bucketAt(from) + 1, run.bucketAt(until)),
  }
  const { offered, served } = outcomes(run, stretch)
  const seconds = ((stretch.to - stretch.from) * run.layout.bucket) / 1e9
  const who = listed(run.layout.loads.map(({ name }) => name))
  const rate = `${count(rounded(offered / seconds))} requests a second from ${who}.`
  if (Number.isNaN(served)) return rate
  const median = medianIn(run, stretch)
  const share = served > 0.9995 ? 'All of them' : percent(served)
  const fast = median === undefined ? '' : `, half of them within ${span(rounded(median))}`
  return `${rate} ${share} ${served > 0.9995 ? 'are' : 'of them are'} served${fast}.`
}

function medianIn(run: VariantRun, { from, to }: Stretch): number | undefined {
  const rows = run.heat('served').map((row) => row.subarray(from, to))
  const counts = rows.map((row) => row.reduce((all, here) => all + here, 0))
  return counts.length === HEAT.rows ? quantile(counts, 0.5) : undefined
}

/** Two significant digits: more would pretend. */
function rounded(value: number): number {
  return Number(value.toPrecision(2))
}

/** `Ledger-db slows down ×2.7, for 15 s.` */
export function onset(faults: readonly Fault[], duration: Time): string {
  const [first] = faults
  if (!first) return ''
  const together = faults.filter(({ from }) => from === first.from)
  const later = faults.length - together.length
  const length = first.until - first.from
  const isShown = together.length === 1 && length > 0
  const lasts = first.until >= duration ? ', until the end' : `, for ${span(length)}`
  const begins = capitalised(listed(together.map(faultBegins)))
  const more = later > 0 ? ` ${count(later)} more follow.` : ''
  return `${begins}${isShown ? lasts : ''}.${more}`
}

const CIRCLED = ['①', '②', '③', '④']

/** `Trouble spreads: ① ledger-db after 0.5 s, ② payments after 4.5 s.` Without any, how requests fare meanwhile. */
export function cascade(run: VariantRun, from: Time, until: Time): string {
  const troubles = troublesWithin(run, from, until)
  const told = troubles
    .slice(0, CIRCLED.length)
    .map(({ name, time }, at) => `${CIRCLED[at]!} ${name} after ${span(Math.max(0, time - from))}`)
  if (told.length === 0) {
    const { served } = outcomes(run, { from: run.bucketAt(from), to: run.bucketAt(until) + 1 })
    if (Number.isNaN(served)) return 'Until now no request has ended.'
    return `Of the requests that end in this time, ${percent(served)} are served.`
  }
  return `${told.length > 1 ? 'Trouble spreads' : 'In trouble'}: ${told.join(', ')}.`
}

/** `Callers that give up try again: 2 × 3 × 3 = up to 18 calls of ledger-db for one request.` */
export function again(run: VariantRun, target: string, opened: Opened): string {
  const service = target.replace(/#.*$/, '').split(' -> ').at(-1)!
  const found = attemptsAt(run, 'A', service, opened)
  if (!found) return ''
  const { factors, product } = found
  const sum = factors.length > 1 ? `${factors.join(' × ')} = ` : ''
  return `Callers that give up try again: ${sum}up to ${count(product)} calls of ${service} for one request.`
}

/** `At 45.0 s ledger-db is fast again.` */
export function over(fault: Fault, duration: Time): string {
  if (fault.until >= duration) return 'The fault does not end.'
  if (fault.until === fault.from) return 'The fault took a moment.'
  return `At ${moment(fault.until)} ${faultEnds(fault)}.`
}

/** How a run fared: `The system goes down and stays down. 54.1 % of all requests are served.` */
export function fared(run: VariantRun, stands: Standing, time: Time): string {
  const share = `${percent(stands.served)} of all requests of the run are served.`
  if (stands.fate === 'faultless') return share
  return [`${capitalised(clause(stands).text)}.`, forNobody(run, time), share]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

/** Work for callers that have left, where it is most of the work. */
function forNobody(run: VariantRun, time: Time): string {
  const all = run.layout.services.map(({ name }) => serviceAt(run, name, time))
  const worst = all.toSorted((a, b) => b.wasted - a.wasted)[0]
  if (!worst || worst.wasted < 0.5) return ''
  return `${wholePercent(worst.wasted)} of the work of ${worst.name} is for callers that gave up.`
}

/** `At 33.2 s the circuit breaker checkout → payments opens: calls are refused at once.` */
export function acted(run: VariantRun): string {
  const opened = run.transitions.find(({ word }) => word === 'open')
  if (!opened) return ''
  const { unit, time } = opened
  return `At ${moment(time)} the ${words(unit.use)} ${arrows(unit.place)} opens: calls are refused at once instead of waiting.`
}

/** `Of all requests, A served 54.1 % and B 95.2 %. …`, as the scoreboard has it. */
export function compared({ result: a }: VariantRun, { result: b }: VariantRun): string {
  if (!a || !b) return ''
  const told = (id: string, result: typeof a): string => {
    const score = scores(undefined).find((one) => one.id === id)!
    return score.write(score.read(result))
  }
  const share = `Of all requests, A served ${told('served', a)} and B ${told('served', b)}.`
  if (metric(a, 'p99') === 0 || metric(b, 'p99') === 0) return share
  return `${share} 99 of 100 served ones took at most ${told('p99', a)} in A and ${told('p99', b)} in B.`
}

/** Services in trouble for the first time within a stretch of the run. */
export function troublesWithin(run: VariantRun, from: Time, until: Time): readonly Trouble[] {
  return firstTroubles(run).filter(({ time }) => time >= from && time < until)
}
