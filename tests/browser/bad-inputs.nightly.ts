/** All bad inputs in all browsers: same words, nothing changed, within a second. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readAll, refuseAll } from '../support/bad-input-page.ts'
import { REFUSED } from '../support/bad-inputs.ts'
import { type ServedApp, serveBuilt } from '../support/app.ts'
import { ENGINES, openEngine } from '../support/engines.ts'
import { figures } from '../support/figures.ts'
import { root } from '../support/source.ts'

const print = figures('browser', 'refused', 'longest until it says so')
let served: ServedApp
beforeAll(async () => {
  served = await serveBuilt(root)
})
afterAll(() => served.close())

it.each(ENGINES)('$name', { timeout: 1_200_000 }, async (engine) => {
  const page = await openEngine(engine)
  try {
    const took = await refuseAll(page, served.app)
    await readAll(page, served.app)
    print(engine.name, REFUSED.length, `${Math.round(took)} ms`)
    // Two seconds are allowed for the file of two megabytes.
    expect(took).toBeLessThan(2000)
  } finally {
    await page.close()
  }
})
