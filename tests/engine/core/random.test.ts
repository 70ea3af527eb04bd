import { describe, expect, it } from 'vitest'
import { deriveKey, Dice, seedKey } from '../../../engine/core/random.ts'
import type { Key } from '../../../engine/core/random.ts'

/** The draw that two words of the generator stand for. */
function drawOf(first: number, second: number): number {
  return ((first >>> 6) * 2 ** 26 + (second >>> 6) + 0.5) / 2 ** 52
}

/** The first word's upper bits and the second's, as the draw shows them. */
function bitsOf(draw: number): bigint {
  return BigInt(Math.floor(draw * 2 ** 52))
}

describe('a draw', () => {
  it.each([
    [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
    [-1, -1, -1, -1, 0x1cb996fc, 0xbb002be7],
    [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
  ])('is that of Threefry-2x32-20, vector %#', (k0, k1, c0, c1, first, second) => {
    const dice = new Dice({ k0, k1 })
    expect(dice.uniform(c0, c1)).toBe(drawOf(first, second))
  })

  it('depends on the key and the counter words alone', () => {
    const dice = new Dice({ k0: 5, k1: 6 })
    const alone = dice.uniform(10, 20)
    for (let index = 0; index < 1000; index++) dice.uniform(index, 1)
    new Dice({ k0: 7, k1: 8 }).uniform(10, 20)
    expect(dice.uniform(10, 20)).toBe(alone)
    expect(new Dice({ k0: 5, k1: 6 }).uniform(10, 20)).toBe(alone)
    expect(dice.uniform(20, 10)).not.toBe(alone)
  })

  it('is the same for a counter word given with or without its sign', () => {
    const dice = new Dice({ k0: 5, k1: 6 })
    expect(dice.uniform(0xffff_fff0, 0x8000_0000)).toBe(dice.uniform(-16, -(2 ** 31)))
  })

  it('stays within the open interval and has the moments of a uniform variate', () => {
    const dice = new Dice(seedKey('moments'))
    const count = 200_000
    let sum = 0
    let squares = 0
    for (let index = 0; index < count; index++) {
      const draw = dice.uniform(index, 0)
      if (!(draw > 0 && draw < 1)) expect.fail(String(draw))
      sum += draw
      squares += draw * draw
    }
    expect(Math.abs(sum / count - 1 / 2)).toBeLessThan(4 / Math.sqrt(12 * count))
    expect(Math.abs(squares / count - 1 / 3)).toBeLessThan(
      (4 * Math.sqrt(4 / 45)) / Math.sqrt(count),
    )
  })

  it('changes every bit with a chance of one half when any bit of counter or key changes', () => {
    const rounds = 500
    const flips = new Float64Array(128 * 52)
    for (let round = 0; round < rounds; round++) {
      const words = [round, round * 3, round * 5, round * 7]
      const plain = bitsOf(new Dice({ k0: words[0]!, k1: words[1]! }).uniform(words[2]!, words[3]!))
      for (let bit = 0; bit < 128; bit++) {
        const changed = words.map(
          (word, index) => word ^ (index === bit >> 5 ? 1 << (bit & 31) : 0),
        )
        const [k0, k1, c0, c1] = changed as [number, number, number, number]
        let difference = plain ^ bitsOf(new Dice({ k0, k1 }).uniform(c0, c1))
        for (let out = 0; difference > 0n; out++, difference >>= 1n) {
          flips[bit * 52 + out]! += Number(difference & 1n)
        }
      }
    }
    const worst = Math.max(...flips.map((count) => Math.abs(count / rounds - 0.5)))
    expect(worst).toBeLessThan((5.2 * 0.5) / Math.sqrt(rounds))
  })

  it.each([
    ['counters that follow each other', (index: number) => [1, 2, index, 0]],
    ['second counter words that follow each other', (index: number) => [1, 2, 0, index]],
    ['keys that follow each other', (index: number) => [index, 2, 3, 4]],
    ['second key words that follow each other', (index: number) => [1, index, 3, 4]],
    ['counters that differ in one high bit step', (index: number) => [1, 2, index << 16, 9]],
  ])('is spread evenly over %s, alone, in pairs, and one after the other', (_, wordsOf) => {
    const count = 65_536
    const draws = Float64Array.from({ length: count }, (_unused, index) => {
      const [k0, k1, c0, c1] = wordsOf(index) as [number, number, number, number]
      return new Dice({ k0, k1 }).uniform(c0, c1)
    })
    const single = new Float64Array(256)
    const pairs = new Float64Array(1024)
    let product = 0
    for (let index = 0; index < count; index++) {
      const other = draws[(index + 1) % count]!
      single[Math.floor(draws[index]! * 256)]! += 1
      pairs[Math.floor(draws[index]! * 32) * 32 + Math.floor(other * 32)]! += 1
      product += (draws[index]! - 0.5) * (other - 0.5)
    }
    // Chi-square within five standard deviations; correlation within four.
    expect(Math.abs(chiSquare(single, count) - 255)).toBeLessThan(5 * Math.sqrt(2 * 255))
    expect(Math.abs(chiSquare(pairs, count) - 1023)).toBeLessThan(5 * Math.sqrt(2 * 1023))
    expect(Math.abs((12 * product) / count)).toBeLessThan(4 / Math.sqrt(count))
  })

  it('is not correlated between neighbouring places', () => {
    const root = seedKey(1)
    const count = 5000
    let before = new Float64Array(count)
    for (let place = 0; place < 40; place++) {
      const dice = new Dice(deriveKey(root, `service${place}`, 'service time'))
      const draws = Float64Array.from({ length: count }, (_, index) => dice.uniform(index, 0) - 0.5)
      const product = draws.reduce((sum, draw, index) => sum + draw * before[index]!, 0)
      expect(Math.abs((12 * product) / count)).toBeLessThan(4 / Math.sqrt(count))
      before = draws
    }
  })
})

describe('an integer draw', () => {
  it('takes each of its values equally often', () => {
    const dice = new Dice(seedKey('integers'))
    const counts = new Float64Array(7)
    for (let index = 0; index < 70_000; index++) counts[dice.below(7, index, 3)]! += 1
    expect(chiSquare(counts, 70_000)).toBeLessThan(6 + 5 * Math.sqrt(12))
  })

  it('never reaches its limit, whatever that is', () => {
    const dice = new Dice(seedKey('limit'))
    for (const n of [1, 2, 3, 1000, 2 ** 31, 2 ** 32 + 1, 2 ** 52]) {
      for (let index = 0; index < 1000; index++) {
        const draw = dice.below(n, index, 0)
        if (!(Number.isInteger(draw) && draw >= 0 && draw < n)) expect.fail(`${draw} of ${n}`)
      }
    }
  })
})

describe('a seed', () => {
  it('is the same as a number and as its text', () => {
    expect(seedKey(7)).toEqual(seedKey('7'))
    expect(seedKey(-0.5)).toEqual(seedKey('-0.5'))
    expect(seedKey(7)).not.toEqual(seedKey(8))
  })

  it('gives the same keys for ever', () => {
    const root = seedKey('faultline')
    const derived = deriveKey(root, 'shop/database', 'service time')
    expect(root).toEqual({ k0: -2118988233, k1: -1176068973 })
    expect(derived).toEqual({ k0: 1274646799, k1: 1819092638 })
    expect(new Dice(derived).uniform(1, 2)).toBe(0.11061024860804924)
  })

  it.each<unknown>([null, undefined, NaN, Infinity, {}, true])('cannot be %s', (seed) => {
    expect(() => seedKey(seed as number)).toThrow(TypeError)
  })
})

describe('a derived key', () => {
  it('differs for each place, each purpose and each parent', () => {
    const keys = new Set<string>()
    const add = (key: Key): unknown => keys.add(`${key.k0},${key.k1}`)
    for (const seed of [1, 2]) {
      for (let place = 0; place < 200; place++) {
        for (const purpose of ['service time', 'error', '', 'a']) {
          add(deriveKey(seedKey(seed), `service${place}`, purpose))
        }
      }
    }
    add(deriveKey(seedKey(1), 'a', ''))
    add(deriveKey(seedKey(1), '', 'a'))
    expect(keys.size).toBe(1602)
  })
})

function chiSquare(counts: Float64Array, total: number): number {
  const expected = total / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}
