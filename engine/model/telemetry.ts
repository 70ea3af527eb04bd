/** What the simulated world's monitoring shows: numbers scraped now and then, and seen late. */
import type { Metric, MetricName } from '../component.ts'
import type { Service } from './service.ts'
import type { World } from './world.ts'

interface Sample {
  at: number
  busy: number
  slots: number
  arrivals: number
  failed: number
  waiting: number
  response: number
  completed: number
}

/**
 * One metric of one service as a controller sees it: the mean over the last scrape interval that has become visible.
 * Counting starts when the watch is made.
 */
export class MetricWatch implements Metric {
  readonly timer: string
  private readonly world: World
  private readonly service: Service
  private readonly metric: MetricName
  private readonly late: number
  private samples: Sample[]

  constructor(world: World, service: Service, metric: MetricName, late: number, timer: string) {
    this.world = world
    this.service = service
    this.metric = metric
    this.late = late
    this.timer = timer
    this.samples = [service.columns.sample()]
  }

  /** The monitoring reads the service's counters. */
  scrape(): void {
    this.samples.push(this.service.columns.sample())
    const visible = this.visible()
    // Only the last visible pair and what is still under way is kept.
    if (visible > 1) this.samples.splice(0, visible - 1)
  }

  get value(): number | undefined {
    const at = this.visible()
    if (at < 1) return undefined
    return measure(this.metric, this.samples[at - 1]!, this.samples[at]!)
  }

  save(): unknown {
    return this.samples.map((sample) => ({ ...sample }))
  }
  load(saved: unknown): void {
    this.samples = (saved as Sample[]).map((sample) => ({ ...sample }))
  }

  /** Position of the newest sample that is old enough to be seen, -1 when there is none. */
  private visible(): number {
    let at = this.samples.length - 1
    while (at >= 0 && this.samples[at]!.at + this.late > this.world.now) at--
    return at
  }
}

function measure(metric: MetricName, before: Sample, after: Sample): number | undefined {
  const span = after.at - before.at
  if (span <= 0) return undefined
  const completed = after.completed - before.completed
  switch (metric) {
    case 'utilisation':
      return (after.busy - before.busy) / Math.max(1, after.slots - before.slots)
    case 'arrivals':
      return ((after.arrivals - before.arrivals) * 1e9) / span
    case 'queue':
      return after.waiting
    case 'latency':
      return completed > 0 ? (after.response - before.response) / completed : undefined
    case 'errors':
      return completed > 0 ? (after.failed - before.failed) / completed : 0
  }
}
