/** Runs golden runs again and compares digests. What must change nothing can be changed: workers, slices, recording, pauses. */
import type { GoldenRun } from './golden.ts'
import { goldenTask } from './golden.ts'
import { Pauser } from './pauser.ts'
import type { RunOutcome } from './protocol.ts'
import type { RunOptions, Runner } from './runner.ts'

/** How the runs are made. */
export interface SelfTestWay {
  /** Events per slice; undefined: as many as take about a millisecond. */
  readonly slice?: number | undefined
  /** Whether columns are recorded, and frames of them sent. */
  readonly recording?: boolean | undefined
  /** Whether each run is held for a moment at its start, and at every frame and word of progress. */
  readonly pauses?: boolean | undefined
}

/** What came of one golden run. */
export interface SelfTestRow {
  readonly run: GoldenRun
  readonly passed: boolean
  /** Digest that came out, or why there is none. */
  readonly got: string
  readonly events: number
  /** How often the run was held. */
  readonly held: number
}

/** What is to be run, by whom, and who is told of each row; rows arrive in any order. */
export interface SelfTest {
  readonly runner: Runner
  readonly runs: readonly GoldenRun[]
  /** Text of a scenario of the library. */
  textOf(name: string): string
  readonly way?: SelfTestWay
  onRow?(row: SelfTestRow, index: number): void
}

/** Runs all; answers the rows in the order of the runs. */
export function selfTest({
  runner,
  runs,
  textOf,
  way = {},
  onRow,
}: SelfTest): Promise<SelfTestRow[]> {
  return Promise.all(
    runs.map(async (run, index) => {
      const recording = way.recording ? 'columns' : 'none'
      const hold = way.pauses ? holding() : undefined
      const options = { slice: way.slice, ...(way.recording && WATCHED), ...hold?.options }
      const outcome = await runner.run(goldenTask(run, textOf(run.name), recording), options)
      const row = rowOf(run, outcome, hold?.times() ?? 0)
      onRow?.(row, index)
      return row
    }),
  )
}

/** Somebody who takes frames, so that they are made. */
const WATCHED: RunOptions = { onLayout() {}, onFrame() {} }

/** Holds a run for a moment whenever it says something. */
function holding(): { options: RunOptions; times: () => number } {
  const pauser = new Pauser()
  let times = 0
  const hold = (): void => {
    if (pauser.paused) return
    times++
    pauser.pause()
    setTimeout(() => pauser.resume(), 1)
  }
  hold()
  return { options: { pauser, onFrame: hold, onProgress: hold }, times: () => times }
}

function rowOf(run: GoldenRun, outcome: RunOutcome, held: number): SelfTestRow {
  if (!outcome.ok) return { run, passed: false, got: whyNot(outcome), events: 0, held }
  const { digest, outcomeDigest, events } = outcome.result
  const passed = digest === run.digest && outcomeDigest === run.outcomes && events === run.events
  return { run, passed, got: digest === run.digest ? outcomeDigest : digest, events, held }
}

function whyNot(outcome: RunOutcome & { ok: false }): string {
  if (outcome.why === 'crash') return `lost (${outcome.crash.reason}): ${outcome.crash.message}`
  if (outcome.why === 'problems') return outcome.problems.map(({ message }) => message).join(' ')
  return 'cancelled'
}
