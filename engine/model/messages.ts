import { copyOf } from '../core/snapshot.ts'
import { mix } from '../core/hash.ts'
import type { Instance } from './instance.ts'
import { MESSAGE, MESSAGE_END, PHASE_ARRIVAL } from './kinds.ts'
import type { Unit } from './unit.ts'
import type { World } from './world.ts'

interface InFlight {
  kind: string
  body: unknown
  from: number
  to: number
  pattern: string
}

/** One-way messages between instances: gossip, votes, heartbeats. They share the links with calls. */
export class Messages {
  sent = 0
  delivered = 0
  lost = 0
  private readonly world: World
  private flying = new Map<number, InFlight>()
  private next = 0

  constructor(world: World) {
    this.world = world
  }

  get inFlight(): number {
    return this.flying.size
  }

  /** Sends a copy of `body`, the sender's n-th, to the same component on another instance. */
  send(unit: Unit, ordinal: number, to: Instance, kind: string, body: unknown): void {
    const { world } = this
    const id = this.next++
    const from = unit.site.instance!
    this.sent++
    const link = world.linkBetween(from.home.name, to.home.name)
    const at = link.messageArrival(mix(unit.hash, ordinal), unit.hash, 0)
    if (at < 0) return this.end(to, 1)
    this.flying.set(id, {
      kind,
      body: copyOf(body),
      from: from.place,
      to: to.place,
      pattern: unit.site.pattern,
    })
    world.schedule(at, PHASE_ARRIVAL, link.place, MESSAGE, id, 0)
  }

  deliver(id: number): void {
    const message = this.flying.get(id)!
    const to = this.world.actors[message.to] as Instance
    if (to.defers(MESSAGE, 0, id, 0)) return
    this.flying.delete(id)
    this.end(to, to.up ? 0 : 1)
    if (!to.up) return
    const from = this.world.actors[message.from] as Instance
    const { kind, body, pattern } = message
    for (const unit of to.units)
      if (unit.site.pattern === pattern) unit.message({ kind, body, from })
  }

  save(): unknown {
    const { sent, delivered, lost, next } = this
    return { plain: { sent, delivered, lost, next }, flying: copyOf(this.flying) }
  }
  load(saved: unknown): void {
    const { plain, flying } = saved as { plain: object; flying: Map<number, InFlight> }
    Object.assign(this, plain)
    this.flying = copyOf(flying)
  }

  private end(to: Instance, lost: number): void {
    if (lost) this.lost++
    else this.delivered++
    this.world.outcomes.fold(this.world.now, this.world.places.hash[to.place]!, MESSAGE_END, lost)
  }
}
