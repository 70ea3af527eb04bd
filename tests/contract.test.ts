/** The contract in DETERMINISM.md names tests that exist, one at least for every clause. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { HAZARDS } from './hazards/list.ts'
import { root } from './support/source.ts'

const text = readFileSync(join(root, 'DETERMINISM.md'), 'utf8')
const clauses = text
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split(' | '))
  .slice(1)

it('every clause has a test', () => {
  expect(clauses.length).toBeGreaterThan(12)
  for (const [clause = '', , tests = ''] of clauses) {
    expect(tests, clause).toMatch(/`tests\/[\w./-]+\.(test|nightly)\.ts`/)
  }
})

it('every file that it names is there', () => {
  const named = [
    ...text.matchAll(/`((?:engine|workers|cli|ui|tests)\/[\w./-]*|\.oxlintrc\.json)`/g),
  ]
  expect(named.length).toBeGreaterThan(20)
  expect(named.map(([, path]) => path!).filter((path) => !existsSync(join(root, path)))).toEqual([])
})

it('the number of hazards is the one it gives', () => {
  expect(text).toContain(`${HAZARDS.length} hazards are planted`)
})
