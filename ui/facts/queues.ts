/** The queue that the stack shows: how deep it was, and its limit. */
import type { Time } from '../../engine/units.ts'
import { count, listed } from '../format.ts'
import type { Runs, VariantRun } from '../runs.ts'
import { SIDES } from '../state.ts'
import { at } from './moment-words.ts'

/** A queue. */
export interface Queue {
  readonly name: string
  /** Top of the scale: the limit where it was nearly reached, else the deepest of both runs. */
  readonly top: number
  /** Waiting places over all instances; Infinity: no bound. */
  readonly places: number
  /** Whether the top of the scale is the limit. */
  readonly isLimit: boolean
}

/** Waiting places of a service that has no bound are taken for so many when queues are compared. */
const UNBOUNDED = 1000
/** A limit is drawn when more than this share of it was ever taken. */
const NEAR = 1 / 3

/** A queue of a service, over both runs. */
export function queueOf(runs: Runs, name: string): Queue | undefined {
  const spec = (runs.A ?? runs.B)?.layout.services.find((service) => service.name === name)
  if (!spec) return undefined
  const places = spec.queue * spec.instances
  const peak = Math.max(...SIDES.map((side) => (runs[side] ? peakOf(runs[side], name) : 0)))
  const isLimit = Number.isFinite(places) && peak > places * NEAR
  return { name, places, isLimit, top: isLimit ? Math.max(places, peak) : Math.max(5, peak) }
}

/** A queue is filling from this share of its places on. */
const FILLING = 0.05

/** The service whose queue came nearest to its limit in either variant; of those that were as near, the first to fill. */
export function fullestQueue(runs: Runs): Queue | undefined {
  let best: { name: string; share: number; when: number } | undefined
  for (const side of SIDES) {
    const run = runs[side]
    for (const { name, queue, instances } of run?.layout.services ?? []) {
      const places = Number.isFinite(queue) ? Math.max(1, queue * instances) : UNBOUNDED
      const share = peakOf(run!, name) / places
      const when = filledFrom(run!, name, FILLING * places)
      const isAsFull = best !== undefined && Math.abs(share - best.share) < 0.01
      const isBetter = !best || (isAsFull ? when < best.when : share > best.share)
      if (isBetter) best = { name, share, when }
    }
  }
  return best && queueOf(runs, best.name)
}

function peakOf(run: VariantRun, name: string): number {
  return run.column('service', name, 'queueMax').reduce((a, b) => Math.max(a, b), 0)
}

function filledFrom(run: VariantRun, name: string, depth: number): number {
  const bucket = run.column('service', name, 'queueMax').findIndex((waiting) => waiting >= depth)
  return bucket < 0 ? Infinity : bucket
}

/** `47.2 s: 899 waiting in A, 0 in B; room for 900`. */
export function queueAt(runs: Runs, { name, places }: Queue, time: Time): string {
  const told = SIDES.flatMap((side) => {
    const run = runs[side]
    if (!run) return []
    const waiting = run.column('service', name, 'queue')[run.bucketAt(time)]!
    return [`${waiting < 10 ? Number(waiting.toFixed(1)) : count(waiting)} in ${side}`]
  })
  const room = Number.isFinite(places) ? `; room for ${count(places)}` : ''
  const run = (runs.A ?? runs.B)!
  return `${at(run, time)}: waiting at ${name}: ${listed(told)}${room}`
}

/** The queue in one sentence for each variant. */
export function queueSentence(runs: Runs, { name, places }: Queue): string {
  const told = SIDES.flatMap((side) => {
    const run = runs[side]
    if (!run) return []
    const column = run.column('service', name, 'queue')
    const last = column[Math.max(0, run.filled - 1)] ?? 0
    return `In ${side} at most ${count(peakOf(run, name))} calls waited, and ${count(last)} at the end.`
  })
  const room = Number.isFinite(places) ? `There is room for ${count(places)}.` : 'It has no bound.'
  return `Queue of ${name}. ${told.join(' ')} ${room}`
}
