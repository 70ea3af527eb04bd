/** Goes back and forth through golden runs, as the page does when somebody looks into one: the digests must not notice. */
import { parseDuration } from '../engine/units.ts'
import { goldenTask, type GoldenRun } from './golden.ts'
import type { Inspector } from './inspector.ts'
import type { SelfTestRow } from './self-test.ts'

/** Moments that are gone to before the end, as shares of the run: forward, back, past where it was. */
const MOMENTS = [0.6, 0.2, 0.85]
/** A request that is followed on the way. */
const FOLLOWED = 11

/** Goes through all runs, one after the other. */
export async function seekTest(
  inspector: Inspector,
  runs: readonly GoldenRun[],
  textOf: (name: string) => string,
  onRow?: (row: SelfTestRow, index: number) => void,
): Promise<SelfTestRow[]> {
  const rows: SelfTestRow[] = []
  for (const run of runs) {
    inspector.use(goldenTask(run, textOf(run.name), 'none'))
    const row = await rowOf(inspector, run)
    onRow?.(row, rows.length)
    rows.push(row)
  }
  return rows
}

async function rowOf(inspector: Inspector, run: GoldenRun): Promise<SelfTestRow> {
  const duration = parseDuration(run.duration)!
  for (const share of MOMENTS) await inspector.eventAt(Math.floor(duration * share))
  await inspector.trace(FOLLOWED)
  const answer = await inspector.eventAt(duration)
  const held = MOMENTS.length + 1
  if (!answer.ok) {
    const got = 'message' in answer ? answer.message : answer.why
    return { run, passed: false, got, events: 0, held }
  }
  const { number: events, digests } = answer.value
  const isSame = digests.events === run.digest && digests.outcomes === run.outcomes
  const got = digests.events === run.digest ? digests.outcomes : digests.events
  return { run, passed: isSame && events === run.events, got, events, held }
}
