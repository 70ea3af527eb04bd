/** What the examined cases come to, for people and for programs. */
import { table } from '../text.ts'
import type { Examined } from './examine.ts'
import type { Verdict } from './protocol.ts'

/** How many of what. Counts are of cases; arithmetic ones apart. */
export interface Tally {
  readonly reproduced: number
  readonly missed: number
  readonly notCovered: number
  readonly toCome: number
  /** Cases of elementary arithmetic among the reproduced, and among the missed. */
  readonly arithmetic: { readonly reproduced: number; readonly missed: number }
  /** Gated metrics of covered cases. */
  readonly metrics: {
    readonly reproduced: number
    readonly missed: number
    readonly notCovered: number
  }
}

/** What became of a case, in a word. */
export type Standing = 'reproduced' | 'missed' | 'not covered' | 'to come'

/** A case is reproduced when every gated metric that can be had is. */
export function standingOf({ verdicts, excuse, trouble, without }: Examined): Standing {
  if (excuse) return 'toCome' in excuse ? 'to come' : 'not covered'
  if (trouble !== undefined) return 'missed'
  const gated = verdicts.filter(({ gate }) => gate)
  if (gated.length === 0 && Object.keys(without).length > 0) return 'not covered'
  return gated.every(({ reproduced }) => reproduced) ? 'reproduced' : 'missed'
}

/** Counts cases and gated metrics. */
export function tallyOf(all: readonly Examined[]): Tally {
  const count = (standing: Standing, isArithmetic?: boolean): number =>
    all.filter(
      (one) =>
        standingOf(one) === standing &&
        (isArithmetic === undefined || (one.case.arithmetic ?? false) === isArithmetic),
    ).length
  return {
    reproduced: count('reproduced'),
    missed: count('missed'),
    notCovered: count('not covered'),
    toCome: count('to come'),
    arithmetic: { reproduced: count('reproduced', true), missed: count('missed', true) },
    metrics: metricsOf(all),
  }
}

function metricsOf(all: readonly Examined[]): Tally['metrics'] {
  const gated = all.flatMap(({ verdicts }) => verdicts.filter(({ gate }) => gate))
  const lost = all.flatMap((one) =>
    one.trouble === undefined ? [] : one.case.metrics.filter(({ gate }) => gate),
  )
  const without = all.flatMap((one) =>
    one.case.metrics.filter(({ gate, name }) => gate && Object.hasOwn(one.without, name)),
  )
  const reproduced = gated.filter((verdict) => verdict.reproduced).length
  const missed = gated.length - reproduced + lost.length
  return { reproduced, missed, notCovered: without.length }
}

/** A line for every family, then every case that is not reproduced, then the sum. */
export function reportOf(all: readonly Examined[]): string {
  const families = [...new Set(all.map((one) => one.case.family))]
  const rows = families.map((family) => {
    const tally = tallyOf(all.filter((one) => one.case.family === family))
    const { reproduced, missed, notCovered, toCome, metrics } = tally
    const shares = `${metrics.reproduced} of ${metrics.reproduced + metrics.missed}`
    return [family, reproduced, missed, notCovered, toCome, shares].map(String)
  })
  const head = ['family', 'reproduced', 'missed', 'not covered', 'to come', 'metrics']
  const details = all.flatMap((one) => detailsOf(one))
  return `${table([head, ...rows])}\n${details.join('\n')}${details.length > 0 ? '\n\n' : ''}${sumOf(all)}`
}

function detailsOf(one: Examined): string[] {
  const { case: which, excuse, trouble, without } = one
  const standing = standingOf(one)
  const why = Object.entries(without).map(([name, reason]) => `  ${name}: not covered: ${reason}`)
  if (standing === 'reproduced') return why.length > 0 ? [which.id, ...why] : []
  if (excuse) return [`${which.id} (${which.model}): ${standing}: ${Object.values(excuse)[0]!}`]
  if (trouble !== undefined) return [`${which.id} (${which.model}): missed: ${trouble}`]
  const missed = one.verdicts.filter(({ gate, reproduced }) => gate && !reproduced)
  return [`${which.id} (${which.model}): ${standing}`, ...missed.map(missLine), ...why]
}

function missLine({ name, expected, measured, standardError, tolerance }: Verdict): string {
  const off =
    standardError > 0 ? `, ${rounded((measured - expected) / standardError)} standard errors` : ''
  return `  ${name}: ${rounded(measured)} for ${rounded(expected)} ± ${rounded(tolerance)}${off}`
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(6)))
}

/** The last line. */
export function sumOf(all: readonly Examined[]): string {
  const { reproduced, missed, notCovered, toCome, arithmetic, metrics } = tallyOf(all)
  const gated = metrics.reproduced + metrics.missed
  const share = gated === 0 ? 0 : (100 * metrics.reproduced) / gated
  return (
    `${metrics.reproduced} of ${gated} gated metrics (${share.toFixed(1)} %), ${metrics.notCovered} not covered; ` +
    `of the cases ${arithmetic.reproduced + arithmetic.missed} are arithmetic, ${arithmetic.reproduced} of them reproduced\n` +
    `${reproduced} reproduced, ${missed} missed, ${notCovered} not covered, ${toCome} to come\n`
  )
}
