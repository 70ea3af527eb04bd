/** How the scenarios of the gallery end, in small: each is computed when it is first seen, one at a time. */
import type { RunTask, VariantResult } from '../engine/run.ts'
import type { Runner } from '../workers/runner.ts'
import type { Entry } from './library.ts'
import { SIDES, type Side } from './state.ts'
import { storedResult } from './stored.ts'
import type { Stored } from './stored-run.ts'

/** How requests ended in one stretch of a run, as shares. */
export interface Sliver {
  readonly served: number
  readonly refused: number
  readonly failed: number
}

/** One run in small. */
export interface Spark {
  readonly slivers: readonly Sliver[]
  /** Share of all requests that were served. */
  readonly served: number
}

/** Both runs; undefined: there is no such run, or it was lost. */
export type Sparks = Readonly<Record<Side, Spark | undefined>>

/** Slivers of a spark. */
const WIDTH = 45

/** A result in small. */
export function sparkOf({ series, requests }: VariantResult): Spark {
  const { offered, ok, degraded } = requests
  const length = series['offered']?.length ?? 0
  const slivers = Array.from({ length: Math.min(WIDTH, length) }, (_, at) => {
    const [from, to] = [at, at + 1].map((edge) => Math.round((edge * length) / WIDTH))
    return sliverOf(series, from!, Math.max(from! + 1, to!))
  })
  return { slivers, served: (ok + degraded) / Math.max(1, offered) }
}

function sliverOf(series: VariantResult['series'], from: number, to: number): Sliver {
  const sum = (...names: readonly string[]): number =>
    names.reduce(
      (all, name) => all + (series[name] ?? []).slice(from, to).reduce((a, b) => a + b, 0),
      0,
    )
  const [served, refused] = [sum('ok', 'slow', 'degraded'), sum('refused')]
  const failed = sum('failed')
  const ended = Math.max(1, served + refused + failed)
  return { served: served / ended, refused: refused / ended, failed: failed / ended }
}

/** Computes sparks, one after the other, until it is stopped; what is known stays. */
export class SparkMaker {
  private readonly runner: Pick<Runner, 'run'>
  private readonly stored: (name: string) => Promise<Pick<Stored, 'runs'> | undefined>
  private readonly known = new Map<string, Sparks>()
  private readonly waiting: { entry: Entry; tell: (sparks: Sparks) => void }[] = []
  private controller = new AbortController()
  private isBusy = false

  /** @param stored the result of a file that the page has brought along */
  constructor(
    runner: Pick<Runner, 'run'>,
    stored: (name: string) => Promise<Pick<Stored, 'runs'> | undefined> = storedResult,
  ) {
    this.runner = runner
    this.stored = stored
  }

  /** Tells the sparks of a scenario: at once when they are known, else when its turn has come. */
  ask(entry: Entry, tell: (sparks: Sparks) => void): void {
    const known = this.known.get(entry.text)
    if (known) return tell(known)
    this.waiting.push({ entry, tell })
    void this.work()
  }

  /** Forgets what waits and stops what is under way. */
  stop(): void {
    this.waiting.length = 0
    this.controller.abort()
    this.controller = new AbortController()
  }

  private async work(): Promise<void> {
    if (this.isBusy) return
    this.isBusy = true
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      const { signal } = this.controller
      const brought = await this.stored(next.entry.name)
      const sparks = brought ? bothOf(brought) : await this.compute(next.entry, signal)
      if (signal.aborted) continue
      this.known.set(next.entry.text, sparks)
      next.tell(sparks)
    }
    this.isBusy = false
  }

  private async compute(entry: Entry, signal: AbortSignal): Promise<Sparks> {
    const found: Partial<Record<Side, Spark>> = {}
    for (const side of sidesOf(entry)) {
      if (signal.aborted) break
      const outcome = await this.runner.run(taskOf(entry, side), { signal })
      if (outcome.ok) found[side] = sparkOf(outcome.result)
    }
    return { A: found.A, B: found.B }
  }
}

function bothOf({ runs: { A, B } }: Pick<Stored, 'runs'>): Sparks {
  return { A: A.result && sparkOf(A.result), B: B.result && sparkOf(B.result) }
}

/** A file that compares nothing has no A and B, and one run is enough. */
function sidesOf({ text }: Entry): readonly Side[] {
  return /^compare:/m.test(text) ? SIDES : ['A']
}

/** As the file has it. */
function taskOf(entry: Entry, side: Side): RunTask {
  const { name, text } = entry
  const variant = sidesOf(entry).length > 1 ? side : undefined
  const plain = { seed: undefined, on: [], off: [], inert: [], set: {} }
  return { name, text, variant, ...plain, recording: 'columns' }
}
