/** Pools of worker threads for tests: the real ones, and some that come to grief. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle } from '../../cli/bundle.mjs'
import { nodePool, nodeThread } from '../../workers/node-pool.ts'
import { Pool } from '../../workers/pool.ts'
import type { Patience } from '../../workers/seat.ts'
import type { BadNews } from './bad-worker.ts'

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

/** A pool whose first workers come to grief. */
export async function badThreads(
  news: Omit<BadNews, 'nth'>,
  size = 1,
  patience?: Patience,
): Promise<Pool> {
  const url = await urlOf('bad-worker')
  let nth = 0
  const spawn = () => nodeThread(url, { ...news, nth: nth++ })
  return new Pool({ size, spawn, ...(patience && { patience }) })
}
