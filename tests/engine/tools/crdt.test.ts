import { expect, it } from 'vitest'
import { VectorCounter } from '../../../engine/tools/crdt.ts'

it('a merge tells how many updates were news, on either side, and once only', () => {
  const [mine, theirs] = [new VectorCounter(), new VectorCounter()]
  for (let n = 0; n < 5; n++) theirs.add(2, 1)
  theirs.add(2, -3)
  mine.add(1, 4)
  expect(mine.lacks(theirs.tell(0))).toBe(true)
  expect(mine.merge(theirs.tell(0))).toBe(5 + 3)
  expect(mine.value).toBe(4 + 5 - 3)
  expect(mine.lacks(theirs.tell(0))).toBe(false)
  expect(mine.merge(theirs.tell(0))).toBe(0)
  theirs.add(2, 2)
  expect(mine.merge(theirs.tell(0))).toBe(2)
})

it('tells only what changed after a version', () => {
  const counter = new VectorCounter()
  counter.add(1, 1)
  const before = counter.version
  counter.add(2, 7)
  expect(counter.tell(before)).toMatchObject({ plus: [[2, 7]], minus: [] })
  expect(counter.tell(counter.version)).toMatchObject({ plus: [], minus: [] })
})
