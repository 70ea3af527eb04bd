/** Tells a script: moves the cursor along its steps, waits where it asks, and goes where it is told to. */
import { SIDES, type Side, type State } from '../state.ts'
import type { Store } from '../store.ts'
import { MOVING, timeIn, type Script, type Step } from './step.ts'

/** Longest time between two frames that counts, ms: a hidden page does not jump. */
const LONGEST_FRAME = 100

/** A step that waits is not over: it stands so long before its end, s. */
const LAST = 1e-3

/** The teller. */
export class Story {
  private readonly store: Store<State>
  /** Whether nothing may move on its own (`prefers-reduced-motion`). */
  private readonly isStill: () => boolean
  private script: Script | undefined
  private starts: readonly number[] = []
  /** Seconds into the story. */
  private at = 0
  private lastFrame = 0
  private hasTurned = false
  /** Whether it goes on by itself. */
  isPlaying = false
  /** What was bet; undefined: nothing yet. */
  answer: boolean | undefined

  constructor(store: Store<State>, isStill: () => boolean) {
    this.store = store
    this.isStill = isStill
  }

  /** Whether a story is being told. */
  get isOn(): boolean {
    return this.script !== undefined
  }
  /** The step it is at. */
  get step(): Step | undefined {
    return this.script?.steps[this.index]
  }
  /** Its number, from 0. */
  get index(): number {
    return Math.max(
      0,
      this.starts.findLastIndex((start) => start <= this.at + 1e-9),
    )
  }
  /** Number of steps. */
  get length(): number {
    return this.script?.steps.length ?? 0
  }
  /** Seconds into the story, and seconds it takes. */
  get position(): number {
    return this.at
  }
  get total(): number {
    return (this.script?.steps ?? []).reduce((sum, { wall }) => sum + wall, 0)
  }
  /** Whether it waits for an answer or for the switch. */
  get isWaiting(): boolean {
    const { step } = this
    if (!step) return false
    const isAsking = step.bet !== undefined && this.answer === undefined
    return isAsking || (step.turn !== undefined && !this.hasTurned)
  }

  /** Begins at the first step. */
  start(script: Script): void {
    this.script = script
    let sum = 0
    this.starts = script.steps.map(({ wall }) => (sum += wall) - wall)
    this.answer = undefined
    this.hasTurned = false
    this.store.update((draft) => {
      Object.assign(draft.view, { mode: 'compare', tab: 'watch', span: undefined })
      Object.assign(draft.view, {
        range: undefined,
        isDifference: false,
        isOverlay: false,
        isPlaying: false,
      })
    })
    this.enter(0)
    this.play()
  }

  /** Ends, wherever it is; the cursor stays. */
  stop(): void {
    this.script = undefined
    this.isPlaying = false
    this.store.requestPaint()
  }

  /** Goes on by itself, unless nothing may. */
  play(): void {
    if (!this.isOn || this.isStill() || this.isPlaying) return
    this.isPlaying = true
    this.lastFrame = performance.now()
    requestAnimationFrame((now) => this.frame(now))
    this.store.requestPaint()
  }

  /** Stands still. */
  pause(): void {
    this.isPlaying = false
    this.store.requestPaint()
  }

  /** To the next step; after the last one it is over. */
  next(): void {
    if (this.index + 1 < this.length) this.enter(this.index + 1)
    else this.stop()
  }

  /** To the step before. */
  back(): void {
    this.enter(Math.max(0, this.index - 1))
  }

  /** To a second of the story. */
  seek(seconds: number): void {
    this.pause()
    this.move(seconds)
  }

  /** Takes the bet and shows what came of it. */
  bet(answer: boolean): void {
    this.answer = answer
    this.next()
    this.play()
  }

  /** Shows B, also when the story has not come to it yet. */
  turn(): void {
    const index = this.script?.steps.findIndex(({ turn }) => turn !== undefined) ?? -1
    if (index < 0) return
    this.hasTurned = true
    this.enter(index + 1)
    this.play()
  }

  /** The start of a step; where nothing may move, its end. */
  private enter(index: number): void {
    const { wall } = this.script!.steps[index]!
    this.move(this.starts[index]! + (this.isStill() ? wall * MOVING : 0))
  }

  private move(seconds: number): void {
    this.at = Math.min(this.total, Math.max(0, seconds))
    const { step } = this
    if (!step) return
    const time = timeIn(step, this.at - this.starts[this.index]!)
    const side: Side = SIDES[step.sight === 'A' ? 0 : 1]
    this.store.update((draft) => {
      draft.view.time = time
      draft.view.side = side
    })
  }

  private frame(now: number): void {
    if (!this.isPlaying || !this.step) return
    const elapsed = Math.min(LONGEST_FRAME, Math.max(0, now - this.lastFrame)) / 1000
    this.lastFrame = now
    this.move(Math.min(this.limit, this.at + elapsed))
    if (this.at >= this.limit) this.pause()
    else requestAnimationFrame((next) => this.frame(next))
  }

  /** How far it goes by itself from here: to the end of a step that waits for somebody, else to the end. */
  private get limit(): number {
    const { step } = this
    return this.isWaiting && step ? this.starts[this.index]! + step.wall - LAST : this.total
  }
}
