/** Cancels long runs again and again while all workers are busy, and measures until the outcome is there. */
import type { Runner } from '../../workers/runner.ts'
import { storm } from '../workers/files.ts'

/** What is aimed at, in ms. */
export const AIM = { p99: 20, most: 50 } as const

/** How long cancelled runs took to answer, ms. */
export interface CancelTimes {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly most: number
}

const long = () => storm({ variant: 'A', set: { duration: '3000s' } })

/** Milliseconds of work between the first sign of life of a run and its cancelling. */
const WORK_MS = 30

/** Cancels one run after a while of work; answers how long its outcome took, in ms. */
async function once(runner: Runner): Promise<number> {
  const abort = new AbortController()
  let at = 0
  const leave = (): void => {
    at = performance.now()
    abort.abort()
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  const onProgress = (): void => void (timer ??= setTimeout(leave, WORK_MS))
  const outcome = await runner.run(long(), { signal: abort.signal, onProgress })
  if (outcome.ok || outcome.why !== 'cancelled') throw new Error('it was not cancelled')
  return performance.now() - at
}

/** Cancels so many runs and more, as many at a time as there are workers. */
export async function cancelTimes(
  runner: Runner,
  rounds: number,
  workers: number,
): Promise<CancelTimes> {
  await once(runner)
  const took: number[] = []
  while (took.length < rounds)
    took.push(...(await Promise.all(Array.from({ length: workers }, () => once(runner)))))
  took.sort((a, b) => a - b)
  const at = (share: number): number =>
    took[Math.min(took.length - 1, Math.floor(share * took.length))]!
  return { count: took.length, p50: at(0.5), p99: at(0.99), most: took.at(-1)! }
}

/** Whether they are as short as they should be. */
export function isSoonEnough({ p99, most }: CancelTimes): boolean {
  return p99 <= AIM.p99 && most <= AIM.most
}
