/** Pools of worker threads for tests: the real ones, and some that come to grief. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle } from '../../cli/bundle.mjs'
import { nodePool, nodeThread } from '../../workers/node-pool.ts'
import { Pool } from '../../workers/pool.ts'
import type { Patience, WorkerHandle } from '../../workers/seat.ts'
import type { BadNews, GriefNote } from './bad-worker.ts'

let home: Promise<string> | undefined

/** URL of a bundled worker. */
export async function urlOf(entry: string): Promise<string> {
  home ??= bundle({
    name: 'test-workers',
    entries: {
      'node-worker': 'workers/node-worker.ts',
      'bad-worker': 'tests/workers/bad-worker.ts',
    },
    sources: ['engine', 'workers', 'tests/workers'],
  })
  return pathToFileURL(join(await home, `${entry}.js`)).href
}

/** The pool of the command line. */
export async function threads(size: number): Promise<Pool> {
  return nodePool(await urlOf('node-worker'), size)
}

/** What somebody sees who watches workers come to grief; times in ms of the clock that all threads share. */
export interface Keeper {
  onStart?(at: number): void
  onGrief?(at: number): void
}

/** So little memory that a worker soon has none left. */
const LITTLE = { maxOldGenerationSizeMb: 48 }

/** A pool whose first workers come to grief. */
export async function badThreads(
  news: Omit<BadNews, 'nth'>,
  size = 1,
  patience?: Patience,
  keeper: Keeper = {},
): Promise<Pool> {
  const url = await urlOf('bad-worker')
  let nth = 0
  const spawn = (): WorkerHandle => {
    const workerData: BadNews = { ...news, nth: nth++ }
    const handle = nodeThread(url, { workerData, resourceLimits: LITTLE })
    keeper.onStart?.(sharedNow())
    handle.endpoint.addEventListener('message', (event) => {
      const { griefAt } = (event as MessageEvent<Partial<GriefNote>>).data
      if (griefAt === undefined) return
      keeper.onGrief?.(griefAt)
      if (news.grief === 'terminate') handle.terminate()
    })
    return handle
  }
  return new Pool({ size, spawn, ...(patience && { patience }) })
}

/** Now, by the clock that all threads share, ms. */
export function sharedNow(): number {
  return performance.timeOrigin + performance.now()
}
