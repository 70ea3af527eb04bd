import { describe, expect, it } from 'vitest'
import { FramePool } from '../../../engine/model/frame-pool.ts'
import { smallWorld } from '../../support/small-world.ts'

describe('frames in flight', () => {
  it('are told by age, then by request, then by path, whatever slots they have', () => {
    const { world } = smallWorld({ services: { a: {} }, load: { users: { to: 'a' } } })
    const pool = new FramePool(world)
    const identities = [
      { startedAt: 4, root: 2, path: 1 },
      { startedAt: 4, root: 1, path: 9 },
      { startedAt: 4, root: 1, path: 3 },
      { startedAt: 2, root: 8, path: 5 },
      { startedAt: 3, root: 7, path: 8 },
      { startedAt: 3, root: 9, path: 2 },
      { startedAt: 1, root: 9, path: 9 },
    ]
    for (const identity of identities) Object.assign(pool.take(), identity)
    const told = pool.inOrder(() => true).map(({ slot }) => slot)
    expect(told).toEqual([6, 3, 4, 5, 2, 1, 0])
    pool.give(pool.frames[4]!)
    expect(pool.inOrder(({ startedAt }) => startedAt === 3).map(({ slot }) => slot)).toEqual([5])
  })
})
