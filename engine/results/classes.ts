/** The users' requests by load, by tenant and by priority, where there is more than one. */
import type { CallFrame } from '../model/call-frame.ts'
import { REFUSED } from '../model/failure.ts'
import type { World } from '../model/world.ts'
import { Histogram } from './histogram.ts'
import type { ClassSummary } from './result.ts'
import { latencyOf } from './latency.ts'

/** Requests of one kind that arrived after the warm-up. */
class RequestClass {
  offered = 0
  ok = 0
  degraded = 0
  failedFast = 0
  failed = 0
  readonly served = new Histogram()

  end({ failureCode, degraded }: CallFrame, took: number): void {
    if (failureCode === 0) this.served.record(took)
    if (failureCode === REFUSED) this.failedFast++
    else if (failureCode !== 0) this.failed++
    else if (degraded) this.degraded++
    else this.ok++
  }

  get summary(): ClassSummary {
    const { offered, ok, degraded, failedFast, failed } = this
    const unfinished = offered - ok - degraded - failedFast - failed
    return {
      offered,
      ok,
      degraded,
      failedFast,
      failed,
      unfinished,
      latencyMs: latencyOf(this.served),
    }
  }
}

/** Counts of every class a request is of: `load shoppers`, `tenant big`, `priority 0`. */
export class RequestClasses {
  private readonly loads = new Map<string, RequestClass>()
  /** By the number of a tenant; those of one name are one class. */
  private readonly tenants: RequestClass[] = []
  private readonly priorities: RequestClass[] = []
  private readonly named = new Map<string, RequestClass>()

  constructor(world: World) {
    const loads = Object.entries(world.scenario.load)
    for (const [name] of loads) this.loads.set(name, this.class(`load ${name}`))
    for (const [, spec] of loads) {
      for (const { name, work } of spec.tenants)
        this.tenants[world.tenant(name, work)] = this.class(`tenant ${name}`)
      spec.priorities.forEach((_, at) => (this.priorities[at] = this.class(`priority ${at}`)))
    }
  }

  start({ load, tenant, priority }: CallFrame): void {
    this.loads.get(load!.name)!.offered++
    this.tenants[tenant]!.offered++
    this.priorities[priority]!.offered++
  }
  end(request: CallFrame, took: number): void {
    this.loads.get(request.load!.name)!.end(request, took)
    this.tenants[request.tenant]!.end(request, took)
    this.priorities[request.priority]!.end(request, took)
  }

  get summaries(): Record<string, ClassSummary> {
    return Object.fromEntries(Array.from(this.named, ([name, each]) => [name, each.summary]))
  }

  private class(name: string): RequestClass {
    const known = this.named.get(name)
    if (known) return known
    const made = new RequestClass()
    this.named.set(name, made)
    return made
  }
}

/** The classes of a world; null where all requests are of one kind. */
export function classesOf(world: World): RequestClasses | null {
  const loads = Object.values(world.scenario.load)
  const names = new Set(loads.flatMap(({ tenants }) => tenants.map(({ name }) => name)))
  const isMixed = loads.some(({ priorities }) => priorities.length > 1)
  return loads.length > 1 || names.size > 1 || isMixed ? new RequestClasses(world) : null
}
