import type { ServiceHandle } from '../component.ts'
import { Digest } from '../core/digest.ts'
import { EventQueue } from '../core/queue.ts'
import type { Key } from '../core/random.ts'
import { deriveKey, seedKey } from '../core/random.ts'
import type { EdgeColumns } from '../results/edge-columns.ts'
import { agesOfVisits } from '../results/present.ts'
import { Totals } from '../results/totals.ts'
import { Recorder } from '../results/recorder.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { Duration, Time } from '../units.ts'
import type { CallFrame } from './call-frame.ts'
import { EngineError } from './engine-error.ts'
import type { Faults } from './faults.ts'
import { resume } from './flow.ts'
import { FramePool } from './frame-pool.ts'
import { Handle } from './handle.ts'
import type { Instance } from './instance.ts'
import * as kinds from './kinds.ts'
import type { Link } from './link.ts'
import { COUNT_EVERY, guardMemory } from './memory.ts'
import { Messages } from './messages.ts'
import { NodeClock } from './node-clock.ts'
import { NodeStore } from './node-store.ts'
import { Places } from './places.ts'
import type { Service } from './service.ts'
import type { Tracer } from './tracer.ts'
import type { Unit } from './unit.ts'
import type { UnitSite } from './unit-site.ts'
import type { Workload } from './workload.ts'

/** How far a run may go before it is stopped with a reason. */
export interface Limits {
  readonly events: number
  /** Calls in flight. */
  readonly frames: number
  /** Events at one instant: more means that time stands still. */
  readonly instant: number
}

const PHASE_STEP = 4_294_967_296

/** A running world: virtual time that jumps from event to event, and everything that lives in it. */
export class World {
  now: Time = 0
  events = 0
  /** Index of the current time bucket. */
  bucket = 0
  /** Live visits that nobody waits for, and calls whose maker went on without them. */
  orphans = 0
  detached = 0
  /** Set while a process is replayed: nothing it does counts. */
  muted = false
  stopped: string | undefined
  /** Sees calls on their way while a request is traced. */
  tracer: Tracer | null = null
  readonly scenario: Scenario
  readonly seed: string
  readonly warmup: Time
  readonly duration: Duration
  /** Served later than this counts as slow. */
  readonly slowLimit: Duration
  readonly limits: Limits
  readonly places = new Places()
  readonly queue = new EventQueue()
  readonly digest = new Digest()
  readonly outcomes = new Digest()
  readonly pool: FramePool
  readonly recorder: Recorder
  readonly totals: Totals
  readonly messages: Messages
  readonly store = new NodeStore()
  /** The true time, for what sits on no node. */
  readonly clock: NodeClock
  readonly operations: string[] = ['*']
  readonly services = new Map<string, Service>()
  readonly links = new Map<string, Link>()
  readonly loads: Workload[] = []
  readonly units: Unit[] = []
  faults!: Faults
  private readonly key: Key
  /** Pending periodic timers, by place and by position there. */
  private readonly periodic = new Map<number, number>()
  private boundary: Time
  private warm = false
  private instant = 0
  /** Customers of all loads: one of the same name and work is the same customer. */
  private readonly tenants: { readonly name: string; readonly work: number }[] = []
  /** Whether any tenant's calls are more or less work than another's. */
  tenantsDiffer = false

  constructor(scenario: Scenario, seed: string, recording: boolean) {
    this.scenario = scenario
    this.seed = seed
    this.key = seedKey(seed)
    this.duration = scenario.duration
    this.warmup = scenario.warmup
    this.slowLimit = scenario.objective.p99 ?? Infinity
    this.limits = {
      events: scenario.budget.events,
      frames: Math.floor(scenario.budget.memory / 1024),
      instant: 100_000,
    }
    this.pool = new FramePool(this)
    this.recorder = new Recorder(this, scenario.duration, recording)
    this.totals = new Totals(this)
    this.messages = new Messages(this)
    this.boundary = this.recorder.width
    this.clock = new NodeClock(this)
  }

  get frames(): CallFrame[] {
    return this.pool.frames
  }
  get actors(): unknown[] {
    return this.places.actors
  }

  /** Key of the chance that belongs to a place and a purpose. */
  keyFor(path: string, purpose: string): Key {
    return deriveKey(this.key, path, purpose)
  }

  /** Index of an operation's name. */
  operation(name: string): number {
    const at = this.operations.indexOf(name)
    return at >= 0 ? at : this.operations.push(name) - 1
  }

  service(name: string): Service {
    const service = this.services.get(name)
    if (!service) throw new Error(`no service called "${name}"`)
    return service
  }

  /** The link from one service to another: its own, or one made of the default. */
  linkBetween(from: string, to: string): Link {
    return this.links.get(`${from} -> ${to}`)!
  }

  handleOf(site: UnitSite): ServiceHandle {
    return new Handle(this, site)
  }

  /** Plans an event; simultaneous ones fire by phase, place and the place's own sequence. */
  schedule(
    at: Time,
    phase: number,
    place: number,
    kind: number,
    argument: number,
    extra: number,
  ): void {
    if (!(at >= this.now))
      throw new EngineError(`an event was planned for ${at} ns, before now`, this)
    const { hash, sequence } = this.places
    const { doubles } = this.queue
    doubles[0] = at
    doubles[1] = phase * PHASE_STEP + hash[place]!
    doubles[2] = sequence[place]!++
    this.queue.plan(kind, place, argument, extra)
  }

  /** Identity of the event planned last; asked for, not returned, because a returned double is allocated. */
  get scheduled(): number {
    return this.queue.doubles[3]!
  }

  schedulePeriodic(interval: Duration, place: number, index: number): number {
    this.schedule(
      this.now + Math.max(1, interval),
      kinds.PHASE_TIMER,
      place,
      kinds.PERIODIC,
      index,
      0,
    )
    const id = this.scheduled
    this.periodic.set(place * kinds.MOST_PERIODIC + index, id)
    return id
  }
  hasPeriodic(place: number, index: number): boolean {
    return this.queue.isPending(this.periodic.get(place * kinds.MOST_PERIODIC + index) ?? -1)
  }

  /** How much more (or less) work a tenant's calls are. */
  tenantWork(visit: CallFrame): number {
    return this.tenants[visit.tenant]?.work ?? 1
  }
  /** Index of a tenant. */
  tenant(name: string, work: number): number {
    if (work !== 1) this.tenantsDiffer = true
    const at = this.tenants.findIndex((each) => each.name === name && each.work === work)
    return at >= 0 ? at : this.tenants.push({ name, work }) - 1
  }

  /** Runs to a moment (included), or until `most` events have fired. Answers whether the moment was reached. */
  run(until: Time, most = Infinity): boolean {
    const { queue, digest } = this
    const last = Math.min(this.events + most, this.limits.events)
    while (this.stopped === undefined && this.events < last) {
      if (!queue.next(until)) {
        if (until > this.now) this.advance(until)
        if (until >= this.duration) this.closeLast()
        return true
      }
      const { time, kind, actor, argument, extra } = queue
      if (time !== this.now) this.advance(time)
      else if (++this.instant > this.limits.instant) this.stall()
      this.events++
      const outcome = kind === kinds.REPLY ? this.pool.frames[argument]!.failureCode : 0
      digest.fold(time, this.places.hash[actor]!, kind, outcome)
      this.dispatch(kind, actor, argument, extra)
      if ((this.events & COUNT_EVERY) === 0) guardMemory(this)
    }
    if (this.events >= this.limits.events)
      this.stop('events', `more than ${this.limits.events} events`)
    if (this.stopped === undefined) return false
    this.closeLast()
    return true
  }

  /** Ends the run early, with a reason. What is known so far stays. */
  stop(budget: string, reason: string): void {
    this.stopped ??= `${budget}: ${reason} at t = ${this.now / 1e9} s`
  }

  /** Hands an event to whom it is for. */
  dispatch(kind: number, actor: number, argument: number, extra: number): void {
    const target = this.places.actors[actor]
    switch (kind) {
      case kinds.COMPLETION:
        return this.complete(target as Instance, argument, extra)
      case kinds.REQUEST:
        return (target as Link).deliverRequest(this.pool.frames[argument]!)
      case kinds.REPLY:
        return (target as Link).deliverReply(this.pool.frames[argument]!)
      case kinds.ARRIVAL:
        return (target as Workload).arrive()
      case kinds.TIMER:
        return (target as Unit).fire(argument, extra)
      case kinds.RESEND:
        return resume(this.pool.frames[argument]!, extra)
      default:
        return this.dispatchRare(kind, target, argument, extra)
    }
  }

  private dispatchRare(kind: number, target: unknown, argument: number, extra: number): void {
    if (kind === -1) return (target as Instance).arriveAfterPause(this.pool.frames[argument]!)
    if (kind === kinds.PATIENCE) return (target as Workload).giveUp(this.pool.frames[argument]!)
    if (kind === kinds.THINK) return (target as Workload).thought(argument)
    if (kind === kinds.WAKE) return (target as Unit).processes.wake(argument)
    if (kind === kinds.PERIODIC) return (target as Unit).tick(argument)
    if (kind === kinds.MESSAGE) return this.messages.deliver(argument)
    if (kind === kinds.STARTED) return (target as Instance).started()
    if (kind === kinds.FAULT) return this.faults.fire(argument, extra)
    if (kind === kinds.CANCEL) return this.cancelled(argument, extra)
    if (kind === kinds.ABANDON) return (target as Instance).abandon(argument, extra)
    throw new EngineError(`an event of unknown kind ${kind}`, this)
  }

  private complete(instance: Instance, slot: number, shared: number): void {
    instance.complete(shared === 0 ? this.pool.frames[slot]! : instance.processor!.finish())
  }

  private cancelled(slot: number, life: number): void {
    const visit = this.pool.frames[slot]!
    if (!visit.live || visit.generation !== life) return
    const instance = visit.instance!
    if (!instance.defers(kinds.CANCEL, instance.place, slot, life)) instance.cancelVisit(visit)
  }

  /** Moves the clock and closes the buckets that have passed. */
  private advance(time: Time): void {
    this.instant = 0
    if (!this.warm && time >= this.warmup) this.endWarmup()
    // The last bucket stays open: what happens at the very end belongs to it.
    while (time >= this.boundary && this.bucket < this.recorder.buckets - 1)
      this.closeBucket(this.boundary)
    this.now = time
  }

  private endWarmup(): void {
    this.warm = true
    this.now = Math.max(this.now, this.warmup)
    const ages = agesOfVisits(this)
    for (const { columns, occupancy, name } of this.services.values()) {
      columns.warmedUp(ages.get(name) ?? 0)
      occupancy?.warmedUp()
    }
  }

  private closeBucket(at: Time): void {
    this.now = at
    const width = Math.max(1, at - this.boundary + this.recorder.width)
    for (const service of this.services.values()) service.columns.close(this.bucket, width)
    for (const book of this.edgeBooks) book.close(this.bucket)
    this.totals.close(this.bucket)
    this.recorder.close(this.bucket)
    this.bucket++
    this.boundary += this.recorder.width
  }

  /** The last bucket, or that in which a run is stopped, may be shorter than the others. */
  private closeLast(): void {
    const { bucket, now, boundary, recorder } = this
    if (bucket < recorder.buckets && now >= boundary - recorder.width) this.closeBucket(now)
  }

  private stall(): void {
    const kind = kinds.KIND_NAMES[this.queue.kind] ?? 'event'
    const place = this.places.paths[this.queue.actor]
    this.stop(
      'stall',
      `${this.limits.instant} events without time advancing; the last: ${kind} of ${place},`,
    )
  }

  /** Everything that can change, as plain data: the world can go on from here again. */
  save(): Checkpoint {
    const { now, events, bucket, orphans, detached, boundary, warm, instant } = this
    return {
      now,
      events,
      plain: { now, events, bucket, orphans, detached, boundary, warm, instant },
      parts: [
        this.queue.save(),
        this.places.save(),
        this.digest.save(),
        this.outcomes.save(),
        this.pool.save(),
        this.totals.save(),
        this.messages.save(),
        this.store.save(),
        [...this.periodic],
        this.faults.save(),
      ],
      services: [...this.services.values()].map((each) => each.save()),
      instances: [...this.services.values()].flatMap((each) =>
        each.instances.map((instance) => instance.save()),
      ),
      links: [...this.links.values()].map((each) => each.save()),
      edges: this.edgeBooks.map((each) => each.save()),
      loads: this.loads.map((each) => each.save()),
      units: this.units.map((each) => each.save()),
    }
  }

  /** Goes back (or forward) to a checkpoint of this same world. Columns and histograms are not taken back: recording must be off. */
  load(from: Checkpoint): void {
    Object.assign(this, from.plain)
    this.stopped = undefined
    const [queue, places, digest, outcomes, pool, totals, messages, store, periodic, faults] =
      from.parts
    this.queue.load(queue as never)
    this.places.load(places)
    this.digest.load(digest as never)
    this.outcomes.load(outcomes as never)
    this.pool.load(pool)
    this.units.forEach((each, at) => each.load(from.units[at]))
    // Replaying processes may have touched frames and counters: these come last.
    this.pool.load(pool)
    this.totals.load(totals)
    this.messages.load(messages)
    this.store.load(store)
    this.periodic.clear()
    for (const [key, id] of periodic as [number, number][]) this.periodic.set(key, id)
    let at = 0
    for (const service of this.services.values()) service.load(from.services[at++])
    at = 0
    for (const service of this.services.values())
      for (const instance of service.instances) instance.load(from.instances[at++])
    at = 0
    for (const link of this.links.values()) link.load(from.links[at++])
    this.edgeBooks.forEach((each, n) => each.load(from.edges[n]))
    this.loads.forEach((each, n) => each.load(from.loads[n]))
    this.faults.load(faults)
  }

  /** Books of all edges, in order of making. */
  readonly edgeBooks: EdgeColumns[] = []
}

/** A moment of a world, as plain data. */
export interface Checkpoint {
  readonly now: Time
  readonly events: number
  readonly plain: object
  readonly parts: readonly unknown[]
  readonly services: readonly unknown[]
  readonly instances: readonly unknown[]
  readonly links: readonly unknown[]
  readonly edges: readonly unknown[]
  readonly loads: readonly unknown[]
  readonly units: readonly unknown[]
}
