/** Files that must be refused, given to the command line. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root } from '../support/source.ts'

const numbers = Array.from({ length: 20 }, (_, at) => `B${String(at + 1).padStart(2, '0')}`)
const refused = numbers.filter((name) => name !== 'B08')
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-bad-'))
  for (const name of numbers) {
    const bytes = await readFile(join(root, `tests/fixtures/bad-inputs/${name}.txt`))
    await writeFile(join(folder, `${name}.yaml`), bytes)
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Validates files; answers the exit code and what was said. */
function validate(names: readonly string[]): Promise<{ code: number; said: string }> {
  const files = names.map((name) => join(folder, `${name}.yaml`))
  return new Promise((done) => {
    execFile('node', ['cli/sim.mjs', 'validate', ...files], { cwd: root }, (error, out, said) => {
      done({ code: error === null ? 0 : Number(error.code), said: out + said })
    })
  })
}

it('B01 to B20 end with 2, each with file, line, column, what is wrong and a way out', async () => {
  const { code, said } = await validate(refused)
  expect(code).toBe(2)
  for (const name of refused) {
    const line = said.split('\n').find((each) => each.includes(`${name}.yaml:`))
    expect(line, `${name}: ${said}`).toMatch(new RegExp(`${name}\\.yaml:\\d+:\\d+ +\\S.{10,}`))
  }
  expect(said).not.toMatch(/zod|YAMLException|undefined|at .*\.js:/i)
})

it('B08, with a byte order mark and carriage returns, is fine', async () => {
  expect((await validate(['B08'])).code).toBe(0)
})
