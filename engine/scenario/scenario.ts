/** A scenario as the engine reads it: names checked, units resolved (ns, 1/s, bytes, shares), defaults filled in. */
import type { Distribution } from '../core/distribution.ts'
import type { Duration, Time } from '../units.ts'

/** One step of what a service does after its own work. */
export type Step =
  | CallStep
  /** Side by side; goes on when `need` of them succeeded (default: all that are required). */
  | {
      readonly kind: 'parallel'
      readonly calls: readonly CallStep[]
      readonly need: number | undefined
    }
  /** One branch, drawn per request with these shares (they sum to 1). */
  | {
      readonly kind: 'choose'
      readonly branches: readonly { readonly share: number; readonly steps: readonly Step[] }[]
    }

/** A call of another service. */
export interface CallStep {
  readonly kind: 'call'
  readonly to: string
  /** Operation asked of the callee; undefined: the caller's own. */
  readonly op: string | undefined
  /** Whether its failure fails the caller. */
  readonly required: boolean
  /** How many copies go out side by side (fan-out). */
  readonly times: number
}

/** Who gets a slot next. The preemptive ones interrupt work that goes on later where it was. */
export const QUEUE_DISCIPLINES = [
  'fifo',
  'lifo',
  'priority',
  'processor-sharing',
  'random-order',
  'lifo-preemptive',
  'priority-preemptive',
  'shortest-remaining',
] as const
export type QueueDiscipline = (typeof QUEUE_DISCIPLINES)[number]

/** A service: instances that each have slots and a queue. */
export interface ServiceSpec {
  readonly instances: number
  /** Slots of one instance. */
  readonly concurrency: number
  /** Waiting places of one instance; Infinity: unbounded. */
  readonly queue: number
  readonly discipline: QueueDiscipline
  /** How long a call stays in the queue before it leaves unserved (abandonment); undefined: as long as it takes. */
  readonly patience: Distribution | undefined
  /** `held`: a call keeps its slot while it waits for its callees (a thread per request). `released`: only while it works (an event loop). */
  readonly slots: 'held' | 'released'
  /** Own work per operation; '*' for the rest. Values in ns. */
  readonly work: Readonly<Record<string, Distribution>>
  /** Share of calls that fail on their own. */
  readonly errors: number
  /** What it calls per operation; '*' for the rest. */
  readonly calls: Readonly<Record<string, readonly Step[]>>
  readonly zone: string
  readonly region: string
  readonly version: number
  /** Bytes of a reply. */
  readonly replyBytes: number
  /** Group it belongs to in the picture; '' for none. Runs do not see it. */
  readonly domain: string
  /** Position in the picture, in units of the file. */
  readonly at: readonly [number, number] | undefined
}

/** A link between two services, each way. */
export interface LinkSpec {
  readonly latency: Distribution
  /** Share of messages that never arrive. */
  readonly loss: number
  /** Share of requests that arrive twice. */
  readonly duplicate: number
  /** Bytes per second; Infinity: not limited. */
  readonly bandwidth: number
  /** Whether messages keep their order. */
  readonly fifo: boolean
}

/** How the rate of an open load moves. Rates in 1/s. */
export type Arrivals =
  | { readonly kind: 'poisson' | 'constant'; readonly rate: number }
  /** Poisson with a rate that goes straight from one value to another, then stays. */
  | { readonly kind: 'ramp'; readonly from: number; readonly to: number; readonly over: Duration }
  | {
      readonly kind: 'spike'
      readonly rate: number
      readonly peak: number
      readonly at: Time
      readonly for: Duration
    }
  /** Poisson with rate = mean + amplitude·sin(2πt/period). */
  | {
      readonly kind: 'diurnal'
      readonly mean: number
      readonly amplitude: number
      readonly period: Duration
    }
  /** Two-state Markov-modulated Poisson process: exponential stays in a quiet and a busy state. */
  | {
      readonly kind: 'bursty'
      readonly quiet: number
      readonly busy: number
      readonly quietFor: Duration
      readonly busyFor: Duration
    }
  /** Arrivals at exactly these times. */
  | { readonly kind: 'trace'; readonly times: readonly Time[] }
  /** Independent gaps of any distribution (ns). */
  | { readonly kind: 'renewal'; readonly gap: Distribution }

export type KeySpec =
  | { readonly kind: 'uniform'; readonly items: number }
  | { readonly kind: 'zipf'; readonly items: number; readonly exponent: number }

/** Somebody who sends requests. */
export interface LoadSpec {
  readonly to: string
  /** Open loop: arrivals do not wait for answers. */
  readonly arrivals: Arrivals | undefined
  /** Closed loop: this many users, each waits for the answer, then thinks. */
  readonly users: number
  readonly think: Distribution | undefined
  /** Shares of operations; they sum to 1. */
  readonly mix: Readonly<Record<string, number>>
  /** How long a user waits before giving up; Infinity: for ever. */
  readonly timeout: Duration
  readonly keys: KeySpec
  /** Shares of tenants, by position; they sum to 1. */
  readonly tenants: readonly {
    readonly name: string
    readonly share: number
    readonly work: number
  }[]
  /** Shares of priorities (0 is the highest); they sum to 1. */
  readonly priorities: readonly number[]
  readonly bytes: Distribution
  /** No arrivals outside this window. */
  readonly from: Time
  readonly until: Time
  /** At most this many requests; Infinity: no limit. */
  readonly requests: number
  readonly zone: string
}

/** A pattern switched into the system under a name of its own. */
export interface Attachment {
  readonly id: string
  readonly use: string
  /** Edges (`a -> b`) or services, `*` for any, with values that differ there. Later lines win. */
  readonly where: readonly {
    readonly selector: string
    readonly values: Readonly<Record<string, unknown>>
  }[]
  /** Values in engine units, complete. */
  readonly values: Readonly<Record<string, unknown>>
}

/** What can go wrong. Each verb has an end that undoes it. */
export type FaultVerb =
  | 'crash'
  | 'pause'
  | 'slow'
  | 'errors'
  | 'delay'
  | 'abort'
  | 'loss'
  | 'duplicate'
  | 'bandwidth'
  | 'partition'
  | 'skew'
  | 'jump'
  | 'disk-full'
  | 'flush'
  | 'deploy'
  | 'certificate'
  | 'config'
  | 'hot-key'
  | 'spike'
  | 'region'

export interface FaultSpec {
  /** Where it stands in the list of the file, which may hold more than a variant has; undefined outside of files. */
  readonly index?: number
  readonly verb: FaultVerb
  /** A service (`db`), an instance (`db#2`), an edge (`a -> b`), a zone or region, a pattern or a load. */
  readonly target: string
  /** First moment; undefined for a stochastic fault. */
  readonly at: Time | undefined
  /** How long; Infinity: until the end. */
  readonly for: Duration
  /** Stochastic: mean time between failures and to repair (exponential). */
  readonly mtbf: Duration | undefined
  readonly mttr: Duration | undefined
  /** Factor, share, rate or duration, by verb. */
  readonly by: number
  /** Further words by verb: `how: silent`, `direction: one-way`, a config path, a delay distribution … */
  readonly options: Readonly<Record<string, unknown>>
}

/** A variant to compare: the scenario with a plain patch. */
export interface Variant {
  readonly title: string
  readonly without: readonly string[]
  /** Path of a value in the file (`services.db.concurrency`) to its new value, as text would have it. */
  readonly set: Readonly<Record<string, unknown>>
}

/** What we expect to see, over a set of seeds. */
export interface Expectation {
  readonly text: string
  readonly line: number
}

export interface Scenario {
  /** Name of the file without its ending. */
  readonly name: string
  readonly schema: number
  readonly title: string
  readonly question: string
  readonly about: string
  readonly tags: Readonly<{ patterns: readonly string[]; problem: string; difficulty: string }>
  readonly duration: Duration
  /** Requests that arrive before this moment are left out of the statistics. */
  readonly warmup: Duration
  readonly seed: string
  readonly services: Readonly<Record<string, ServiceSpec>>
  /** 'default' and `a -> b`. */
  readonly links: Readonly<Record<string, LinkSpec>>
  readonly load: Readonly<Record<string, LoadSpec>>
  /** In file order. */
  readonly patterns: readonly Attachment[]
  /** Ids from the caller outwards in; empty: by the components' own order. */
  readonly order: readonly string[]
  readonly faults: readonly FaultSpec[]
  readonly objective: { readonly served: number | undefined; readonly p99: Duration | undefined }
  readonly compare: Readonly<Record<string, Variant>>
  readonly expect: readonly Expectation[]
  /** Invariants a scenario breaks on purpose. */
  readonly expectViolation: readonly string[]
  readonly budget: { readonly events: number; readonly memory: number }
}
