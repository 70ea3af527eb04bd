import { CallFrame } from './call-frame.ts'
import { EngineError } from './engine-error.ts'
import { copyFrame } from './frame-copy.ts'
import type { World } from './world.ts'

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
    frame.isCopy = false
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

  /** Frames in flight that fit, by age and identity: which slots they have depends on who else is about. */
  inOrder(fits: (frame: CallFrame) => boolean): CallFrame[] {
    const found = this.frames.filter((frame) => frame.live && fits(frame))
    return found.toSorted((a, b) => a.startedAt - b.startedAt || a.root - b.root || a.path - b.path)
  }

  /** Everything about the frames in flight, as plain data; references to wiring are kept as they are. */
  save(): unknown {
    const saved = this.frames.map((frame) => (frame.live ? this.copyOf(frame) : undefined))
    const lives = Int32Array.from(this.frames, ({ generation }) => generation)
    return { saved, lives, free: this.free.slice(), live: this.live }
  }

  load(from: unknown): void {
    const { saved, lives, free, live } = from as Saved
    while (this.frames.length < saved.length) this.grow()
    const resting = new CallFrame(this.world, -1)
    for (const frame of this.frames) {
      const before = saved[frame.slot]
      if (before !== undefined) copyFrame(before, frame)
      else if (frame.live) copyFrame(resting, frame)
      frame.generation = lives[frame.slot] ?? 0
    }
    this.free.length = 0
    // Slots made after the checkpoint go to the bottom of the stack: they are taken last, as if not made yet.
    for (let slot = this.frames.length - 1; slot >= saved.length; slot--) this.free.push(slot)
    this.free.push(...free)
    this.live = live
  }

  /** A frame of its own, so that it takes no more room than one. */
  private copyOf(frame: CallFrame): CallFrame {
    const copy = new CallFrame(this.world, frame.slot)
    copyFrame(frame, copy)
    return copy
  }

  private grow(): CallFrame {
    const frame = new CallFrame(this.world, this.frames.length)
    this.frames.push(frame)
    return frame
  }
}

/** Frames in flight by slot, and the generations of all. */
interface Saved {
  readonly saved: readonly (CallFrame | undefined)[]
  readonly lives: Int32Array
  readonly free: readonly number[]
  readonly live: number
}
