/** Ten thousand random actions under each of some seeds: `MONKEY_SEEDS=10 MONKEY_ACTIONS=10000 npm run -s nightly -- monkey`. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ServedApp, serveBuilt } from '../support/app.ts'
import { openPage } from '../support/browser.ts'
import { expectAlive, monkey } from '../support/monkey.ts'
import { root } from '../support/source.ts'

const SEEDS = Number(process.env['MONKEY_SEEDS'] ?? 10)
const ACTIONS = Number(process.env['MONKEY_ACTIONS'] ?? 10_000)
const AT_ONCE = 100
const AN_HOUR = 3_600_000

let served: ServedApp
beforeAll(async () => {
  served = await serveBuilt(root)
}, 300_000)
afterAll(() => served.close())

it.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
  'seed %d: no error, no run that sticks, no worker left over',
  { timeout: AN_HOUR },
  async (seed) => {
    const { page, errors, close } = await openPage({ offline: true })
    await expectAlive(page, served.app)
    const workers = page.workers().length
    const { act, did } = monkey(page, String(seed))
    for (let done = 0; done < ACTIONS && errors.length === 0; done += AT_ONCE) {
      await act(Math.min(AT_ONCE, ACTIONS - done))
      expect([done, errors, errors.length > 0 ? did : []]).toEqual([done, [], []])
    }
    await page.goto('about:blank')
    await expectAlive(page, served.app)
    expect(errors).toEqual([])
    expect(page.workers().length).toBeLessThanOrEqual(workers)
    await close()
  },
)
