/** How a run fared, judged by the same rules as `expect` and the tables. */
import { parseMetric } from '../../engine/results/metrics.ts'
import type { VariantResult } from '../../engine/results/result.ts'
import { MILLISECOND, type Time } from '../../engine/units.ts'
import type { VariantRun } from '../runs.ts'
import { lastFaultEnd } from './faults.ts'

/** A metric of a result by its path, as in `expect`: `served`, `p99`, `recoveryTime(45s)`. */
export function metric(result: VariantResult, path: string): number {
  const values = known.get(result) ?? new Map<string, number>()
  known.set(result, values)
  const before = values.get(path)
  if (before !== undefined) return before
  const found = parseMetric(path)
  const value = found ? found.metric.compute(result, found.args) : Number.NaN
  values.set(path, value)
  return value
}

/** What was computed of a result, which never changes. */
const known = new WeakMap<VariantResult, Map<string, number>>()

/** How a run stands at its end. */
export type Fate = 'untouched' | 'back' | 'limping' | 'down' | 'faultless'

/** A run in a few words. */
export interface Standing {
  readonly fate: Fate
  /** Share of all requests that were served. */
  readonly served: number
  /** Share served in the last tenth of the run. */
  readonly servedLast: number
  /** When the last fault was over. */
  readonly faultEnd: Time | undefined
  /** From the end of the last fault to the recovery, ns; Infinity when there is none. */
  readonly recovery: number
}

const UNTOUCHED = 0.99

/** Judges a finished run; undefined before it is finished. */
export function standing({ result, layout }: VariantRun): Standing | undefined {
  return result && standingOf(result, lastFaultEnd(layout))
}

/** Judges what a run came to. The last fault was over at a moment; undefined: there was none. */
export function standingOf(result: VariantResult, faultEnd: Time | undefined): Standing {
  const ms = result.virtualMs
  const recovery =
    faultEnd === undefined
      ? Number.NaN
      : metric(result, `recoveryTime(${faultEnd / MILLISECOND}ms)`) * MILLISECOND
  const served = metric(result, 'served')
  const servedLast = metric(result, `served(${ms * 0.9}ms..${ms}ms)`)
  const facts = { served, servedLast, faultEnd, recovery }
  return { ...facts, fate: fateOf(facts) }
}

function fateOf({ served, servedLast, faultEnd, recovery }: Omit<Standing, 'fate'>): Fate {
  if (faultEnd === undefined) return 'faultless'
  if (served > UNTOUCHED) return 'untouched'
  if (Number.isFinite(recovery)) return 'back'
  return servedLast < 0.5 ? 'down' : 'limping'
}

/** How a run fared, in the three marks of the squares: ●, ╱ and ✕. */
export type Mark = 'fine' | 'limping' | 'down'

/** The mark of a share of what went well. */
export function markOfShare(well: number, enough = 0.95): Mark {
  if (well >= enough) return 'fine'
  return well < 0.5 ? 'down' : 'limping'
}

/** The mark of a run that had faults to recover from. */
export function markOf({ fate, served }: Standing): Mark {
  if (fate === 'faultless') return markOfShare(served)
  if (fate === 'down' || fate === 'limping') return fate
  return 'fine'
}
