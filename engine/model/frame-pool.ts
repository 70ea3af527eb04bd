/** All call frames of a world: taken and given back without allocation, copied for a checkpoint. */
import { copyOf } from '../core/snapshot.ts'
import { CallFrame } from './call-frame.ts'
import { EngineError } from './engine-error.ts'
import type { World } from './world.ts'

/** Fields that say where a frame belongs; everything else of a live frame is copied as it is. */
const WIRING = new Set(['world', 'slot'])

export class FramePool {
  readonly frames: CallFrame[] = []
  live = 0
  private readonly free: number[] = []
  private readonly world: World

  constructor(world: World) {
    this.world = world
  }

  /** A frame with its fields at rest. The caller sets identity and wiring. */
  take(): CallFrame {
    const slot = this.free.pop()
    const frame = slot === undefined ? this.grow() : this.frames[slot]!
    if (++this.live > this.world.limits.frames) this.world.stop('memory', 'too many calls in flight')
    frame.live = true
    return frame
  }

  /** Ends the life of a frame. Ending it twice is an error of the engine, never silent. */
  give(frame: CallFrame): void {
    if (!frame.live) throw new EngineError('a call ended twice', this.world)
    this.world.tracer?.mark('gone', frame)
    frame.live = false
    frame.generation = (frame.generation + 1) & 0xffffff
    frame.sends = 1
    frame.attempt = 1
    frame.failureCode = 0
    frame.degraded = false
    frame.body = undefined
    frame.nextTarget = null
    frame.targetInstance = null
    frame.avoidedInstance = null
    frame.cancelling = false
    frame.layer = -1
    frame.base = -1
    frame.load = null
    frame.unit = null
    frame.parent = -1
    frame.child = -1
    frame.kids = -1
    frame.event = -1
    frame.patience = -1
    frame.launching = false
    frame.running = 0
    frame.required = true
    frame.holdsSlot = false
    frame.duplicate = false
    frame.phase = 0
    this.live--
    this.free.push(frame.slot)
  }

  forEachLive(visit: (frame: CallFrame) => void): void {
    for (const frame of this.frames) if (frame.live) visit(frame)
  }

  /** Everything about the frames in flight, as plain data; references to wiring are kept as they are. */
  save(): unknown {
    const saved: Record<string, unknown>[] = []
    for (const frame of this.frames) saved.push(frame.live ? fieldsOf(frame) : { generation: frame.generation })
    return { saved, free: this.free.slice(), live: this.live }
  }

  load(from: unknown): void {
    const { saved, free, live } = from as { saved: Record<string, unknown>[]; free: number[]; live: number }
    while (this.frames.length < saved.length) this.grow()
    for (const frame of this.frames) this.restore(frame, saved[frame.slot])
    this.free.length = 0
    // Slots made after the checkpoint go to the bottom of the stack: they are taken last, as if not made yet.
    for (let slot = this.frames.length - 1; slot >= saved.length; slot--) this.free.push(slot)
    this.free.push(...free)
    this.live = live
  }

  private restore(frame: CallFrame, saved: Record<string, unknown> | undefined): void {
    if (frame.live) {
      frame.live = false
      frame.body = undefined
    }
    if (saved === undefined) return resting(frame)
    if (!('live' in saved)) resting(frame)
    Object.assign(frame, saved)
    if (frame.live) frame.body = copyOf(saved['body'])
  }

  private grow(): CallFrame {
    const frame = new CallFrame(this.world, this.frames.length)
    this.frames.push(frame)
    return frame
  }
}

function resting(frame: CallFrame): void {
  const fresh = new CallFrame(frame.world, frame.slot)
  for (const key of Object.keys(fresh) as (keyof CallFrame & string)[]) {
    if (!WIRING.has(key)) Object.assign(frame, { [key]: fresh[key] })
  }
}

function fieldsOf(frame: CallFrame): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const key of Object.keys(frame)) if (!WIRING.has(key)) fields[key] = (frame as never)[key]
  fields['body'] = copyOf(frame.body)
  return fields
}
