/** What the page asks of every run: the same question in the sentence, in the squares and in the strip of seeds. */
import type { VariantResult } from '../../engine/results/result.ts'
import { NBSP } from '../format.ts'
import type { Runs } from '../runs.ts'
import type { Opened } from '../state.ts'
import { lastFaultEnd } from './faults.ts'
import { isAboutRecovery, telling, type Measure } from './measures.ts'
import { knowsSignals } from './signal-help.ts'
import { markOf, markOfShare, metric, standingOf, type Mark, type Standing } from './standing.ts'

/** A question to a run, and how its answer is marked. */
export interface Judge {
  /** `recovery`: whether it comes back; `measure`: how much of something there is; `same`: nothing differs to speak of. */
  readonly about: 'recovery' | 'measure' | 'same'
  readonly measure: Measure
  mark(result: VariantResult): Mark
  /** What the marks stand for, in as few words as there is room for. */
  readonly legend: string
  standing(result: VariantResult): Standing
}

/** The share that is served: what is asked where nothing else is. */
export const SERVED: Measure = {
  clause: '$ of all requests are served',
  unit: 'share',
  isMoreBetter: true,
  read: (result) => metric(result, 'served'),
}

const known = new WeakMap<VariantResult, { b: VariantResult; knew: boolean; judge: Judge }>()

/** The question that tells A from B; undefined before both are finished. */
export function judgeOf({ A, B, opened }: Pick<Runs, 'A' | 'B' | 'opened'>): Judge | undefined {
  const [a, b] = [A?.result, B?.result]
  if (!A || !a || !b || !opened) return undefined
  const before = known.get(a)
  if (before?.b === b && before.knew === knowsSignals()) return before.judge
  const judge = decide(a, b, opened, lastFaultEnd(A.layout))
  known.set(a, { b, knew: knowsSignals(), judge })
  return judge
}

function decide(
  a: VariantResult,
  b: VariantResult,
  opened: Opened,
  faultEnd: number | undefined,
): Judge {
  const standing = (result: VariantResult): Standing => standingOf(result, faultEnd)
  const both = [a, b].map(standing)
  if (faultEnd !== undefined && isRecovery(both, opened)) {
    const mark = (result: VariantResult): Mark => markOf(standing(result))
    return { about: 'recovery', measure: SERVED, mark, standing, legend: '✕ down ╱ limping ● fine' }
  }
  const found = a.digest === b.digest ? undefined : telling(opened, a, b)
  const measure = found ?? SERVED
  const mark = (result: VariantResult): Mark => markByMeasure(measure, result, opened)
  const legend = legendOf(measure, opened)
  return { about: found ? 'measure' : 'same', measure, mark, standing, legend }
}

/** Coming back is the point when the file says so, or when only one of both is down in the end. */
function isRecovery(both: readonly Standing[], opened: Opened): boolean {
  const isDown = both.map((one) => markOf(one) === 'down')
  if (isDown[0] !== isDown[1]) return true
  return isAboutRecovery(opened) && both.some(({ fate }) => fate !== 'untouched')
}

function legendOf({ clause, unit, isMoreBetter }: Measure, { scenario }: Opened): string {
  if (unit === 'count' && isMoreBetter === false) return '✕ some ● none'
  const isOwn = unit === 'share' && isMoreBetter !== undefined
  const good = Math.round((isOwn ? enough(scenario.objective.served) : 0.95) * 100)
  const what = isOwn && !clause.includes('served') ? 'well' : 'served'
  return `✕ <50${NBSP}% ╱ ● ≥${good}${NBSP}% ${what}`
}

function markByMeasure(measure: Measure, result: VariantResult, { scenario }: Opened): Mark {
  const value = measure.read(result)
  const { unit, isMoreBetter } = measure
  if (unit === 'count' && isMoreBetter === false) return value === 0 ? 'fine' : 'down'
  if (unit !== 'share' || isMoreBetter === undefined) return markOfShare(SERVED.read(result))
  return markOfShare(isMoreBetter ? value : 1 - value, enough(scenario.objective.served))
}

/** What the objective of the file asks for, as far as the marks can tell it from the worst. */
function enough(objective: number | undefined): number {
  return Math.max(0.5, Math.min(0.95, objective ?? 0.95))
}
