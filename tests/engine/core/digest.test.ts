import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Digest } from '../../../engine/core/digest.ts'

type Event = [time: number, place: number, kind: number, outcome: number]

function digestOf(events: Event[]): Digest {
  const digest = new Digest()
  for (const event of events) digest.fold(...event)
  return digest
}

const thousand = Array.from({ length: 1000 }, (_, index): Event => {
  return [index * 1_000_000_007, index, index % 7, index % 3]
})

const anyEvent = fc.tuple(
  fc.integer({ min: 0, max: 2 ** 53 - 1 }),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  fc.nat(65_535),
  fc.nat(255),
)

describe('the digest', () => {
  it.each([
    ['nothing', [], '00000000000000000000000000000000'],
    ['an event of zeros', [[0, 0, 0, 0]], '5a4075d66b2d3d27d3926c2feb228a07'],
    ['a small event', [[1, 2, 3, 4]], 'e8ed6173cc3c16fc33e4e1a4b378a761'],
    [
      'the largest event',
      [[2 ** 53 - 1, 0xdead_beef, 65_535, 255]],
      '4a9c2590c47394470cf9fb1b98306524',
    ],
    ['an event before the start', [[-1, 1, 1, 1]], 'a1f30c132e7617d0c0196a1965bb3fd5'],
    ['a thousand events', thousand, 'f5637c78bef2286cac9f3f834504a6d0'],
  ] as [string, Event[], string][])('of %s is that of MurmurHash3 x86_128', (_, events, hex) => {
    expect(digestOf(events).hex).toBe(hex)
    expect(digestOf(events).count).toBe(events.length)
  })

  it('depends on every event, every field and their order', () => {
    const property = fc.property(fc.array(anyEvent, { minLength: 1 }), fc.nat(), (events, seed) => {
      const plain = digestOf(events).hex
      const at = seed % events.length
      const [time, place, kind, outcome] = events[at]!
      const others: Event[] = [
        [time ^ 1, place, kind, outcome],
        [time, place ^ 0x8000_0000, kind, outcome],
        [time, place, kind ^ 1, outcome],
        [time, place, kind, outcome ^ 128],
      ]
      for (const other of others) expect(digestOf(events.with(at, other)).hex).not.toBe(plain)
      expect(digestOf(events.toSpliced(at, 1)).hex).not.toBe(plain)
      expect(digestOf([...events, [0, 0, 0, 0]]).hex).not.toBe(plain)
      const last = events.at(-1)!
      const swapped = events.with(at, last).with(events.length - 1, events[at]!)
      if (String(last) !== String(events[at])) expect(digestOf(swapped).hex).not.toBe(plain)
    })
    fc.assert(property, { seed: 2, numRuns: 100 })
  })

  it('may be read at any time', () => {
    const digest = new Digest()
    for (const event of thousand) {
      digest.fold(...event)
      expect(digest.hex).toHaveLength(32)
    }
    expect(digest.hex).toBe(digestOf(thousand).hex)
  })

  it('goes on from where it was saved', () => {
    const digest = digestOf(thousand.slice(0, 400))
    const saved = digest.save()
    digest.fold(9, 9, 9, 9)
    digest.load(saved)
    expect(digest.count).toBe(400)
    for (const event of thousand.slice(400)) digest.fold(...event)
    expect(digest.hex).toBe(digestOf(thousand).hex)
  })

  it('counts beyond 2^32 events', () => {
    const digest = new Digest()
    const saved = digest.save()
    saved[4] = -1
    digest.load(saved)
    expect(digest.count).toBe(2 ** 32 - 1)
    digest.fold(1, 1, 1, 1)
    expect(digest.count).toBe(2 ** 32)
  })
})
