/** How the visits of a service are spread over its instances, in time. */
import type { Instance } from '../model/instance.ts'
import type { World } from '../model/world.ts'

/** Numbers of visits that are told apart; an instance with more counts as one with so many. */
const MOST = 256

/**
 * For every number of visits: how many instances hold at least so many (working or waiting for a slot), as an
 * integral over time. This is the tail that theories of load balancing speak of (Mitzenmacher 2001, s_i).
 */
export class Occupancy {
  private readonly world: World
  /** By number of visits less one: instances with at least so many, their integral, and since when it stands. */
  private readonly instances = new Float64Array(MOST)
  private readonly areas = new Float64Array(MOST)
  private readonly since = new Float64Array(MOST)
  /** Integrals at the end of the warm-up. */
  private readonly warm = new Float64Array(MOST)

  constructor(world: World) {
    this.world = world
  }

  /** An instance may have more or fewer visits than it had. */
  moved(instance: Instance): void {
    const present = Math.min(instance.busy + instance.line.length, MOST)
    while (instance.booked < present) this.change(instance.booked++, 1)
    while (instance.booked > present) this.change(--instance.booked, -1)
  }

  /** The warm-up is over. */
  warmedUp(): void {
    this.catchUp()
    this.warm.set(this.areas)
  }

  /** Share of `instanceTime` (ns) with at least 1, 2 … visits, as far as there were any. */
  shares(instanceTime: number): number[] {
    if (instanceTime <= 0) return []
    this.catchUp()
    const shares = [...this.areas].map((area, at) => (area - this.warm[at]!) / instanceTime)
    return shares.slice(0, shares.findLastIndex((share) => share > 0) + 1)
  }

  save(): unknown {
    const { instances, areas, since, warm } = this
    return [instances, areas, since, warm].map((each) => each.slice())
  }
  load(saved: unknown): void {
    const { instances, areas, since, warm } = this
    const from = saved as Float64Array[]
    for (const [at, each] of [instances, areas, since, warm].entries()) each.set(from[at]!)
  }

  private change(at: number, by: number): void {
    const { now } = this.world
    this.areas[at]! += this.instances[at]! * (now - this.since[at]!)
    this.since[at] = now
    this.instances[at]! += by
  }

  private catchUp(): void {
    for (let at = 0; at < MOST; at++) this.change(at, 0)
  }
}
