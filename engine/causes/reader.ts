/** Cuts a run into windows and says what each came to beside what is usual. */
import type { World } from '../model/world.ts'
import { SERVICE_METRICS } from '../results/frame.ts'
import { healthOf, type Health } from '../results/trouble.ts'
import type { Service } from '../model/service.ts'
import type { Duration, Time } from '../units.ts'
import type { Measured } from './observer.ts'
import type { Positions } from './positions.ts'
import { scaledTo, sumOf, type Window } from './window.ts'

/** What a window came to by itself. */
interface Half {
  readonly measured: Measured
  readonly busy: Float64Array
  readonly slots: Float64Array
}

/** Reads the columns of a world that records, window by window. */
export class WindowReader {
  private readonly world: World
  private readonly positions: Positions
  private readonly step: number
  private readonly columns: readonly Record<string, Float32Array>[]
  private readonly firstFault: Time
  private window = 0
  private before: Half | undefined
  private wasWell = true
  private usual: { readonly measured: Measured; readonly over: Duration } | undefined

  /** @param step buckets of a window */
  constructor(world: World, positions: Positions, step: number) {
    this.world = world
    this.positions = positions
    this.step = step
    this.columns = positions.services.map(columnsOf)
    this.firstFault = Math.min(...world.faults.spans.map(({ from }) => from))
  }

  /** End of the window at hand, or of the run. */
  get until(): Time {
    return Math.min((this.window + 1) * this.span, this.world.duration)
  }

  /** Takes what was measured in the window at hand, which is over; answers it together with the one before. */
  next(measured: Measured): Window | undefined {
    const { world, span, before } = this
    const from = this.window * span
    if (world.now < from + span || world.stopped !== undefined) return undefined
    const half = { measured, busy: this.area('busy'), slots: this.area('slots') }
    const health = this.positions.services.map((service, at) => this.healthOf(service, at))
    const window = before && this.join(before, half, health, from)
    if (this.window > 0 && from + span <= this.firstFault) this.learn(measured, health)
    this.before = half
    this.window++
    return window
  }

  private get span(): Duration {
    return this.step * this.world.recorder.width
  }

  /** What is usual is learned while all is well, until it is not for the first time. */
  private learn(measured: Measured, health: readonly Health[]): void {
    this.wasWell &&= health.every((each) => each === 'ok')
    if (!this.wasWell) return
    const { usual, span } = this
    this.usual = usual
      ? { measured: sumOf(usual.measured, measured), over: usual.over + span }
      : { measured, over: span }
  }

  private join(before: Half, half: Half, health: readonly Health[], middle: Time): Window {
    const { span, usual } = this
    const measured = sumOf(before.measured, half.measured)
    return {
      from: middle - span,
      middle,
      until: middle + span,
      measured,
      usual: scaledTo(usual?.measured ?? measured, usual?.over ?? 0, 2 * span),
      busy: half.busy.map((area, at) => area + before.busy[at]!),
      slots: half.slots.map((area, at) => area + before.slots[at]!),
      health,
    }
  }

  private area(metric: 'busy' | 'slots'): Float64Array {
    const { width } = this.world.recorder
    return Float64Array.from(this.columns, (columns) => this.sum(columns[metric]!) * width)
  }

  private healthOf({ spec }: Service, at: number): Health {
    const columns = this.columns[at]!
    const total = (metric: string): number => this.sum(columns[metric]!)
    const mean = (metric: string): number => total(metric) / this.step
    return healthOf(
      {
        busy: mean('busy'),
        slots: mean('slots'),
        waiting: mean('queue'),
        places: spec.queue * spec.instances,
      },
      {
        completed: total('ok') + total('degraded'),
        failed: total('failed'),
        refused: total('refused'),
      },
    )
  }

  /** A column summed over the window at hand. */
  private sum(column: Float32Array): number {
    let total = 0
    const from = this.window * this.step
    for (let bucket = from; bucket < from + this.step; bucket++) total += column[bucket]!
    return total
  }
}

function columnsOf({ columns }: Service): Record<string, Float32Array> {
  const all = columns.columns
  return Object.fromEntries(SERVICE_METRICS.map(([metric], at) => [metric, all[at]!]))
}
