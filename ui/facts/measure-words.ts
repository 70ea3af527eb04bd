/** What a number of a run means, as a clause: `3 calls turned away`, `71 % of the requests fail`. */
import type { Value } from '../../engine/scenario/expect/ast.ts'
import { SECOND } from '../../engine/units.ts'
import { arrows, count, digits, NBSP, percent, span, spaced, words } from '../format.ts'
import { signalHelp } from './signal-help.ts'

/** How a measure is told. `$` of a clause is where the number stands. */
export interface Wording {
  readonly clause: string
  readonly unit: 'share' | 'count' | 'ms' | 'factor'
  /** Whether more of it is good; undefined: that depends. */
  readonly isMoreBetter: boolean | undefined
}

type MetricValue = Value & { readonly kind: 'metric' }

/** A number as a clause has it. */
export function written(value: number, unit: Wording['unit']): string {
  if (unit === 'share') return percent(value)
  if (unit === 'ms') return span(value * 1e6)
  if (unit === 'factor') return `${digits(value, 2)}${NBSP}times`
  if (value === 0) return 'none'
  return Number.isInteger(value) || Math.abs(value) >= 10 ? count(value) : digits(value, 2)
}

/** The clause with its number, which may be written in another way. */
export function told(
  { clause, unit }: Wording,
  value: number,
  number = written(value, unit),
): string {
  return clause.replace('$', () => (number === 'none' ? 'no' : number))
}

/** How a value of `expect` is told; undefined: there are no words for it. `useOf` names the component of an attachment. */
export function wordingOf(
  value: Value,
  useOf: (id: string) => string | undefined,
): Wording | undefined {
  if (value.kind === 'metric') return ofMetric(value, useOf)
  if (value.kind !== 'arithmetic') return undefined
  const { operator, left, right } = value
  if (left.kind !== 'metric' || right.kind !== 'metric') return undefined
  if (operator === '/') return ofRatio(left, right)
  return operator === '-' ? ofDifference(left, right, useOf) : undefined
}

const good = (clause: string): Wording => ({ clause, unit: 'share', isMoreBetter: true })

/** `payments answers 71 % of the calls buyers → web`. */
function ofRatio(part: MetricValue, whole: MetricValue): Wording | undefined {
  const [of, from] = [textOf(part), textOf(whole)]
  switch (`${part.metric.name}/${whole.metric.name}`) {
    case 'ok/arrivals':
      return of === from ? good(`${of} answers $ of its calls`) : undefined
    case 'ok/calls':
      return good(`${of} answers $ of the calls ${from}`)
    case 'attempts/calls':
      if (of !== from) return undefined
      return { clause: `each call ${of} is sent $`, unit: 'factor', isMoreBetter: false }
    default:
      return undefined
  }
}

/** Two signals of one name at two places that ought to agree: `412 more effects in force at flights than at payments`. */
function ofDifference(
  left: MetricValue,
  right: MetricValue,
  useOf: (id: string) => string | undefined,
): Wording | undefined {
  if (left.metric.name !== 'signal' || right.metric.name !== 'signal') return undefined
  const [a, b] = [signalOf(left, useOf), signalOf(right, useOf)]
  if (!a || !b || a.name !== b.name || a.use !== b.use) return undefined
  const clause = `$ more ${helpOf(a)} at ${a.id} than at ${b.id}`
  return { clause, unit: 'count', isMoreBetter: undefined }
}

interface SignalName {
  readonly id: string
  readonly name: string
  readonly use: string
}

function signalOf(value: MetricValue, useOf: (id: string) => string | undefined) {
  const path = value.texts[0] ?? ''
  const dot = path.lastIndexOf('.')
  const id = path.slice(0, dot)
  const use = useOf(id.split('@')[0]!)
  return use === undefined ? undefined : { id, name: path.slice(dot + 1), use }
}

/** `calls turned away`: the help of a signal up to its first explanation. */
function helpOf({ id, name, use }: SignalName): string {
  const help = signalHelp(use, name)
  if (help === undefined) return `${words(id)} ${spaced(name)}`
  const [short = help] = help.split(/[:;(]/)
  return (short.charAt(0).toLowerCase() + short.slice(1)).trim()
}

function textOf({ args: [first] }: MetricValue): string {
  return typeof first === 'string' ? arrows(first) : ''
}

function ofMetric(
  value: MetricValue,
  useOf: (id: string) => string | undefined,
): Wording | undefined {
  const { metric, args } = value
  if (metric.name === 'signal') {
    const signal = signalOf(value, useOf)
    return signal && { clause: `$ ${helpOf(signal)}`, unit: 'count', isMoreBetter: undefined }
  }
  const simple = SIMPLE[metric.name]
  if (!simple) return undefined
  const [clause, unit, isMoreBetter] = simple
  const [first] = args
  if (typeof first === 'object') return { ...within(clause, first), unit, isMoreBetter }
  if (first === undefined && clause.includes('#')) return undefined
  return { clause: clause.replace('#', () => textOf(value)), unit, isMoreBetter }
}

function within(clause: string, { from, until }: { from: number; until: number }) {
  const [start, end] = [from, until].map((ms) => digits((ms * 1e6) / SECOND, 4))
  return { clause: clause.replace('all requests', `the requests of ${start}–${end}${NBSP}s`) }
}

/** Clauses of metrics with at most one argument, which stands for `#`. */
const SIMPLE: Readonly<
  Record<string, readonly [string, Wording['unit'], Wording['isMoreBetter']]>
> = {
  served: ['$ of all requests are served', 'share', true],
  failed: ['$ of all requests fail', 'share', false],
  refused: ['$ of all requests are turned away', 'share', false],
  degraded: ['$ of all requests get a reduced answer', 'share', undefined],
  unfinished: ['$ of all requests are never answered', 'share', false],
  wasted: ['$ of the finished work is for nobody', 'share', false],
  utilisation: ['# is $ busy', 'share', undefined],
  ok: ['# answers $ calls', 'count', true],
  overload: ['$ calls find the queue of # full', 'count', false],
  timeouts: ['$ calls # are given up', 'count', false],
  retries: ['$ calls # are repeats', 'count', false],
  attempts: ['$ calls go over #, repeats included', 'count', undefined],
  mean: ['a served request takes $ on average', 'ms', false],
  p50: ['half of the served requests take less than $', 'ms', false],
  p99: ['99 of 100 served requests take less than $', 'ms', false],
  wait: ['a call waits $ at # on average', 'ms', false],
  response: ['# takes $ on average', 'ms', false],
}
