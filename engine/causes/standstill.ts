/** Slot-time that services lose because instances stand still or are down. */
import type { Instance } from '../model/instance.ts'
import type { World } from '../model/world.ts'

/** Looked at when a window ends: what an instance is then, it counts as having been all through the window. */
export class Standstill {
  private readonly world: World
  private readonly services: readonly (readonly Instance[])[]
  private readonly paused = new Map<Instance, number>()
  private since = 0

  constructor(world: World) {
    this.world = world
    this.services = [...world.services.values()].map(({ instances }) => instances)
  }

  /** Slot-nanoseconds since it was last asked, by service. */
  take(): { paused: Float64Array; lost: Float64Array } {
    const span = this.world.now - this.since
    this.since = this.world.now
    const { services } = this
    return {
      paused: Float64Array.from(services, (all) => total(all, (each) => this.pauseOf(each))),
      lost: Float64Array.from(services, (all) => total(all, ({ felled }) => (felled ? span : 0))),
    }
  }

  private pauseOf(instance: Instance): number {
    const { lostTime, paused, pausedAt } = instance
    const now = lostTime + (paused > 0 ? this.world.now - pausedAt : 0)
    const before = this.paused.get(instance) ?? 0
    this.paused.set(instance, now)
    return now - before
  }
}

/** Summed over instances, times the slots that each of them has. */
function total(instances: readonly Instance[], timeOf: (instance: Instance) => number): number {
  return instances.reduce((sum, each) => sum + timeOf(each) * each.home.spec.concurrency, 0)
}
