/** What the panel of a request wants to know, asked once for each run, and what came of it. */
import type { RequestFilter, RequestList } from '../engine/requests.ts'
import type { Answer } from '../workers/inspection-protocol.ts'
import type { Cell } from './cell.ts'
import { callTree, type CallTree } from './facts/call-tree.ts'
import { noSuchRequest } from './facts/request-words.ts'
import type { Inspectors } from './inspector.ts'
import type { Runs, VariantRun } from './runs.ts'
import { SIDES, type Side } from './state.ts'

/** Lines of a list at most. */
const MOST_LINES = 500

/** What is wanted. */
export interface Wanted {
  readonly request: number | undefined
  readonly cell: Cell | undefined
  readonly filter: RequestFilter | undefined
}

/** Asks the inspectors, and keeps what they answer for as long as it is about the runs on the page. */
export class RequestQuestions {
  /** The request in each variant, as far as it is known. */
  trees: Partial<Record<Side, CallTree>> = {}
  list: RequestList | undefined
  /** What went wrong, for people; '' for nothing. */
  problem = ''
  /** How far questions have come, 0 to 1. */
  readonly progress: Partial<Record<Side | 'list', number>> = {}
  /** Sides whose run is not complete yet. */
  waiting: Side[] = []
  private readonly inspectors: Inspectors
  private readonly changed: () => void
  /** What has been asked, as text: of each variant, and for the list. */
  private asked: Partial<Record<Side | 'list', string>> = {}

  constructor(inspectors: Inspectors, changed: () => void) {
    this.inspectors = inspectors
    this.changed = changed
    inspectors.listen({
      onProgress: (side, { share }) => {
        for (const what of [side, 'list'] as const) {
          if (this.progress[what] !== undefined) this.progress[what] = share
        }
        changed()
      },
      onTrouble: () => changed(),
    })
  }

  /** Whether a variant has not answered yet. */
  get isAsking(): boolean {
    return SIDES.some((side) => this.progress[side] !== undefined)
  }

  /** Asks for what is wanted and has not been asked for; forgets what is not wanted any more. */
  want({ request, cell, filter }: Wanted, runs: Runs): void {
    const ready = (side: Side): VariantRun | undefined => {
      const run = runs[side]
      return run?.isDone && run.result && !this.inspectors.isComputing ? run : undefined
    }
    this.waiting = request === undefined ? [] : SIDES.filter((side) => runs[side] && !ready(side))
    for (const side of SIDES) this.wantTree(side, request, ready(side))
    if (cell === undefined) this.forget('list', () => (this.list = undefined))
    else if (ready(cell.side)) this.wantList(cell, filter, ready(cell.side)!)
  }

  /** Gives up what is being asked. */
  stop(): void {
    this.inspectors.cancel()
  }

  /** Asks again for whatever has no answer. */
  retry(): void {
    this.problem = ''
    this.asked = {}
    this.changed()
  }

  private wantTree(side: Side, request: number | undefined, run: VariantRun | undefined): void {
    if (request === undefined) return this.forget(side, () => delete this.trees[side])
    if (!run) return
    const key = `${request} ${run.result!.digest}`
    if (this.asked[side] === key) return
    if (!this.asked[side]?.startsWith(`${request} `)) delete this.trees[side]
    this.asked[side] = key
    const count = countOf(run)
    if (request < count) return void this.follow(side, request, run, key)
    delete this.trees[side]
    this.problem = noSuchRequest(request, { count, highest: count - 1 })
  }

  private async follow(side: Side, request: number, run: VariantRun, key: string): Promise<void> {
    const answer = await this.during(side, this.inspectors.of(side).trace(request))
    if (this.asked[side] !== key) return
    this.problem = problemOf(answer)
    if (answer.ok && answer.value.isThere) {
      this.trees = { ...this.trees, [side]: callTree(answer.value.trace, run.layout.duration) }
    } else {
      delete this.trees[side]
      if (answer.ok && !answer.value.isThere)
        this.problem = noSuchRequest(request, answer.value.numbers)
    }
    this.changed()
  }

  private wantList(cell: Cell, filter: RequestFilter | undefined, run: VariantRun): void {
    // What was listed in full need not be asked for again to be filtered.
    const isWhole = this.list !== undefined && this.list.requests.length === this.list.total
    const base = `${JSON.stringify(cell)} ${run.result!.digest}`
    const before = this.asked.list
    if (before?.startsWith(base) && (isWhole || before === `${base} ${filter}`)) return
    if (!before?.startsWith(base)) this.list = undefined
    this.asked.list = `${base} ${filter}`
    void this.find(cell, filter, this.asked.list)
  }

  private async find(cell: Cell, filter: RequestFilter | undefined, key: string): Promise<void> {
    const { side, ...range } = cell
    const query = { ...range, only: filter, limit: MOST_LINES }
    const answer = await this.during('list', this.inspectors.of(side).requests(query))
    if (this.asked.list !== key) return
    this.problem = problemOf(answer)
    if (answer.ok) this.list = answer.value
    this.changed()
  }

  /** Shows how far a question has come for as long as it is asked. */
  private async during<T>(what: Side | 'list', answer: Promise<T>): Promise<T> {
    this.progress[what] = 0
    this.changed()
    const given = await answer
    delete this.progress[what]
    return given
  }

  private forget(what: Side | 'list', clear: () => void): void {
    if (this.asked[what] === undefined) return
    delete this.asked[what]
    clear()
  }
}

/** How many requests there are; Infinity where only the run itself can tell: numbers have gaps with several loads. */
function countOf(run: VariantRun): number {
  if (run.layout.loads.length !== 1) return Infinity
  return run.total('offered').reduce((sum, each) => sum + each, 0)
}

/** What went wrong, in words; '' when nothing did. */
function problemOf(answer: Answer<unknown>): string {
  if (answer.ok) return ''
  switch (answer.why) {
    case 'cancelled':
      return 'Stopped before there was an answer.'
    case 'problems':
      return `The file cannot be run: ${answer.problems[0]?.message ?? ''}`
    case 'lost':
      return `The worker that runs it again was lost twice: ${answer.message}.`
    case 'crash':
      return `Running it again failed: ${answer.message}.`
  }
}
