/** Scheduled trouble: every fault begins and ends, and its end undoes what its beginning did. */
import type { Distribution } from '../core/distribution.ts'
import { Sampler } from '../core/distribution.ts'
import type { FaultSpec } from '../scenario/scenario.ts'
import { faultActions } from './fault-actions.ts'
import { FAULT, PHASE_FAULT } from './kinds.ts'
import type { World } from './world.ts'

/** What a fault does to the world and how that is undone. */
export interface FaultAction {
  begin(): void
  end(): void
}

/** One stretch of trouble. */
export interface FaultSpan {
  readonly spec: FaultSpec
  readonly from: number
  readonly until: number
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
  private readonly actions: readonly FaultAction[]
  private readonly active: Uint8Array

  constructor(world: World) {
    this.world = world
    this.place = world.places.add('faults', this)
    this.spans = world.scenario.faults.flatMap((spec, index) => this.spansOf(spec, index))
    this.actions = this.spans.map((span, index) => faultActions(world, span.spec, index))
    this.active = new Uint8Array(this.spans.length)
  }

  start(): void {
    const { world, place } = this
    this.spans.forEach((span, index) => {
      world.schedule(span.from, PHASE_FAULT, place, FAULT, index, 1)
      if (span.until < world.duration) world.schedule(span.until, PHASE_FAULT, place, FAULT, index, 0)
    })
  }

  fire(index: number, begins: number): void {
    this.active[index] = begins
    if (begins) this.actions[index]!.begin()
    else this.actions[index]!.end()
  }

  save(): unknown {
    return this.active.slice()
  }
  load(saved: unknown): void {
    this.active.set(saved as Uint8Array)
  }

  private spansOf(spec: FaultSpec, index: number): FaultSpan[] {
    const { duration } = this.world
    if (spec.at !== undefined) return spec.at < duration ? [{ spec, from: spec.at, until: spec.at + spec.for }] : []
    const up = this.law(spec.mtbf!, `${spec.verb} ${spec.target} ${index}`, 'up')
    const down = this.law(spec.mttr!, `${spec.verb} ${spec.target} ${index}`, 'down')
    const spans: FaultSpan[] = []
    let at = 0
    for (let n = 0; n < MOST_SPANS; n++) {
      const from = at + up.duration(n, 0)
      if (from >= duration) break
      at = from + down.duration(n, 0)
      spans.push({ spec, from, until: at })
    }
    return spans
  }

  private law(mean: number, path: string, purpose: string): Sampler {
    const law: Distribution = { kind: 'exponential', mean }
    return new Sampler(law, this.world.keyFor(`fault ${path}`, purpose))
  }
}
