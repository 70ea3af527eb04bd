/** How often intervals hold the truth, over many repetitions of the whole experiment. */
import { halfWidth, mean, meanInterval, looksUpTo } from '../../engine/results/statistics.ts'
import type { RunTask, VariantResult } from '../../engine/run.ts'
import { changed, runs, type Study, seedsFrom, tell } from '../../engine/studies/study.ts'
import { KINDS, type Kind, levelsOf, oneRun, PAIRS, type Pair, readingOf } from './kinds.ts'
import { type Length, type Model, textOf } from './models.ts'

/** How often one kind of interval held the truth on one model. */
export interface Calibrated {
  readonly model: string
  readonly kind: string
  readonly isControl: boolean
  /** Intervals that were told, and repetitions that said "not enough data". */
  readonly told: number
  readonly refused: number
  readonly held: number
  /** Mean half width, as a share of the truth. */
  readonly width: number
}

/** Of nominal 95 %, so many may hold the truth. */
export const BOUNDS = { low: 0.92, high: 0.98 }

/** Whether a row is as it must be: within bounds, and for a control outside of them. */
export function isFine({ isControl, held, told }: Calibrated): boolean {
  const share = held / told
  return isControl ? share < BOUNDS.low : share >= BOUNDS.low && share <= BOUNDS.high
}

/** Repetitions whose runs are asked for at a time. */
const AT_ONCE = 10

/** The rows of a model; each is told as soon as it is known. */
export function* calibration(model: Model, repetitions: number): Study<Calibrated, void> {
  const pairs = yield* shortRuns(model, repetitions * PAIRS)
  for (const kind of KINDS) yield* tell(pairedRow(model, kind, pairs))
  yield* tell(stoppedRow(model, pairs))
  const levels = yield* longRuns(model, repetitions)
  yield* tell(batchRow(model, levels))
}

function taskOf(model: Model, length: Length): RunTask {
  const recording = length === 'long' ? 'columns' : 'none'
  const rest = { variant: 'A', seed: 1, off: [], on: [], inert: [], set: {} }
  return { text: textOf(model, length), name: 'calibration', ...rest, recording }
}

function* shortRuns(model: Model, count: number): Study<never, Pair[]> {
  const base = taskOf(model, 'short')
  const pairs: Pair[] = []
  while (pairs.length < count) {
    const seeds = seedsFrom(1 + pairs.length, Math.min(AT_ONCE * PAIRS, count - pairs.length))
    const tasks = seeds.flatMap((seed) =>
      ['A', 'B'].map((variant) => changed(base, { variant, seed })),
    )
    const results = (yield* runs(tasks)) as readonly VariantResult[]
    seeds.forEach((_, at) => {
      const [A, B] = [results[2 * at]!, results[2 * at + 1]!].map(readingOf)
      pairs.push({ A: A!, B: B! })
    })
  }
  return pairs
}

function* longRuns(model: Model, count: number): Study<never, number[][]> {
  const base = taskOf(model, 'long')
  const levels: number[][] = []
  while (levels.length < count) {
    const seeds = seedsFrom(1 + levels.length, Math.min(AT_ONCE, count - levels.length))
    const results = yield* runs(seeds.map((seed) => changed(base, { seed })))
    levels.push(...results.map((result) => levelsOf(result!)))
  }
  return levels
}

/** Each block of pairs is one repetition; where theory does not know the truth, all other blocks do. */
function pairedRow(model: Model, kind: Kind, pairs: readonly Pair[]): Calibrated {
  const tally = new Tally(model.name, kind.name, kind.isControl ?? false)
  for (let start = 0; start < pairs.length; start += PAIRS) {
    const others = [...pairs.slice(0, start), ...pairs.slice(start + PAIRS)]
    const block = pairs.slice(start, start + PAIRS)
    tally.add(kind.interval(block, others), kind.truth(model, others))
  }
  return tally.row
}

/** The first looks of the sequential rule. */
const LOOKS = looksUpTo(4 * PAIRS)
/** Pairs at which about half of all repetitions are narrow enough. */
const USUAL = 2 * PAIRS

/** Stopping by width. Repetitions overlap, so that there are as many of them as of all others. */
function stoppedRow(model: Model, pairs: readonly Pair[]): Calibrated {
  const tally = new Tally(model.name, 'difference of means, looked at until narrow', false)
  const most = LOOKS.at(-1)!
  for (let start = 0; start + most <= pairs.length; start += PAIRS) {
    const others = differencesIn([...pairs.slice(0, start), ...pairs.slice(start + most)])
    const truth = model.means ? model.means.B - model.means.A : mean(others)
    const narrow = halfWidth(meanInterval(others)) * Math.sqrt(others.length / USUAL)
    tally.add(stopped(differencesIn(pairs.slice(start, start + most)), narrow), truth)
  }
  return tally.row
}

function differencesIn(pairs: readonly Pair[]): number[] {
  return pairs.map(({ A, B }) => B.mean - A.mean)
}

function stopped(values: readonly number[], tolerance: number) {
  const found = LOOKS.map((look) => meanInterval(values.slice(0, look)))
  return found.find((interval) => halfWidth(interval) <= tolerance) ?? found.at(-1)!
}

function batchRow(model: Model, levels: readonly (readonly number[])[]): Calibrated {
  const tally = new Tally(model.name, 'one long run, batch means', false)
  const all = levels.map(oneRun)
  all.forEach(({ interval }, at) => {
    const others = all.filter((_, other) => other !== at)
    tally.add(interval, model.level ?? mean(others.map((one) => one.mean)))
  })
  return tally.row
}

class Tally {
  private readonly names: Pick<Calibrated, 'model' | 'kind' | 'isControl'>
  private readonly widths: number[] = []
  private held = 0
  private refused = 0

  constructor(model: string, kind: string, isControl: boolean) {
    this.names = { model, kind, isControl }
  }

  add(interval: Readonly<{ low: number; high: number }> | undefined, truth: number): void {
    if (!interval) {
      this.refused++
      return
    }
    const { low, high } = interval
    this.widths.push((high - low) / 2 / Math.abs(truth))
    if (low <= truth && truth <= high) this.held++
  }

  get row(): Calibrated {
    const { held, refused, widths } = this
    return { ...this.names, told: widths.length, refused, held, width: mean(widths) }
  }
}
