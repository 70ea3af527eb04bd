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
  /** Checkpoints kept at most. */
  readonly most?: number
}

/** A checkpoint, and what is asked of it. */
interface Mark {
  readonly events: number
  readonly now: Time
  /** Requests each load had sent. */
  readonly sent: readonly number[]
  readonly state: Checkpoint
  /** Roughly what it takes, in bytes. */
  readonly bytes: number
}

const SPACING = 50_000
/** Checkpoints kept at most, and bytes they may take together: with more, every second one goes. */
const MOST_MARKS = 32
const MOST_BYTES = 192 * 1024 * 1024
/** Where checkpoints stand far apart, the way that was gone last has some more of them. */
const NEAR_SPACING = 100_000
const MOST_NEAR = 4
/** Measured: a checkpoint without calls, and what each call in flight adds, in bytes. */
const EMPTY_MARK = 120_000
const MARKED_CALL = 600
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
  private readonly near: Mark[] = []
  private spacing: number
  private readonly most: number
  /** Whether the clock was moved on beyond the last event. */
  private between = false
  private seenWhole = false

  constructor(scenario: Scenario, options: ReplayOptions) {
    const { seed, catalogue, spacing = SPACING, most = MOST_MARKS } = options
    this.world = build(scenario, seed, false, catalogue).world
    this.duration = scenario.duration
    this.spacing = spacing
    this.most = most
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
    if (!this.beforeRequest(request)) return { request, seed: world.seed, spans: [] }
    const tracer = new SpanCollector(world, request)
    world.tracer = tracer
    while (!tracer.isOver && !this.advance(this.duration, STRIDE));
    world.tracer = null
    if (between) this.seekTime(now)
    else this.seekEvent(here)
    return { request, seed: world.seed, spans: tracer.spans }
  }

  /** Whether the run has been gone through to its end, so that all its checkpoints stand. */
  get isWhole(): boolean {
    return this.seenWhole
  }

  /**
   * Goes to where a request has not been sent yet, as near as can be without firing an event. Answers whether there
   * can be a request of this number.
   */
  beforeRequest(request: number): boolean {
    if (!Number.isSafeInteger(request) || request < 0) return false
    const { loads } = this.world
    const load = request % loads.length
    const ordinal = (request - load) / loads.length
    this.rewind((mark) => mark.sent[load]! <= ordinal, loads[load]!.sent <= ordinal)
    return true
  }

  /** Goes to where nothing of a moment has happened yet, as near as can be without firing an event. */
  beforeTime(time: Time): void {
    this.rewind((mark) => mark.now < time || mark.events === 0, this.world.now < time)
  }

  /** Goes to where everything behind has a checkpoint already. */
  toFrontier(): void {
    this.rewind(() => true, true)
  }

  /** Runs on to a moment, but fires at most so many events. Answers whether the moment, or the end, is reached. */
  advance(until: Time, events: number): boolean {
    return this.forward(Math.min(until, this.duration), this.world.events + events)
  }

  /** Goes to the last checkpoint that fits, unless the present position fits and is further on. */
  private rewind(fits: (mark: Mark) => boolean, fitsHere: boolean): void {
    const { world, marks, near } = this
    const [far, close] = [marks.findLast(fits)!, near.filter(fits)]
    const mark = close.reduce((best, each) => (each.events > best.events ? each : best), far)
    if (fitsHere && world.events >= mark.events) return
    world.load(mark.state)
    this.between = false
  }

  /** Runs on, leaving checkpoints where there are none yet. Answers whether the run (or the moment) is over. */
  private forward(until: Time, events: number): boolean {
    const { world } = this
    let over = false
    while (!over && world.events < events) {
      const next = this.nextMark()
      over = world.run(until, Math.min(events, next) - world.events)
      this.between = over
      if (!over && world.events === next) this.keep()
    }
    if (over && until >= this.duration) this.seenWhole = true
    return over
  }

  /** Where the next checkpoint is to be left, in events. */
  private nextMark(): number {
    const { world, marks, spacing } = this
    const frontier = marks.at(-1)!.events + spacing
    if (world.events >= frontier) return Infinity
    const isBehind = world.events < marks.at(-1)!.events
    if (!isBehind || spacing <= NEAR_SPACING) return frontier
    return (Math.floor(world.events / NEAR_SPACING) + 1) * NEAR_SPACING
  }

  private keep(): void {
    const { world, marks, near } = this
    if (world.events <= (marks.at(-1)?.events ?? -1)) {
      if ([...marks, ...near].some(({ events }) => events === world.events)) return
      near.push(this.mark())
      if (near.length > MOST_NEAR) near.shift()
      return
    }
    marks.push(this.mark())
    const total = marks.reduce((sum, { bytes }) => sum + bytes, 0)
    if (marks.length <= this.most && total <= MOST_BYTES) return
    this.spacing *= 2
    const kept = marks.filter((mark) => mark.events % this.spacing === 0)
    marks.splice(0, marks.length, ...kept)
  }

  private mark(): Mark {
    const { world } = this
    const sent = world.loads.map((load) => load.sent)
    const bytes = EMPTY_MARK + MARKED_CALL * world.pool.live
    return { events: world.events, now: world.now, sent, state: world.save(), bytes }
  }
}
