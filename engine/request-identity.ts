/** Who asked for what, and when: by this a request of one variant is known to be that of the other. */
import type { CallFrame } from './model/call-frame.ts'
import type { Station, Tracer } from './model/tracer.ts'
import type { World } from './model/world.ts'
import type { Time } from './units.ts'

/** What a request is before the system does anything with it. */
export interface RequestIdentity {
  readonly request: number
  /** Name of the load that sent it. */
  readonly load: string
  readonly arrivedAt: Time
  readonly op: string
  readonly key: number
  readonly tenant: number
  readonly priority: number
  readonly bytes: number
}

/** Looks on while requests are sent, and takes note of those that are asked for. */
export class IdentityFinder implements Tracer {
  readonly found: RequestIdentity[] = []
  private readonly world: World
  private readonly wanted: Set<number>

  constructor(world: World, requests: readonly number[]) {
    this.world = world
    this.wanted = new Set(requests)
  }

  /** Whether a request of a load, by its position, is still to come. */
  waitsFor(load: number): boolean {
    const loads = this.world.loads.length
    return [...this.wanted].some((request) => request % loads === load)
  }

  mark(station: Station, frame: CallFrame): void {
    if (station !== 'call' || frame.load === null || !this.wanted.delete(frame.request)) return
    const { request, load, op, key, tenant, priority, bytes } = frame
    const arrivedAt = this.world.now
    this.found.push({ request, load: load.name, arrivedAt, op, key, tenant, priority, bytes })
  }
}
