/** When users first felt it in a variant, and when it was well again: the flags on the ruler. */
import type { Time } from '../../engine/units.ts'
import type { Runs, VariantRun } from '../runs.ts'
import { SIDES, type Side } from '../state.ts'
import { troubleStep } from './health.ts'
import { at } from './moment-words.ts'
import { standing } from './standing.ts'
import { outcomes } from './window.ts'

/** A mark on the ruler. */
export interface Flag {
  readonly time: Time
  readonly side: Side
  readonly kind: 'onset' | 'recovery'
  readonly words: string
}

/** Fewer of those that end are served: users feel it. */
const FELT = 0.9

/** The flags of both variants. */
export function flagsOf(runs: Runs): Flag[] {
  return SIDES.flatMap((side) => {
    const run = runs[side]
    return run ? [...onset(run, side), ...recovery(run, side)] : []
  })
}

const known = new WeakMap<VariantRun, { to: number; onset: Time | undefined }>()

function onset(run: VariantRun, side: Side): Flag[] {
  const time = onsetOf(run)
  if (time === undefined) return []
  const words = `${side}: from ${at(run, time)} on fewer than 9 in 10 requests are served`
  return [{ time, side, kind: 'onset', words }]
}

/** The first of two half seconds in a row in which less than nine in ten were served; new buckets are looked at once. */
export function onsetOf(run: VariantRun): Time | undefined {
  const seen = known.get(run) ?? { to: 0, onset: undefined }
  known.set(run, seen)
  const step = troubleStep(run)
  while (seen.onset === undefined && seen.to + 2 * step <= run.filled) {
    const isBad = [0, 1].every((nth) => isFelt(run, seen.to + nth * step, step))
    if (isBad) seen.onset = seen.to * run.layout.bucket
    seen.to += step
  }
  return seen.onset
}

function isFelt(run: VariantRun, from: number, step: number): boolean {
  const { served, ended } = outcomes(run, { from, to: from + step })
  return ended > 0 && served < FELT
}

function recovery(run: VariantRun, side: Side): Flag[] {
  const fared = run.isDone ? standing(run) : undefined
  if (!fared || fared.fate !== 'back' || fared.faultEnd === undefined) return []
  const time = fared.faultEnd + fared.recovery
  return [{ time, side, kind: 'recovery', words: `${side}: normal again at ${at(run, time)}` }]
}
