/** How soon a run that is cancelled answers, in every browser, while all workers are busy: at most 20 ms in 99 of 100 cases, never over 50 ms. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AIM, type CancelTimes } from '../support/cancels.ts'
import { ENGINES, openEngine } from '../support/engines.ts'
import { figures } from '../support/figures.ts'
import { atWorkbench, serveWorkbench, type ServedWorkbench } from '../support/workbench.ts'

const ROUNDS = 200
const WORKERS = 2

const print = figures('browser', 'cancels', 'p50', 'p99', 'longest')
let served: ServedWorkbench
beforeAll(async () => {
  served = await serveWorkbench()
}, 300_000)
afterAll(() => served.close())

it.each(ENGINES)('$name', { timeout: 600_000 }, async (engine) => {
  const page = await openEngine(engine)
  try {
    const asked = `cancel(${ROUNDS}, ${WORKERS})`
    const times = (await atWorkbench(page, served.address, asked)) as CancelTimes
    const { count, p50, p99, most } = times
    print(engine.name, count, ...[p50, p99, most].map((ms) => `${ms.toFixed(1)} ms`))
    expect(count).toBe(ROUNDS)
    expect(p99).toBeLessThanOrEqual(AIM.p99)
    expect(most).toBeLessThanOrEqual(AIM.most)
  } finally {
    await page.close()
  }
})
