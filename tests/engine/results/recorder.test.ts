/** What a recording takes is bounded, and where it becomes coarser it says so. */
import { expect, it } from 'vitest'
import type { World } from '../../../engine/model/world.ts'
import { MOST_TRANSITIONS, Recorder } from '../../../engine/results/recorder.ts'
import { SECOND } from '../../../engine/units.ts'

/** As much of a world as a recorder looks at. */
function desk() {
  const world = { now: 0, bucket: 0, events: 0 }
  const recorder = new Recorder(world as World, 12 * SECOND, true)
  const lane = recorder.series('a', 'phase', { kind: 'state' } as never)
  const other = recorder.series('b', 'phase', { kind: 'state' } as never)
  return { world, recorder, lane, other }
}

it('keeps every transition, until there are too many; then the last of each bucket and lane', () => {
  const { world, recorder, lane, other } = desk()
  for (let n = 0; n < MOST_TRANSITIONS; n++) recorder.transition(lane, n % 2)
  expect(recorder.frame([], false)).toMatchObject({ thinnedFrom: undefined })
  const told: [now: number, lane: number, code: number][] = [
    [5, lane, 1],
    [6, other, 1],
    [7, lane, 0],
    [8, lane, 1],
  ]
  for (const [now, at, code] of told) {
    world.now = now
    recorder.transition(at, code)
  }
  recorder.close(world.bucket++)
  const { transitions, thinnedFrom } = recorder.frame([], false)
  expect([...transitions]).toEqual([6, other, 1, 8, lane, 1])
  expect(thinnedFrom).toBe(5)
  world.now = 9
  recorder.transition(other, 0)
  expect([...recorder.frame([], true).transitions]).toEqual([9, other, 0])
})

it('says before the first event what the columns take', () => {
  const { recorder } = desk()
  const held = recorder.columns.reduce((sum, column) => sum + column.byteLength, 0)
  expect(recorder.bytes).toBe(held)
})
