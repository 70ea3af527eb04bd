/**
 * The other seeds: once both runs on the screen are done, the same comparison is run under a row of seeds, one after
 * the other, with what the machine has to spare. Whatever changes the document stops it; what is known already stays.
 */
import { looksUpTo } from '../engine/results/statistics.ts'
import type { RunTask, VariantResult } from '../engine/run.ts'
import { Pauser } from '../workers/pauser.ts'
import type { Runner } from '../workers/runner.ts'
import { taskOf, type Conductor } from './conductor.ts'
import { FIRST_ROW, seedRow, wholeSeed, type SeedPair, type SeedSet } from './facts/seed-set.ts'
import { compareCommand } from './facts/seed-command.ts'
import { isNarrow } from './facts/seed-summary.ts'
import { recall, remember } from './memory.ts'
import type { RunStore } from './runs.ts'
import { SIDES, type Side, type State } from './state.ts'
import type { Store } from './store.ts'

/** Most seeds; more squares are not told apart. */
const MOST = 200
/** Results that are kept; a toggle back and forth finds its own. */
const KEPT = 480
/** Tasks that are told apart before all is forgotten. */
const MOST_NAMES = 200
/** Whole-run series that metrics of other seeds read. */
const SERIES = ['offered', 'ok', 'slow', 'degraded', 'refused', 'failed', 'waiting']

/** Where the choice is kept to run no other seed before somebody asks. */
const CHOICE = 'seeds'

/** Whether other seeds are run without being asked for. */
export function runsSeedsUnasked(): boolean {
  return recall(CHOICE) !== 'off'
}

/** Chooses it, for good: a machine on battery may have better things to do. */
export function runSeedsUnasked(isOn: boolean): void {
  remember(CHOICE, isOn ? 'on' : 'off')
}

/** The next number of seeds at which one looks, the same ones as on the command line. */
function nextLook(seeds: number): number {
  return looksUpTo(MOST).find((look) => look > seeds) ?? MOST
}

/** One run that is wanted. */
interface Want {
  readonly key: string
  readonly task: RunTask
}

/** What all runs of a side have in common, and a short name for it. */
interface Common {
  readonly task: RunTask
  readonly name: string
}

/** Runs the row of seeds of the document and tells `RunStore` what has come of it. */
export class Seeds {
  private readonly store: Store<State>
  private readonly runs: RunStore
  private readonly conductor: Pick<Conductor, 'isSettled'>
  private readonly runner: Pick<Runner, 'run'>
  /** Runs at a time: one worker stays free for whoever waits. */
  private readonly lanes: number
  /** Holds all runs while somebody waits for something else. */
  private readonly pauser: Pauser
  /** By content: all that a run depends on. The oldest is forgotten first. */
  private readonly results = new Map<string, VariantResult>()
  /** Tasks that came to nothing; they are not tried again. */
  private readonly lost = new Set<string>()
  private readonly underWay = new Map<string, AbortController>()
  private seen: Pick<State, 'document' | 'opened' | 'progress'> | undefined
  private common: Readonly<Record<Side, Common>> | undefined
  /** Short names by the tasks they stand for. */
  private readonly names = new Map<string, string>()
  private named = 0
  private wanted = FIRST_ROW
  private isUntilNarrow = false
  /** Whether somebody has asked for seeds of this scenario. */
  private isAsked = false

  constructor(
    store: Store<State>,
    runs: RunStore,
    conductor: Pick<Conductor, 'isSettled'>,
    runner: Pick<Runner, 'run'>,
    workers: number,
    pauser = new Pauser(),
  ) {
    this.store = store
    this.pauser = pauser
    this.runs = runs
    this.conductor = conductor
    this.runner = runner
    this.lanes = Math.max(1, workers - 1)
    store.watch(() => this.sync())
  }

  /** Asks for more seeds. */
  more(): void {
    if (this.isAsked || runsSeedsUnasked()) this.wanted = Math.min(MOST, this.wanted + FIRST_ROW)
    this.isAsked = true
    this.next()
  }

  /** Adds seeds until the interval of the mean gain is narrow, or takes that back. */
  untilNarrow(isWanted: boolean): void {
    this.isUntilNarrow = isWanted
    this.isAsked ||= isWanted
    this.next()
  }

  private sync(): void {
    const { document, opened, progress } = this.store.get()
    const { seen } = this
    if (seen?.document === document && seen.opened === opened && seen.progress === progress) return
    this.seen = { document, opened, progress }
    if (seen?.document.name !== document.name) {
      this.wanted = FIRST_ROW
      this.isUntilNarrow = false
      this.isAsked = false
    }
    if (seen?.document !== document || seen.opened !== opened) {
      this.stop()
      this.common = undefined
    }
    if (this.conductor.isSettled) this.keepShown()
    this.next()
  }

  /** The runs on the screen are two of the row. */
  private keepShown(): void {
    for (const side of SIDES) {
      const result = this.runs.of(side)?.result
      if (result) this.keep(this.want(side, this.current()).key, result)
    }
  }

  private stop(): void {
    for (const controller of this.underWay.values()) controller.abort()
    this.underWay.clear()
  }

  /** Starts what is wanted and not there, as far as there are lanes, and tells how it stands. */
  private next(): void {
    if (!this.store.get().opened) return
    const isWanted = this.isAsked || runsSeedsUnasked()
    if (isWanted && this.conductor.isSettled && !this.isOneRun()) {
      while (this.isTooWide()) this.wanted = nextLook(this.wanted)
      for (const want of this.missing()) {
        if (this.underWay.size >= this.lanes) break
        if (!this.underWay.has(want.key)) void this.run(want)
      }
    }
    this.tell()
  }

  private async run({ key, task }: Want): Promise<void> {
    const controller = new AbortController()
    this.underWay.set(key, controller)
    const { signal } = controller
    const outcome = await this.runner.run(task, { signal, pauser: this.pauser })
    if (this.underWay.get(key) === controller) this.underWay.delete(key)
    if (outcome.ok && outcome.result.stopped === undefined) this.keep(key, outcome.result)
    else if (!controller.signal.aborted) this.lost.add(key)
    this.next()
  }

  private keep(key: string, result: VariantResult): void {
    if (this.results.has(key)) return
    const series = Object.fromEntries(SERIES.map((name) => [name, result.series[name] ?? []]))
    this.results.set(key, { ...result, series })
    if (this.results.size > KEPT) this.results.delete(this.results.keys().next().value!)
  }

  private missing(): Want[] {
    return this.row()
      .flatMap((seed) => SIDES.map((side) => this.want(side, seed)))
      .filter(({ key }) => !this.results.has(key) && !this.lost.has(key))
  }

  private isTooWide(): boolean {
    if (!this.isUntilNarrow || this.wanted >= MOST || this.missing().length > 0) return false
    return !isNarrow(this.pairs())
  }

  /** A file that compares nothing, and that nobody has changed: there is nothing to be lucky with. */
  private isOneRun(): boolean {
    return this.want('A', '').key === this.want('B', '').key
  }

  private current(): string {
    const { document, opened } = this.store.get()
    return document.seed ?? opened?.scenario.seed ?? '1'
  }

  private row(): string[] {
    const fileSeed = this.store.get().opened?.scenario.seed ?? '1'
    return seedRow(this.current(), fileSeed, this.wanted)
  }

  private want(side: Side, seed: string): Want {
    this.common ??= { A: this.commonOf('A'), B: this.commonOf('B') }
    const { task, name } = this.common[side]
    return { key: `${name} ${seed}`, task: { ...task, seed: wholeSeed(seed) ?? seed } }
  }

  private commonOf(side: Side): Common {
    const { document, opened } = this.store.get()
    const task = taskOf(side, document, opened)
    const text = JSON.stringify({ ...task, seed: undefined, name: '' })
    const name = this.names.get(text) ?? String(++this.named)
    if (this.names.size > MOST_NAMES) this.forget()
    this.names.set(text, name)
    return { task, name }
  }

  /** Somebody has tried very many values: what is known of all of them would fill the memory. */
  private forget(): void {
    this.names.clear()
    this.results.clear()
    this.lost.clear()
  }

  private pairs(): SeedPair[] {
    const of = (side: Side, seed: string): VariantResult | undefined =>
      this.results.get(this.want(side, seed).key)
    return this.row().map((seed) => ({ seed, A: of('A', seed), B: of('B', seed) }))
  }

  private tell(): void {
    const { document, opened } = this.store.get()
    const row = this.row()
    const set: SeedSet = {
      pairs: this.pairs(),
      current: this.current(),
      isRunning: this.underWay.size > 0,
      isUntilNarrow: this.isUntilNarrow,
      command: opened && compareCommand(document, opened, row),
    }
    if (isSame(set, this.runs.seeds)) return
    this.runs.seeds = set
    this.store.requestPaint()
  }
}

/** Whether there is nothing new to draw. */
function isSame(a: SeedSet, b: SeedSet | undefined): boolean {
  if (!b || a.pairs.length !== b.pairs.length) return false
  const keys = ['current', 'isRunning', 'isUntilNarrow', 'command'] as const
  return (
    keys.every((key) => a[key] === b[key]) &&
    a.pairs.every(({ seed, A, B }, at) => {
      const other = b.pairs[at]!
      return seed === other.seed && A === other.A && B === other.B
    })
  )
}
