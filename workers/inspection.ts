/**
 * Answers questions about one run by running parts of it again, from the nearest checkpoint, with somebody looking on.
 * Nothing is kept of requests. Questions are answered one after the other; while there are none, checkpoints are made.
 */
import { CauseFinder, type CausalLink } from '../engine/causes.ts'
import { patterns } from '../engine/patterns/index.ts'
import { IdentityFinder, type RequestIdentity } from '../engine/request-identity.ts'
import type { RequestList, RequestQuery } from '../engine/requests.ts'
import { beginningOf, RequestFinder } from '../engine/requests.ts'
import { Replay } from '../engine/replay.ts'
import type { Scenario } from '../engine/scenario/scenario.ts'
import { SpanCollector } from '../engine/trace.ts'
import type { Time } from '../engine/units.ts'
import type {
  Answer,
  EventAt,
  Followed,
  Inspecting,
  InspectionCommand,
  InspectionProgress,
  RequestNumbers,
} from './inspection-protocol.ts'
import type { Machine } from './machine.ts'
import { TURN_MS } from './pace.ts'

/** Events between two looks at the clock: about a millisecond. */
const STRIDE = 1024
/** Events between two looks at whether a request is over: those fired in vain cost time. */
const SHORT_STRIDE = 128
/** Checkpoints at most; they are few when many calls are in flight, since their room is bounded, too. */
const MOST_MARKS = 160
/** Latencies up to this, in ns, cost less to run than to look at. */
const NEAR = 5e9
/** Longest silence while a question is being answered, in ms. */
const TELL_MS = 100

const CANCELLED: Answer<never> = { ok: false, why: 'cancelled' }

/** Ends the answer to a question that nobody asks any more. */
class GivenUp extends Error {}

/** A run that can be asked about. */
export class Inspection implements Inspecting {
  private readonly scenario: Scenario
  private readonly machine: Machine
  private readonly onProgress: (progress: InspectionProgress) => void
  private readonly replay: Replay
  /** The question before: the next one waits for it. */
  private last: Promise<unknown> = Promise.resolve()
  private asked = 0
  /** Questions asked before this was last counted up are given up. */
  private epoch = 0
  private held = false
  private building = false
  private toldAt = 0
  private found: readonly CausalLink[] | undefined

  constructor(
    scenario: Scenario,
    machine: Machine,
    options: { spacing?: number; onProgress?: (progress: InspectionProgress) => void } = {},
  ) {
    this.scenario = scenario
    this.machine = machine
    this.onProgress = options.onProgress ?? (() => {})
    const { seed } = scenario
    const { spacing } = options
    const most = MOST_MARKS
    this.replay = new Replay(scenario, {
      seed,
      catalogue: patterns,
      most,
      ...(spacing && { spacing }),
    })
  }

  /** Whether all checkpoints stand. */
  get isReady(): boolean {
    return this.replay.isWhole
  }

  /** Obeys between slices. */
  hear(command: InspectionCommand): void {
    if (command === 'cancel') this.epoch++
    else {
      this.held = command === 'hold'
      void this.build()
    }
  }

  trace(request: number): Promise<Answer<Followed>> {
    return this.ask(async (epoch) => {
      const { replay } = this
      if (!replay.beforeRequest(request))
        return { isThere: false, numbers: await this.count(epoch) }
      const { world } = replay
      const tracer = new SpanCollector(world, request)
      world.tracer = tracer
      const { duration } = this.scenario
      await this.slices(epoch, world.now, duration, () => {
        return tracer.isOver || replay.advance(duration, SHORT_STRIDE)
      })
      const { spans } = tracer
      if (spans.length > 0) return { isThere: true, trace: { request, seed: world.seed, spans } }
      return { isThere: false, numbers: await this.count(epoch) }
    })
  }

  requests(query: RequestQuery): Promise<Answer<RequestList>> {
    return this.ask(async (epoch) => {
      const { replay } = this
      const { world } = replay
      // Near enough, the whole range of latencies is run; else it pays to look who is still under way.
      const isNear = query.highest <= NEAR
      if (!isNear) await this.goBefore(query.from, epoch)
      const from = isNear ? query.from - query.highest : beginningOf(world, query)
      await this.goBefore(from, epoch)
      const finder = new RequestFinder(world, query)
      world.tracer = finder
      const until = query.outcome === 'unfinished' ? this.scenario.duration : query.until
      await this.slices(epoch, from, until, () => replay.advance(until, STRIDE))
      return finder.list()
    })
  }

  identities(requests: readonly number[]): Promise<Answer<readonly RequestIdentity[]>> {
    return this.ask(async (epoch) => {
      const { replay } = this
      const { world } = replay
      const known = requests.filter((request) => Number.isSafeInteger(request) && request >= 0)
      const finder = new IdentityFinder(world, known)
      // The lowest number is not the first to arrive where there are several loads; each load has its own.
      for (const first of lowestOfEach(known, world.loads.length)) {
        replay.beforeRequest(first)
        world.tracer = finder
        const ofLoad = (): boolean => !finder.waitsFor(first % world.loads.length)
        const { duration } = this.scenario
        await this.slices(epoch, world.now, duration, () => {
          return ofLoad() || replay.advance(duration, SHORT_STRIDE)
        })
      }
      return finder.found.toSorted((a, b) => a.request - b.request)
    })
  }

  causes(): Promise<Answer<readonly CausalLink[]>> {
    return this.ask(async (epoch) => {
      if (this.found) return this.found
      const { seed, duration } = this.scenario
      const finder = new CauseFinder(this.scenario, { seed, catalogue: patterns })
      await this.slices(epoch, 0, duration, () => finder.advance(), finder.world)
      this.found = finder.links
      return finder.links
    })
  }

  eventAt(time: Time): Promise<Answer<EventAt>> {
    return this.ask(async (epoch) => {
      const { replay } = this
      replay.beforeTime(time + 1)
      await this.slices(epoch, replay.now, time, () => replay.advance(time, STRIDE))
      return { number: replay.events, digests: replay.digests }
    })
  }

  /** Goes to where nothing of a moment has happened yet, making the checkpoints on the way that are missing. */
  private async goBefore(time: Time, epoch: number): Promise<void> {
    const { replay } = this
    replay.beforeTime(time)
    const target = Math.max(0, time - 1)
    await this.slices(epoch, replay.now, target, () => replay.advance(target, STRIDE))
  }

  /** How many requests there are: known once the whole run has been gone through. */
  private async count(epoch: number): Promise<RequestNumbers> {
    const { replay } = this
    const { duration } = this.scenario
    replay.toFrontier()
    await this.slices(epoch, replay.now, duration, () => replay.advance(duration, STRIDE))
    const { loads } = replay.world
    const count = loads.reduce((sum, { sent }) => sum + sent, 0)
    const last = loads.map(({ sent, stride, offset }) => (sent - 1) * stride + offset)
    return { count, highest: Math.max(...last.filter((number) => number >= 0), -1) }
  }

  private ask<T>(answer: (epoch: number) => Promise<T>): Promise<Answer<T>> {
    const { epoch } = this
    this.asked++
    const mine = this.last.then(() => this.answer(answer, epoch))
    this.last = mine
    return mine
  }

  private async answer<T>(
    answer: (epoch: number) => Promise<T>,
    epoch: number,
  ): Promise<Answer<T>> {
    try {
      if (epoch !== this.epoch) return CANCELLED
      return { ok: true, value: await answer(epoch) }
    } catch (error) {
      if (error instanceof GivenUp) return CANCELLED
      const message = error instanceof Error ? error.message : String(error)
      return { ok: false, why: 'crash', message }
    } finally {
      this.replay.world.tracer = null
      this.asked--
      void this.build()
    }
  }

  /** Takes steps until one is the last, and lets messages in between. */
  private async slices(
    epoch: number,
    from: Time,
    until: Time,
    step: () => boolean,
    world: { readonly now: Time } = this.replay,
  ): Promise<void> {
    while (!this.slice(step)) {
      if (performance.now() - this.toldAt >= TELL_MS) {
        this.toldAt = performance.now()
        this.onProgress({ share: Math.min(1, (world.now - from) / Math.max(1, until - from)) })
      }
      await this.machine.rest()
      if (epoch !== this.epoch) throw new GivenUp()
    }
  }

  /** Takes steps for some milliseconds. Answers whether the last was taken. */
  private slice(step: () => boolean): boolean {
    const begun = performance.now()
    do if (step()) return true
    while (performance.now() - begun < TURN_MS)
    return false
  }

  /** Makes checkpoints while nobody asks. */
  private async build(): Promise<void> {
    if (this.building) return
    this.building = true
    const { replay } = this
    try {
      while (!this.held && this.asked === 0 && !replay.isWhole) {
        replay.toFrontier()
        this.slice(() => replay.advance(this.scenario.duration, STRIDE))
        await this.machine.rest()
      }
    } catch {
      // Whoever asks about what lies beyond is told.
      this.held = true
    }
    this.building = false
  }
}

/** The lowest number of each load, of those that are asked for. */
function lowestOfEach(requests: readonly number[], loads: number): number[] {
  const lowest = new Map<number, number>()
  for (const request of requests) {
    const load = request % loads
    lowest.set(load, Math.min(request, lowest.get(load) ?? Infinity))
  }
  return [...lowest.values()]
}
