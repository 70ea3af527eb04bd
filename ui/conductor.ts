/** Keeps the runs in step with the document: whatever changes a task runs it again, and nothing else does. */
import { castDraft, type Draft } from 'immer'
import type { RunTask, VariantResult } from '../engine/run.ts'
import type { Problem } from '../engine/scenario/problem.ts'
import type { RunOutcome } from '../workers/protocol.ts'
import type { Runner } from '../workers/runner.ts'
import type { Crew } from './crew.ts'
import type { Reading } from './readers.ts'
import type { RunStore } from './runs.ts'
import { modelOf } from './same-run.ts'
import {
  SIDES,
  unchanged,
  type Document,
  type Progress,
  type Side,
  type State,
  type Opened,
} from './state.ts'
import type { Store } from './store.ts'
import type { Stored } from './stored-run.ts'
import { tasksSwitches, variantName } from './switches.ts'

/** What is known of the run of a side. */
interface Post {
  /** The task that is under way or done, as text, so that it can be compared. */
  key: string
  /** The task without the text, and what the text comes to; undefined before it has been read. */
  rest: string
  model: string | undefined
  controller: AbortController
  startedAt: number
  /** Whether what is drawn is of this run. */
  hasBegun: boolean
}

/** How often a run says how far it is, ms: more often nobody reads it. */
const TELL_EVERY = 50

/** Reads the document when its text or values change, and runs each variant whose task has changed. */
export class Conductor {
  private readonly store: Store<State>
  private readonly runs: RunStore
  private readonly runner: Pick<Runner, 'run'>
  private readonly reader: Pick<Crew, 'read'>
  private readonly posts: Partial<Record<Side, Post>> = {}
  /** The text and values that have been read, or are being read. */
  private reading: Pick<Document, 'text' | 'set'> | undefined
  private isRead = false
  /** The state that was last acted upon. */
  private seen: Pick<State, 'document' | 'opened'> | undefined

  constructor(
    store: Store<State>,
    runs: RunStore,
    runner: Pick<Runner, 'run'>,
    reader: Pick<Crew, 'read'>,
  ) {
    this.store = store
    this.runs = runs
    this.runner = runner
    this.reader = reader
    store.watch(() => this.sync())
  }

  /**
   * Opens a file when it can be read; what was open stays when it cannot. Answers whether it could.
   * @param file what it is called in problems; @param changes what a link changes in it
   */
  async open(
    name: string,
    source: string | Uint8Array,
    file = `${name}.yaml`,
    changes: Partial<Document> = {},
  ): Promise<boolean> {
    const { set = {} } = changes
    const reading = await this.reader.read(source, name, { set })
    if (!reading.ok) {
      this.refuse(file, reading, true)
      return false
    }
    const text = typeof source === 'string' ? source : new TextDecoder().decode(source)
    this.adopt(
      { ...unchanged(name, text), ...changes },
      { scenario: reading.scenario, off: reading.off },
    )
    return true
  }

  /** Replaces the text of the document in one step that can be undone, when it can be read. */
  async amend(
    label: string,
    text: string,
    also: (draft: Draft<Document>) => void,
  ): Promise<boolean> {
    const { name, set } = this.store.get().document
    const reading = await this.reader.read(text, name, { set })
    if (!reading.ok) {
      this.refuse(`${name}.yaml`, reading, true)
      return false
    }
    this.store.update((draft) => void (draft.trouble = undefined))
    this.store.edit(label, (draft) => {
      draft.text = text
      also(draft)
    })
    return true
  }

  /** Shows the stored result of the document that is open. It is computed all the same, and the two must agree. */
  show({ opened, runs }: Stored): void {
    this.reading = this.store.get().document
    this.isRead = true
    for (const side of SIDES) this.runs.put(side, runs[side])
    this.store.update((draft) => {
      draft.opened = castDraft(opened)
      for (const side of SIDES) draft.progress[side].stored = 'shown'
    })
  }

  /** Runs both variants again, whatever has come of them. */
  rerun(): void {
    for (const side of SIDES) {
      this.posts[side]?.controller.abort()
      delete this.posts[side]
    }
    this.seen = undefined
    this.sync()
  }

  /** Runs again what was cancelled or has failed. */
  retry(): void {
    for (const side of SIDES) {
      const { phase } = this.store.get().progress[side]
      if (phase !== 'done' && phase !== 'computing') delete this.posts[side]
    }
    this.reading = this.isRead ? this.reading : undefined
    this.seen = undefined
    this.sync()
  }

  /** Whether both runs are done, and are what the document asks for now. */
  get isSettled(): boolean {
    const { document, opened, progress } = this.store.get()
    return (
      this.isRead &&
      opened !== undefined &&
      SIDES.every(
        (side) =>
          progress[side].phase === 'done' &&
          this.posts[side]?.key === JSON.stringify(taskOf(side, document, opened)),
      )
    )
  }

  /** Stops what is being computed; what there is stays. */
  cancel(): void {
    for (const side of SIDES) this.posts[side]?.controller.abort()
  }

  /** Starts whatever the document asks for and has not been started. */
  sync(): void {
    const { document, opened } = this.store.get()
    if (this.seen?.document === document && this.seen.opened === opened) return
    this.seen = { document, opened }
    const { text, set } = document
    if (this.reading?.text !== text || this.reading.set !== set) void this.read(document)
    if (this.isRead || !opened) for (const side of SIDES) this.start(side, document, opened)
  }

  private async read({ text, set, name }: Document): Promise<void> {
    const asked = { text, set }
    this.reading = asked
    this.isRead = false
    const reading = await this.reader.read(text, name, { set })
    if (this.reading !== asked) return
    this.isRead = reading.ok
    if (!reading.ok) this.refuse(`${name}.yaml`, reading, false)
    else {
      this.store.update((draft) => {
        draft.opened = castDraft({ scenario: reading.scenario, off: reading.off })
        // A file that was not opened is no part of this document: what is said of it stays until it is dismissed.
        if (!draft.trouble?.isRejected) draft.trouble = undefined
      })
    }
  }

  private adopt(document: Document, opened: Opened): void {
    this.cancel()
    this.runs.clear()
    this.reading = document
    this.isRead = true
    this.store.forget()
    this.store.update((draft) => {
      draft.document = castDraft(document)
      draft.opened = castDraft(opened)
      draft.trouble = undefined
      draft.view.time = undefined
      draft.view.isPlaying = false
    })
  }

  private refuse(name: string, reading: Reading & { ok: false }, isRejected: boolean): void {
    const problems = 'errors' in reading ? reading.errors : [troubleOf(reading.message)]
    const more = 'errors' in reading ? reading.more : 0
    this.tell(name, problems, more, isRejected)
    if (!isRejected) for (const side of SIDES) this.progress(side, { isOld: true })
  }

  private tell(
    name: string,
    problems: readonly Problem[],
    more: number,
    isRejected: boolean,
  ): void {
    this.store.update((draft) => {
      draft.trouble = { name, problems: [...problems], more, isRejected }
    })
  }

  /** Before the file has been read, the run is begun on trust: most files compare an A with a B. */
  private start(side: Side, document: Document, opened: Opened | undefined): void {
    const task = taskOf(side, document, opened)
    const key = JSON.stringify(task)
    const rest = JSON.stringify({ ...task, text: '' })
    const model = opened && modelOf(opened)
    const before = this.posts[side]
    const isSame = model !== undefined && before?.model === model && before.rest === rest
    if (before && (before.key === key || isSame)) {
      Object.assign(before, { key, model: model ?? before.model })
      if (before.hasBegun && this.store.get().progress[side].isOld)
        this.progress(side, { isOld: false })
      return
    }
    before?.controller.abort()
    const post: Post = {
      key,
      rest,
      model,
      controller: new AbortController(),
      startedAt: performance.now(),
      hasBegun: false,
    }
    this.posts[side] = post
    const isFirst = before === undefined
    const stored = isFirst ? this.store.get().progress[side].stored : undefined
    const isOld = this.runs.of(side) !== undefined && stored !== 'shown'
    this.progress(side, {
      phase: 'computing',
      stored,
      to: 0,
      events: 0,
      isOld,
      digest: undefined,
      message: '',
      restarted: '',
    })
    void this.follow(side, task, post)
  }

  /** Brings what a run reports to the stores, for as long as it is the run of its side. */
  private async follow(side: Side, task: RunTask, post: Post): Promise<void> {
    const isCurrent = (): boolean => this.posts[side] === post
    let toldAt = -Infinity
    let reached: Pick<Progress, 'to' | 'events'> | undefined
    const outcome = await this.runner.run(task, {
      signal: post.controller.signal,
      onLayout: (layout) => {
        if (!isCurrent()) return
        if (this.store.get().progress[side].stored === 'shown') this.runs.beginAside(side, layout)
        else this.runs.begin(side, layout)
        post.hasBegun = true
        this.progress(side, { isOld: false, to: 0 })
      },
      onTrouble: ({ reason, message }) => {
        if (isCurrent()) this.progress(side, { restarted: `${reason}: ${message}` })
      },
      onFrame: (frame) => {
        if (!isCurrent()) return
        this.runs.take(side, frame)
        reached = { to: frame.now, events: frame.events }
        const now = performance.now()
        if (now - toldAt < TELL_EVERY) return
        toldAt = now
        this.progress(side, reached)
      },
    })
    if (isCurrent() && reached) this.progress(side, reached)
    if (isCurrent()) this.finish(side, outcome, performance.now() - post.startedAt)
  }

  private finish(side: Side, outcome: RunOutcome, took: number): void {
    const isStored = this.store.get().progress[side].stored === 'shown'
    if (!outcome.ok) this.runs.drop(side)
    if (outcome.ok) this.succeed(side, outcome.result, took)
    else if (outcome.why === 'cancelled') {
      if (outcome.partial && !isStored) this.runs.finish(side, outcome.partial)
      this.progress(side, { phase: 'stopped', took })
    } else if (outcome.why === 'problems' && !this.store.get().opened) {
      delete this.posts[side]
    } else if (outcome.why === 'problems') {
      this.progress(side, { phase: 'failed', isOld: true, message: '' })
      this.tell(`${this.store.get().document.name}.yaml`, outcome.problems, 0, false)
    } else {
      const { reason, message, event, seed } = outcome.crash
      const where = `at event ${event}, seed ${seed}`
      const said = `The simulation was lost twice (${reason}) ${where}: ${message}`
      this.progress(side, { phase: 'failed', message: said })
    }
  }

  private succeed(side: Side, result: VariantResult, took: number): void {
    const { digest, events } = result
    const { stored, differs } = this.compare(side, digest)
    this.runs.finish(side, result)
    const coarse = coarsenessOf(this.runs.of(side)?.thinnedFrom)
    const message = [differs, concernOf(result), coarse].join(' ').trim()
    this.progress(side, { phase: 'done', digest, events, took, stored, isOld: false, message })
  }

  /** Whether the stored result of a side, where one is shown, is what has been computed. */
  private compare(side: Side, digest: string): { stored: Progress['stored']; differs: string } {
    const { stored } = this.store.get().progress[side]
    const before = this.runs.of(side)?.result?.digest
    if (stored !== 'shown' || before === undefined) return { stored: undefined, differs: '' }
    if (before === digest) return { stored: 'same', differs: '' }
    const differs = `The stored result was another one: its digest was ${before}, computed here it is ${digest}.`
    return { stored: 'other', differs }
  }

  private progress(side: Side, change: Partial<Progress>): void {
    this.store.update((draft) => {
      Object.assign(draft.progress[side], change)
    })
  }
}

/** What a reader of a finished run must know: that it ended early, or that a law of the engine did not hold. */
function concernOf({ stopped, violations, seed, events }: VariantResult): string {
  const ended = stopped === undefined ? [] : [`It ended before its time (${stopped}).`]
  const broken = violations.map(
    ({ law, place, detail }) =>
      `A law did not hold at ${place}: ${law}; ${detail} (seed ${seed}, ${events} events).`,
  )
  return [...ended, ...broken.slice(0, 3)].join(' ')
}

function coarsenessOf(thinnedFrom: number | undefined): string {
  return thinnedFrom === undefined
    ? ''
    : `More states than can be kept: from ${Math.floor(thinnedFrom / 1e9)} s on, the last of each bucket.`
}

/** The task of a side: the same shoppers and dice in both, and only what its switches say. */
export function taskOf(side: Side, document: Document, opened: Opened | undefined): RunTask {
  const { name, text, seed, set } = document
  return {
    name,
    text,
    seed,
    set,
    variant: opened ? variantName(opened.scenario, side) : side,
    ...tasksSwitches(opened, document, side),
    inert: [],
    recording: 'columns',
  }
}

/** A reader that was lost, in the words of a problem. */
function troubleOf(message: string): Problem {
  const hint = 'Try again, or a smaller file.'
  return { code: 'E_LIMIT', path: '$', line: 1, column: 1, message, hint, severity: 'error' }
}
