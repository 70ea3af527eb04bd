import { describe, expect, it } from 'vitest'
import { footprint } from '../../../engine/core/footprint.ts'
import { BY_REFERENCE } from '../../../engine/core/snapshot.ts'

describe('the memory that plain data takes', () => {
  it('is that of the arrays for typed arrays, and of the letters for text', () => {
    expect(footprint(new Float64Array(1000)) - footprint(new Float64Array(0))).toBe(8000)
    expect(footprint('x'.repeat(1000))).toBe(2000)
  })

  it('grows with the entries of maps, sets, lists and objects, keys included', () => {
    const entry = { body: undefined, storedAt: 1, expires: 2, took: 3 }
    const map = (size: number) =>
      new Map(Array.from({ length: size }, (_, n) => [`k${n}`, { ...entry }]))
    const each = (footprint(map(2000)) - footprint(map(1000))) / 1000
    // A string, an object of four fields and its place in the map: some 120 to 200 bytes in V8.
    expect(each).toBeGreaterThan(100)
    expect(each).toBeLessThan(300)
    expect(footprint(new Set([1, 2, 3]))).toBeGreaterThan(footprint(new Set([1])))
    expect(footprint([{}, {}])).toBeGreaterThan(footprint([{}]))
  })

  it('counts once what is met twice, and ends where things refer to each other', () => {
    const circle: { self?: unknown; text: string } = { text: 'x'.repeat(500) }
    circle.self = circle
    expect(footprint([circle, circle])).toBeLessThan(1200)
  })

  it('does not look into what the world keeps', () => {
    expect(footprint({ [BY_REFERENCE]: true, text: 'x'.repeat(500) })).toBe(0)
  })

  it('follows long chains', () => {
    let chain: unknown
    for (let n = 0; n < 50_000; n++) chain = { next: chain }
    expect(footprint(chain)).toBeGreaterThan(1e6)
  })
})
