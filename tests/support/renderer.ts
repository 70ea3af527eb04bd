/** The memory of the processes that draw pages and run their workers, as Linux counts it. */
import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright'

const PAGE_BYTES = 4096

/** Looks on while something happens; answers what came of it, and the most bytes that one such process had. */
export async function mostMemory<T>(
  browser: Browser,
  happens: () => Promise<T>,
): Promise<{ value: T; bytes: number }> {
  const session = await browser.newBrowserCDPSession()
  let bytes = 0
  const look = async (): Promise<void> => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    const renderers = processInfo.filter(({ type }) => type === 'renderer')
    bytes = Math.max(bytes, ...renderers.map(({ id }) => residentBytes(id)))
  }
  const timer = setInterval(() => void look().catch(() => {}), 100)
  try {
    const value = await happens()
    await look()
    return { value, bytes }
  } finally {
    clearInterval(timer)
    await session.detach()
  }
}

function residentBytes(id: number): number {
  try {
    return Number(readFileSync(`/proc/${id}/statm`, 'latin1').split(' ')[1]) * PAGE_BYTES
  } catch {
    // It has ended meanwhile.
    return 0
  }
}
