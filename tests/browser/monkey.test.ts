/** A hundred random actions on the page, the same ones every time. Ten thousand: `npm run -s nightly -- monkey`. */
import { expect, inject, it } from 'vitest'
import { openPage } from '../support/browser.ts'
import { expectAlive, monkey } from '../support/monkey.ts'

it('survives a hundred random actions', { timeout: 180_000 }, async () => {
  const { page, errors, close } = await openPage()
  await page.goto(`${inject('app')}#s=retry-storm-minimal&set=duration%3D10s`)
  const { act, did } = monkey(page, 'a hundred')
  await act(100)
  expect([errors, errors.length > 0 ? did : []]).toEqual([[], []])
  await expectAlive(page, inject('app'))
  expect(errors).toEqual([])
  await close()
})
