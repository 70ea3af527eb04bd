/** The door for everyone outside the engine: a task in, frames and a result out. */
import type { AnyComponent } from './component.ts'
import { KIND_NAMES } from './model/kinds.ts'
import type { Frame, Layout, UnitInfo } from './results/frame.ts'
import type { VariantResult } from './results/result.ts'
import { summarise } from './results/summary.ts'
import type { Built } from './scenario/build.ts'
import { build } from './scenario/build.ts'
import type { Scenario } from './scenario/scenario.ts'

export { ENGINE_VERSION } from './version.ts'

/** One run to do. Plain data, so that it crosses to a worker; the scenario travels as text. */
export interface RunTask {
  readonly text: string
  /** Name of the file without ending. */
  readonly name: string
  /** Name of a variant of `compare`; undefined: the file as it stands. */
  readonly variant: string | undefined
  /** Overrides the seed of the file. */
  readonly seed: string | number | undefined
  readonly off: readonly string[]
  readonly on: readonly string[]
  /** Attachments that run with their inert values. */
  readonly inert: readonly string[]
  readonly set: Readonly<Record<string, unknown>>
  /** `none` keeps totals only, `columns` also the bucket store. Never changes a digest. */
  readonly recording: 'none' | 'columns'
}

/** A simulation under way: advance it in slices of any size, take frames between them, ask for the result at the end. */
export class Run {
  readonly built: Built
  readonly scenario: Scenario
  readonly variant: string
  private readonly title: string

  constructor(
    scenario: Scenario,
    options: {
      variant: string
      seed: string
      recording: boolean
      catalogue: ReadonlyMap<string, AnyComponent>
    },
  ) {
    this.scenario = scenario
    this.variant = options.variant
    this.title = scenario.compare[options.variant]?.title ?? scenario.title
    this.built = build(scenario, options.seed, options.recording, options.catalogue)
  }

  /** Fires at most `events` events. Answers whether the run is over. */
  advance(events: number): boolean {
    return this.built.world.run(this.scenario.duration, events)
  }

  /** Runs to the end. */
  finish(): VariantResult {
    this.advance(Infinity)
    return this.result()
  }

  /** What the run comes to so far. */
  result(): VariantResult {
    return summarise(this.built, this.variant, this.title)
  }

  /** The shape of this run; send it before the first frame. */
  layout(): Layout {
    const { world, columns, edgeColumns } = this.built
    const { recorder, scenario } = world
    return {
      scenario: scenario.name,
      variant: this.variant,
      seed: world.seed,
      duration: scenario.duration,
      warmup: scenario.warmup,
      bucket: recorder.width,
      buckets: recorder.buckets,
      bytes: recorder.bytes,
      columns,
      services: Object.entries(scenario.services).map(([name, spec]) => {
        const { instances, concurrency, queue, zone, domain, at } = spec
        return { name, instances, concurrency, queue, zone, domain, at }
      }),
      loads: world.loads.map((load) => ({ name: load.name, to: load.spec.to })),
      edges: [...edgeColumns.keys()].map((name) => {
        const [from = '', to = ''] = name.split(' -> ')
        return { name, from, to }
      }),
      units: world.units.map((unit) => this.unitInfo(unit.site.path)),
      faults: world.faults.spans.map(({ spec, from, until }) => {
        const by = spec.by === 1 ? '' : ` ×${spec.by}`
        return {
          label: `${spec.verb} ${spec.target}${by}`,
          verb: spec.verb,
          target: spec.target,
          from,
          // What a pattern held is gone in a moment; how long it stays cold is the system's doing.
          until: spec.verb === 'flush' ? from : Math.min(until, scenario.duration),
        }
      }),
    }
  }

  /** New columns since the last frame. */
  frame(finished: boolean): Frame {
    const { world, columnOrder } = this.built
    return world.recorder.frame(columnOrder, finished)
  }

  private unitInfo(path: string): UnitInfo {
    const unit = this.built.world.units.find((each) => each.site.path === path)!
    const signals = Object.entries(unit.component.signals as UnitSignals)
    const states = signals
      .filter(([, signal]) => signal.kind === 'state')
      .map(([signal, { states: words }]) => ({ signal, words }))
    const gauges = signals
      .filter(([, { kind }]) => kind === 'gauge')
      .map(([signal, { unit: counts }]) => ({ signal, unit: counts }))
    return {
      path,
      pattern: unit.site.pattern,
      use: unit.component.name,
      place: unit.site.place,
      states,
      gauges,
    }
  }
}
type UnitSignals = Record<string, { kind: string; states: readonly string[]; unit: string }>

/** Name of an event kind, for people. */
export function kindName(kind: number): string {
  return KIND_NAMES[kind] ?? `kind ${kind}`
}
export type { Frame, Layout, VariantResult }
