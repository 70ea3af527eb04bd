/** The grammar: what a pattern is and what it may touch. One file per pattern is written in these words. */
import type { Failure } from './model/failure.ts'
import type { Params, Values } from './params.ts'
import type { Live, Signals } from './signals.ts'
import type { Duration, Time } from './units.ts'

/** Where a component can sit. */
export type Place =
  /** A layer of the caller, around one edge (`a -> b`); one instance per caller instance and edge. */
  | 'client'
  /** A layer in front of a service's queue; one instance per service instance. */
  | 'server'
  /** Chooses the instance a call goes to; the innermost layer of the caller. */
  | 'router'
  /** A loop beside a service that reads metrics and moves actuators; one instance per service. */
  | 'controller'

export type Family =
  | 'resilience'
  | 'traffic'
  | 'entry'
  | 'data'
  | 'messaging'
  | 'coordination'
  | 'scaling'
  | 'deployment'
  | 'style'

declare const decided: unique symbol
/** What a call handler decided. Only the methods of Call make one, so a path that forgets does not compile. */
export type Verdict = number & { readonly [decided]: true }

/** An instance of a service that a call can go to, as this caller sees it. */
export interface Target {
  /** Position among the instances of its service: 0, 1, 2 … */
  readonly index: number
  readonly service: string
  readonly zone: string
  readonly version: number
  /** Whether the caller's view lists it: started, not draining, not removed. A crash is not seen until someone looks. */
  readonly listed: boolean
  /** Work that is under way to it, waits there or is being done, ns at full speed: nobody outside of a simulation knows it. */
  readonly unfinished: Duration
}

/** One request on its way down a stack of layers, and its reply on the way back up. */
export interface Call {
  /** Number of the user's request this call works for; -1 for background work. */
  readonly request: number
  /** Which sending of this call is on the way: 1 is the first. */
  readonly attempt: number
  /** Whether this is a further copy that a layer forked; false for a call, and for the copy that is its own first attempt. */
  readonly isCopy: boolean
  readonly op: string
  readonly key: number
  readonly tenant: number
  readonly priority: number
  readonly bytes: number
  readonly version: number
  readonly startedAt: Time
  /** When the caller stops caring (absolute, Infinity without a timeout above). */
  readonly deadline: Time
  /** Where the current attempt goes or went; undefined before a target is chosen. */
  readonly target: Target | undefined
  /** Where this attempt should rather not go, set by `avoid`. */
  readonly avoided: Target | undefined
  /** Finds this very call again while it lives, with `callOf`: a number is plain data, a call is not. */
  readonly ticket: number
  /** Payload of the request on the way down, of the reply on the way up. Plain data only. */
  readonly body: unknown
  // Meaningful in onReply:
  readonly ok: boolean
  readonly failure: Failure | undefined
  readonly degraded: boolean

  /** Goes on: down, or up with the reply. */
  pass(): Verdict
  /** Goes on down, to this target in particular. */
  passTo(target: Target): Verdict
  /** Turns back with a reply. */
  answer(body?: unknown, how?: 'full' | 'degraded'): Verdict
  /** Turns back with a failure. */
  fail(why: Failure): Verdict
  /** Goes down again from here, after a pause. */
  resend(after: Duration, target?: Target): Verdict
  /** Sends copies down side by side; asked again while copies run, it adds more. Ends when `join` of them succeeded, or none can. */
  fork(targets: readonly (Target | undefined)[], join: 'first' | 'all' | number): Verdict
  /** Keeps the call here; `release(call)` lets it go on. In onTimer: changes nothing. */
  hold(): Verdict
  /** Tells whoever works on this call below to stop; the message takes link time. Combine with a verdict. */
  cancelBelow(): void
  /** Replaces the payload that travels on. */
  carry(body: unknown): void
  /** Tightens the deadline that callees see; it never grows. Answers the deadline before. */
  limit(deadline: Time): Time
  /** Takes a limit back when the attempt it was for is over: the deadline that `limit` answered. */
  relax(deadline: Time): void
  /** The next sending (a resend, a copy) goes to another instance if there is one. Combine with a verdict. */
  avoid(target: Target | undefined): void
}

/** A one-way message between instances. */
export interface Message {
  readonly kind: string
  readonly body: unknown
  readonly from: Target
}

/** A timer that fired. */
export interface Timer {
  readonly name: string
  /** The call it was set for; undefined for a timer of the component itself. */
  readonly call: Call | undefined
}
export type TimerId = number

/** What came of a call that a component made itself. */
export interface Outcome {
  readonly ok: boolean
  readonly failure: Failure | undefined
  readonly degraded: boolean
  readonly body: unknown
  /** Nanoseconds from sending to answer. */
  readonly took: Duration
}

/** What a workflow waits for. Made by `request`, `sleep`, `recall` and `work` of the context. */
export interface Wait {
  readonly wait: 'request' | 'sleep' | 'recall' | 'work' | 'all'
}
/** The second gear: a generator that waits with `yield*`. It is rebuilt by replaying the journal of its answers. */
export type Process<T = void> = Generator<Wait, T, unknown>

/** A fault that is aimed at a component: cache flush, config push. */
export interface ComponentFault {
  readonly name: string
  readonly value: unknown
}

/** What a component does. Call handlers end in a verdict. */
export interface Handlers {
  /** A call comes down. Written as `*onCall` it may wait, and returns its verdict at the end. */
  onCall?(call: Call): Verdict | Process<Verdict>
  /** The reply comes up through this layer. */
  onReply?(call: Call): Verdict
  /** One of the copies this layer forked came back, before the join rule looks at it: a verdict acts on the whole call, `pass()` leaves it to the rule. */
  onCopy?(call: Call, copy: Call): Verdict
  /** The call was taken back above while it was at or below this layer; no reply will come. */
  onCancel?(call: Call): void
  /** A timer of a call fires: the verdict acts from this layer; `hold()` changes nothing. Own timers return nothing. */
  onTimer?(timer: Timer): Verdict | void
  onMessage?(message: Message): void
  /** A call made with `launch` ended. */
  onOutcome?(outcome: Outcome, token: number): void
  /** The world starts, or the node has restarted with new volatile state. */
  onStart?(): void
  onCrash?(): void
  onFault?(fault: ComponentFault): void
}

/** One number per call, without an object per call; forgotten when the call ends. */
export interface PerCall {
  get(call: Call): number
  set(call: Call, value: number): void
}

/** Chance that belongs to one purpose of one component. Keyed: asking more or less often elsewhere changes nothing here. */
export interface Chance {
  /** Uniform in (0,1), the same for the same request, call site and attempt in every variant. */
  forCall(call: Call): number
  /** Uniform in (0,1), the next of this purpose's own sequence. */
  next(): number
}

/** What the simulated world's monitoring shows of a service: scraped now and then, seen late. Undefined before the first scrape is visible. */
export interface Metric {
  readonly value: number | undefined
}
export type MetricName = 'utilisation' | 'arrivals' | 'queue' | 'latency' | 'errors'

/** The service a component sits on, and the levers a controller has. */
export interface ServiceHandle {
  readonly name: string
  /** Position of this instance; -1 for a controller or a load. */
  readonly instance: number
  readonly zone: string
  /** Instances that take traffic. */
  readonly ready: number
  /** Instances that exist or are starting. */
  readonly desired: number
  readonly concurrency: number
  /** Slots of this instance that are busy, and calls waiting for one. */
  readonly busy: number
  readonly waiting: number
  /** Adds instances (they start, which takes `startup`) or drains the newest ones. */
  scaleTo(instances: number, startup: Duration): void
}

/** A versioned key-value store of one instance; it survives a crash. */
export interface Store {
  read(key: string): { readonly value: unknown; readonly version: number } | undefined
  /** Writes when the version still matches (undefined: always); says whether it did. A full disk refuses. */
  write(key: string, value: unknown, expectedVersion?: number): boolean
}

/** A call of a component's own. */
export interface LaunchOptions {
  readonly op?: string | undefined
  readonly body?: unknown
  readonly key?: number
  /** Lends its request, key, tenant and deadline. */
  readonly like?: Call
  /** For whose request it works, when the call that came with it is gone. */
  readonly request?: number
  /** Comes back in onOutcome. */
  readonly token: number
  /** Which of the unit's own calls it is: what its chance is keyed by. */
  readonly ordinal: number
}

/** All that a component may touch. Destructure what you need; the first line then says it all. */
export interface Context<P extends Params, S extends Signals, M, D> {
  readonly params: Values<P>
  /** What it remembers; new after a crash. */
  readonly state: M
  /** What it remembers across crashes. */
  readonly durable: D
  readonly signals: Live<S>
  /** The clock of the node: skew and jumps act on it. */
  readonly clock: { readonly now: Time }
  readonly node: ServiceHandle
  /** Instances of the callee (client, router) or of the services its params name, in file order. */
  readonly targetsOf: (service: string) => readonly Target[]
  /** Instances of the edge's callee; empty for server and controller. */
  readonly targets: readonly Target[]
  /** The other instances of its own service that are listed now. */
  readonly peers: () => readonly Target[]
  readonly chance: (purpose: string) => Chance
  readonly perCall: (initial: number) => PerCall
  /** The call of a ticket; undefined when it is over. */
  readonly callOf: (ticket: number) => Call | undefined
  /** Fires onTimer once. */
  readonly after: (delay: Duration, name: string, call?: Call) => TimerId
  /** Fires onTimer again and again until the end of the world: a named periodic timer. */
  readonly every: (interval: Duration, name: string) => TimerId
  readonly cancel: (timer: TimerId) => void
  readonly send: (to: Target, kind: string, body: unknown) => void
  /** Lets a held call go on down (or up, when it was held in onReply). */
  readonly release: (call: Call) => void
  /** Ends a held call with this verdict: `settle(call.fail('refused'))`. */
  readonly settle: (call: Call, verdict: Verdict) => void
  /** Makes a call of its own; its end arrives in onOutcome with the token. */
  readonly launch: (service: string, options: LaunchOptions) => void
  /** In a workflow: calls a service and waits for the outcome, at most for `timeout`; whoever works on it goes on. */
  readonly request: (
    service: string,
    op?: string,
    body?: unknown,
    timeout?: Duration,
  ) => Process<Outcome>
  /** In a workflow: waits. */
  readonly sleep: (delay: Duration) => Process<void>
  /** In a workflow: reads shared state or chance, or writes state, once; the journal remembers the answer. */
  readonly recall: <T>(read: () => T) => Process<T>
  /** In a workflow on a server, once: lets the service do its own work (slot, queue, work time, calls) for the call. */
  readonly work: (call: Call) => Process<Outcome>
  readonly store: Store
  readonly metrics: (
    service: string,
    metric: MetricName,
    options: { every: Duration; late: Duration },
  ) => Metric
}

/** What a pattern is: everything else is derived from it. */
export interface Component<
  P extends Params = Params,
  S extends Signals = Signals,
  M = unknown,
  D = unknown,
> {
  /** Name in scenario files, in the words of the field: `circuit-breaker`. */
  readonly name: string
  readonly family: Family
  readonly at: readonly Place[]
  /** One sentence for people. */
  readonly about: string
  /** Implementation, paper or RFC whose semantics and defaults these are. */
  readonly source: string
  /** What it gives and what it costs, as one line: `success ratio vs attempts per request`. */
  readonly tradeOff: string
  /** Distance from the caller's code when the scenario gives no order: smaller is outer. */
  readonly order: number
  readonly params: P
  /** The knob that a bare value sets in `where: { a -> b: 500ms }`. */
  readonly primary?: keyof P & string
  /** Values under which it runs and must change no outcome. Undefined: no inert form, off equals absent. */
  readonly inert?: Partial<{ [K in keyof P]: unknown }>
  readonly signals: S
  /** Sentences about values that cannot work together. */
  readonly check?: (params: Values<P>) => string[]
  readonly state?: (context: { params: Values<P> }) => M
  readonly durable?: (context: { params: Values<P> }) => D
  readonly create: (context: Context<P, S, M, D>) => Handlers
  /** Most instances of its service it may ask for (controllers). */
  readonly instances?: (params: Values<P>) => number
}

/** A component of any params: what the catalogue holds. */
export type AnyComponent = Component<any, any, any, any>

/** Declares a component. The types of its handlers follow from its params, signals and state. */
export function component<
  P extends Params,
  S extends Signals,
  M = Record<string, never>,
  D = Record<string, never>,
>(definition: Component<P, S, M, D>): Component<P, S, M, D> {
  return definition
}
