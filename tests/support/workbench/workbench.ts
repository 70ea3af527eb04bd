/** A page without a picture: nothing but the pool of the real one, for whoever measures that. */
import type { RunOutcome } from '../../../workers/protocol.ts'
import { Crew } from '../../../ui/crew.ts'
import { storm } from '../../workers/files.ts'
import { cancelTimes, type CancelTimes } from '../cancels.ts'

/** What the page can be asked to do. */
export interface Workbench {
  /** Cancels so many runs while all workers are busy. */
  cancel(rounds: number, workers: number): Promise<CancelTimes>
  /** Starts a pool, makes two runs that are watched, and ends it, so many times; answers the digests seen. */
  cycle(times: number): Promise<readonly string[]>
}

const workbench: Workbench = {
  async cancel(rounds, workers) {
    const { pool } = new Crew(workers)
    const times = await cancelTimes(pool, rounds, workers)
    pool.close()
    return times
  },
  async cycle(times) {
    const seen = new Set<string>()
    for (let cycle = 0; cycle < times; cycle++)
      for (const outcome of await once()) seen.add(digestOf(outcome))
    return [...seen]
  },
}

/** One life of a pool. */
async function once(): Promise<RunOutcome[]> {
  const crew = new Crew(2)
  const tasks = ['A', 'B'].map((variant) => storm({ variant, set: { duration: '6s' } }))
  crew.pool.warm()
  await crew.read(tasks[0]!.text, 'storm')
  const watcher = { onLayout() {}, onFrame() {}, onProgress() {} }
  const outcomes = await Promise.all(tasks.map((task) => crew.pool.run(task, watcher)))
  crew.pool.close()
  return outcomes
}

function digestOf(outcome: RunOutcome): string {
  return outcome.ok ? outcome.result.digest : JSON.stringify(outcome)
}

Object.assign(globalThis, { workbench })
