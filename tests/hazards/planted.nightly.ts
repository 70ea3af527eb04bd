/** Every hazard is planted in a copy of the house, and a gate must fail: `npm run nightly -- tests/hazards`. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { figures } from '../support/figures.ts'
import { copyHouse, lintSees, testsSee, tidySees, withHazard } from './gates.ts'
import { HAZARDS } from './list.ts'

const folder = mkdtempSync(join(tmpdir(), 'faultline-planted-'))
const house = join(folder, 'house')
const print = figures('hazard', 'gate', 'what it said')
const inTheText = HAZARDS.filter(({ tests }) => tests === undefined)
const inTheRun = HAZARDS.filter(({ tests }) => tests !== undefined)
const MINUTES = 60_000
let caught = 0

beforeAll(() => {
  mkdirSync(house)
  copyHouse(house)
})
afterAll(() => {
  print(`${caught} of ${HAZARDS.length} caught`, '', '')
  rmSync(folder, { recursive: true })
})

const gates = [...new Set(inTheRun.map(({ tests }) => tests!))]

it.each(gates)('without a hazard %s is open', { timeout: 30 * MINUTES }, async (tests) => {
  expect(await testsSee(house, tests)).toEqual({ failed: false, said: '' })
})

it('what is seen in the text', { timeout: 5 * MINUTES }, async () => {
  const lint = join(folder, 'lint')
  mkdirSync(lint)
  const linted = await lintSees(inTheText, lint)
  for (const [at, hazard] of inTheText.entries()) {
    const tidy = tidySees(hazard)
    const seen = [tidy.length > 0 && 'tidy', linted[at]!.length > 0 && 'lint'].filter(Boolean)
    print(hazard.name, seen.join(', ') || 'NONE', shortened(tidy[0] ?? linted[at]![0] ?? ''))
    if (seen.length > 0) caught++
    expect.soft(seen, hazard.name).not.toEqual([])
  }
})

it.each(inTheRun)('$name', { timeout: 30 * MINUTES }, async (hazard) => {
  const { failed, said } = await withHazard(house, hazard, () => testsSee(house, hazard.tests!))
  const gate = said.includes('was called by the engine') ? 'poison' : hazard.tests!
  print(hazard.name, failed ? gate : 'NONE', shortened(failed ? said : ''))
  if (failed) caught++
  expect(failed).toBe(true)
})

function shortened(text: string): string {
  const words = text.replace(/^\S+:\d+ /, '')
  return words.length > 70 ? `${words.slice(0, 69)}…` : words
}
