/** The bucket store: the columns of both variants, filled from frames as they come in. */
import { heatEdge, HEAT, type Frame, type Layout, type UnitInfo } from '../engine/results/frame.ts'
import type { VariantResult } from '../engine/results/result.ts'
import type { Time } from '../engine/units.ts'
import type { SeedSet } from './facts/seed-set.ts'
import { SIDES, type Side, type Opened } from './state.ts'
import type { Difference } from './switches.ts'

/** A unit of a pattern has entered a state. */
export interface Transition {
  readonly time: Time
  readonly unit: UnitInfo
  readonly signal: string
  readonly word: string
}

/** A state signal of a unit: a swimlane. */
export interface Lane {
  readonly unit: UnitInfo
  readonly signal: string
  readonly words: readonly string[]
}

/** How the latency of requests is told apart. */
export type HeatOutcome = (typeof HEAT.outcomes)[number]

/** One run of one variant, as far as it has come. */
export class VariantRun {
  readonly layout: Layout
  readonly lanes: readonly Lane[]
  readonly transitions: Transition[] = []
  /** Buckets [0, filled) are of this run; what lies beyond is of the run before it, or zero. */
  filled = 0
  now: Time = 0
  events = 0
  result: VariantResult | undefined
  /** Its columns are those of a stored result: moments read off them are only nearly right. */
  isReduced = false
  /** From here on only the last change of state in a bucket is known. */
  thinnedFrom: Time | undefined
  private readonly columns: readonly Float32Array[]
  private readonly positions: ReadonlyMap<string, number>
  private readonly zeros: Float32Array

  /** Begins with the columns of the run `before`, so that a picture is replaced from left to right. */
  constructor(layout: Layout, before?: VariantRun) {
    this.layout = layout
    this.lanes = layout.units.flatMap((unit) =>
      unit.states.map(({ signal, words }) => ({ unit, signal, words })),
    )
    this.zeros = new Float32Array(layout.buckets)
    this.positions = new Map(layout.columns.map((column, at) => [keyOf(column), at]))
    const last = before && isAlike(before.layout, layout) ? before : undefined
    // One piece of memory: hundreds of small ones take ten times as long to get.
    const { buckets } = layout
    const all = new Float32Array(layout.columns.length * buckets)
    this.columns = layout.columns.map((_, at) => all.subarray(at * buckets, (at + 1) * buckets))
    if (last) {
      for (const [at, { scope, name, metric }] of layout.columns.entries())
        this.columns[at]!.set(last.column(scope, name, metric))
    }
  }

  /** Takes new buckets in. */
  take({ from, to, now, events, values, transitions, thinnedFrom }: Frame): void {
    const rows = to - from
    this.columns.forEach((column, at) =>
      column.set(values.subarray(at * rows, (at + 1) * rows), from),
    )
    for (let at = 0; at + 2 < transitions.length; at += 3) {
      const { unit, signal, words } = this.lanes[transitions[at + 1]!]!
      this.transitions.push({
        time: transitions[at]!,
        unit,
        signal,
        word: words[transitions[at + 2]!]!,
      })
    }
    this.filled = to
    this.now = now
    this.events = events
    this.thinnedFrom = thinnedFrom
  }

  /** The buckets of a metric; zeros when the run does not know it. */
  column(scope: string, name: string, metric: string): Float32Array {
    const at = this.positions.get(keyOf({ scope, name, metric }))
    return at === undefined ? this.zeros : this.columns[at]!
  }

  /** A whole-world metric. */
  total(metric: string): Float32Array {
    return this.column('total', '', metric)
  }

  /** The rows of the latency heat map of an outcome, from short to long. */
  heat(outcome: HeatOutcome): readonly Float32Array[] {
    return Array.from({ length: HEAT.rows }, (_, row) => this.column('heat', outcome, String(row)))
  }

  /** The bucket of a moment, within the run. */
  bucketAt(time: Time): number {
    const { bucket, buckets } = this.layout
    return Math.min(buckets - 1, Math.max(0, Math.floor(time / bucket)))
  }

  /** The word a state signal is in at a moment. */
  stateAt(path: string, signal: string, time: Time): string {
    const lane = this.lanes.find((one) => one.unit.path === path && one.signal === signal)
    let word = lane?.words[0] ?? ''
    for (const entered of this.transitions) {
      if (entered.time > time) break
      if (entered.unit.path === path && entered.signal === signal) ({ word } = entered)
    }
    return word
  }

  get isDone(): boolean {
    return this.filled === this.layout.buckets
  }
}

/** Both variants, for whoever draws. `revision` changes whenever their data does. */
export interface Runs {
  readonly revision: number
  readonly opened: Opened | undefined
  /** In what A and B differ. */
  readonly difference: Difference
  readonly A: VariantRun | undefined
  readonly B: VariantRun | undefined
  /** The same under other seeds, as far as it is computed. It changes without a new revision. */
  readonly seeds?: SeedSet | undefined
}

/** While a run is being computed, its new columns are shown so often at most and at least, in ms. */
const SHOW_EVERY = 120
const SHOW_AT_LEAST = 600
/** Drawing takes time from computing: no more than a part of so many. */
const SHARE = 8

/** Keeps the runs of both variants; the only place where they change. */
export class RunStore {
  /** What is known of other seeds; `Seeds` keeps it up to date. */
  seeds: SeedSet | undefined
  private revision = 0
  private shownAt = -Infinity
  private interval = SHOW_EVERY
  private readonly current: Record<Side, VariantRun | undefined> = { A: undefined, B: undefined }
  /** Runs that are computed while the stored result of the same task is on the screen. */
  private readonly aside: Record<Side, VariantRun | undefined> = { A: undefined, B: undefined }
  /** Sides of which a stored result is on the screen, until they are computed. */
  private readonly due = new Set<Side>()

  /** Shows a stored result. */
  put(side: Side, run: VariantRun): void {
    this.due.add(side)
    this.current[side] = run
    this.revision++
  }

  /** A run begins that nobody sees before `finish`: until then, what is shown stays. */
  beginAside(side: Side, layout: Layout): void {
    this.aside[side] = new VariantRun(layout)
  }

  /** A new run begins where the last one was drawn. */
  begin(side: Side, layout: Layout): void {
    this.drop(side)
    const before = this.current[side]
    const run = new VariantRun(layout, before)
    this.current[side] = run
    // What is on the screen is what it begins with: there is nothing to draw before its first columns come.
    if (before && isAlike(before.layout, layout)) run.result = before.result
    else this.revision++
  }

  take(side: Side, frame: Frame): void {
    const aside = this.aside[side]
    if (aside) return aside.take(frame)
    this.current[side]?.take(frame)
    const now = performance.now()
    if (now - this.shownAt < this.interval) return
    this.shownAt = now
    this.revision++
  }

  finish(side: Side, result: VariantResult): void {
    const aside = this.aside[side]
    if (aside?.isDone) {
      aside.result = result
      this.due.delete(side)
      return this.settle()
    }
    const run = this.current[side]
    if (run) run.result = result
    this.revision++
  }

  /** What was computed aside comes to nothing. */
  drop(side: Side): void {
    this.aside[side] = undefined
    this.due.delete(side)
    this.settle()
  }

  /** Shows what was computed aside, both runs in one frame. */
  private settle(): void {
    if (this.due.size > 0) return
    for (const side of SIDES) {
      const run = this.aside[side]
      if (!run) continue
      this.aside[side] = undefined
      this.current[side] = run
      this.revision++
    }
  }

  /** Drawing the last columns took so many ms; on a busy machine the next ones wait longer. */
  drewFor(took: number): void {
    this.interval = Math.min(SHOW_AT_LEAST, Math.max(SHOW_EVERY, took * SHARE))
  }

  /** Something else that is drawn has changed: the colours, say. */
  touch(): void {
    this.revision++
  }

  of(side: Side): VariantRun | undefined {
    return this.current[side]
  }

  /** Forgets everything: another scenario is open. */
  clear(): void {
    for (const side of SIDES) this.current[side] = this.aside[side] = undefined
    this.due.clear()
    this.seeds = undefined
    this.revision++
  }

  /** What views are given. */
  view(opened: Opened | undefined, difference: Difference): Runs {
    const { A, B } = this.current
    return { revision: this.revision, opened, difference, A, B, seeds: this.seeds }
  }
}

/** Whether the columns of one run can stand where those of another are to come. */
function isAlike(a: Layout, b: Layout): boolean {
  return a.scenario === b.scenario && a.buckets === b.buckets && a.bucket === b.bucket
}

function keyOf({ scope, name, metric }: { scope: string; name: string; metric: string }): string {
  return `${scope} ${metric} ${name}`
}

/** Geometric middle of a heat row, ns. */
export function rowMiddle(row: number): number {
  return Math.sqrt(heatEdge(row) * heatEdge(row + 1))
}
