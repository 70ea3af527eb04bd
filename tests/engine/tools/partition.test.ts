import { describe, expect, it } from 'vitest'
import { HashRing } from '../../../engine/tools/hash-ring.ts'
import { jumpHash, rendezvous, shuffleShard } from '../../../engine/tools/partition.ts'

const keys = Array.from({ length: 20_000 }, (_, key) => key)
const places = (count: number): number[] => Array.from({ length: count }, (_, place) => place)
const hashes = places(100).map((place) => (place + 1) * 2654435761)

describe('jump hash', () => {
  it.each([
    [1, 1, 0],
    [42, 57, 43],
    [3735883980, 666, 361],
    [256, 1024, 520],
    [0, 100, 0],
    [123456789, 1000, 294],
  ])('puts key %i of %i places at %i, as the paper does', (key, count, place) => {
    expect(jumpHash(key, count)).toBe(place)
  })
})

describe.each([
  ['jump', (key: number, count: number) => jumpHash(key, count)],
  ['rendezvous', (key: number, count: number) => rendezvous(key, places(count), hashes)],
])('%s', (_name, owner) => {
  it('moves only what the new place gets, and that is its share', () => {
    const moved = keys.filter((key) => owner(key, 10) !== owner(key, 9))
    expect(moved.every((key) => owner(key, 10) === 9)).toBe(true)
    expect(Math.abs(moved.length / keys.length - 0.1)).toBeLessThan(0.01)
  })

  it('spreads evenly', () => {
    const counts = places(9).map(() => 0)
    for (const key of keys) counts[owner(key, 9)]!++
    for (const count of counts) expect(Math.abs(count / keys.length - 1 / 9)).toBeLessThan(0.01)
  })
})

describe('shuffle sharding', () => {
  it('gives each key so many different places, every pair as often', () => {
    const pairs = new Map<string, number>()
    for (const key of keys) {
      const shard = shuffleShard(key, 8, 2)
      expect(new Set(shard).size).toBe(2)
      const pair = shard.toSorted((a, b) => a - b).join()
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
    }
    expect(pairs.size).toBe(28)
    for (const count of pairs.values())
      expect(Math.abs(count / keys.length - 1 / 28)).toBeLessThan(0.006)
  })
})

describe('the ring', () => {
  it('has shares that sum to one and lie about the mean as those of random points do', () => {
    const ring = new HashRing(
      places(50).map((place) => `node${place}`),
      100,
    )
    const shares = ring.shares(50)
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
    const squares = shares.reduce((sum, share) => sum + (50 * share - 1) ** 2, 0)
    expect(Math.abs(Math.sqrt(squares / 50) - Math.sqrt(49 / 5001))).toBeLessThan(0.025)
  })
})
