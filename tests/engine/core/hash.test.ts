import { describe, expect, it } from 'vitest'
import { hashText, mix } from '../../../engine/core/hash.ts'

describe('the hash of a text', () => {
  it.each([
    ['', 0, 0x514e28b7],
    ['a', 0x6f49d11a, 0xcfb8023e],
    ['ab', 0x165860ca, 0xf650567a],
    ['abc', 0x42b016c3, 0xaee6b9c0],
    ['shop/database', 0xda7f3146, 0x74eac85d],
    ['zürich/€/😀', 0x7e293430, 0x73aef597],
  ])('of %j is that of MurmurHash3 over its UTF-16 code units', (text, plain, seeded) => {
    expect(hashText(text)).toBe(plain)
    expect(hashText(text, 1)).toBe(seeded)
  })

  it('differs for all of ten thousand places, as far as 32 bits allow', () => {
    const hashes = new Set<number>()
    for (let index = 0; index < 10_000; index++) hashes.add(hashText(`region/service${index}`))
    expect(hashes.size).toBeGreaterThanOrEqual(9_999)
  })
})

describe('the mix of two words', () => {
  it('has always the same values', () => {
    const values = [mix(0, 0), mix(1, 0), mix(0, 1), mix(-1, -1), mix(0xffff_ffff, 2 ** 32 - 1)]
    expect(values).toEqual([-530153510, 1263366867, -1548168656, -843803860, -843803860])
  })

  it('changes every bit with a chance of one half when any bit of either word changes', () => {
    const flips = new Float64Array(64 * 32)
    const rounds = 2000
    for (let round = 0; round < rounds; round++) {
      const a = mix(round, 11)
      const b = mix(round, 12)
      const plain = mix(a, b)
      for (let bit = 0; bit < 64; bit++) {
        const changed = bit < 32 ? mix(a ^ (1 << bit), b) : mix(a, b ^ (1 << (bit - 32)))
        for (let out = 0; out < 32; out++) flips[bit * 32 + out]! += ((plain ^ changed) >>> out) & 1
      }
    }
    // Five standard deviations of a fair coin, for the worst of 2048 pairs of bits.
    const worst = Math.max(...flips.map((count) => Math.abs(count / rounds - 0.5)))
    expect(worst).toBeLessThan((5 * 0.5) / Math.sqrt(rounds))
  })

  it('distinguishes the children of neighbouring parents', () => {
    const seen = new Set<number>()
    for (let parent = 0; parent < 300; parent++) {
      for (let child = 0; child < 300; child++) seen.add(mix(parent, child))
    }
    // Of 90,000 random words about one pair would coincide.
    expect(seen.size).toBeGreaterThan(89_990)
  })
})
