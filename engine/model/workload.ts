import { Sampler } from '../core/sampler.ts'
import { Dice } from '../core/random.ts'
import { mix } from '../core/hash.ts'
import type { LoadSpec } from '../scenario/scenario.ts'
import { ArrivalClock } from './arrivals.ts'
import type { CallFrame } from './call-frame.ts'
import type { Edge } from './edge.ts'
import { TIMEOUT } from './failure.ts'
import { end, startCall, withdraw } from './flow.ts'
import { ARRIVAL, PATIENCE, PHASE_ARRIVAL, PHASE_TIMER, THINK } from './kinds.ts'
import type { World } from './world.ts'

/** Somebody who sends requests: an open load of arrivals, or a fixed number of users who wait and think. */
export class Workload {
  readonly world: World
  readonly name: string
  readonly spec: LoadSpec
  readonly place: number
  edge!: Edge
  sent = 0
  /** The next arrival of an open load, as a pending event. */
  private coming = -1
  /** A share of requests goes to one key (hot key fault); none below 0. */
  hotKey = -1
  hotShare = 0
  /** Requests of this load are numbered from here, so that numbers are unique over all loads. */
  readonly stride: number
  readonly offset: number
  private readonly clock: ArrivalClock | null
  private readonly think: Sampler | null
  private readonly keys: Sampler | null
  private readonly bytes: Sampler
  private readonly keyDice: Dice
  private readonly mixDice: Dice
  private readonly tenantDice: Dice
  private readonly priorityDice: Dice
  private readonly hash: number
  private readonly ops: readonly number[]
  private readonly opUpTo: readonly number[]
  private readonly tenants: readonly number[]
  private readonly tenantUpTo: readonly number[]
  private readonly priorityUpTo: readonly number[]
  /** Requests each user of a closed load has sent: a user's n-th request has the same dice in every variant. */
  private readonly userSends: Int32Array
  /** Whether all requests are the same but for their identity, and how many bytes they have then. */
  private readonly alike: boolean
  private readonly alikeBytes: number

  constructor(world: World, name: string, spec: LoadSpec, offset: number, stride: number) {
    this.world = world
    this.name = name
    this.spec = spec
    this.offset = offset
    this.stride = stride
    this.place = world.places.add(`load ${name}`, this)
    this.hash = world.places.hashOf(`load ${name}`) | 0
    const key = (purpose: string) => world.keyFor(`load ${name}`, purpose)
    this.clock = spec.arrivals
      ? new ArrivalClock(spec.arrivals, key('gap'), key('stay'), spec.from)
      : null
    this.think = spec.think ? new Sampler(spec.think, key('think')) : null
    const { keys } = spec
    this.keys = keys.kind === 'zipf' ? new Sampler(keys, key('key')) : null
    this.bytes = new Sampler(spec.bytes, key('bytes'))
    this.keyDice = new Dice(key('key'))
    this.mixDice = new Dice(key('operation'))
    this.tenantDice = new Dice(key('tenant'))
    this.priorityDice = new Dice(key('priority'))
    this.ops = Object.keys(spec.mix).map((op) => world.operation(op))
    this.opUpTo = cumulative(Object.values(spec.mix))
    this.tenants = spec.tenants.map((tenant) => world.tenant(tenant.name, tenant.work))
    this.tenantUpTo = cumulative(spec.tenants.map((tenant) => tenant.share))
    this.priorityUpTo = cumulative(spec.priorities)
    this.userSends = new Int32Array(spec.users)
    this.alike = isUniform(spec)
    this.alikeBytes = spec.bytes.kind === 'constant' ? spec.bytes.value : 0
  }

  start(): void {
    if (this.clock) this.plan()
    for (let user = 0; user < this.spec.users; user++) this.thinkThenSend(user)
  }

  /** The next arrival of an open load is due. */
  arrive(): void {
    const ordinal = this.sent++
    this.plan()
    this.send(ordinal, -1, ordinal | 0, (ordinal / 4294967296) | 0)
  }

  /** Sends one request now, beside the planned arrivals: a test, or a click. */
  sendNow(): void {
    const ordinal = this.sent++
    this.send(ordinal, -1, ordinal | 0, (ordinal / 4294967296) | 0)
  }

  /** A user of a closed load has thought enough. */
  thought(user: number): void {
    if (this.world.now >= this.spec.until || this.sent >= this.spec.requests) return
    this.send(this.sent++, user, this.userSends[user]!++, user + 1)
  }

  /** The user of a request gives up waiting. */
  giveUp(frame: CallFrame): void {
    frame.patience = -1
    withdraw(frame, -1)
    frame.failureCode = TIMEOUT
    frame.degraded = false
    frame.edge!.columns.timeout()
    end(frame)
  }

  /** A request is over. */
  ended(frame: CallFrame): void {
    if (frame.patience >= 0) this.world.queue.cancel(frame.patience)
    this.world.totals.end(frame)
    if (frame.token >= 0) this.thinkThenSend(frame.token)
  }

  /** Makes the load heavier from now on (a spike): what is left of the gap that is on passes faster, too. */
  scale(factor: number): void {
    const { clock, world } = this
    const isRate = clock !== null && this.spec.arrivals!.kind !== 'trace'
    if (!isRate || this.sent >= this.spec.requests) return
    if (this.coming >= 0) world.queue.cancel(this.coming)
    this.expect(clock.scale(factor, world.now))
  }

  save(): unknown {
    const { sent, hotKey, hotShare, coming } = this
    return {
      plain: { sent, hotKey, hotShare, coming },
      clock: this.clock?.save(),
      userSends: this.userSends.slice(),
    }
  }
  load(saved: unknown): void {
    const { clock, plain, userSends } = saved as {
      clock: unknown
      plain: object
      userSends: Int32Array
    }
    Object.assign(this, plain)
    this.userSends.set(userSends)
    this.clock?.load(clock)
  }

  private plan(): void {
    this.coming = -1
    if (this.sent < this.spec.requests) this.expect(this.clock!.next(this.sent))
  }

  /** The next arrival of an open load comes then, if that is before its end. */
  private expect(at: number): void {
    this.coming = -1
    if (at >= this.spec.until) return
    this.world.schedule(at, PHASE_ARRIVAL, this.place, ARRIVAL, 0, 0)
    this.coming = this.world.scheduled
  }

  private thinkThenSend(user: number): void {
    const wait = this.think === null ? 0 : this.think.duration(user, this.userSends[user]!)
    const at = Math.max(this.world.now, this.spec.from) + wait
    this.world.schedule(at, PHASE_ARRIVAL, this.place, THINK, user, 0)
  }

  private send(ordinal: number, user: number, low: number, high: number): void {
    const { world, spec, hash } = this
    const frame = world.pool.take()
    frame.request = ordinal * this.stride + this.offset
    frame.load = this
    frame.token = user
    frame.edge = this.edge
    frame.enter(this.edge.stack)
    frame.startedAt = world.now
    frame.opIndex = this.ops[0]!
    frame.key = 0
    frame.tenant = this.tenants[0] ?? 0
    frame.priority = 0
    frame.bytes = this.alikeBytes
    if (!this.alike || this.hotShare > 0) this.tellApart(frame, low, high)
    frame.version = 0
    frame.deadline = spec.timeout === Infinity ? Infinity : world.now + spec.timeout
    frame.path = high === 0 ? hash : mix(hash, high)
    frame.root = low
    world.totals.start(frame)
    if (spec.timeout !== Infinity) {
      world.schedule(frame.deadline, PHASE_TIMER, this.place, PATIENCE, frame.slot, 0)
      frame.patience = world.scheduled
    }
    startCall(frame)
  }

  /** What differs from request to request is drawn. */
  private tellApart(frame: CallFrame, low: number, high: number): void {
    const { spec } = this
    if (this.ops.length > 1)
      frame.opIndex = this.ops[pick(this.opUpTo, this.mixDice.uniform(low, high))]!
    frame.key = this.keyOf(low, high)
    if (spec.tenants.length > 1) frame.tenant = this.tenantOf(low, high)
    if (spec.priorities.length > 1)
      frame.priority = pick(this.priorityUpTo, this.priorityDice.uniform(low, high))
    if (spec.bytes.kind !== 'constant') frame.bytes = this.bytes.duration(low, high)
  }

  private keyOf(low: number, high: number): number {
    const { keys } = this.spec
    if (this.hotShare > 0 && this.keyDice.uniform(low ^ 0x40000000, high) < this.hotShare)
      return this.hotKey
    if (this.keys !== null) return this.keys.value(low, high)
    return keys.items === 1 ? 0 : this.keyDice.below(keys.items, low, high)
  }

  private tenantOf(low: number, high: number): number {
    return this.tenants[pick(this.tenantUpTo, this.tenantDice.uniform(low, high))]!
  }
}

/** Whether nothing about a request is left to chance. */
function isUniform({ mix: ops, tenants, priorities, bytes, keys }: LoadSpec): boolean {
  const one = Object.keys(ops).length === 1 && tenants.length <= 1 && priorities.length <= 1
  return one && bytes.kind === 'constant' && keys.kind !== 'zipf' && keys.items === 1
}

/** Running sums of shares. */
export function cumulative(shares: readonly number[]): number[] {
  let total = 0
  return shares.map((share) => (total += share))
}

function pick(upTo: readonly number[], u: number): number {
  for (let k = 0; k < upTo.length; k++) if (u < upTo[k]!) return k
  return upTo.length - 1
}
