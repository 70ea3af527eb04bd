import { copyOf } from '../core/snapshot.ts'
import { CallFrame } from './call-frame.ts'
import { EngineError } from './engine-error.ts'
import type { World } from './world.ts'

/** Fields that say where a frame belongs; everything else of a live frame is copied as it is. */
const WIRING = new Set(['world', 'slot'])

/** All call frames of a world: taken and given back without allocation, copied for a checkpoint. */
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
    if (++this.live > this.world.limits.frames)
      this.world.stop('memory', 'too many calls in flight')
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
    for (const frame of this.frames)
      saved.push(frame.live ? fieldsOf(frame) : { generation: frame.generation })
    return { saved, free: this.free.slice(), live: this.live }
  }

  load(from: unknown): void {
    const { saved, free, live } = from as {
      saved: Record<string, unknown>[]
      free: number[]
      live: number
    }
    while (this.frames.length < saved.length) this.grow()
    const resting = fieldsOf(new CallFrame(this.world, -1))
    for (const frame of this.frames) restore(frame, resting, saved[frame.slot])
    this.free.length = 0
    // Slots made after the checkpoint go to the bottom of the stack: they are taken last, as if not made yet.
    for (let slot = this.frames.length - 1; slot >= saved.length; slot--) this.free.push(slot)
    this.free.push(...free)
    this.live = live
  }

  private grow(): CallFrame {
    const frame = new CallFrame(this.world, this.frames.length)
    this.frames.push(frame)
    return frame
  }
}

/** Brings a frame back; one that rested has no more than its generation saved, one made later nothing at all. */
function restore(
  frame: CallFrame,
  resting: object,
  saved: Record<string, unknown> | undefined,
): void {
  const rests = saved === undefined || !('live' in saved)
  if (!rests || frame.live) assign(frame, rests ? resting : saved)
  frame.generation = (saved?.['generation'] as number | undefined) ?? 0
  if (!rests) frame.body = copyOf(frame.body)
}

/** Object.assign, ten times faster into an object of a class. */
function assign(frame: CallFrame, fields: object): void {
  for (const key in fields)
    (frame as unknown as Record<string, unknown>)[key] = (fields as Record<string, unknown>)[key]
}

function fieldsOf(frame: CallFrame): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const key of Object.keys(frame)) if (!WIRING.has(key)) fields[key] = (frame as never)[key]
  fields['body'] = copyOf(frame.body)
  return fields
}
