/** Scheduled trouble: every fault begins and ends, and its end undoes what its beginning did. */
import type { Distribution } from '../core/distribution.ts'
import { Sampler } from '../core/distribution.ts'
import type { FaultSpec } from '../scenario/scenario.ts'
import { effectsOf } from './fault-actions.ts'
import { FAULT, PHASE_FAULT } from './kinds.ts'
import type { World } from './world.ts'

/** What a fault does to the things it is aimed at. Effects of one kind on one thing come together. */
export interface Effect<T = unknown, V = unknown> {
  readonly kind: string
  readonly things: readonly T[]
  readonly value: V
  /**
   * Makes a thing what all effects of this kind that are at work on it make of it, in the order they began: made
   * anew each time, so that faults may overlap and the last to end leaves nothing behind.
   */
  readonly remake: (thing: T, values: readonly V[], begins: boolean) => void
}

/** One stretch of trouble. */
export interface FaultSpan {
  readonly spec: FaultSpec
  readonly from: number
  readonly until: number
  /** What its chance is keyed by: the n-th fault of its verb on its target. */
  readonly path: string
}

/** Stretches of a stochastic fault beyond this many are not planned. */
const MOST_SPANS = 10_000

/**
 * All faults of a run, planned before it starts from their own keys: the same storm in every variant
 * (exponential times between failures and to repair for `mtbf`/`mttr`).
 */
export class Faults {
  readonly spans: readonly FaultSpan[]
  private readonly world: World
  private readonly place: number
  private readonly effects: readonly (readonly Effect[])[]
  /** Faults at work, in the order they began. */
  private atWork: number[] = []

  constructor(world: World) {
    this.world = world
    this.place = world.places.add('faults', this)
    const named = new Map<string, number>()
    this.spans = world.scenario.faults.flatMap((spec) => {
      const name = `${spec.verb} ${spec.target}`
      const nth = named.get(name) ?? 0
      named.set(name, nth + 1)
      return this.spansOf(spec, `fault ${name} ${nth}`)
    })
    this.effects = this.spans.map((span) => effectsOf(world, span))
  }

  start(): void {
    const { world, place } = this
    this.spans.forEach((span, index) => {
      world.schedule(span.from, PHASE_FAULT, place, FAULT, index, 1)
      if (span.until < world.duration)
        world.schedule(span.until, PHASE_FAULT, place, FAULT, index, 0)
    })
  }

  fire(index: number, begins: number): void {
    if (begins) this.atWork.push(index)
    else this.atWork.splice(this.atWork.indexOf(index), 1)
    for (const { kind, things, remake } of this.effects[index]!) {
      for (const thing of things) remake(thing, this.valuesOn(thing, kind), begins === 1)
    }
  }

  /** What acts on a thing at some moment of a stretch of time: numbers of spans, in their order, and what they do. */
  on(
    thing: unknown,
    from: number,
    until: number,
  ): { readonly span: number; readonly kind: string }[] {
    return this.spans.flatMap((each, span) => {
      if (each.from >= until || each.until <= from) return []
      const acting = this.effects[span]!.filter(({ things }) => things.includes(thing))
      return acting.map(({ kind }) => ({ span, kind }))
    })
  }

  save(): unknown {
    return this.atWork.slice()
  }
  load(saved: unknown): void {
    this.atWork = (saved as number[]).slice()
  }

  private valuesOn(thing: unknown, kind: string): unknown[] {
    const atWork = this.atWork.flatMap((index) => this.effects[index]!)
    return atWork
      .filter((effect) => effect.kind === kind && effect.things.includes(thing))
      .map((effect) => effect.value)
  }

  private spansOf(spec: FaultSpec, path: string): FaultSpan[] {
    const { duration } = this.world
    if (spec.at !== undefined)
      return spec.at < duration ? [{ spec, from: spec.at, until: spec.at + spec.for, path }] : []
    const up = this.law(spec.mtbf!, path, 'up')
    const down = this.law(spec.mttr!, path, 'down')
    const spans: FaultSpan[] = []
    let at = 0
    for (let n = 0; n < MOST_SPANS; n++) {
      const from = at + up.duration(n, 0)
      if (from >= duration) break
      at = from + down.duration(n, 0)
      spans.push({ spec, from, until: at, path })
    }
    return spans
  }

  private law(mean: number, path: string, purpose: string): Sampler {
    const law: Distribution = { kind: 'exponential', mean }
    return new Sampler(law, this.world.keyFor(path, purpose))
  }
}
