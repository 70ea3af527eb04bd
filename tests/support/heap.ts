/** What a page of Chromium holds after everything has been collected that nobody needs. */
import type { CDPSession, Page } from 'playwright'

/** Bytes of the heap, and how many nodes and listeners there are. */
export interface Held {
  readonly bytes: number
  readonly nodes: number
  readonly listeners: number
}

/** Answers what the page holds, whenever it is asked. */
export async function weigher(page: Page): Promise<() => Promise<Held>> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.enable')
  return () => weigh(session)
}

async function weigh(session: CDPSession): Promise<Held> {
  // What a finaliser lets go of is garbage only for the next collection.
  for (let twice = 0; twice < 2; twice++) await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters')
  return { bytes: usedSize, nodes, listeners: jsEventListeners }
}

/** Slope of the straight line nearest to the points: by how much y grows as x grows by one. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))]
  const along = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0)
  return points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0) / along
}
