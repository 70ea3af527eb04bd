/** What a comparison is about: the number that a file makes claims of, and in which A and B differ most. */
import { parseMetric } from '../../engine/results/metrics.ts'
import type { VariantResult } from '../../engine/results/result.ts'
import type { Comparison, Condition, Value } from '../../engine/scenario/expect/ast.ts'
import { metricsIn } from '../../engine/scenario/expect/ast.ts'
import { valueIn } from '../../engine/scenario/expect/evaluate.ts'
import { parseExpectation } from '../../engine/scenario/expect/parse.ts'
import { variantName } from '../switches.ts'
import { type Opened } from '../state.ts'
import { knowsSignals } from './signal-help.ts'
import { wordingOf, type Wording } from './measure-words.ts'

/** A number of a run with the words for it. */
export interface Measure extends Wording {
  read(result: VariantResult): number
}

/** Metrics that judge a recovery: a file that claims about them is about recovering. */
const RECOVERY: readonly string[] = ['recovered', 'recoveryTime', 'collapsed']
/** What is looked at in every file, after its own claims. */
const USUAL = ['served', 'p99'].map((name) => `mean(${name}(A)) > 0 over 1 seed`)
/** A count or a time that is there in one run only weighs as much as so many points of a share. */
const WEIGHT_OF_COUNTS = 0.2
/** What happens in a part of the run only says less than what the whole comes to. */
const WEIGHT_OF_WINDOWS = 0.7
/** Refusals and reduced answers are mostly what a pattern costs. */
const COSTS: readonly string[] = ['refused', 'degraded']
const WEIGHT_OF_COSTS = 0.5
/** The first claim of a file is its point. */
const WEIGHT_OF_FIRST = 1.5
/** Differences that weigh less are none to speak of: of a share, a point. */
export const LEAST = 0.01

/** Whether a file is about recovering from its faults. */
export function isAboutRecovery({ scenario }: Opened): boolean {
  const metrics = conditionsOf(scenario.expect.map(({ text }) => text)).flatMap(metricsIn)
  return (
    scenario.expect.length === 0 || metrics.some(({ metric }) => RECOVERY.includes(metric.name))
  )
}

/** The measure that tells most about two results; undefined when nothing differs to speak of. */
export function telling(opened: Opened, a: VariantResult, b: VariantResult): Measure | undefined {
  const candidates = measuresOf(opened).filter((one) => isKnown(one, a, b))
  const weights = candidates.map((one) => weightOf(one, a, b))
  const most = Math.max(0, ...weights)
  return most < LEAST ? undefined : candidates[weights.indexOf(most)]
}

/** A measure, and how much it is the point of its file. */
interface Candidate extends Measure {
  readonly weight: number
  /** The share served in the same part of the run: where failures turn into refusals, nobody is better off. */
  readonly served: ((result: VariantResult) => number) | undefined
  /** Attachments whose signals it reads: without them it says nothing. */
  readonly ids: readonly string[]
}

const known = new WeakMap<Opened, { readonly knew: boolean; readonly made: readonly Candidate[] }>()

/** All numbers that a file makes claims of, and the usual ones, in this order. */
function measuresOf(opened: Opened): readonly Candidate[] {
  const before = known.get(opened)
  if (before?.knew === knowsSignals()) return before.made
  const own = conditionsOf(opened.scenario.expect.map(({ text }) => text))
  const made = [...own, ...conditionsOf(USUAL)].flatMap((condition, line) =>
    condition.flatMap(claimsOf).flatMap((claim) => {
      const isFirst = line === 0 && own.length > 0
      return candidateOf(claim, opened, isFirst) ?? []
    }),
  )
  known.set(opened, { knew: knowsSignals(), made })
  return made
}

function conditionsOf(texts: readonly string[]): Condition[] {
  return texts.flatMap((text) => {
    const parsed = parseExpectation(text)
    return parsed.ok ? [parsed.tree.condition] : []
  })
}

/** A value of one variant, and the variant in which the file says there is more of it. */
interface Claim {
  readonly value: Value
  readonly moreIn: string | undefined
}

/** What a comparison is about: parts that speak of one variant, as large as they come. */
function claimsOf({ operator, left, right }: Condition[number]): Claim[] {
  return [...claimsIn(left, operator), ...claimsIn(right, undefined)]
}

function claimsIn(value: Value, operator: Comparison | undefined): Claim[] {
  if (value.kind === 'number') return []
  if (value.kind === 'aggregate') {
    return value.by === 'share' ? value.of.flatMap(claimsOf) : claimsIn(value.of, operator)
  }
  if (value.kind === 'metric' || variantsIn(value).length === 1) {
    return [{ value, moreIn: undefined }]
  }
  const parts = [value.left, value.right] as const
  const [from, to] = parts.map((part) => variantsIn(part)[0])
  const isPair = value.operator === '-' && parts.every((part) => variantsIn(part).length === 1)
  if (!isPair || operator === undefined) return parts.flatMap((part) => claimsIn(part, undefined))
  const moreIn = operator.startsWith('>') ? from : to
  return parts.map((part) => ({ value: part, moreIn }))
}

function metricsOf(value: Value): ReturnType<typeof metricsIn> {
  return metricsIn([
    { operator: '>', left: value, right: { kind: 'number', value: 0, unit: 'number' } },
  ])
}

function variantsIn(value: Value): string[] {
  return [...new Set(metricsOf(value).map(({ variant }) => variant))]
}

function candidateOf({ value, moreIn }: Claim, opened: Opened, isFirst: boolean) {
  const attachments = [...opened.scenario.patterns, ...opened.off]
  const wording = wordingOf(value, (id) => attachments.find((one) => one.id === id)?.use)
  if (!wording) return undefined
  const metrics = metricsOf(value)
  const claimed =
    isFirst && moreIn !== undefined ? moreIn === variantName(opened.scenario, 'B') : undefined
  const candidate: Candidate = {
    ...wording,
    isMoreBetter: wording.isMoreBetter ?? claimed,
    read: (result) => valueIn(value, result),
    weight: weightAs(wording, metrics, isFirst),
    served: servedLike(value),
    ids: metrics
      .filter(({ metric }) => metric.name === 'signal')
      .map(({ texts }) => (texts[0] ?? '').split(/[.@]/)[0]!),
  }
  return candidate
}

const LOSSES: readonly string[] = ['failed', 'refused', 'unfinished']

function servedLike(value: Value): Candidate['served'] {
  if (value.kind !== 'metric' || !LOSSES.includes(value.metric.name)) return undefined
  const served = parseMetric('served')!.metric
  return (result) => served.compute(result, value.args)
}

function weightAs(
  wording: Wording,
  metrics: ReturnType<typeof metricsIn>,
  isFirst: boolean,
): number {
  const isPart = metrics.some(({ args }) => args.some((one) => typeof one === 'object'))
  const isCost = metrics.some(({ metric }) => COSTS.includes(metric.name))
  return (
    (isFirst ? WEIGHT_OF_FIRST : 1) *
    (isPart ? WEIGHT_OF_WINDOWS : 1) *
    (isCost ? WEIGHT_OF_COSTS : 1) *
    (isShare(wording) ? 1 : WEIGHT_OF_COUNTS)
  )
}

function isShare({ unit }: Wording): boolean {
  return unit === 'share'
}

/** Whether both runs have the number: one that only a pattern counts says nothing of a run without it. */
function isKnown({ read, ids }: Candidate, ...results: readonly VariantResult[]): boolean {
  return results.every((result) => {
    const places = Object.keys(result.signals)
    const has = (id: string): boolean => places.some((place) => place.split('@')[0] === id)
    return ids.every(has) && Number.isFinite(read(result))
  })
}

function weightOf(one: Candidate, a: VariantResult, b: VariantResult): number {
  const [left, right] = [one.read(a), one.read(b)]
  const difference = Math.abs(right - left)
  const served = one.served ? Math.abs(one.served(b) - one.served(a)) : Infinity
  if (served < difference / 2) return 0
  if (isShare(one)) return one.weight * difference
  return difference === 0
    ? 0
    : (one.weight * difference) / Math.max(Math.abs(left), Math.abs(right))
}
