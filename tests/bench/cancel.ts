/** Cancels long runs again and again while all workers are busy, and measures until the outcome is there. */
import { parseArgs } from 'node:util'
import { nodePool } from '../../workers/node-pool.ts'
import type { Pool } from '../../workers/pool.ts'
import { storm } from '../workers/files.ts'

/** What is aimed at, in ms. */
const P99 = 20
const MOST = 50

const long = () => storm({ variant: 'A', set: { duration: '3000s' } })

/** Cancels one run after a while of work; answers how long its outcome took, in ms. */
async function once(pool: Pool): Promise<number> {
  const abort = new AbortController()
  let at = 0
  const leave = (): void => {
    at = performance.now()
    abort.abort()
  }
  const timer = setTimeout(leave, 60)
  const outcome = await pool.run(long(), { signal: abort.signal })
  clearTimeout(timer)
  if (outcome.ok || outcome.why !== 'cancelled') throw new Error('it was not cancelled')
  return performance.now() - at
}

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
  await once(pool)
  const took: number[] = []
  while (took.length < Number(flags.rounds))
    took.push(...(await Promise.all(Array.from({ length: workers }, () => once(pool)))))
  pool.close()
  took.sort((a, b) => a - b)
  const at = (share: number): number =>
    took[Math.min(took.length - 1, Math.floor(share * took.length))]!
  const figures = [at(0.5), at(0.99), took.at(-1)!]
  const [p50, p99, most] = figures.map((ms) => ms.toFixed(1))
  console.log(
    `${took.length} cancels, ${workers} workers: p50 ${p50} ms, p99 ${p99} ms, most ${most} ms`,
  )
  process.exitCode = at(0.99) <= P99 && took.at(-1)! <= MOST ? 0 : 1
}
