/** Thresholds that a run crosses, and firsts and lasts: the long list of what happened. */
import type { Time } from '../../engine/units.ts'
import type { VariantRun } from '../runs.ts'
import { outcomes, sum, type Stretch } from './window.ts'

/** A crossing in words. */
export interface Crossing {
  /** Where what shows it begins: a window, or one bucket. */
  readonly time: Time
  /** Where that ends. */
  readonly until: Time
  readonly words: string
  /** Whether it is among what is told first after faults and patterns. */
  readonly isTelling: boolean
}

/** Windows of a run; in a short one they are shorter than a second. */
const WINDOWS = 120
/** A level must be held for so many windows before it counts as crossed. */
const HOLD = 2
/** Times that each call is sent, above which it is worth a line. */
const REPEATS = 1.5

const known = new WeakMap<VariantRun, { filled: number; found: readonly Crossing[] }>()

/** All crossings of a run so far, in no order. */
export function crossings(run: VariantRun): readonly Crossing[] {
  const before = known.get(run)
  if (before?.filled === run.filled) return before.found
  const stretches = windowsOf(run)
  const found = [
    ...levels(run, stretches, servedLevel),
    ...levels(run, stretches, repeatLevel),
    ...run.layout.services.flatMap(({ name, queue, instances }) =>
      levels(run, stretches, queueLevel(name, queue * instances)),
    ),
    ...ends(run, 'failed', 'fails'),
    ...ends(run, 'refused', 'is turned away'),
  ]
  known.set(run, { filled: run.filled, found })
  return found
}

function windowsOf({ layout, filled }: VariantRun): Stretch[] {
  const width = Math.max(1, Math.round(Math.min(1e9, layout.duration / WINDOWS) / layout.bucket))
  const count = Math.floor(filled / width)
  return Array.from({ length: count }, (_, at) => ({ from: at * width, to: (at + 1) * width }))
}

/** The words of a level; undefined: nothing can be said of the window. The first level of a rule is the usual one. */
type Rule = (run: VariantRun, stretch: Stretch) => string | undefined

/** Levels that are told among the first. */
const TELLING = ['fewer than half are served', 'each call is sent more than 1.5 times']

/** Every change of level that lasts. */
function levels(run: VariantRun, stretches: readonly Stretch[], rule: Rule): Crossing[] {
  const all = stretches.flatMap((stretch) => {
    const words = rule(run, stretch)
    const [time, until] = [stretch.from, stretch.to].map((at) => at * run.layout.bucket)
    return words === undefined ? [] : [{ time: time!, until: until!, words }]
  })
  const lasting = all.filter(({ words }, at) =>
    all.slice(at, at + HOLD).every((next) => next.words === words),
  )
  return lasting
    .filter(({ words }, at) => at > 0 && lasting[at - 1]!.words !== words)
    .map((one) => ({ ...one, isTelling: TELLING.includes(one.words) }))
}

function servedLevel(run: VariantRun, stretch: Stretch): string | undefined {
  const { served } = outcomes(run, stretch)
  if (Number.isNaN(served)) return undefined
  if (served >= 0.95) return '95 % are served again'
  return served < 0.5 ? 'fewer than half are served' : 'fewer than 95 % are served'
}

function repeatLevel(run: VariantRun, stretch: Stretch): string | undefined {
  const total = (metric: string): number =>
    run.layout.edges.reduce(
      (all, { name }) => all + sum(run.column('edge', name, metric), stretch),
      0,
    )
  const calls = total('calls')
  if (calls === 0) return undefined
  const isMany = total('attempts') / calls > REPEATS
  return isMany ? 'each call is sent more than 1.5 times' : 'hardly any call is repeated any more'
}

function queueLevel(name: string, places: number): Rule {
  return (run, { from, to }) => {
    if (!Number.isFinite(places) || places === 0) return undefined
    const column = run.column('service', name, 'queueMax')
    let top = 0
    for (let bucket = from; bucket < to; bucket++) top = Math.max(top, column[bucket]!)
    return top >= places ? `${name}: its queue is full` : `${name}: its queue has room again`
  }
}

/** The first and the last request that came to such an end. */
function ends(run: VariantRun, metric: string, verb: string): Crossing[] {
  const column = run.total(metric).subarray(0, run.filled)
  const first = column.findIndex((count) => count > 0)
  if (first < 0) return []
  const last = column.findLastIndex((count) => count > 0)
  const { bucket, buckets } = run.layout
  const entry = (at: number, words: string): Crossing => {
    return { time: at * bucket, until: (at + 1) * bucket, words, isTelling: false }
  }
  const begins = entry(first, `the first request ${verb}`)
  // Towards the end it is not the last one, only the last that is seen.
  const isOver = run.isDone && last < buckets * 0.95
  return isOver ? [begins, entry(last, `the last request ${verb}`)] : [begins]
}
