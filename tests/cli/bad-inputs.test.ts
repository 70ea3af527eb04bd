/** Files that must be refused, given to the command line: in the words of the reader, with exit code 2. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatProblem, readScenario } from '../../engine/scenario/read.ts'
import { READ, REFUSED } from '../support/bad-inputs.ts'
import { call, start } from './sim.ts'

const folder = mkdtempSync(join(tmpdir(), 'faultline-bad-'))
const pathOf = (name: string): string => join(folder, `${name}.yaml`)

beforeAll(() => {
  for (const { name, bytes } of REFUSED) writeFileSync(pathOf(name), bytes)
  for (const [name, bytes] of READ) writeFileSync(pathOf(name), bytes)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('sim validate', () => {
  it('refuses each in the words of the reader, with file, line, column and a way out', async () => {
    const { code, stdout, stderr } = await start(
      'validate',
      ...REFUSED.map(({ name }) => pathOf(name)),
    )
    expect([code, stdout]).toEqual([2, ''])
    for (const { name, bytes } of REFUSED) {
      const result = readScenario(bytes, name)
      if (result.ok) throw new Error(`${name} was read`)
      for (const error of result.errors)
        expect(stderr).toContain(formatProblem(pathOf(name), error))
      expect(stderr).toMatch(new RegExp(`/${name}\\.yaml:\\d+:\\d+ +\\S.{10,}`))
    }
    expect(stderr).not.toMatch(/zod|YAMLException|undefined|at .*\.js:/i)
  })

  it.each([...READ.keys()])('%s is fine', async (name) => {
    expect((await call(['validate', pathOf(name)])).code).toBe(0)
  })
})

describe('sim run', () => {
  it.each([
    ['B55-run', /stall: 100000 events without time advancing; the last: resend of tries@api -> db/],
    ['B56-run', /events: more than 200000 events/],
  ])('%s is stopped with a reason', async (name, reason) => {
    const { code, stdout } = await call(['run', pathOf(name), '--json'])
    expect(code).toBe(0)
    const { variants } = JSON.parse(stdout)
    expect(variants.A.stopped).toMatch(reason)
    expect(variants.A.events).toBeLessThanOrEqual(200_000)
    const { stdout: table, stderr } = await call(['run', pathOf(name)])
    expect(table + stderr).toMatch(reason)
  })

  it('a queue without bound is told before, and ends at the budget of memory', async () => {
    // The caller in front of it must not bound it either.
    const changes = [
      'budget.memory=4MB',
      'load.users.timeout=none',
      'services.api.concurrency=100000',
    ]
    const set = changes.flatMap((change) => ['--set', change])
    const { stdout, stderr } = await call(['run', pathOf('B58'), ...set, '--json'])
    expect(stderr).toContain('its queue grows without bound')
    const { variants } = JSON.parse(stdout)
    const [{ stopped, requests }] = Object.values(variants) as [
      { stopped: string; requests: { offered: number } },
    ]
    expect(stopped).toMatch(/^memory/)
    expect(requests.offered).toBeGreaterThan(1000)
  })
})
