/**
 * Files that must be refused, dropped on the page one after the other: the words are those of Node, and nothing is
 * lost. The other browsers do the same every night (bad-inputs.nightly.ts).
 */
import { expect, inject, it } from 'vitest'
import { readAll, refuseAll } from '../support/bad-input-page.ts'
import { FILE_ROWS, READ, REFUSED } from '../support/bad-inputs.ts'
import { ENGINES, openEngine } from '../support/engines.ts'

const chromium = ENGINES.find(({ name }) => name === 'Chromium')!

it('there is a file for every row of the corpus that is about files', () => {
  const rows = [...REFUSED.map(({ name }) => name), ...READ.keys()].map((name) => name.slice(0, 3))
  expect(FILE_ROWS.filter((row) => !rows.includes(row))).toEqual([])
})

it('all are refused in the words of the command line, and the last good run stays', async (test) => {
  const page = await openEngine(chromium, test)
  try {
    await refuseAll(page, inject('app'))
    await readAll(page, inject('app'))
  } finally {
    await page.close()
  }
})
