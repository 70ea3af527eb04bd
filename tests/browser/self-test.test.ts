/** Every browser comes to the golden digests, on the page that anybody can open: `selftest.html`. */
import { describe, expect, inject, it } from 'vitest'
import { ENGINE_VERSION } from '../../engine/version.ts'
import golden from '../../workers/golden-runs.json'
import { ENGINES, openEngine } from '../support/engines.ts'
import { failuresOf, selfTestIn } from '../support/self-test-page.ts'

describe.each(ENGINES)('the self-test in $name', (engine) => {
  it('comes to the golden digests, with two workers, in slices, gone through back and forth', async (test) => {
    const page = await openEngine(engine, test)
    try {
      const result = await selfTestIn(page, inject('app'), 'runs=16&workers=2&slice=4096')
      expect(failuresOf(result)).toEqual([])
      expect(result).toMatchObject({ passed: true, engine: ENGINE_VERSION })
      expect(result.rows).toHaveLength(16)
      expect(result.events).toBe(result.rows.reduce((sum, { run }) => sum + run.events, 0))
      const sought = await selfTestIn(page, inject('app'), 'runs=2&seek')
      expect(failuresOf(sought)).toEqual([])
      expect(sought.rows.map(({ held }) => held)).toEqual([4, 4])
      const said = await page.evaluate(`return document.getElementById('verdict').textContent`)
      expect(said).toContain(`2 of 2 runs came to the same digest`)
      expect(said).toContain(`engine ${golden.engine}`)
    } finally {
      await page.close()
    }
  })
})
