/** `sim diverge` tells how the runs came to part. (What else it does is in commands.test.ts.) */
import { expect, it } from 'vitest'
import { STORM } from '../workers/files.ts'
import { call, file } from './sim.ts'

const path = file('storm.yaml', STORM)

it('tells the chain of events that led to the first difference, in both runs', async () => {
  const { stdout } = await call(['diverge', path, '--json'])
  const { event, chain } = JSON.parse(stdout)
  expect(chain.a.at(-1)).toEqual(event.a)
  expect(chain.b.at(-1)).toEqual(event.b)
  expect(chain.a.length).toBeGreaterThan(3)
  // Up to the first difference both runs are one.
  expect(chain.a[0]).toEqual(chain.b[0])
  const { stdout: text } = await call(['diverge', path])
  expect(text).toContain('How A came to it, each event planned by the one above it:')
  expect(text).toMatch(/^\d+ +[\d.]+ s +link front -> ledger +request$/m)
})

it('tells no chain where there is none', async () => {
  const { stdout } = await call(['diverge', path, '--seed', '1', '--seed', '2', '--json'])
  expect(JSON.parse(stdout).chain.a).toHaveLength(1)
  const same = await call(['diverge', `${path}?variant=A`, `${path}?variant=A`, '--json'])
  expect(JSON.parse(same.stdout)).not.toHaveProperty('chain')
})
