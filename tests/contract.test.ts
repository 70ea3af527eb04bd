/** The contract in DETERMINISM.md names tests that exist, one at least for every clause; what `docs/robustness.md` names can be run. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { HAZARDS } from './hazards/list.ts'
import { root } from './support/source.ts'

const text = readFileSync(join(root, 'DETERMINISM.md'), 'utf8')
const promises = readFileSync(join(root, 'docs/robustness.md'), 'utf8')
const clauses = rowsOf(text)

/** The rows of a table, without its head. */
function rowsOf(page: string): string[][] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split(' | '))
    .slice(1)
}

/** What is named in a page and is no file. */
function missingIn(page: string): string[] {
  const named = page.matchAll(
    /[` ]((?:engine|workers|cli|ui|tests)\/[\w./-]*\w|\.oxlintrc\.json)[` ]/g,
  )
  return [...named].map(([, path]) => path!).filter((path) => !existsSync(join(root, path)))
}

it('every clause has a test', () => {
  expect(clauses.length).toBeGreaterThan(12)
  for (const [clause = '', , tests = ''] of clauses) {
    expect(tests, clause).toMatch(/`tests\/[\w./-]+\.(test|nightly)\.ts`/)
  }
})

it('every file that it names is there', () => {
  expect(missingIn(text)).toEqual([])
  expect(missingIn('see `tests/nothing.test.ts`')).toEqual(['tests/nothing.test.ts'])
})

it('the number of hazards is the one it gives', () => {
  expect(text).toContain(`${HAZARDS.length} hazards are planted`)
})

it('every promise has a command, and every command is there', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  for (const [promise = '', , command = ''] of rowsOf(promises))
    expect(command, promise).toMatch(/npm run -s [a-z]+/)
  for (const [, script] of promises.matchAll(/npm run -s (\w+)/g))
    expect(Object.keys(scripts)).toContain(script)
})

it('every nightly test is promised something', () => {
  expect(missingIn(promises)).toEqual([])
  const tests = readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' })
  const nightly = tests.filter((path) => path.endsWith('.nightly.ts'))
  expect(nightly.length).toBeGreaterThan(8)
  const unnamed = nightly.filter((path) => !promises.includes(path.split('/').at(-1)!))
  expect(unnamed).toEqual([])
})

it('every planted mistake finds its place, once', () => {
  const text = readFileSync(join(root, 'tests/mutants/planted.json'), 'utf8')
  const planted = JSON.parse(text) as { what: string; path: string; was: string; now: string }[]
  expect(planted).toHaveLength(30)
  for (const { what, path, was, now } of planted) {
    expect(readFileSync(join(root, path), 'utf8').split(was), what).toHaveLength(2)
    expect(now).not.toBe(was)
  }
})
