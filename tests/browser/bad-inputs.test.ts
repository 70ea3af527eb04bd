/** Files that must be refused, dropped on the page one after the other: the words are those of Node, and nothing is lost. */
import { readFileSync } from 'node:fs'
import { expect, inject, it } from 'vitest'
import { formatProblem, readScenario } from '../../engine/scenario/read.ts'
import { openPage } from '../support/browser.ts'

const folder = new URL('../fixtures/bad-inputs/', import.meta.url)
/** B08 is accepted, so it is not among them. */
const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]
const names = NUMBERS.map((number) => `B${String(number).padStart(2, '0')}`)

/** What Node says of a file, line by line, as the command line prints it. */
function saidInNode(name: string, bytes: Uint8Array): string[] {
  const result = readScenario(bytes, name)
  if (result.ok) throw new Error(`${name} was read`)
  return result.errors.map((error) => formatProblem(`${name}.yaml`, error))
}

it('B01 to B20 are refused on the page in the words of the command line, and the last good run stays', async () => {
  const { page, errors, close } = await openPage({ width: 1440, height: 900 })
  await page.goto(`${inject('app')}#s=retry-storm&set=duration%3D20s`)
  const body = page.locator('body[data-digest-a][data-digest-b]')
  await body.waitFor({ timeout: 45_000 })
  const before = await body.getAttribute('data-digest-a')
  const title = await page.getByRole('heading', { level: 1 }).textContent()

  for (const name of names) {
    const bytes = readFileSync(new URL(`${name}.txt`, folder))
    const transfer = await page.evaluateHandle(
      ([file, numbers]) => {
        const data = new DataTransfer()
        data.items.add(new File([new Uint8Array(numbers as number[])], file))
        return data
      },
      [`${name}.yaml`, [...bytes]] as const,
    )
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer })
    const alert = page.getByRole('alert')
    await alert.getByText(`${name}.yaml was not opened`).waitFor({ timeout: 20_000 })
    const said = (await alert.getByRole('listitem').allTextContents()).map((line) =>
      line.replaceAll(/\s+/g, ' '),
    )
    const expected = saidInNode(name, bytes).map((line) => line.replaceAll(/\s+/g, ' '))
    expect(said.slice(0, expected.length), name).toEqual(expected)
    expect(await body.getAttribute('data-digest-a')).toBe(before)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(title)
    await alert.getByRole('button', { name: 'Dismiss' }).click()
  }
  expect(errors).toEqual([])
  await close()
})
