import type {
  AnyComponent,
  Call,
  Chance,
  ComponentFault,
  Handlers,
  LaunchOptions,
  Message,
  Metric,
  MetricName,
  PerCall,
  Process,
  Target,
  TimerId,
  Verdict,
} from '../component.ts'
import { mix } from '../core/hash.ts'
import { Dice } from '../core/random.ts'
import { CallColumn } from './call-column.ts'
import { KeyedChance } from './keyed-chance.ts'
import { copyOf, restoreInto, snapshotOf } from '../core/snapshot.ts'
import { type CallFrame, ENDED, ON_REPLY_WIRE, TICKET_SLOTS } from './call-frame.ts'
import { decide, release, startCall, takeBack } from './flow.ts'
import type { Instance } from './instance.ts'
import { MOST_PERIODIC, PERIODIC, PHASE_TIMER, TIMER } from './kinds.ts'
import { LiveSignals } from './live-signals.ts'
import { peersOf } from './peers.ts'
import { Processes } from './processes.ts'
import { MetricWatch } from './telemetry.ts'
import type { Stack } from './stack.ts'
import type { UnitSite } from './unit-site.ts'
import type { World } from './world.ts'

type CallHandler = (call: Call) => Verdict
const GENERATOR: unknown = Object.getPrototypeOf(function* () {})
const TIMER_NAMES = 120

/** One running instance of a component at one place: its state, signals, timers and chance. */
export class Unit {
  readonly world: World
  readonly site: UnitSite
  readonly component: AnyComponent
  readonly place: number
  readonly hash: number
  /** Values of its knobs; a config push changes them in place. */
  readonly params: Record<string, unknown>
  readonly signals: LiveSignals
  readonly processes: Processes
  onCall: CallHandler | null = null
  onReply: CallHandler | null = null
  onCancel: ((call: Call) => void) | null = null
  handlers: Handlers = {}
  stack: Stack | null = null
  layer = -1
  memory: { state: unknown; durable: unknown }
  private readonly dice = new Map<string, KeyedChance>()
  private readonly columns: CallColumn[] = []
  /** How many of them the component has asked for since it last started. */
  private columnsMade = 0
  private readonly timerNames: string[] = []
  private readonly intervals: { name: string; interval: number }[] = []
  private readonly watches: MetricWatch[] = []
  /** Counts the lives of the unit: own timers and calls end with the life they were made in. */
  private life = 0
  /** Messages sent so far: part of the identity of the next. */
  private messages = 0

  constructor(
    world: World,
    component: AnyComponent,
    params: Record<string, unknown>,
    site: UnitSite,
  ) {
    this.world = world
    this.component = component
    this.site = site
    this.params = copyOf(params)
    this.place = world.places.add(site.path, this)
    this.hash = world.places.hashOf(site.path) | 0
    this.signals = new LiveSignals(this)
    this.processes = new Processes(this)
    this.memory = {
      state: this.freshState(),
      durable: component.durable?.({ params: this.params as never }) ?? {},
    }
    this.create()
  }

  sitsIn(stack: Stack, layer: number): void {
    this.stack = stack
    this.layer = layer
    for (const column of this.columns) stack.add(column)
  }

  /** A timer of this unit is due. `extra` packs the name and, for a call's timer, the life of the call. */
  fire(slot: number, extra: number): void {
    if (this.site.instance?.defers(TIMER, this.place, slot, extra)) return
    const name = this.timerNames[extra >>> 24]!
    if (slot < 0) {
      if ((extra & 0xffffff) === this.life) this.handlers.onTimer?.({ name, call: undefined })
      return
    }
    const call = this.world.frames[slot]!
    if (!call.live || call.generation !== (extra & 0xffffff)) return
    // The process that set the timer died, and word of it is on its way: nobody is there to act.
    if (call.phase === ON_REPLY_WIRE) return
    const verdict = this.handlers.onTimer?.({ name, call }) as Verdict | undefined
    if (verdict !== undefined) decide(call, this.layer, verdict)
  }

  /** A periodic timer of this unit is due; it comes again. */
  tick(index: number): void {
    const { name, interval } = this.intervals[index]!
    if (this.site.instance?.defers(PERIODIC, this.place, index, 0)) return
    this.world.schedulePeriodic(this.lasts(interval), this.place, index)
    const watch = this.watches.find((each) => each.timer === name)
    if (watch) watch.scrape()
    else if (this.alive) this.handlers.onTimer?.({ name, call: undefined })
  }

  /** The name of a periodic timer: it may be pending at the end of a run. */
  periodicName(index: number): string {
    return `${this.site.path} ${this.intervals[index]!.name}`
  }

  message(message: Message): void {
    if (this.alive) this.handlers.onMessage?.(message)
  }

  /** A fault is aimed at it; a node that is down hears nothing, and knows what was pushed when it starts. */
  suffer(fault: ComponentFault): void {
    if (this.alive) this.handlers.onFault?.(fault)
  }

  /** A call this unit made is over. */
  outcome(frame: CallFrame): void {
    this.processes.ended(frame)
  }

  start(): void {
    this.handlers.onStart?.()
  }

  crash(): void {
    this.handlers.onCrash?.()
    // Who keeps something says itself what is left of it.
    if (this.component.durable === undefined) this.signals.rest()
    this.life = (this.life + 1) & 0xffffff
    this.processes.crash()
    // What a call of its own came to may have been its last deed: that call is ending already.
    const isOwn = (call: CallFrame): boolean => call.unit === this && call.phase !== ENDED
    for (const call of this.world.pool.inOrder(isOwn)) if (call.live && isOwn(call)) takeBack(call)
  }

  /** Volatile state is new, durable state and journals are kept. */
  restart(): void {
    this.memory = { state: this.freshState(), durable: this.memory.durable }
    this.create()
    this.stack?.refresh()
    this.handlers.onStart?.()
    this.processes.recover()
  }

  save(): unknown {
    return {
      memory: snapshotOf(this.memory),
      params: snapshotOf(this.params),
      dice: [...this.dice].map(([purpose, chance]) => [purpose, chance.ordinal]),
      signals: this.signals.save(),
      watches: this.watches.map((watch) => watch.save()),
      plain: { life: this.life, messages: this.messages },
      processes: this.processes.save(),
    }
  }

  /** Processes first (their replay may touch state), then what was saved. */
  load(saved: unknown): void {
    const from = saved as Record<'memory' | 'params' | 'signals' | 'processes', unknown> & {
      dice: [string, number][]
      watches: unknown[]
      plain: object
    }
    Object.assign(this, from.plain)
    this.processes.load(from.processes)
    restoreInto(this.memory, from.memory as object)
    restoreInto(this.params, from.params as object)
    for (const chance of this.dice.values()) chance.ordinal = 0
    for (const [purpose, ordinal] of from.dice) this.chance(purpose).ordinal = ordinal
    this.watches.forEach((watch, at) => watch.load(from.watches[at]))
    this.signals.load(from.signals)
  }

  get alive(): boolean {
    return this.site.instance === null || this.site.instance.up
  }

  private freshState(): unknown {
    return this.component.state?.({ params: this.params as never }) ?? {}
  }

  private create(): void {
    this.columnsMade = 0
    const handlers = this.component.create(this.context() as never)
    this.handlers = handlers
    this.onReply = handlers.onReply ?? null
    this.onCancel = handlers.onCancel ?? null
    const { onCall } = handlers
    if (onCall === undefined) this.onCall = null
    else if (Object.getPrototypeOf(onCall) === GENERATOR)
      this.waitingGear(onCall as (call: Call) => Process<Verdict>)
    else this.onCall = onCall as CallHandler
  }

  /** A handler with an asterisk: the call is held while its process runs. */
  private waitingGear(onCall: (call: Call) => Process<Verdict>): void {
    this.processes.use(onCall)
    const { onReply, onCancel } = this
    this.onCall = (call) => this.processes.begin(call as CallFrame)
    this.onReply = (call) =>
      this.processes.worked(call as CallFrame) ?? onReply?.(call) ?? call.pass()
    this.onCancel = (call) => {
      this.processes.abandon(call as CallFrame)
      onCancel?.(call)
    }
  }

  private context(): object {
    const { world, site, memory } = this
    const clock = site.instance?.clock ?? world.clock
    return {
      params: this.params,
      state: memory.state,
      durable: memory.durable,
      signals: this.signals.live,
      clock,
      node: world.handleOf(site),
      targets: site.callee?.instances ?? [],
      targetsOf: (service: string): readonly Target[] => world.service(service).instances,
      peers: peersOf(site.service, site.instance),
      chance: (purpose: string): Chance => this.chance(purpose),
      perCall: (initial: number): PerCall => this.column(initial),
      callOf: (ticket: number): Call | undefined => this.callOf(ticket),
      after: (delay: number, name: string, call?: Call): TimerId =>
        this.after(delay, name, call as CallFrame | undefined),
      every: (interval: number, name: string): TimerId => this.every(interval, name),
      cancel: (timer: TimerId): void => this.cancel(timer),
      send: (to: Target, kind: string, body: unknown): void =>
        this.send(to as Instance, kind, body),
      // A dead node sends nothing: what it held is dropped with the visits it held it for.
      release: (call: Call): void => (this.alive ? release(call as CallFrame) : undefined),
      settle: (call: Call, verdict: Verdict): void =>
        decide(call as CallFrame, this.layer, verdict),
      launch: (service: string, options: LaunchOptions): void => this.launch(service, options),
      ...this.processes.waits(),
      store: site.instance?.store ?? world.store,
      metrics: (
        service: string,
        metric: MetricName,
        options: { every: number; late: number },
      ): Metric => this.watch(service, metric, options),
    }
  }

  private chance(purpose: string): KeyedChance {
    const known = this.dice.get(purpose)
    if (known) return known
    const chance = new KeyedChance(new Dice(this.world.keyFor(this.site.path, purpose)))
    this.dice.set(purpose, chance)
    return chance
  }

  private column(initial: number): CallColumn {
    // After a restart the n-th column is the n-th again, empty.
    const known = this.columns[this.columnsMade++]
    if (known) {
      known.initial = initial
      this.stack?.forget(known)
      return known
    }
    const column = new CallColumn(initial)
    this.columns.push(column)
    this.stack?.add(column)
    return column
  }

  private callOf(ticket: number): CallFrame | undefined {
    const frame = this.world.frames[ticket % TICKET_SLOTS]
    return frame?.live && frame.ticket === ticket ? frame : undefined
  }

  /** Nothing is sent, called or planned by a process that is being replayed. */
  private send(to: Instance, kind: string, body: unknown): void {
    if (!this.world.muted) this.world.messages.send(this, this.messages++, to, kind, body)
  }

  private after(delay: number, name: string, call: CallFrame | undefined): TimerId {
    if (this.world.muted) return -1
    const index = this.timerIndex(name)
    const life = call === undefined ? this.life : call.generation
    const at = this.world.now + this.lasts(delay)
    const slot = call === undefined ? -1 : call.slot
    this.world.schedule(at, PHASE_TIMER, this.place, TIMER, slot, (index << 24) | life)
    return this.world.scheduled
  }

  /** Takes a timer back; it may have come due while the node stands still. */
  cancel(timer: TimerId): void {
    if (this.world.muted || timer < 0) return
    if (!this.world.queue.cancel(timer)) this.site.instance?.forget(timer)
  }

  private timerIndex(name: string): number {
    const { timerNames } = this
    for (let at = 0; at < timerNames.length; at++) if (timerNames[at] === name) return at
    if (this.timerNames.length >= TIMER_NAMES)
      throw new Error(`${this.component.name} uses more than ${TIMER_NAMES} timer names`)
    return this.timerNames.push(name) - 1
  }

  private every(interval: number, name: string): TimerId {
    let index = this.intervals.findIndex((each) => each.name === name)
    if (index < 0) index = this.intervals.push({ name, interval }) - 1
    else if (this.world.hasPeriodic(this.place, index)) return -1
    if (index >= MOST_PERIODIC)
      throw new Error(`${this.component.name} has more than ${MOST_PERIODIC} periodic timers`)
    return this.world.schedulePeriodic(this.lasts(interval), this.place, index)
  }

  /** True time that a span of the node's clock takes. */
  lasts(delay: number): number {
    return (this.site.instance?.clock ?? this.world.clock).toTrue(delay)
  }

  private watch(
    service: string,
    metric: MetricName,
    options: { every: number; late: number },
  ): Metric {
    const timer = `scrape ${metric} of ${service}`
    // The monitoring lives elsewhere: a restart of this node finds the watch it had.
    const known = this.watches.find((each) => each.timer === timer)
    if (known) return known
    const watch = new MetricWatch(
      this.world,
      this.world.service(service),
      metric,
      options.late,
      timer,
    )
    this.watches.push(watch)
    this.every(options.every, timer)
    return watch
  }

  /** Makes a call of the unit's own. */
  private launch(service: string, options: LaunchOptions): void {
    if (!this.world.muted) startCall(this.prepare(service, options))
  }

  /** A call of the unit's own, ready to start. */
  prepare(service: string, options: LaunchOptions): CallFrame {
    const { world } = this
    const edge = this.site.edges.get(service)
    if (!edge)
      throw new Error(
        `${this.site.path} has no way to "${service}": name it in a param of kind service`,
      )
    const frame = world.pool.take()
    const like = options.like as CallFrame | undefined
    // As the service's own plan would: the n-th call of a workflow meets the dice of the plan's n-th call.
    frame.path = mix(like ? like.path : this.hash, edge.hash + options.ordinal)
    frame.root = like ? like.root : this.hash
    frame.unit = this
    frame.token = options.token
    frame.edge = edge
    frame.enter(edge.stack)
    frame.request = options.request ?? like?.request ?? -1
    frame.key = options.key ?? like?.key ?? 0
    frame.tenant = like?.tenant ?? -1
    frame.priority = like?.priority ?? 0
    frame.bytes = like?.bytes ?? 0
    frame.version = like?.version ?? 0
    frame.deadline = like?.deadline ?? Infinity
    frame.opIndex = options.op === undefined ? (like?.opIndex ?? 0) : world.operation(options.op)
    frame.body = copyOf(options.body)
    frame.startedAt = world.now
    return frame
  }
}
