/** One caller instance's way to one callee: its layers, its link, and how it picks an instance. */
import type { CallFrame } from './call-frame.ts'
import type { Instance } from './instance.ts'
import type { Link } from './link.ts'
import type { EdgeColumns } from '../results/columns.ts'
import type { Service } from './service.ts'
import type { Stack } from './stack.ts'
import { Dice } from '../core/random.ts'
import type { World } from './world.ts'

export class Edge {
  readonly world: World
  /** `checkout -> payments`: shared by all instances of the caller. */
  readonly name: string
  readonly hash: number
  /** The instance that calls; null for a load or a controller. */
  readonly caller: Instance | null
  readonly callee: Service
  readonly link: Link
  readonly columns: EdgeColumns
  stack!: Stack
  private readonly dice: Dice

  constructor(world: World, name: string, caller: Instance | null, callee: Service, link: Link, columns: EdgeColumns) {
    this.world = world
    this.name = name
    this.hash = world.places.hashOf(name)
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
    const { ids } = this.world.pool
    let nth = this.dice.below(listed, ids[frame.slot * 2]! ^ frame.attempt, ids[frame.slot * 2 + 1]!)
    for (const instance of instances) if (instance.listed && nth-- === 0) return instance
    return null
  }
}
