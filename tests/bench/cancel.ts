/** Cancels long runs in threads of Node while all of them are busy, and measures until the outcome is there. */
import { parseArgs } from 'node:util'
import { nodePool } from '../../workers/node-pool.ts'
import { cancelTimes, isSoonEnough } from '../support/cancels.ts'

/** Measures with a worker at a URL, prints p50, p99 and the longest, and fails when they are over the aims. */
export async function measure(workerUrl: string): Promise<void> {
  const { values: flags } = parseArgs({
    options: {
      rounds: { type: 'string', default: '200' },
      workers: { type: 'string', default: '2' },
    },
  })
  const workers = Number(flags.workers)
  const pool = nodePool(workerUrl, workers)
  const times = await cancelTimes(pool, Number(flags.rounds), workers)
  pool.close()
  const { count, p50, p99, most } = times
  const words = Object.entries({ p50, p99, most }).map(
    ([name, ms]) => `${name} ${ms.toFixed(1)} ms`,
  )
  console.log(`${count} cancels, ${workers} workers: ${words.join(', ')}`)
  process.exitCode = isSoonEnough(times) ? 0 : 1
}
