/** What the time and the failures of a service went into, each part with what stands behind it. */
import type { World } from '../model/world.ts'
import type { Because } from './chain.ts'
import type { Measured } from './observer.ts'
import type { Positions } from './positions.ts'
import type { Window } from './window.ts'

/** Ways for a call to end badly. */
export type EndKind = 'failed' | 'refused'

/** How the service that stands behind a part is to be explained in turn. */
export type Question =
  /** Why it is slow, busy or failing; `ends` where it is calls to it that failed, or were turned away. */
  | { readonly about: 'service'; readonly ends?: EndKind }
  /** Why it makes more calls than usual. */
  | { readonly about: 'arrivals' }
  /** Why it repeats calls over this edge. */
  | { readonly about: 'edge'; readonly edge: number }

/** A part of what keeps a service busy, or of what makes its calls fail. */
export interface Part {
  readonly because: Because
  /** How much of it there is beyond what is usual: slot-ns, or calls. */
  readonly amount: number
  /** What the words say, as a number: 0 to 1. */
  readonly share: number
  readonly words: string
  readonly question: Question
  /** Tries that its own callers repeat because it fails: they make trouble worse and do not begin it. */
  readonly isEcho: boolean
}

/** Waiting and work count as unusual from this factor on; numbers of calls, beyond so many standard deviations of a Poisson count. */
const UNUSUAL = 1.1
const DEVIATIONS = 3

const ABOUT_SERVICE: Question = { about: 'service' }

/** Takes the measurements of a window apart, service by service. */
export class Parts {
  private readonly world: World
  private readonly positions: Positions
  private readonly window: Window

  constructor(world: World, positions: Positions, window: Window) {
    this.world = world
    this.positions = positions
    this.window = window
  }

  /** What its slots were used for beyond the usual. */
  ofTime(service: number): Part[] {
    const waits = this.waits(service).filter(isSomething)
    return [...waits, ...this.arrivals(service), ...this.standstill(service)]
  }

  /** Work beyond the usual, by who asked for it. */
  arrivals(service: number): Part[] {
    const { positions } = this
    const { name } = positions.services[service]!
    const count = positions.edges.length
    const parts = positions.edges.flatMap(({ to }, edge) => [
      ...(to === name ? [this.firstCalls(service, edge)] : []),
      this.repeatedCalls(service, edge, service * count + edge),
    ])
    return parts.filter(isSomething)
  }

  /** Why its calls failed, or were turned away; what lacked room is counted apart. */
  ofEnds(service: number, kind: EndKind): { parts: Part[]; crowded: number } {
    const { measured } = this.window
    const by = kind === 'failed' ? 'failedBy' : 'refusedBy'
    const crowded = this.beyond(kind === 'failed' ? 'overload' : 'refused', service)
    const total = this.endsOf(service, kind)
    const own = this.ownEnds(service, kind, total)
    const passedOn = this.outgoing(service).map((edge) => {
      const share = measured[by][edge]! / total
      const { to } = this.positions.edges[edge]!
      const words =
        kind === 'failed'
          ? `${percent(share)} of its failures were failed calls to ${to}`
          : `${percent(share)} of its refusals were calls to ${to} that were turned away`
      const question: Question = { about: 'service', ends: kind }
      return { ...this.toCallee(edge, this.beyond(by, edge), share, words), question }
    })
    return { parts: [...passedOn, ...own].filter(isSomething), crowded }
  }

  /** Why calls over an edge are made again: they fail, or take too long. */
  ofEdge(edge: number): Part {
    const { to } = this.positions.edges[edge]!
    return this.toCallee(edge, 1, 1, `it repeats its calls to ${to}`)
  }

  private waits(service: number): Part[] {
    const { measured, usual, busy } = this.window
    const edges = this.outgoing(service)
    // A visit that has several calls out waits once: its time is divided among them.
    const calls = edges.reduce((sum, edge) => sum + measured.wait[edge]!, 0)
    const scale = Math.min(1, this.idle(service) / Math.max(1, calls))
    return edges.map((edge) => {
      const wait = measured.wait[edge]! * scale
      const share = wait / Math.max(1, busy[service]!)
      const { to } = this.positions.edges[edge]!
      const words = `${percent(share)} of its busy time was waiting for ${to}`
      const isUnusual = wait > usual.wait[edge]! * UNUSUAL
      return this.toCallee(edge, isUnusual ? wait - usual.wait[edge]! : 0, share, words)
    })
  }

  /** Time in which slots were held without work. */
  private idle(service: number): number {
    return Math.max(0, this.window.busy[service]! - this.workOf(service))
  }

  private workOf(service: number): number {
    const { measured } = this.window
    const { positions } = this
    const { name } = positions.services[service]!
    const count = positions.edges.length
    return positions.edges.reduce((sum, { to }, edge) => {
      const first = to === name ? measured.first[edge]! : 0
      return sum + first + measured.repeated[service * count + edge]!
    }, measured.slowed[service]! + measured.heldUp[service]!)
  }

  private firstCalls(service: number, edge: number): Part {
    const { measured, usual } = this.window
    const often = usual.firstCalls[edge]!
    const isMore = measured.firstCalls[edge]! > often + DEVIATIONS * Math.sqrt(often)
    const amount = isMore ? this.beyond('first', edge) : 0
    const { from, name } = this.positions.edges[edge]!
    const share = amount / Math.max(1, this.workOf(service))
    const words = `${percent(share)} of its work was for more calls from ${from} than usual`
    const fault = this.faultOnEdge(edge)
    const caller = this.positions.named(from) < 0 ? {} : { service: from }
    const because = fault === undefined ? { edge: name, ...caller } : { fault, edge: name }
    return { because, amount, share, words, question: { about: 'arrivals' }, isEcho: false }
  }

  private repeatedCalls(service: number, edge: number, at: number): Part {
    const amount = this.beyond('repeated', at)
    const { from, to, name } = this.positions.edges[edge]!
    const share = this.window.measured.repeated[at]! / Math.max(1, this.workOf(service))
    const words = `${percent(share)} of its work was for calls that ${from} repeated`
    const caller = this.positions.named(from) < 0 ? {} : { service: from }
    const isOwnCaller = to === this.positions.services[service]!.name
    const fault = isOwnCaller || this.isWell(to) ? this.faultOnEdge(edge) : undefined
    const because = fault === undefined ? { edge: name, ...caller } : { fault, edge: name }
    const isEcho = isOwnCaller && fault === undefined
    return { because, amount, share, words, question: { about: 'edge', edge }, isEcho }
  }

  /** What faults took of its time, and what they left to be done. */
  private standstill(service: number): Part[] {
    const { measured, slots, busy } = this.window
    const all = Math.max(1, slots[service]!)
    const held = Math.max(1, busy[service]!)
    const work = Math.max(1, this.workOf(service))
    const part = (kind: string, what: 'slowed' | 'paused' | 'lost' | 'heldUp', of: number) => {
      const amount = measured[what][service]!
      return this.ofFault(service, kind, amount, amount / of, SAYINGS[what])
    }
    const parts = [
      part('slow', 'slowed', held),
      part('pause', 'paused', all),
      part('pause', 'heldUp', work),
      part('crash', 'lost', all),
    ]
    return parts.filter(isSomething)
  }

  /** Calls that nothing but the service itself, or a fault on it, ended like this. */
  private ownEnds(service: number, kind: EndKind, total: number): Part[] {
    if (kind === 'refused') return []
    const part = (fault: string, what: 'erred' | 'down') => {
      const share = this.window.measured[what][service]! / total
      return this.ofFault(service, fault, this.beyond(what, service), share, SAYINGS[what])
    }
    return [part('errors', 'erred'), part('crash', 'down')]
  }

  /** Calls for which there was no room, or that were turned away, where nothing says why. */
  ofRoom(service: number, kind: EndKind, amount: number): Part {
    const what = kind === 'failed' ? 'overload' : 'refused'
    const share = this.window.measured[what][service]! / this.endsOf(service, kind)
    return this.ofFault(service, '', amount, share, SAYINGS[what])
  }

  /** How many calls failed, or were turned away; at least 1. */
  private endsOf(service: number, kind: EndKind): number {
    const { failedBy, refusedBy, overload, erred, down, refused } = this.window.measured
    const by = kind === 'failed' ? failedBy : refusedBy
    const passedOn = this.outgoing(service).reduce((sum, edge) => sum + by[edge]!, 0)
    const failures = overload[service]! + erred[service]! + down[service]!
    return Math.max(1, passedOn + (kind === 'failed' ? failures : refused[service]!))
  }

  /** A part that a fault of this kind on the service stands behind; or any other at work on it; or only itself. */
  private ofFault(
    service: number,
    kind: string,
    amount: number,
    share: number,
    words: (percent: string) => string,
  ): Part {
    const { from, until } = this.window
    const { instances } = this.positions.services[service]!
    const things = [...instances, ...instances.flatMap(({ stack }) => stack.units)]
    const acting = things.flatMap((thing) => this.world.faults.on(thing, from, until))
    const earlier = things.flatMap((thing) => this.world.faults.on(thing, 0, until))
    const isKind = (one: { kind: string }): boolean => one.kind === kind
    const fault = acting.find(isKind) ?? earlier.findLast(isKind) ?? acting[0]
    const because = fault === undefined ? {} : { fault: fault.span }
    const said = words(percent(share))
    return { because, amount, share, words: said, question: ABOUT_SERVICE, isEcho: false }
  }

  /** A part that a callee stands behind; or a fault on the way to it, when the callee itself is well. */
  private toCallee(edge: number, amount: number, share: number, words: string): Part {
    const { name, to } = this.positions.edges[edge]!
    const fault = this.isWell(to) ? this.faultOnEdge(edge) : undefined
    const because = fault === undefined ? { edge: name, service: to } : { fault, edge: name }
    return { because, amount, share, words, question: ABOUT_SERVICE, isEcho: false }
  }

  private isWell(service: string): boolean {
    return this.window.health[this.positions.named(service)] === 'ok'
  }

  /** A fault on the wire, on a pattern of the caller at this edge, or on the load that calls. */
  private faultOnEdge(edge: number): number | undefined {
    const { world, window } = this
    const { from, to, name } = this.positions.edges[edge]!
    const things = [
      world.linkBetween(from, to),
      ...world.loads.filter((load) => load.name === from),
      ...world.units.filter(({ site }) => site.place === name),
    ]
    const acting = things.flatMap((thing) => world.faults.on(thing, window.from, window.until))
    return acting[0]?.span
  }

  private outgoing(service: number): number[] {
    const { name } = this.positions.services[service]!
    return this.positions.edges.flatMap(({ from }, edge) => (from === name ? [edge] : []))
  }

  private beyond(what: keyof Measured, at: number): number {
    const { measured, usual } = this.window
    return Math.max(0, measured[what][at]! - usual[what][at]!)
  }
}

/** Each part in words, after its share as a percentage. */
const SAYINGS = {
  slowed: (pct: string) => `${pct} of its busy time was the slowdown`,
  paused: (pct: string) => `it stood still for ${pct} of the time`,
  heldUp: (pct: string) => `${pct} of its work was for calls that came while it stood still`,
  lost: (pct: string) => `${pct} of its slots were down`,
  erred: (pct: string) => `${pct} of its failures were errors of its own`,
  down: (pct: string) => `${pct} of the calls that failed found it down`,
  overload: (pct: string) => `${pct} of its failures were for want of room`,
  refused: (pct: string) => `${pct} of its refusals were its own`,
}

function isSomething({ amount }: Part): boolean {
  return amount > 0
}

/** `92 %`, with a no-break space. */
function percent(share: number): string {
  const value = Math.min(1, share) * 100
  if (value > 99 && value < 100) return '99\u00a0%'
  return value > 0 && value < 1 ? '<\u00a01\u00a0%' : `${Math.round(value)}\u00a0%`
}
