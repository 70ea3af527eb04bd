/** What is counted while a run is watched for causes. */
import { expect, it } from 'vitest'
import { CauseObserver } from '../../../engine/causes/observer.ts'
import { Positions } from '../../../engine/causes/positions.ts'
import { build } from '../../../engine/scenario/build.ts'
import { sound } from '../scenario/support.ts'

const FILE = `schema: 1
duration: 10s
services: { a: { errors: 100%, calls: [b] }, b: {} }
load: { users: { to: a, arrivals: constant(1/s) } }
`

it('errors of a service are its own, when no call of a component failed there', () => {
  const built = build(sound(FILE), '1', false, new Map())
  const positions = new Positions(built)
  const observer = new CauseObserver(built.world, positions)
  built.world.tracer = observer
  built.world.run(5.5e9)
  const { erred, failedBy } = observer.take()
  expect(erred[positions.named('a')]).toBe(5)
  expect(erred[positions.named('b')]).toBe(0)
  expect(failedBy.every((count) => count === 0)).toBe(true)
})
