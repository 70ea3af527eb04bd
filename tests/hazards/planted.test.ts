/** Hazards that are seen in the text of a file: each is planted, and tidy rules or linter must see it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { lintSees, planted, tidySees } from './gates.ts'
import { HAZARDS } from './list.ts'

const folder = mkdtempSync(join(tmpdir(), 'faultline-hazards-'))
afterAll(() => rmSync(folder, { recursive: true }))

const inTheText = HAZARDS.filter(({ tests }) => tests === undefined)
const lint = lintSees(inTheText, folder)

it.each(inTheText.map((hazard, at) => [hazard.name, at] as const))('%s is seen', async (_, at) => {
  const said = [...tidySees(inTheText[at]!), ...(await lint)[at]!]
  expect(said).not.toEqual([])
})

it('the linter sees no hazard where there is none', async () => {
  const house = mkdtempSync(join(folder, 'house-'))
  const harmless = inTheText.map((hazard) => ({ ...hazard, plant: (text: string) => text }))
  expect((await lintSees(harmless, house)).flat()).toEqual([])
})

it('those that only running shows can still be planted', () => {
  for (const hazard of HAZARDS) expect(planted(hazard).length).toBeGreaterThan(0)
})
