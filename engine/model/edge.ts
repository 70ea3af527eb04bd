import type { CallFrame } from './call-frame.ts'
import type { Instance } from './instance.ts'
import type { Link } from './link.ts'
import type { EdgeColumns } from '../results/edge-columns.ts'
import type { Service } from './service.ts'
import type { Stack } from './stack.ts'
import { mix } from '../core/hash.ts'
import { Dice } from '../core/random.ts'
import type { World } from './world.ts'

/** One caller instance's way to one callee: its layers, its link, and how it picks an instance. */
export class Edge {
  readonly world: World
  /** `checkout -> payments`: shared by all instances of the caller. */
  readonly name: string
  /** Stable hash of the name, as an int32. */
  readonly hash: number
  /** The instance that calls; null for a load or a controller. */
  readonly caller: Instance | null
  readonly callee: Service
  readonly link: Link
  readonly columns: EdgeColumns
  stack!: Stack
  private readonly dice: Dice

  constructor(
    world: World,
    name: string,
    caller: Instance | null,
    callee: Service,
    link: Link,
    columns: EdgeColumns,
  ) {
    this.world = world
    this.name = name
    this.hash = world.places.hashOf(name) | 0
    this.caller = caller
    this.callee = callee
    this.link = link
    this.columns = columns
    this.dice = new Dice(world.keyFor(name, 'pick'))
  }

  /** Without a balancer: any listed instance, drawn for this attempt (what kube-proxy's iptables mode does). */
  pick(frame: CallFrame): Instance | null {
    const { instances, listed } = this.callee
    if (listed === 1 && instances[0]!.listed) return instances[0]!
    if (listed === 0) return null
    const { avoidedInstance } = frame
    const avoided = listed > 1 && avoidedInstance?.listed ? avoidedInstance : null
    let nth = this.dice.below(
      avoided ? listed - 1 : listed,
      mix(frame.path, frame.attempt),
      frame.root,
    )
    for (const instance of instances)
      if (instance.listed && instance !== avoided && nth-- === 0) return instance
    return null
  }
}
