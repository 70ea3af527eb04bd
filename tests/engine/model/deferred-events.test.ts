/** What came due while a node stood still. */
import { expect, it } from 'vitest'
import { DeferredEvents } from '../../../engine/model/deferred-events.ts'
import { TIMER } from '../../../engine/model/kinds.ts'

it('is looked at in its order, but for timers that were cancelled; who is at the door is none', () => {
  const deferred = new DeferredEvents()
  const timer = (id: number): void => deferred.add(TIMER, 7, id, 0, id)
  timer(0)
  deferred.addArrival(5, 3)
  timer(1)
  for (const id of [0, 1, 2]) deferred.forget(id)
  timer(2)
  const seen: number[][] = []
  deferred.wake((...event) => void seen.push(event))
  expect(seen).toEqual([
    [-1, 3, 5, 0],
    [TIMER, 7, 2, 0],
  ])
})
