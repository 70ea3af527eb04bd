/** A run that can be gone through in both directions: to any event, to any moment, one step back, along one request. */
import type { AnyComponent } from './component.ts'
import { REPLY } from './model/kinds.ts'
import type { Checkpoint, World } from './model/world.ts'
import { build } from './scenario/build.ts'
import type { Scenario } from './scenario/scenario.ts'
import type { RequestTrace } from './trace.ts'
import { SpanCollector } from './trace.ts'
import type { Time } from './units.ts'

/** An event that has fired. */
export interface FiredEvent {
  /** Counts from 1. */
  readonly number: number
  readonly time: Time
  /** Path of the place: an instance, a link, a load, a unit, a fault. */
  readonly place: string
  readonly kind: number
  /** Failure code that a reply carries; 0 for success and for all other kinds. */
  readonly outcome: number
}

/** What a run has come to at a moment. */
export interface Digests {
  readonly events: string
  readonly outcomes: string
}

export interface ReplayOptions {
  readonly seed: string
  readonly catalogue: ReadonlyMap<string, AnyComponent>
  /** Events between two checkpoints, to begin with. */
  readonly spacing?: number
}

/** A checkpoint, and what is asked of it. */
interface Mark {
  readonly events: number
  readonly now: Time
  /** Requests each load had sent. */
  readonly sent: readonly number[]
  readonly state: Checkpoint
}

const SPACING = 50_000
/** Checkpoints kept at most: with one more, every second one goes. */
const MOST_MARKS = 32
/** A traced request is looked for at its end every so many events. */
const STRIDE = 256

/**
 * Owns a world of its own, without recording. Going forward it leaves a checkpoint every so many events; going
 * anywhere else it starts from the nearest one before and fires the same events again.
 */
export class Replay {
  readonly world: World
  private readonly duration: Time
  private readonly marks: Mark[] = []
  private spacing: number
  /** Whether the clock was moved on beyond the last event. */
  private between = false

  constructor(scenario: Scenario, options: ReplayOptions) {
    const { seed, catalogue, spacing = SPACING } = options
    this.world = build(scenario, seed, false, catalogue).world
    this.duration = scenario.duration
    this.spacing = spacing
    this.keep()
  }

  /** Events fired so far, at the present position. */
  get events(): number {
    return this.world.events
  }

  get now(): Time {
    return this.world.now
  }

  get digests(): Digests {
    const { digest, outcomes } = this.world
    return { events: digest.hex, outcomes: outcomes.hex }
  }

  /** Goes to the moment right after an event (0: before the first). Answers how many have fired: fewer at the end. */
  seekEvent(number: number): number {
    const { world } = this
    const isThere = world.events < number || (world.events === number && !this.between)
    this.rewind((mark) => mark.events <= number, isThere)
    if (world.events < number) this.forward(this.duration, number)
    return world.events
  }

  /** Goes to a moment: everything up to it, included, has happened. */
  seekTime(time: Time): void {
    const until = Math.min(time, this.duration)
    this.rewind((mark) => mark.now <= until, this.world.now <= until)
    this.forward(until, Infinity)
  }

  /** Takes back the last event. */
  stepBack(): void {
    this.seekEvent(Math.max(0, this.world.events - 1))
  }

  /** Goes right after an event and answers what the run had come to. */
  digestAt(number: number): Digests {
    this.seekEvent(number)
    return this.digests
  }

  /** Fires the next event and tells what it was; undefined at the end of the run. */
  fire(): FiredEvent | undefined {
    const { world } = this
    const codes = Uint8Array.from(world.frames, (frame) => frame.failureCode)
    const before = world.events
    this.forward(this.duration, before + 1)
    if (world.events === before) return undefined
    const { time, kind, actor, argument } = world.queue
    const outcome = kind === REPLY ? codes[argument]! : 0
    return { number: world.events, time, place: world.places.paths[actor]!, kind, outcome }
  }

  /**
   * Follows a request from its arrival to the end of the last thing done for it, then returns to where it was.
   *
   * @param request number of the request, as calls carry it
   */
  trace(request: number): RequestTrace {
    const { world, between, now, events: here } = this
    if (!Number.isSafeInteger(request) || request < 0)
      return { request, seed: world.seed, spans: [] }
    const load = request % world.loads.length
    const ordinal = (request - load) / world.loads.length
    this.rewind((mark) => mark.sent[load]! <= ordinal, world.loads[load]!.sent <= ordinal)
    const tracer = new SpanCollector(world, request)
    world.tracer = tracer
    while (!tracer.isOver && !this.forward(this.duration, world.events + STRIDE));
    world.tracer = null
    if (between) this.seekTime(now)
    else this.seekEvent(here)
    return { request, seed: world.seed, spans: tracer.spans }
  }

  /** Goes to the last checkpoint that fits, unless the present position fits and is further on. */
  private rewind(fits: (mark: Mark) => boolean, fitsHere: boolean): void {
    const { world, marks } = this
    const mark = marks.findLast(fits)!
    if (fitsHere && world.events >= mark.events) return
    world.load(mark.state)
    this.between = false
  }

  /** Runs on, leaving checkpoints where there are none yet. Answers whether the run (or the moment) is over. */
  private forward(until: Time, events: number): boolean {
    const { world } = this
    let over = false
    while (!over && world.events < events) {
      const next = this.marks.at(-1)!.events + this.spacing
      const stop = world.events < next ? Math.min(events, next) : events
      over = world.run(until, stop - world.events)
      this.between = over
      if (!over && world.events === next) this.keep()
    }
    return over
  }

  private keep(): void {
    const { world, marks } = this
    const sent = world.loads.map((load) => load.sent)
    marks.push({ events: world.events, now: world.now, sent, state: world.save() })
    if (marks.length <= MOST_MARKS) return
    this.spacing *= 2
    const kept = marks.filter((mark) => mark.events % this.spacing === 0)
    marks.splice(0, marks.length, ...kept)
  }
}
