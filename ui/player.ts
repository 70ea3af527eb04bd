/** Moves the cursor: by hand, by steps, or on its own. It never passes what is computed. */
import type { Time } from '../engine/units.ts'
import { lastFaultEnd } from './facts/faults.ts'
import type { RunStore, VariantRun } from './runs.ts'
import { SIDES, type State } from './state.ts'
import type { Store } from './store.ts'

/** The player of the page. */
export class Player {
  private readonly store: Store<State>
  private readonly runs: RunStore
  private lastFrame = 0

  constructor(store: Store<State>, runs: RunStore) {
    this.store = store
    this.runs = runs
    document.addEventListener('visibilitychange', () => document.hidden && this.pause())
  }

  /** Where the cursor is: where it was put, or where the story is. */
  now(): Time {
    const { time } = this.store.get().view
    const run = this.run()
    if (!run) return time ?? 0
    return Math.min(time ?? openingMoment(run), run.layout.duration - run.layout.bucket)
  }

  /** Puts the cursor at a moment. */
  to(time: Time): void {
    const run = this.run()
    if (!run) return
    const { duration, bucket } = run.layout
    const at = Math.min(duration - bucket, Math.max(0, Math.round(time / bucket) * bucket))
    this.store.update((draft) => {
      draft.view.time = at
    })
  }

  /** Moves by so many buckets. */
  step(buckets: number): void {
    const bucket = this.run()?.layout.bucket ?? 0
    this.to(this.now() + buckets * bucket)
  }

  /** Starts or stops. At the end it starts over. */
  toggle(): void {
    if (this.store.get().view.isPlaying) this.pause()
    else this.play()
  }

  /** Plays from a moment on, or from where the cursor is. */
  play(from = this.now()): void {
    const run = this.run()
    if (!run) return
    const isAtEnd = from >= run.layout.duration - 2 * run.layout.bucket
    this.store.update((draft) => {
      draft.view.isPlaying = true
      draft.view.time = isAtEnd ? 0 : from
    })
    this.lastFrame = performance.now()
    requestAnimationFrame((at) => this.frame(at))
  }

  /** Stops, at the start of a bucket. */
  pause(): void {
    if (!this.store.get().view.isPlaying) return
    this.store.update((draft) => {
      draft.view.isPlaying = false
    })
    this.to(this.now())
  }

  setSpeed(speed: number): void {
    this.store.update((draft) => {
      draft.view.speed = speed
    })
  }

  private run(): VariantRun | undefined {
    return this.runs.of('A') ?? this.runs.of('B')
  }

  private frame(at: number): void {
    const { isPlaying, speed } = this.store.get().view
    if (!isPlaying) return
    const elapsed = Math.min(100, Math.max(0, at - this.lastFrame))
    this.lastFrame = at
    const edge = this.edge()
    const time = Math.min(edge, this.now() + elapsed * 1e6 * speed)
    this.store.update((draft) => {
      draft.view.time = time
    })
    const { duration, bucket } = this.run()!.layout
    if (time >= duration - bucket) this.pause()
    else requestAnimationFrame((next) => this.frame(next))
  }

  /** The last moment that both variants have reached. */
  private edge(): Time {
    const ends = SIDES.flatMap((side) => {
      const run = this.runs.of(side)
      return run ? [run.filled * run.layout.bucket - run.layout.bucket] : []
    })
    return Math.max(0, Math.min(...ends))
  }
}

/**
 * Where the cursor is when nobody has put it anywhere, ns: a while after the last fault, when it shows who has
 * recovered; the middle of a run without faults.
 */
export function openingMoment({ layout }: VariantRun): Time {
  const end = lastFaultEnd(layout)
  const time = end === undefined ? layout.duration / 2 : end + 0.14 * layout.duration
  const coarse = Math.max(layout.bucket, layout.duration / 120)
  return Math.min(layout.duration - layout.bucket, Math.round(time / coarse) * coarse)
}
