import type { Distribution } from '../core/distribution.ts'
import { Sampler } from '../core/sampler.ts'
import { Dice } from '../core/random.ts'
import type { LinkSpec } from '../scenario/scenario.ts'
import { SECOND } from '../units.ts'
import type { CallFrame } from './call-frame.ts'
import { ON_REPLY_WIRE, ON_WIRE, VISIT } from './call-frame.ts'
import { ERROR, UNAUTHENTICATED } from './failure.ts'
import { copyRequest, replied } from './flow.ts'
import { CANCEL, PHASE_ARRIVAL, PHASE_COMPLETION, REPLY, REQUEST } from './kinds.ts'
import type { World } from './world.ts'

/** Trouble a fault has put on a link. */
export interface LinkTrouble {
  loss: number
  duplicate: number
  bandwidth: number
  abort: number
  delays: readonly Sampler[]
  badCertificate: number
  requestBlocked: number
  replyBlocked: number
}

/** A wire between two services: latency, loss, duplication, bandwidth, partition, each way. */
export class Link {
  readonly world: World
  readonly name: string
  readonly place: number
  readonly spec: LinkSpec
  readonly trouble: LinkTrouble
  sent = 0
  delivered = 0
  lost = 0
  duplicated = 0
  onWire = 0
  /** When the wire is free again, each way (bandwidth), and the last arrival (keeping order). */
  private requestFree = 0
  private replyFree = 0
  private lastRequest = 0
  private lastReply = 0
  private readonly requestLatency: Sampler
  private readonly replyLatency: Sampler
  private readonly requestDice: Dice
  private readonly replyDice: Dice
  private readonly twinDice: Dice
  private readonly abortDice: Dice
  /** Whether more than the latency can happen to a message, and whether that ever takes time: decided once per change. */
  private special = false
  private takesTime = true

  constructor(world: World, name: string, spec: LinkSpec) {
    this.world = world
    this.name = name
    this.place = world.places.add(`link ${name}`, this)
    this.spec = spec
    this.trouble = {
      loss: spec.loss,
      duplicate: spec.duplicate,
      bandwidth: spec.bandwidth,
      abort: 0,
      delays: [],
      badCertificate: 0,
      requestBlocked: 0,
      replyBlocked: 0,
    }
    this.requestLatency = new Sampler(spec.latency, world.keyFor(`link ${name}`, 'request'))
    this.replyLatency = new Sampler(spec.latency, world.keyFor(`link ${name}`, 'reply'))
    this.requestDice = new Dice(world.keyFor(`link ${name}`, 'lose request'))
    this.replyDice = new Dice(world.keyFor(`link ${name}`, 'lose reply'))
    this.twinDice = new Dice(world.keyFor(`link ${name}`, 'duplicate'))
    this.abortDice = new Dice(world.keyFor(`link ${name}`, 'abort'))
    this.changed()
  }

  /** A fault begins or ends. */
  change(trouble: Partial<LinkTrouble>): void {
    Object.assign(this.trouble, trouble)
    this.changed()
  }

  private changed(): void {
    const {
      loss,
      duplicate,
      bandwidth,
      abort,
      delays,
      badCertificate,
      requestBlocked,
      replyBlocked,
    } = this.trouble
    const calm =
      loss === 0 && duplicate === 0 && abort === 0 && delays.length === 0 && badCertificate === 0
    const open = requestBlocked === 0 && replyBlocked === 0
    this.special = !calm || !open || bandwidth !== Infinity || this.spec.fifo
    this.takesTime = !isZero(this.spec.latency)
  }

  sendRequest(visit: CallFrame): void {
    this.sent++
    if (this.special && this.troubled(visit)) return
    visit.phase = ON_WIRE
    if (!this.special && !this.takesTime) {
      this.delivered++
      visit.instance!.arrive(visit)
      return
    }
    this.onWire++
    const { world } = this
    const delay = this.requestLatency.duration(visit.path, visit.root)
    const at = this.special
      ? this.out(visit.path, visit.root, visit.bytes, delay)
      : world.now + delay
    world.schedule(at, PHASE_ARRIVAL, this.place, REQUEST, visit.slot, 0)
  }

  /** A request comes out at the far end. */
  deliverRequest(visit: CallFrame): void {
    this.onWire--
    this.delivered++
    visit.instance!.arrive(visit)
  }

  sendReply(visit: CallFrame): void {
    this.sent++
    if (this.special && this.replyIsLost(visit)) return this.lose(visit)
    visit.phase = ON_REPLY_WIRE
    if (!this.special && !this.takesTime && (visit.edge!.caller?.paused ?? 0) === 0) {
      this.delivered++
      return replied(visit)
    }
    this.onWire++
    const { world } = this
    const delay = this.replyLatency.duration(visit.path, visit.root)
    const at = this.special ? this.replyOut(visit, delay) : world.now + delay
    world.schedule(at, PHASE_COMPLETION, this.place, REPLY, visit.slot, 0)
  }

  /** A reply comes out at the caller's end; a paused caller looks at it later. */
  deliverReply(visit: CallFrame): void {
    if (visit.edge!.caller?.defers(REPLY, this.place, visit.slot, 0)) return
    this.onWire--
    this.delivered++
    replied(visit)
  }

  /** Tells the server of an orphaned visit to stop; the message takes link time like any other. */
  sendCancel(visit: CallFrame): void {
    const at = this.messageArrival(visit.path ^ 0x5bd1e995, visit.root, 0)
    if (at >= 0)
      this.world.schedule(at, PHASE_ARRIVAL, this.place, CANCEL, visit.slot, visit.generation)
  }

  /** When a one-way message of some bytes, keyed by two words, arrives; -1 when it is lost. */
  messageArrival(c0: number, c1: number, bytes: number): number {
    const { trouble } = this
    if (trouble.requestBlocked > 0) return -1
    if (trouble.loss > 0 && this.requestDice.uniform(c0, c1) < trouble.loss) return -1
    const delay = this.requestLatency.duration(c0, c1)
    return this.special ? this.out(c0, c1, bytes, delay) : this.world.now + delay
  }

  save(): unknown {
    const {
      sent,
      delivered,
      lost,
      duplicated,
      onWire,
      requestFree,
      replyFree,
      lastRequest,
      lastReply,
    } = this
    const { trouble } = this
    return {
      sent,
      delivered,
      lost,
      duplicated,
      onWire,
      requestFree,
      replyFree,
      lastRequest,
      lastReply,
      trouble: { ...trouble },
    }
  }
  load(saved: unknown): void {
    const { trouble, ...rest } = saved as { trouble: LinkTrouble }
    Object.assign(this, rest)
    Object.assign(this.trouble, trouble)
    this.changed()
  }

  /** When a request or a message comes out of a wire that is slower than its latency, or keeps order. */
  private out(c0: number, c1: number, bytes: number, delay: number): number {
    const { world, trouble } = this
    let at = world.now + delay + this.delay(c0, c1)
    if (trouble.bandwidth !== Infinity) {
      this.requestFree = Math.max(this.requestFree, world.now) + this.transfer(bytes)
      at += this.requestFree - world.now
    }
    if (this.spec.fifo) at = this.lastRequest = Math.max(at, this.lastRequest)
    return at
  }

  private replyOut(visit: CallFrame, delay: number): number {
    const { world, trouble } = this
    let at = world.now + delay
    if (trouble.bandwidth !== Infinity) {
      this.replyFree =
        Math.max(this.replyFree, world.now) + this.transfer(visit.edge!.callee.spec.replyBytes)
      at += this.replyFree - world.now
    }
    if (this.spec.fifo) at = this.lastReply = Math.max(at, this.lastReply)
    return at
  }

  /** Partition, loss, certificate and abort; says whether the request ended here. */
  private troubled(visit: CallFrame): boolean {
    const { trouble } = this
    const { path: c0, root: c1 } = visit
    if (
      trouble.requestBlocked > 0 ||
      (trouble.loss > 0 && this.requestDice.uniform(c0, c1) < trouble.loss)
    ) {
      this.lose(visit)
      return true
    }
    if (trouble.badCertificate > 0) return this.reject(visit, UNAUTHENTICATED)
    if (trouble.abort > 0 && this.abortDice.uniform(c0, c1) < trouble.abort)
      return this.reject(visit, ERROR)
    if (trouble.duplicate > 0 && this.twinDice.uniform(c0, c1) < trouble.duplicate)
      this.sendTwin(visit)
    return false
  }

  private reject(visit: CallFrame, code: number): boolean {
    this.delivered++
    visit.failureCode = code
    this.sendReply(visit)
    return true
  }

  private replyIsLost(visit: CallFrame): boolean {
    if (this.trouble.replyBlocked > 0) return true
    const { loss } = this.trouble
    return loss > 0 && this.replyDice.uniform(visit.path, visit.root) < loss
  }

  /** The message is gone; only a timeout will tell its caller. */
  private lose(visit: CallFrame): void {
    this.lost++
    const { world } = this
    if (visit.parent >= 0) world.frames[visit.parent]!.child = -1
    else world.orphans--
    world.pool.give(visit)
  }

  /** The same request arrives a second time: nobody waits for its reply. */
  private sendTwin(visit: CallFrame): void {
    const { world } = this
    const twin = world.pool.take()
    copyRequest(visit, twin)
    twin.side = VISIT
    twin.enter(visit.stack!)
    twin.edge = visit.edge
    twin.instance = visit.instance
    twin.attempt = visit.attempt
    twin.duplicate = true
    twin.phase = ON_WIRE
    world.orphans++
    twin.path = visit.path ^ 0x2545f491
    this.duplicated++
    this.onWire++
    const delay = this.requestLatency.duration(twin.path, twin.root)
    const at = this.out(twin.path, twin.root, twin.bytes, delay)
    world.schedule(at, PHASE_ARRIVAL, this.place, REQUEST, twin.slot, 0)
  }

  /** What faults add to the way of a request. */
  private delay(c0: number, c1: number): number {
    let added = 0
    for (const sampler of this.trouble.delays) added += sampler.duration(c0, c1)
    return added
  }

  private transfer(bytes: number): number {
    const { bandwidth } = this.trouble
    return bandwidth === Infinity ? 0 : Math.round((bytes / bandwidth) * SECOND)
  }
}

/** Whether a latency never takes time: then no event is made for the hop. */
function isZero(latency: Distribution): boolean {
  return latency.kind === 'constant' && latency.value === 0
}
