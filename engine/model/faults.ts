/** Scheduled trouble: every fault begins and ends, and its end undoes what its beginning did. */
import { Sampler } from '../core/sampler.ts'
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

/** Stretches of a stochastic fault that are planned at a time; the last of them to begin plans as many more. */
const BATCH = 10_000

/**
 * All faults of a run, planned from their own keys: the same storm in every variant (exponential times between
 * failures and to repair for `mtbf`/`mttr`).
 */
export class Faults {
  /** Stretches planned so far. */
  readonly spans: FaultSpan[] = []
  private readonly world: World
  private readonly place: number
  private readonly effects: (readonly Effect[])[] = []
  /** Faults at work, in the order they began. */
  private atWork: number[] = []
  /** Stochastic faults that go on, by the number of their last planned stretch. */
  private readonly going = new Map<number, Storm>()

  constructor(world: World) {
    this.world = world
    this.place = world.places.add('faults', this)
    const named = new Map<string, number>()
    for (const spec of world.scenario.faults) {
      const name = `${spec.verb} ${spec.target}`
      const nth = named.get(name) ?? 0
      named.set(name, nth + 1)
      this.add(spec, `fault ${name} ${nth}`)
    }
  }

  start(): void {
    this.schedule(0, this.spans.length)
  }

  fire(index: number, begins: number): void {
    if (begins) this.atWork.push(index)
    else this.atWork.splice(this.atWork.indexOf(index), 1)
    for (const { kind, things, remake } of this.effects[index]!) {
      for (const thing of things) remake(thing, this.valuesOn(thing, kind), begins === 1)
    }
    const storm = begins ? this.going.get(index) : undefined
    if (storm !== undefined) this.goOn(storm, index)
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

  private add(spec: FaultSpec, path: string): void {
    const { at } = spec
    if (at === undefined) this.extend(new Storm(this.world, spec, path))
    else if (at < this.world.duration) this.plan({ spec, from: at, until: at + spec.for, path })
  }

  private plan(span: FaultSpan): void {
    this.spans.push(span)
    this.effects.push(effectsOf(this.world, span))
  }

  /** Plans the next stretches of a stochastic fault. */
  private extend(storm: Storm): void {
    const next = storm.batch()
    storm.batches.push({ from: this.spans.length, count: next.length })
    for (const span of next) this.plan(span)
    if (next.length === BATCH) this.going.set(this.spans.length - 1, storm)
  }

  /** Its last planned stretch has begun: the next ones follow, the same ones when the run came here before. */
  private goOn(storm: Storm, last: number): void {
    const isNext = ({ from }: Batch): boolean => this.spans[from]!.from > this.spans[last]!.from
    let next = storm.batches.find((batch) => batch.count > 0 && isNext(batch))
    if (next === undefined) {
      this.extend(storm)
      next = storm.batches.at(-1)!
    }
    this.schedule(next.from, next.from + next.count)
  }

  private schedule(first: number, end: number): void {
    const { world, place } = this
    for (let index = first; index < end; index++) {
      const { from, until } = this.spans[index]!
      world.schedule(from, PHASE_FAULT, place, FAULT, index, 1)
      if (until < world.duration) world.schedule(until, PHASE_FAULT, place, FAULT, index, 0)
    }
  }
}

/** Some stretches of a stochastic fault, as they stand in the list of all. */
interface Batch {
  readonly from: number
  readonly count: number
}

/** A stochastic fault: stretches one after the other, drawn by their number. */
class Storm {
  readonly batches: Batch[] = []
  private readonly world: World
  private readonly spec: FaultSpec
  private readonly path: string
  private readonly up: Sampler
  private readonly down: Sampler
  private drawn = 0
  private at = 0

  constructor(world: World, spec: FaultSpec, path: string) {
    this.world = world
    this.spec = spec
    this.path = path
    const law = (mean: number, purpose: string): Sampler =>
      new Sampler({ kind: 'exponential', mean }, world.keyFor(path, purpose))
    this.up = law(spec.mtbf!, 'up')
    this.down = law(spec.mttr!, 'down')
  }

  /** The next stretches: as many as are planned at a time, or fewer when the run ends before. */
  batch(): FaultSpan[] {
    const { spec, path } = this
    const spans: FaultSpan[] = []
    while (spans.length < BATCH) {
      const from = this.at + this.up.duration(this.drawn, 0)
      if (from >= this.world.duration) break
      this.at = from + this.down.duration(this.drawn++, 0)
      spans.push({ spec, from, until: this.at, path })
    }
    return spans
  }
}
